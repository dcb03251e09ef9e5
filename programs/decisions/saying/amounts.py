"""Numbers with their units, and by how much a dose changes, in the page's language and plural."""

from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from programs.wording import number as written

PLACES = 2  # decimals shown at most
UNITS: dict[str, Any] = {
    "sets": ngettext_lazy("%(n)s set", "%(n)s sets", "count"),
    "reps": ngettext_lazy("%(n)s rep", "%(n)s reps", "count"),
    "sessions": ngettext_lazy("%(n)s session", "%(n)s sessions", "count"),
    "days": ngettext_lazy("%(n)s day", "%(n)s days", "count"),
    "weeks": ngettext_lazy("%(n)s week", "%(n)s weeks", "count"),
    "level": ngettext_lazy("%(n)s level", "%(n)s levels", "count"),
    "degrees": ngettext_lazy("%(n)s degree", "%(n)s degrees", "count"),
    "percent": _("%(n)s percent"),
    "kg": _("%(n)s kg"),
    "lb": _("%(n)s lb"),
    "s": _("%(n)s s"),
    "days a week": ngettext_lazy("%(n)s day a week", "%(n)s days a week", "count"),
}
COUNTS = {"sets", "reps", "sessions", "days", "weeks", "days a week"}
FIELD_UNITS = {
    "sets": "sets", "reps": "reps", "hold_s": "s", "up_s": "s", "top_s": "s", "down_s": "s",
    "rest_s": "s", "load_kg": "kg", "band": "level", "range_deg": "degrees",
    "per_week": "days a week",
}  # fmt: skip
FIELDS: dict[str, Any] = {
    "sets": pgettext_lazy("of a dose", "the number of sets"),
    "reps": pgettext_lazy("of a dose", "the number of reps"),
    "hold_s": pgettext_lazy("of a dose", "the hold"),
    "up_s": pgettext_lazy("of a dose", "the time up"),
    "top_s": pgettext_lazy("of a dose", "the time at the top"),
    "down_s": pgettext_lazy("of a dose", "the time down"),
    "rest_s": pgettext_lazy("of a dose", "the rest between sets"),
    "load_kg": pgettext_lazy("of a dose", "the load"),
    "band": pgettext_lazy("of a dose", "the band level"),
    "range_deg": pgettext_lazy("of a dose", "the range"),
    "per_week": pgettext_lazy("of a dose", "the days a week"),
}
MORE: dict[str, Any] = {
    "sets": ngettext_lazy("%(n)s more set", "%(n)s more sets", "count"),
    "reps": ngettext_lazy("%(n)s more rep", "%(n)s more reps", "count"),
    "hold_s": _("%(n)s s more of hold"),
    "up_s": _("%(n)s s more on the way up"),
    "top_s": _("%(n)s s more at the top"),
    "down_s": _("%(n)s s more on the way down"),
    "rest_s": _("%(n)s s more rest"),
    "load_kg": _("%(n)s kg more load"),
    "band": ngettext_lazy("a band %(n)s level harder", "a band %(n)s levels harder", "count"),
    "range_deg": ngettext_lazy("%(n)s degree more range", "%(n)s degrees more range", "count"),
    "per_week": ngettext_lazy("%(n)s more day a week", "%(n)s more days a week", "count"),
}
FEWER: dict[str, Any] = {
    "sets": ngettext_lazy("%(n)s set fewer", "%(n)s sets fewer", "count"),
    "reps": ngettext_lazy("%(n)s rep fewer", "%(n)s reps fewer", "count"),
    "hold_s": _("%(n)s s less of hold"),
    "up_s": _("%(n)s s less on the way up"),
    "top_s": _("%(n)s s less at the top"),
    "down_s": _("%(n)s s less on the way down"),
    "rest_s": _("%(n)s s less rest"),
    "load_kg": _("%(n)s kg less load"),
    "band": ngettext_lazy("a band %(n)s level easier", "a band %(n)s levels easier", "count"),
    "range_deg": ngettext_lazy("%(n)s degree less range", "%(n)s degrees less range", "count"),
    "per_week": ngettext_lazy("%(n)s day a week fewer", "%(n)s days a week fewer", "count"),
}
PERCENT: dict[str, tuple[Any, Any]] = {  # up, down; of a load it is said in one
    "load_kg": (_("%(n)s percent more load"), _("%(n)s percent less load")),
}
PATIENT_PERCENT: dict[str, tuple[Any, Any]] = {
    "load_kg": (_("%(n)s percent more weight"), _("%(n)s percent less weight")),
}
ANY_PERCENT = (_("%(what)s up by %(n)s percent"), _("%(what)s down by %(n)s percent"))


class Said(NamedTuple):
    """A number in words. `value` None: it is known only when the rule is asked."""

    text: str
    value: Fraction | None = None
    unit: str = ""

    def counted(self, words: Any) -> str:
        """`words` about this number, in the right plural."""
        return str(words % {"n": self.text, "count": 1 if self.value == 1 else 2})


def number(value: Fraction) -> str:
    """A number as the page's language writes it: 2.5, 2,5."""
    decimal = Decimal(value.numerator) / Decimal(value.denominator)
    return written(round(decimal, PLACES))


def with_unit(said: Said, unit: str) -> str:
    """ "3 sets"; a number that isn't known beforehand has its own words."""
    if said.value is None or unit not in UNITS:
        return said.text
    return said.counted(UNITS[unit])
