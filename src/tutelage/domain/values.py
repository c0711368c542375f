"""Frozen values: changing one part of a wide or long value, fast enough for 10,000 entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

BLOCK = 64  # an append copies at most so many items, and one pointer for each block before

if TYPE_CHECKING:
    from dataclasses import replace
else:

    def replace(value: T, /, **changes: object) -> T:
        """`dataclasses.replace` for frozen values without slots: one dict copied, no loop.

        A state has forty fields and changes two or three times an entry.
        """
        new = object.__new__(type(value))
        object.__setattr__(new, "__dict__", value.__dict__ | changes)
        return new


def stamped(new: T, old: T, /, **changes: object) -> T:
    """`replace(new, **changes)`, but without a copy where `new` was made from `old` just now."""
    if new is old:
        return replace(old, **changes)  # type: ignore[type-var]
    new.__dict__.update(changes)  # nobody else has seen it yet
    return new


class Grown(Sequence[T_co]):
    """A sequence that never changes and is not copied whole to make a longer one.

    >>> short = Grown("ab")
    >>> list(short.plus("c")), len(short)
    (['a', 'b', 'c'], 2)
    """

    __slots__ = ("_blocks", "_last")

    def __init__(self, items: Iterable[T_co] = ()) -> None:
        every = tuple(items)
        full = len(every) // BLOCK * BLOCK
        self._blocks = tuple(every[i : i + BLOCK] for i in range(0, full, BLOCK))
        self._last = every[full:]

    def plus(self, item: T_co) -> Grown[T_co]:  # type: ignore[misc]  # nothing here changes
        """The same and one more."""
        last = (*self._last, item)
        return _grown(self._blocks, last) if len(last) < BLOCK else _grown((*self._blocks, last))

    def but(self, at: int, item: T_co) -> Grown[T_co]:  # type: ignore[misc]  # the same
        """The same with another item at a place."""
        number, place = divmod(at, BLOCK)
        blocks = (*self._blocks, self._last)
        block = (*blocks[number][:place], item, *blocks[number][place + 1 :])
        blocks = (*blocks[:number], block, *blocks[number + 1 :])
        return _grown(blocks[:-1], blocks[-1])

    def __len__(self) -> int:
        return len(self._blocks) * BLOCK + len(self._last)

    def __iter__(self) -> Iterator[T_co]:
        return chain(chain.from_iterable(self._blocks), self._last)

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return tuple(self[i] for i in range(*at.indices(len(self))))
        number, place = divmod(at + len(self) if at < 0 else at, BLOCK)
        return self._last[place] if number == len(self._blocks) else self._blocks[number][place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Grown | tuple) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"Grown({tuple(self)!r})"


def _grown(blocks: tuple[tuple[T, ...], ...], last: tuple[T, ...] = ()) -> Grown[T]:
    new: Grown[T] = object.__new__(Grown)
    new._blocks, new._last = blocks, last  # noqa: SLF001  # a type of this module's own
    return new


class Places(Mapping[str, int]):
    """Where each key is in a `Grown`; not copied whole to hold one more.

    >>> Places().plus("a", 0)["a"]
    0
    """

    __slots__ = ("_late", "_most")

    def __init__(
        self, most: Mapping[str, int] | None = None, late: Mapping[str, int] | None = None
    ) -> None:
        self._most, self._late = most or {}, late or {}

    def plus(self, key: str, at: int) -> Places:
        """The same and one more."""
        late = {**self._late, key: at}
        return Places(self._most, late) if len(late) < BLOCK else Places({**self._most, **late})

    def find(self, key: str) -> int | None:
        """Where the key is, if it is there."""
        at = self._late.get(key)
        return self._most.get(key) if at is None else at

    def __getitem__(self, key: str) -> int:
        return self._late[key] if key in self._late else self._most[key]

    def __iter__(self) -> Iterator[str]:
        return chain(self._most, self._late)

    def __len__(self) -> int:
        return len(self._most) + len(self._late)


__all__ = ["Grown", "Places", "replace", "stamped"]
