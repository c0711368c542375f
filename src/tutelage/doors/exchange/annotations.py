"""Ratings as OpenInference annotations: what Phoenix takes at `/v1/span_annotations`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tutelage.domain.entry import Entry
from tutelage.domain.events import Rated
from tutelage.domain.relationship import Relationship
from tutelage.domain.text import Gone
from tutelage.doors.exchange.leaving import entries
from tutelage.doors.exchange.outline import trace_of
from tutelage.doors.exchange.telemetry import evaluated, span_of

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage


def rows(
    desk: Tutelage, relationship: str, viewer: str | None = None, *, texts: bool = False
) -> Iterator[dict[str, Any]]:
    """One annotation a rating and criterion: on the trace it was imported from, else on our span.

    The identifier makes a repeated upload replace, not double.
    """
    state = desk.state(relationship)
    for entry in entries(desk, relationship, viewer):
        if isinstance(entry.event, Rated) and entry.event.subject != "account":
            yield from _annotations(state, relationship, entry, texts=texts)


def _annotations(
    state: Relationship, relationship: str, entry: Entry[Rated], *, texts: bool
) -> Iterator[dict[str, Any]]:
    for criterion, value, about in evaluated(state, entry, texts=texts):
        result: dict[str, Any] = {"score": value, "label": f"{value} of 5"}
        quote = about.pop("gen_ai.evaluation.explanation", None)
        yield {
            **_target(state, relationship, entry),
            "name": criterion,
            "annotator_kind": _kind(state, entry.actor),
            "result": result | ({"explanation": quote} if quote else {}),
            "metadata": {"tutelage.relationship": relationship, **about},
            "identifier": f"tutelage:{relationship}:{entry.seq}",
        }


def _target(state: Relationship, relationship: str, entry: Entry[Rated]) -> dict[str, str]:
    known = state.find(entry.event.situation)
    assert known is not None  # noqa: S101  # the rating was folded into it
    opened = known.opened.event
    imported = None if isinstance(opened.evidence, Gone) else trace_of(opened)
    if imported is not None:
        return {"trace_id": imported}
    rated = known.own_call if entry.event.subject == "own_call" else known.decision
    return {"span_id": span_of(relationship, known.key, rated.seq if rated else entry.seq)}


def _kind(state: Relationship, rater: str) -> str:
    parties = (state.learner, state.trainer, *state.raters)
    agent = any(p is not None and p.id == rater and p.kind == "agent" for p in parties)
    return "LLM" if agent else "HUMAN"
