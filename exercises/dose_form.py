"""A ladder's step in the editor: each number of its dose, and how far a program may take it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.typed import ModelForm
from exercises.figure import BANDS
from exercises.models import LadderStep
from exercises.word_fields import with_fields


class Quantity(NamedTuple):
    """A number of a dose; `usual` is what a new step begins with, None where it may have none."""

    label: Any
    least: int
    most: int
    usual: int | None = None


BOUNDED = {
    "sets": Quantity(_("Sets"), 1, 6, 2),
    "reps": Quantity(_("Reps"), 1, 50, 8),
    "hold_s": Quantity(_("Hold, s"), 0, 60, 1),
    "range_deg": Quantity(_("Range, degrees"), 5, 150),
    "band_level": Quantity(_("Band, level"), 1, len(BANDS)),
    "load_kg": Quantity(_("Load, kg"), 0, 200),
}
FIXED = {
    "up_s": Quantity(_("Seconds up"), 1, 10, 2),
    "down_s": Quantity(_("Seconds down"), 1, 10, 3),
    "rest_s": Quantity(_("Seconds of rest"), 0, 300, 60),
}
ENDED = ("sets", "reps")  # never without an end
STEP = "load_step_kg"
ROWS = (  # how they stand on the page
    ("sets", "sets_low", "sets_high", "reps", "reps_low", "reps_high"),
    ("up_s", "hold_s", "down_s", "hold_s_low", "hold_s_high", "rest_s"),
    ("range_deg", "range_deg_low", "range_deg_high"),
    ("band_level", "band_level_low", "band_level_high"),
    ("load_kg", "load_kg_low", "load_kg_high", STEP),
    ("isometric",),
)


def dose_fields() -> Iterator[tuple[str, forms.Field]]:
    """A field for each number; for each that has bounds, one for each end."""
    for name, each in (BOUNDED | FIXED).items():
        yield name, _field(name, each, each.label, required=each.usual is not None)
    for name, each in BOUNDED.items():
        ends = name in ENDED
        yield f"{name}_low", _field(name, each, format_lazy("{}, {}", each.label, _("least")), ends)
        yield f"{name}_high", _field(name, each, format_lazy("{}, {}", each.label, _("most")), ends)
    yield STEP, _field("load_kg", Quantity("", 0, 50), _("Load in steps of, kg"), required=False)
    yield "isometric", forms.BooleanField(label=_("The hold is what is done"), required=False)


def _field(name: str, each: Quantity, label: Any, required: bool) -> forms.Field:
    told = {"label": label, "min_value": each.least, "max_value": each.most, "required": required}
    if name == "load_kg":
        return forms.DecimalField(decimal_places=2, **told)
    return forms.IntegerField(**told)


def initial_of(entry: Mapping[str, Any], bounds: Mapping[str, Any]) -> dict[str, Any]:
    """What the fields of a step say that has this dose and these bounds."""
    known = {name: entry.get(name, each.usual) for name, each in (BOUNDED | FIXED).items()}
    for name in BOUNDED:
        known[f"{name}_low"], known[f"{name}_high"] = bounds.get(name, (None, None))
    return known | {STEP: bounds.get(STEP), "isometric": entry.get("isometric", False)}


def entry_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """The dose at which one enters, as a step keeps it."""
    found = {name: _plain(data[name]) for name in BOUNDED | FIXED}
    return found | ({"isometric": True} if data["isometric"] else {})


def bounds_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """The bounds that were given, as a step keeps them."""
    ends = {name: [_plain(data[f"{name}_{end}"]) for end in ("low", "high")] for name in BOUNDED}
    found: dict[str, Any] = {name: pair for name, pair in ends.items() if None not in pair}
    return found | ({STEP: _plain(data[STEP])} if "load_kg" in found else {})


def _plain(value: Any) -> Any:
    """A number as JSON has it: whole where it is."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return value


def faults(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What doesn't fit together: the field, and why. `data`: what each field was given, or None."""
    for name in BOUNDED:
        start, low, high = (data.get(f"{name}{end}") for end in ("", "_low", "_high"))
        if (low is None) != (high is None):
            yield f"{name}_{'low' if low is None else 'high'}", gettext("Give both ends, or none.")
        elif low is not None and high is not None:
            if low > high:
                yield f"{name}_high", gettext("Must not be below the least.")
            elif start is None or not low <= start <= high:
                yield name, gettext("The first dose must lie within its bounds.")
            elif name == "load_kg":
                yield from _step_faults(data.get(STEP), start - low, high - low)


def _step_faults(step: Decimal | None, *ways: Decimal) -> Iterator[tuple[str, str]]:
    if not step:
        yield STEP, gettext("A load with bounds has steps.")
    elif any(way % step for way in ways):
        yield STEP, gettext("The first load and the most must be whole steps from the least.")


@with_fields(dose_fields())
class RungForm(ModelForm):
    """A step of a ladder. Steps may change places: the formset looks whether each has its own."""

    class Meta:
        model = LadderStep
        fields = ("key", "position", "exercise", "laterality", "equipment")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        self.initial.update(initial_of(row.entry or {}, row.bounds or {}))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for field, words in [*faults(data)]:
            self.add_error(field, words)
        if not self.errors:
            self.instance.entry, self.instance.bounds = entry_of(data), bounds_of(data)
        return data

    def validate_constraints(self) -> None:
        """As Django's: of what was given and has no fault. But not of the place."""
        names = {field.name for field in self.instance._meta.fields}
        exclude = names - self.cleaned_data.keys() | {"position"}
        try:
            self.instance.validate_constraints(exclude=exclude)
        except forms.ValidationError as fault:
            self.add_error(None, fault)
