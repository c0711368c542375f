"""The command that matches: what would be proposed in a programme, or a lead's round of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tutelage.domain.errors import Malformed
from tutelage.doors import writing
from tutelage.doors.common import Json, out
from tutelage.doors.leading import Named

if TYPE_CHECKING:
    from tutelage.evidence.assigning import Proposal
    from tutelage.evidence.matching import Fit
    from tutelage.service.matching import Match


def match(
    programme: Named,
    by: Annotated[str | None, typer.Option("--as", help="The lead who proposes")] = None,
    propose: Annotated[
        bool, typer.Option("--propose", help="Propose it to them; else nothing is written")
    ] = False,
    as_json: Json = False,
) -> None:
    """Who fits whom in a programme, by counts: what would be proposed now, or is with --propose."""
    from tutelage.service.matching import Matching  # noqa: PLC0415  # scipy is slow to import

    if propose and by is None:
        raise Malformed("no_lead", "Say with --as which lead proposes.")
    with writing.desk() as tutelage:
        tutelage.programmes.named(programme)
        matching = Matching(tutelage)
        if propose and by is not None:
            found = matching.propose(programme, by, matching.round(programme).number)
        else:
            found = matching.look(programme)
        known = matching.of(programme)
    answer = {"programme": programme, "written": propose, "proposals": [_told(p) for p in found]}
    out(as_json, {**answer, "matches": [_fact(m) for m in known]}, _lines(found))


def _lines(found: tuple[Proposal, ...]) -> str:
    return "\n".join(str(p.unquoted()) for p in found) or "Nobody looks for anybody."


def _told(proposal: Proposal) -> dict[str, Any]:
    """A proposal in facts: no word of anybody's."""
    return {
        "learner": proposal.seeker,
        "trainer": proposal.guide,
        "lacking": proposal.lacking,
        **_counts(proposal.fit),
        "others": [{"trainer": o.guide, **_counts(o)} for o in proposal.others],
    }


def _counts(fit: Fit | None) -> dict[str, Any]:
    if fit is None:
        return {"reasons": {}}
    return {
        "reasons": {
            p.kind: {"count": p.count, "of": p.of, "more": p.more, "adds": p.adds} for p in fit.told
        }
    }


def _fact(match: Match) -> dict[str, Any]:
    return {
        "learner": match.learner,
        "trainer": match.trainer,
        "state": match.state,
        "rematch": match.rematch,
    }
