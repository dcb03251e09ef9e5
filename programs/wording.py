"""Doses, steps and sides in words, in the language of the page; every number has its unit."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Protocol

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext, gettext_noop, pgettext

from exercises.schema import LANGUAGES
from exercises.shipped import words
from patients import units

KEPT = 4096  # days in words; a caseload names some hundred
SIDES = {
    "left": gettext_noop("left leg"),
    "right": gettext_noop("right leg"),
    "both": gettext_noop("both legs"),
    "each": gettext_noop("each leg"),
}
BANDS = {1: "yellow", 2: "red", 3: "green", 4: "blue"}
NBSP = "\u00a0"
LOADS = re.compile(r"\b(\d+(?:[.,]\d+)?)\skg\b")


class DoseLike(Protocol):
    """What can be said as a dose: a stored version or the engine's own."""

    @property
    def sets(self) -> int: ...
    @property
    def reps(self) -> int: ...
    @property
    def hold_s(self) -> int: ...
    @property
    def load_kg(self) -> Decimal | None: ...


def dose_words(dose: DoseLike) -> str:
    """Say sets, repetitions or holds, and the load if there is one: 3 × 12, 4 kg; 2 × 8 × 5 s."""
    amounts = [str(dose.sets)]
    amounts += [] if dose.hold_s and dose.reps == 1 else [str(dose.reps)]
    amounts += [seconds(dose.hold_s)] if dose.hold_s else []
    said = f"{NBSP}×{NBSP}".join(amounts)
    return said if dose.load_kg is None else f"{said}, {load_words(dose.load_kg)}"


def seconds(number: int) -> str:
    return f"{number}{NBSP}s"


def number(value: Decimal | int) -> str:
    """A number as the page's language writes it, with no more places than it has: 2.5 or 2,5."""
    plain = Decimal(value).normalize()
    places = max(0, -int(plain.as_tuple().exponent))
    return str(number_format(plain, decimal_pos=places))


def load_words(load_kg: Decimal) -> str:
    """A load in the unit of the page: 4 kg, 8.8 lb."""
    return f"{number(units.shown(load_kg))}{NBSP}{units.spoken()}"


def in_unit(text: str) -> str:
    """A sentence whose loads are in kg, with them in the unit of the page."""
    return text if units.spoken() == units.KG else LOADS.sub(_in_pounds, text)


def _in_pounds(found: re.Match[str]) -> str:
    load_kg = Decimal(found[1].replace(",", "."))
    return f"{number(units.pounds(load_kg))}{NBSP}{units.LB}"


def tempo_words(dose: Any) -> str:
    """Say how a repetition goes: 2 s up, 1 s hold, 3 s down."""
    return gettext("%(up)s up, %(top)s hold, %(down)s down") % {
        "up": seconds(dose.up_s),
        "top": seconds(dose.hold_s or dose.top_s),
        "down": seconds(dose.down_s),
    }


def language() -> str:
    """The language of the page, if the library is written in it."""
    short = (get_language() or LANGUAGES[0])[:2]
    return short if short in LANGUAGES else LANGUAGES[0]


def spoken(name: Mapping[str, str], otherwise: str = "") -> str:
    """A name in the language of the page, else in the one that it has."""
    return str(name.get(language()) or next(iter(name.values()), otherwise))


def step_name(body: Mapping[str, Any], band: int | None = None) -> str:
    """The short name of a step: the variant, and the colour of its band."""
    return variant_name(str(body[language()]["variant"]), band)


def variant_name(variant: str, band: int | None) -> str:
    return f"{variant}, {band_name(band)}" if band else variant


def band_name(level: int) -> str:
    """The colour of a band level, in words."""
    return words("band_levels", str(level), language())


def band_class(level: int | None) -> str:
    """The stylesheet's name of a band's colour; empty where there is no band."""
    return BANDS.get(level or 0, "")


def side_words(side: str) -> str:
    """left leg, right leg, both legs."""
    return _side_words(side, get_language())


@lru_cache(maxsize=64)
def _side_words(side: str, _language: str | None) -> str:
    return gettext(SIDES[side])


def side_letter(side: str) -> str:
    """One letter for a narrow column."""
    return {
        "left": pgettext("left, one letter", "L"),
        "right": pgettext("right, one letter", "R"),
        "both": pgettext("both legs, short", "L+R"),
    }[side]


def weekday_names(days: Iterable[int]) -> str:
    """Mon, Wed, Fri for 0, 2, 4."""
    return ", ".join(short_weekdays()[day] for day in sorted(days))


def day_words(day: date, form: str = "SHORT_DAY") -> str:
    """A day in a format of config.formats; said once a process and language."""
    return _day_words(day, form, get_language())


def day_and_year(day: date) -> str:
    return day_words(day, "DAY_AND_YEAR")


@lru_cache(maxsize=KEPT)
def _day_words(day: date, form: str, _language: str | None) -> str:
    return date_format(day, form)


def short_weekdays() -> list[str]:
    """Short names from Monday on."""
    return [day_words(date(2024, 1, day), "D") for day in range(1, 8)]
