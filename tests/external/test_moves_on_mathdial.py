"""Real teachers' turns, labelled by themselves: do we hear telling where they meant to tell?

MathDial (Macina et al. 2023): 300 tutoring dialogues. Labels say what a teacher meant, not what
the words do ("subtract 8 from 16" is labelled probing, "That's correct" telling), and an agreement
far above this would mean that the reading was fitted to them. The weights of `telling` were chosen
on the problems of one half, and this reports the other; `read` has no weights.
"""

import hashlib
import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import rankdata

from tutelage.guidance.moves import read, telling

DIALOGUES = Path(__file__).parents[3] / "shared" / "data" / "mathdial" / "test.jsonl"
TURN = re.compile(r"Teacher: \((\w+)\)(.*)", re.DOTALL)
DRAWS = 1000

pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(not DIALOGUES.exists(), reason="MathDial is not there"),
]


def turns():
    """Each turn of a teacher: its problem, its label, its text."""
    for line in DIALOGUES.read_text().splitlines():
        dialogue = json.loads(line)
        for turn in dialogue["conversation"].split("|EOM|"):
            found = TURN.match(turn)
            if found and found[2].strip():
                yield dialogue["qid"], found[1], found[2].strip()


@pytest.fixture(scope="module")
def heard():
    """The share of turns of each label that we read as more than asking."""
    told, all_turns = Counter(), Counter()
    for _problem, label, text in turns():
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


# graded ------------------------------------------------------------------------------------------
def fitted_on(problem):
    """Whether the weights were chosen on this problem's dialogues."""
    return hashlib.sha256(str(problem).encode()).digest()[0] % 2 == 0


def auc(score, told):
    """The chance that a turn meant to tell scores above one that was not; ties count half."""
    ranks, n = rankdata(score), told.sum()
    return (ranks[told].sum() - n * (n + 1) / 2) / (n * (len(told) - n))


@pytest.fixture(scope="module")
def other_half():
    """Problem, label and two scores of telling, probing and focus turns in the other half."""
    some = [t for t in turns() if not fitted_on(t[0]) and t[1] in {"telling", "probing", "focus"}]
    problems, labels, texts = zip(*some, strict=True)
    told = np.array([label == "telling" for label in labels])
    graded = np.array([telling(t) for t in texts])
    return np.array(problems), told, graded, np.array(["?" not in t for t in texts])


def draws(problems, told, *scores):
    """The difference of two AUCs over problems drawn again, with all of their turns."""
    rng, each = np.random.default_rng(1), {p: np.flatnonzero(problems == p) for p in set(problems)}
    names = sorted(each)
    for _ in range(DRAWS):
        some = np.concatenate([each[p] for p in rng.choice(names, len(names))])
        one, other = (auc(s[some], told[some]) for s in scores)
        yield one - other


def test_the_grade_is_clearly_above_whether_there_is_a_question_mark(other_half):
    problems, told, graded, unmarked = other_half
    low, high = np.percentile(list(draws(problems, told, graded, unmarked)), [2.5, 97.5])
    ours, mark = auc(graded, told), auc(unmarked, told)
    print(f"\n{len(told)} turns of {len(set(problems))} problems, {told.sum()} meant to tell")
    print(f"AUC {ours:.3f}; no question mark {mark:.3f}; difference [{low:.3f}, {high:.3f}]")
    assert low > 0
    assert ours >= 0.8
