"""What is more than coaching, in a text: on texts labelled before and after the words were chosen.

The texts `before` were looked at while the phrases were written. Those `held_out` were written
afterwards, to say the same things less plainly; what is reached on them is stated, not aimed at.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tutelage.guidance.care import Care, care

LABELLED = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "data" / "care.jsonl").read_text().splitlines()
]


def _told(written: str, *, shows: bool, language: str | None = None) -> list[str]:
    fits = (t for t in LABELLED if t["written"] == written and bool(t["shows"]) is shows)
    return [t["text"] for t in fits if language in {None, t["language"]}]


def _share(texts: list[str]) -> float:
    return sum(care(text) is not None for text in texts) / len(texts)


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_is_said_plainly_is_found(language):
    assert _share(_told("before", shows=True, language=language)) >= 0.95


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_is_work_is_left_alone(language):
    assert _share(_told("before", shows=False, language=language)) <= 0.03


def test_what_the_words_reach_on_texts_they_were_not_chosen_on():
    """Stated so that nobody takes it for more: most of what is only hinted at is missed."""
    found = _share(_told("held_out", shows=True))
    false = _share(_told("held_out", shows=False))
    assert (round(found, 2), round(false, 2)) == REACHED


REACHED = (0.21, 0.02)


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("I don't want to live any more", "distress"),
        ("he hits me", "abuse"),
        ("I am being harassed by my manager", "abuse"),
        ("I was served a lawsuit, what do I say in court", "legal"),
        ("I have chest pain since this morning", "medical"),
        ("should I stop taking my antidepressants", "medical"),
        ("Ich will nicht mehr leben", "distress"),
    ],
)
def test_each_matter_is_told_from_the_others(text, matter):
    found = care(text)
    assert found is not None
    assert found.matters[0] == matter


@pytest.mark.parametrize(
    "text",
    [
        "the patient list API",
        "kill the process",
        "our legal team reviewed the contract template",
        "this bug is killing me",
        "the deadline makes me nervous",
        "He never hits me.",
        "I am not being harassed.",
        "Niemand schlägt mich.",
        "",
    ],
)
def test_the_same_words_at_work_or_denied_are_benign(text):
    assert care(text) is None


def test_a_denial_elsewhere_denies_nothing():
    assert care("Nobody knows that he hits me.") == Care(("abuse",))
    assert care("I do not sleep because he hits me.") is not None


def test_a_typographic_apostrophe_and_a_broken_line_hide_nothing():
    assert care("I don\u2019t want\nto live any more.") is not None


def test_a_long_hostile_text_is_read_in_time():
    before = time.perf_counter()
    for part in ("my ", "I have pain ", "hat mich ", "a" * 50 + " ", "Ich ", "!?."):
        care((part * 65536)[:65536])
    assert time.perf_counter() - before < 10
