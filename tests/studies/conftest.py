import pytest
from tutelage_studies.backgammon.board import Position
from tutelage_studies.backgammon.expert import in_scope
from tutelage_studies.backgammon.games import self_play
from tutelage_studies.backgammon.learner import InContextLearner
from tutelage_studies.backgammon.newcomer import newcomer


@pytest.fixture(scope="session")
def positions() -> tuple[Position, ...]:
    """Positions with more than one legal play, from games nobody learns from."""
    return tuple(p for game in range(8) for p in self_play(404, game))


@pytest.fixture(scope="session")
def choices(positions: tuple[Position, ...]) -> tuple[Position, ...]:
    """Those that are in the goal's scope."""
    return tuple(p for p in positions if in_scope(p))


@pytest.fixture
def learner() -> InContextLearner:
    """A learner with gaps."""
    return newcomer(1)
