"""Bridge in one file: endings, a defender on lead, a learner, a trainer and a rater for them.

Eight cards each are left. A defender sees its own hand, dummy's and which cards are still out, not
who has them. The double-dummy solver sees all four hands; so a lead is worth what it wins on
average over layouts that the defender cannot tell apart.
"""

import random
import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from endplay.dds import solve_board
from endplay.types import Deal, Denom, Player

from tutelage.domain import events as e
from tutelage.domain.terms import Criterion
from tutelage.guidance.brief import Brief, Context, Packet
from tutelage.guidance.notebook import Notebook

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
RANKS, LEFT, LAYOUTS = "AKQJT98765432", 8, 16
KINDS = tuple(f"dummy {s}, {t}" for s in ("left", "right") for t in ("notrump", "spades"))
SCALE = ("not seen: .6 on", "misread: .3 on", "by the book: .15 on", "well: .05 on", "fully: less")
CUTS, SLIP, TOUCHED = (0.05, 0.15, 0.3, 0.6), 0.1, 0.15  # tricks: for a point less; no error; a say
STEP, SETTLES, SHARED = 0.15, 20, 0.3  # of a note: how far it moves; how soon less; for any kind
WHY, CARD = "It weighs most to me.", re.compile(r"\b[SHDC][AKQJT2-9]\b")
FEATURES = ("winner", "sequence", "lone honour", "dummy winners", "dummy tenaces",
            "length", "dummy length", "trump", "singleton")  # fmt: skip
CRITERIA = {"winners": [0], "honours": [1, 2], "dummy": [3, 4], "shape": [5, 6], "trumps": [7, 8]}
NOTHING = np.zeros(len(FEATURES))
WEIGHTS = np.array([  # [kinds, features]: the right ones, as `endings.fitted` finds them
    [0.8, 0.15, -0.14, -0.31, -0.15, 0.09, -0.09, 0.0, 0.0],
    [0.33, 0.0, -0.1, -0.01, -0.04, -0.03, 0.06, 0.05, 0.11],
    [0.68, 0.15, -0.13, -0.31, -0.24, 0.05, -0.13, 0.0, 0.0],
    [0.28, 0.08, -0.12, -0.07, -0.04, -0.05, 0.05, 0.0, 0.16],
])  # fmt: skip


# situations: a text says all that the defender sees
def deal(seed: str) -> str:
    """An ending, as the defender on lead sees it."""
    chance = random.Random(seed)
    cards = chance.sample(range(52), 4 * LEFT)
    me, dummy, out = map(pbn, (cards[:LEFT], cards[LEFT : 2 * LEFT], cards[2 * LEFT :]))
    return f"{chance.choice(KINDS)}; I hold {me}, dummy {dummy}; still out {out}. What do I lead?"


