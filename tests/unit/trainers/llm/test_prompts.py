"""A changed text is a new version: entries name the version that they were made with."""

import hashlib

import pytest

from tutelage.trainers.llm.prompts import DATA, INSTRUCTIONS, VERSIONS

TEXTS = {
    "coach-1": "b26bc500ec37",
    "mentor-1": "d35a8ac3a25b",
    "debrief-1": "13ffc996f5dc",
    "rater-1": "0ce347aa5af3",
    "check-1": "7e54feac114e",
    "goal-1": "b21a407fe024",
    "facts-1": "ef376fca885a",
}
"""When one of these changes, give its text a new version too."""


def digest(kind):
    return hashlib.sha256(INSTRUCTIONS[kind].encode()).hexdigest()[:12]


@pytest.mark.parametrize("kind", INSTRUCTIONS)
def test_each_version_is_one_text(kind):
    assert TEXTS[VERSIONS[kind]] == digest(kind)


@pytest.mark.parametrize("kind", INSTRUCTIONS)
def test_all_are_told_that_data_is_no_order(kind):
    assert DATA in INSTRUCTIONS[kind]
