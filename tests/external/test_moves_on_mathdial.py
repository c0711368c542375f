"""Real teachers' turns, labelled by themselves: do we hear telling where they meant to tell?

MathDial (Macina et al. 2023): 300 tutoring dialogues. Labels say what a teacher meant, not what
the words do ("subtract 8 from 16" is labelled probing, "That's correct" telling), and an agreement
far above this would mean that the reading was fitted to them.
"""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from tutelage.guidance.moves import read

DIALOGUES = Path(__file__).parents[3] / "shared" / "data" / "mathdial" / "test.jsonl"
TURN = re.compile(r"Teacher: \((\w+)\)(.*)", re.DOTALL)

pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(not DIALOGUES.exists(), reason="MathDial is not there"),
]


def turns():
    for line in DIALOGUES.read_text().splitlines():
        for turn in json.loads(line)["conversation"].split("|EOM|"):
            found = TURN.match(turn)
            if found and found[2].strip():
                yield found[1], found[2].strip()


@pytest.fixture(scope="module")
def heard():
    """The share of turns of each label that we read as more than asking."""
    told, all_turns = Counter(), Counter()
    for label, text in turns():
        all_turns[label] += 1
        told[label] += read(text).move != "ask"
    return {label: told[label] / count for label, count in all_turns.items()}


def test_telling_and_probing_are_told_apart(heard):
    balanced = (heard["telling"] + 1 - heard["probing"]) / 2
    print(f"balanced accuracy, telling against probing: {balanced:.3f}; told: {heard}")
    assert balanced >= 0.71


def test_telling_is_heard_more_than_any_other_move(heard):
    assert heard["telling"] > max(heard[m] for m in ("focus", "probing", "generic")) + 0.2


def test_general_talk_hardly_ever_tells(heard):
    assert heard["generic"] <= 0.15
