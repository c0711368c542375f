"""The page of errors is what the source raises."""

import re
from pathlib import Path

import tutelage

SOURCE = Path(tutelage.__file__).parent
RAISED = re.compile(
    r"\b(?:Refused|Conflict|NotYours|Unknown|Malformed|Unavailable|_fail)\(\s*\"([a-z_]+)\""
)


def test_the_page_is_what_the_source_raises(generate, docs):
    assert docs["docs/reference/errors.md"] == generate.errors_page()


def test_every_code_that_a_plain_search_finds_is_on_it(docs):
    found = {c for f in SOURCE.rglob("*.py") for c in RAISED.findall(f.read_text(encoding="utf-8"))}
    missing = {c for c in found if f"`{c}`" not in docs["docs/reference/errors.md"]}
    assert missing <= {"interrupted"}  # exit code 130; on the page of commands
    assert len(found) > 80
