"""What every event has: who may write it, whether a door offers it, who may read it."""

from __future__ import annotations

from typing import ClassVar

from tutelage.domain.terms import Frozen, Key, Role, Seq, Visibility

LEARNER, TRAINER, RATER, OWNER, SYSTEM = Role
OWN, PAIR, NAMED, PROGRAMME = Visibility
EITHER = frozenset({LEARNER, TRAINER, OWNER})
Keys = tuple[Key, ...]
Seqs = tuple[Seq, ...]


class Event(Frozen):
    """Something that happened; never edited, only followed by something else."""

    by: ClassVar[frozenset[Role]] = EITHER
    offered: ClassVar[bool] = True
    visible: ClassVar[tuple[Visibility, ...]] = (PAIR, PROGRAMME)


class SystemEvent(Event):
    """Something the service writes; no door offers it."""

    by: ClassVar[frozenset[Role]] = frozenset({SYSTEM})
    offered: ClassVar[bool] = False


class LearnerEvent(Event):
    """Something only the learner writes."""

    by: ClassVar[frozenset[Role]] = frozenset({LEARNER})
    visible: ClassVar[tuple[Visibility, ...]] = (PAIR,)


class TrainerEvent(Event):
    """Something only the trainer writes."""

    by: ClassVar[frozenset[Role]] = frozenset({TRAINER})
    visible: ClassVar[tuple[Visibility, ...]] = (PAIR,)
