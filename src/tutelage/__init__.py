"""Mentoring and coaching that work themselves out of a job."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage
    from tutelage.service.pair import begin
    from tutelage.service.writer import Written

__all__ = ["Tutelage", "Written", "begin"]


def __getattr__(name: str) -> Any:
    """Load the desk when it is first asked for: `tutelage --help` needs no numpy and no SQL."""
    if name == "Tutelage":
        from tutelage.service.desk import Tutelage  # noqa: PLC0415

        return Tutelage
    if name == "Written":
        from tutelage.service.writer import Written  # noqa: PLC0415

        return Written
    if name == "begin":
        from tutelage.service.pair import begin  # noqa: PLC0415

        return begin
    raise AttributeError(f"module 'tutelage' has no attribute {name!r}")
