"""Trainers and raters that work by a language model; the extra `tutelage[llm]` brings the library.

Any model that pydantic-ai knows by name, or one of its model objects. Each agent has a budget per
relationship; what it called is recorded there, with the model and the version of its instructions.
"""

from tutelage.trainers.llm.budget import Budget, Spent
from tutelage.trainers.llm.calls import ByModel
from tutelage.trainers.llm.rating import ModelRater
from tutelage.trainers.llm.reviewing import AccountChecker, Fact, GoalReviewer
from tutelage.trainers.llm.training import ModelCoach, ModelMentor

__all__ = [
    "AccountChecker",
    "Budget",
    "ByModel",
    "Fact",
    "GoalReviewer",
    "ModelCoach",
    "ModelMentor",
    "ModelRater",
    "Spent",
]
