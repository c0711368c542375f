"""What the doors answer with: the same shapes for programs through commands, REST and MCP."""

from tutelage.doors.shapes.base import Problem, Shape
from tutelage.doors.shapes.learner import (
    Collected,
    ContextNow,
    EntryNow,
    GuidanceNow,
    NotebookNow,
    PrincipleNow,
    QuestionNow,
)
from tutelage.doors.shapes.lists import (
    Entries,
    KeyNow,
    MissingPart,
    Opened,
    ReviewNow,
    Summaries,
    Summary,
    Task,
    Tasks,
)
from tutelage.doors.shapes.trainer import (
    BriefNow,
    CriterionNow,
    ExperienceNow,
    Experiences,
    Kept,
    PacketNow,
)
from tutelage.doors.shapes.turn import (
    LevelNow,
    NextStep,
    Proposal,
    Threshold,
    TurnNow,
    Waits,
    WrittenNow,
)

__all__ = [
    "BriefNow",
    "Collected",
    "ContextNow",
    "CriterionNow",
    "Entries",
    "EntryNow",
    "ExperienceNow",
    "Experiences",
    "GuidanceNow",
    "Kept",
    "KeyNow",
    "LevelNow",
    "MissingPart",
    "NextStep",
    "NotebookNow",
    "Opened",
    "PacketNow",
    "PrincipleNow",
    "Problem",
    "Proposal",
    "QuestionNow",
    "ReviewNow",
    "Shape",
    "Summaries",
    "Summary",
    "Task",
    "Tasks",
    "Threshold",
    "TurnNow",
    "Waits",
    "WrittenNow",
]
