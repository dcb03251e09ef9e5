"""What is not known, or only in part: missing is None, never zero, and answers neither way."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from operator import ge, gt
from typing import Any

from programs.progression.types import FactValue


def _sure(compare: Callable[[Any, Any], bool], *, answer: bool) -> Any:
    """A comparison of `AtLeast`: `answer` where its least already settles it, else unknown."""
    return lambda self, other: answer if compare(self.least, other) else None


class AtLeast:
    """A maximum of which a part is unknown: sure to be `least` or more.

    Comparisons answer True or False where that is certain, else None (unknown).
    """

    __slots__ = ("least",)

    def __init__(self, least: Any) -> None:
        self.least = least

    __ge__, __gt__ = _sure(ge, answer=True), _sure(gt, answer=True)
    __lt__, __le__ = _sure(ge, answer=False), _sure(gt, answer=False)
    __eq__, __ne__ = _sure(gt, answer=False), _sure(gt, answer=True)
    __hash__ = None  # type: ignore[assignment]  # equality is three-valued


def is_unsure(value: Any) -> bool:
    """True if a value is unknown, or known only in part."""
    return value is None or type(value) is AtLeast


def highest(values: Iterable[Any]) -> Any:
    """The highest value; AtLeast if some are unknown, None if all are."""
    parts = list(values)
    known = [each.least if type(each) is AtLeast else each for each in parts]
    known = [each for each in known if each is not None]
    if not known:
        return None
    partial = any(map(is_unsure, parts))
    return AtLeast(max(known)) if partial else max(known)


def plain(value: Any) -> FactValue:
    """A fact's value as it is stored: whole numbers, words, or a fraction written out."""
    if type(value) is AtLeast:
        return plain(value.least)
    if type(value) is Fraction:
        return value.numerator if value.denominator == 1 else str(float(value))
    return value  # type: ignore[no-any-return]  # a fact is a plain value otherwise
