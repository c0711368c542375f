"""What of a relationship a model is shown for each task, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tutelage.domain.entry import Entry
from tutelage.domain.situation import Situation
from tutelage.domain.text import Gone
from tutelage.evidence.novelty import similarity
from tutelage.guidance.brief import Brief, CriterionBrief, Packet
from tutelage.guidance.roles import Experience
from tutelage.trainers.llm.data import Fence
from tutelage.trainers.mentor import ELSEWHERE, ON_CRITERION

BEFORE = 12  # questions and experiences told before that are shown, the last ones
CHOICE = 8  # experiences that a mentor is shown to choose from: those most like the case
Named = tuple[str, str | None]


def of_packet(packet: Packet, fence: Fence) -> str:
    """What a blind rater is shown: the case, what was said, and the anchors."""
    parts: list[Named] = [
        ("case", packet.text),
        ("said", packet.said),
        ("why", packet.why),
        ("account", packet.account),
    ]
    anchors = ((f"criterion {key}", scale(a)) for key, a in packet.anchors.items())
    return fence.texts((*parts, *anchors))


def scale(anchors: Sequence[str]) -> str:
    """Five anchors as a scale."""
    return "\n".join(f"{n} {a}" for n, a in enumerate(anchors, 1))


def of_brief(brief: Brief, fence: Fence, bank: Sequence[Experience] = ()) -> str:
    """What a trainer is shown before a decision."""
    return fence.texts(
        (
            ("goal", str(brief.goal.behaviour)),
            ("you may", "\n".join(_may(c) for c in brief.open_criteria)),
            *_case(brief),
            *_learner(brief),
            ("please", "\n".join(brief.acts)),
            *((f"experience {e.key}", experience(e)) for e in fitting(brief, bank)),
        )
    )


def of_decision(brief: Brief, fence: Fence) -> str:
    """What a trainer is shown after it."""
    known = brief.situation
    decided = known.decision.event if known.decision else None
    may = "\n".join(f"{c.key}: {c.name}" for c in brief.criteria if c.in_focus)
    return fence.texts(
        (
            ("goal", str(brief.goal.behaviour)),
            ("you may", may),
            *_case(brief),
            ("guidance read", "\n".join(_read(known))),
            ("decided", str(decided.decision) if decided else None),
            ("because", str(decided.why) if decided else None),
            ("happened", str(known.outcome.event.text) if known.outcome else None),
            *_learner(brief),
            ("please", "\n".join((*brief.acts, *(i.offer for i in brief.alarms)))),
        )
    )


def _case(brief: Brief) -> Iterator[Named]:
    call, opened = brief.situation.own_call, brief.situation.opened.event
    yield ("case", brief.text)
    yield ("evidence", str(opened.evidence) if opened.evidence else None)
    yield ("own call", brief.call)
    yield ("why", brief.why)
    yield ("expects", str(call.event.expects) if call and call.event.expects else None)
    yield ("asks", brief.question)
    yield from (("answered", a) for a in brief.answers)


def _learner(brief: Brief) -> Iterator[Named]:
    """The trainer's model of this learner."""
    for c in brief.open_criteria or brief.criteria:
        recent = ", ".join(map(str, c.ratings)) or "none yet"
        yield (f"criterion {c.key}", f"{c.name}\nits recent ratings: {recent}\n{scale(c.anchors)}")
    yield ("obstacles", "\n".join(o.text for o in brief.obstacles))
    yield ("not taken up", "\n".join(str(t.event.text) for t in brief.not_taken_up))
    yield ("said before", "\n".join(said_before(brief)[-BEFORE:]))
    yield ("its principles", "\n".join(map(str, brief.notebook.principles)))


def _may(c: CriterionBrief) -> str:
    return f"{c.key}: {', '.join(c.allowed)}"


def _read(known: Situation) -> Iterator[str]:
    return (str(g.entry.event.text) for g in known.guidance if g.read is not None)


def said_before(brief: Brief) -> list[str]:
    """Questions that this learner has heard, in this situation and of late."""
    here = (str(g.entry.event.text) for g in brief.situation.guidance)
    return sorted({*brief.asked, *here})


def fitting(brief: Brief, bank: Sequence[Experience]) -> list[Experience]:
    """The experiences to choose from: on a criterion at hand, like this case, not told before."""
    here = {c.key for c in brief.open_criteria if "share" in c.allowed}

    def fit(e: Experience) -> tuple[bool, float]:
        on = ON_CRITERION if here & set(e.criteria) else 0.0
        elsewhere = ELSEWHERE if e.key in brief.elsewhere else 0.0
        return (e.key not in brief.shared, similarity(e.case, brief.text) + on - elsewhere)

    return sorted(bank, key=fit, reverse=True)[:CHOICE] if here else []


def experience(e: Experience) -> str:
    """An experience as a mentor tells it."""
    return f"The case: {e.case}\nWhat I did: {e.did}\nWhy: {e.why}\nHow it came out: {e.came_out}"


# the record --------------------------------------------------------------------------------------
def record(known: Situation) -> dict[int, str]:
    """What was written in a situation before its account, by the number of the entry."""
    entries: Iterable[Entry[Any] | None] = (
        known.opened,
        known.own_call,
        *known.helps,
        *(g.entry for g in known.guidance if g.read is not None),
        *known.answers,
        known.decision,
        known.outcome,
    )
    return {e.seq: "\n".join(_texts(e.event)) for e in entries if e is not None}


def _texts(event: Any) -> Iterator[str]:
    """The texts and the plain facts of an event, by their names."""
    for name, value in event:
        if name in {"kind", "situation", "criteria", "guidance"} or value in (None, "", (), {}):
            continue
        values = value.items() if isinstance(value, dict) else [(name, value)]
        for label, one in values:
            if not isinstance(one, Gone):
                yield f"{label}: {one}"
