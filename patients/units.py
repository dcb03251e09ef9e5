"""The unit of weight a page speaks. Loads are stored in kilograms; a patient may read pounds.

Like the language, it is set for a request and read wherever a load is put into words.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal

KG, LB = "kg", "lb"
KG_IN_LB = Decimal("0.45359237")
STORED, TENTH, MILLIONTH = Decimal("0.01"), Decimal("0.1"), Decimal("0.000001")

_spoken: ContextVar[str] = ContextVar("unit_of_weight", default=KG)


def speak(unit: str) -> None:
    """From here on this page says loads in kg or lb; every request starts in kg."""
    _spoken.set(unit)


def spoken() -> str:
    """The unit of this page: kg or lb."""
    return _spoken.get()


@contextmanager
def spoken_in(unit: str) -> Iterator[None]:
    """Say loads in this unit inside the block."""
    before = _spoken.set(unit)
    try:
        yield
    finally:
        _spoken.reset(before)


def shown(load_kg: Decimal) -> Decimal:
    """A load as the page shows it: in kg as it is, in lb to the tenth."""
    return load_kg if spoken() == KG else pounds(load_kg)


def exact(load_kg: Decimal) -> Decimal:
    """The same to count steps from: pounds are not rounded to what is shown."""
    return load_kg.quantize(STORED) if spoken() == KG else (load_kg / KG_IN_LB).quantize(MILLIONTH)


def pounds(load_kg: Decimal) -> Decimal:
    """Kilograms in pounds, to the tenth."""
    return (load_kg / KG_IN_LB).quantize(TENTH)


def kilograms(load_lb: Decimal) -> Decimal:
    """Pounds in kilograms, to two places, as a set's row holds them."""
    return (load_lb * KG_IN_LB).quantize(STORED)
