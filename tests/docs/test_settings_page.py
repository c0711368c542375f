"""Every setting by environment is on the page of serving."""

from __future__ import annotations

import re
from pathlib import Path

import tutelage

SETTING = re.compile(r"TUTELAGE_[A-Z_]+")


def test_every_setting_of_the_server_is_documented(docs):
    source = Path(tutelage.__file__).parent / "service" / "settings.py"
    named = set(SETTING.findall(source.read_text(encoding="utf-8")))
    assert len(named) == 15
    assert named <= set(SETTING.findall(docs["docs/how-to/serve.md"]))
