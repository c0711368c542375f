"""Agent trainers that need no model: a mentor with a bank of experiences, a coach of questions."""

from tutelage.trainers.coach import QuestionCoach
from tutelage.trainers.mentor import ExperienceMentor

__all__ = ["ExperienceMentor", "QuestionCoach"]
