"""Agent trainers: a mentor with a bank of experiences, a coach of questions; by models in `llm`."""

from tutelage.trainers.coach import QuestionCoach
from tutelage.trainers.mentor import ExperienceMentor

__all__ = ["ExperienceMentor", "QuestionCoach"]
