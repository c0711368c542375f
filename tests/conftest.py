import pytest
from hypothesis import settings

from tests.support import course
from tests.support.course import Course

settings.register_profile("quick", deadline=None, max_examples=25, derandomize=True)
settings.load_profile("quick")


@pytest.fixture
def mentoring() -> Course:
    """A person mentored by a person, in the guided phase."""
    return course.mentoring()


@pytest.fixture
def coaching() -> Course:
    """A person coached by a person, in the guided phase, with one blind rater."""
    return course.coaching()


@pytest.fixture
def agents() -> Course:
    """An agent mentored by an agent, in the guided phase, with two blind raters."""
    return course.agents()