def pbn(cards: list[int]) -> str:
    return ".".join("".join(RANKS[c % 13] for c in sorted(cards) if c // 13 == s) for s in range(4))


def read(text: str) -> tuple[int, list[list[int]]]:
    """Which kind it is; my cards, dummy's, and those still out."""
    hands = re.findall(r"(\w*)\.(\w*)\.(\w*)\.(\w*)", text)
    cards = [[13 * s + RANKS.index(r) for s, suit in enumerate(h) for r in suit] for h in hands]
    return KINDS.index(text.partition(";")[0]), cards


def options(text: str) -> list[str]:
    """The leads, as they are called."""
    return ["SHDC"[c // 13] + RANKS[c % 13] for c in read(text)[1][0]]


@lru_cache(None)
def worth(text: str, *, hindsight: bool = False, layouts: int = LAYOUTS) -> Floats:
    """Tricks each lead wins: on average over what may be, or (hindsight) in the one that was."""
    kind, (me, dummy, out) = read(text)
    chance, rounds = random.Random(f"{hindsight} {text}"), 1 if hindsight else layouts
    total = np.zeros(len(me))
    for _ in range(rounds):
        hidden = chance.sample(out, len(out))
        hands = [me, hidden[:LEFT], hidden[LEFT:]]
        hands.insert(1 if kind < 2 else 3, dummy)  # on my left, or on my right
        board = Deal("N:" + " ".join(map(pbn, hands)))
        board.first, board.trump = Player.north, Denom.spades if kind % 2 else Denom.nt
        won = {13 * int(c.suit) + 15 - int(c.rank).bit_length(): n for c, n in solve_board(board)}
        total += [won[c] for c in me]
    return total / rounds


@lru_cache(None)
def features(text: str) -> Floats:
    """What each lead has, [leads, features]; by what is higher among cards that are not mine."""
    kind, (me, dummy, out) = read(text)
    rows = []
    for c in me:
        mine, its, rest = ([x for x in hand if x // 13 == c // 13] for hand in (me, dummy, out))
        above = sum(x < c for x in its + rest)
        near = any(not any(min(c, m) < x < max(c, m) for x in its + rest) for m in mine if m != c)
        over = [sum(x < d for x in mine + rest) for d in its]
        trump = kind % 2 == 1 and c < 13
        rows.append([above == 0, 0 < above < 3 and near, 0 < above < 3 and not near, over.count(0),
                     sum(0 < o < 3 for o in over), len(mine) / 2, len(its) / 2, trump,
                     kind % 2 == 1 and not trump and len(mine) == 1])  # fmt: skip
    return np.array(rows, dtype=float)


def touched(text: str) -> list[str]:
    """The criteria that have a say here: by the right weights, leads differ on them."""
    weighed = features(text) * WEIGHTS[read(text)[0]]
    return [c for c, at in CRITERIA.items() if np.ptp(weighed[:, at].sum(1)) > TOUCHED]


def by_criterion(text: str, lead: str) -> dict[str, float]:
    """What a lead gave up, shared out over the criteria touched, as the right weights see it."""
    values, tricks, at = features(text), worth(text), options(text).index(lead)
    more = (values[tricks.argmax()] - values[at]) * WEIGHTS[read(text)[0]]
    apart = {c: max(0.0, more[CRITERIA[c]].sum()) for c in touched(text)}
    share = float(tricks.max() - tricks[at]) / (sum(apart.values()) or 1.0)
    return {c: share * a for c, a in apart.items()}


def goal() -> e.GoalSet:
    """The goal both sign."""
    said = {c: tuple(f"{x} tricks lost on {c}." for x in SCALE) for c in CRITERIA}
    return e.GoalSet(
        situation="On lead as a defender with eight cards left, when leads differ in what they do",
        behaviour="I lead after weighing each criterion here, and give up next to nothing",
        today="I lead by habit and cannot say which criterion I misjudge",
        horizon="Within 240 endings",
        criteria=tuple(Criterion(key=c, name=c.title(), anchors=said[c]) for c in CRITERIA),
    )


# who takes part
@dataclass
class Defender:
    """The learner: habits, and what its notebook tells it to weigh more or less; nothing else."""

    base: Floats  # [kinds, features]
    id: str = "defender"

    def weights(self, book: Notebook) -> Floats:
        """How it weighs with this notebook, [kinds, features]."""
        pages = {p.key: page(p.says) for p in book.principles}
        rows = [self.base[k] + pages.get(f"kind{k}", NOTHING) for k in range(len(KINDS))]
        return np.array(rows) + pages.get("any", NOTHING)

    def choose(self, context: Context) -> str:
        """What it leads here."""
        text = context.situation or ""
        judged = features(text) @ self.weights(context.notebook)[read(text)[0]]
        return options(text)[int(judged.argmax())]

    def own_call(self, situation: str, context: Context) -> e.OwnCallRecorded:
        """The lead it would make."""
        return e.OwnCallRecorded(situation=situation, call=self.choose(context), why=WHY)

    def decide(self, situation: str, context: Context) -> e.DecisionRecorded:
        """The lead it makes."""
        return e.DecisionRecorded(situation=situation, decision=self.choose(context), why=WHY)

    def account(self, situation: str, context: Context) -> e.AccountWritten:
        """No account in this study."""
        raise NotImplementedError

    def revise(self, situation: str, context: Context) -> list[e.Event]:  # noqa: ARG002
        """Solve the case again; where still wrong, weigh more what the better lead has more of."""
        text, book = context.situation or "", context.notebook
        good, mine, leads = CARD.findall(context.debriefs[-1]), self.choose(context), options(text)
        if mine in good:
            return []
        apart = features(text)[leads.index(good[0])] - features(text)[leads.index(mine)]
        notes = next((int(p.because.split()[0]) for p in book.principles if p.key == "any"), 0)
        step = apart / (np.linalg.norm(apart) + 1e-9) * STEP / (1 + notes / SETTLES) ** 0.5
        more = {f"kind{read(text)[0]}": (1 - SHARED) * step, "any": SHARED * step}
        return keep(book, more, f"{notes + 1} cases that I would still have got wrong.")


def page(says: str) -> Floats:
    """The numbers of a principle that is read back."""
    return np.array([float(n) for n in re.findall(r"[+-]\d+\.\d+", says)])


def keep(book: Notebook, more: dict[str, Floats], because: str) -> list[e.Event]:
    """Principles that say so much more than the notebook does."""
    known, kept = {p.key: page(p.says) for p in book.principles}, list[e.Event]()
    for key, change in more.items():
        now = zip(FEATURES, known.get(key, NOTHING) + change, strict=True)
        event = e.PrincipleRevised if key in known else e.PrincipleKept
        says = "Weigh more: " + ", ".join(f"{f} {v:+.4f}" for f, v in now)
        kept.append(event(principle=key, says=says, when=key, when_not="-", because=because))
    return kept


def better(text: str, *, hindsight: bool = False) -> str:
    """What a debrief says of an ending."""
    tricks, leads = worth(text, hindsight=hindsight), options(text)
    good = [leads[i] for i in np.argsort(-tricks, kind="stable") if tricks[i] > tricks.max() - SLIP]
    return f"Better, the best first: {' '.join(good)}; it wins {tricks.max():.2f} tricks."


@dataclass
class Mentor:
    """The trainer: debriefs what was decided by what a lead wins on average, or by hindsight."""

    hindsight: bool = False
    id: str = "mentor"

    def guide(self, brief: Brief, bank: object) -> None:
        """Nothing before a lead: at the table there is no time."""

    def debrief(self, brief: Brief) -> e.Debriefed | None:
        """The better lead, and those as good as it."""
        why = better(brief.text, hindsight=self.hindsight)
        told = {"happened": "It is over.", "why": why, "next": "Weigh what the better lead has."}
        return e.Debriefed(situation=brief.key, expected=str(brief.call), **told)

    def notice(self, brief: Brief) -> tuple[e.Event, ...]:  # noqa: ARG002
        """Nothing is named here."""
        return ()


class Judge:
    """The rater: reads a packet, asks the solver on average, and sees nothing else."""

    id = "judge"

    def rate(self, packet: Packet) -> e.Rated:
        """1 to 5 by what the lead gave up on each criterion."""
        lost = by_criterion(packet.text, packet.said).items()
        ratings = {c: 5 - sum(v >= cut for cut in CUTS) for c, v in lost}
        return e.Rated(situation=packet.situation, subject="own_call", ratings=ratings)
