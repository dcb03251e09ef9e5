"""What is typed off a returned sheet: which one it is, and a line a session."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.handout.returned import Returned
from desk.handout.sheet import columns_of
from programs.logging.entries import REPS, SetEntry
from programs.logging.past import Past, PastPain, PastSession
from programs.logging.plan import PlannedSide, SessionPlan, on_day
from programs.models import Program, SetLog
from programs.schedule import Slot
from programs.wording import day_words


class PickForm(forms.Form):
    """The version that is printed at the foot of the sheet, and its first day."""

    version = forms.IntegerField(min_value=1, required=False)
    first = forms.DateField(required=False)


def picked(data: Any) -> dict[str, Any]:
    """The sheet that is asked for; nothing of what can't be read."""
    form = PickForm(data)
    form.is_valid()
    return {name: form.cleaned_data.get(name) for name in ("version", "first")}


class Count(forms.IntegerField):
    """A whole number that may stay empty; `planned` stands in it as a shadow."""

    def __init__(self, label: str, low: int, high: int, planned: int | None = None) -> None:
        said = _("Enter %(low)s to %(high)s.") % {"low": low, "high": high}
        told = dict.fromkeys(("invalid", "min_value", "max_value"), said)
        super().__init__(
            label=label, required=False, min_value=low, max_value=high, error_messages=told
        )
        shadow = {} if planned is None else {"placeholder": planned}
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off", **shadow}


class SessionForm(forms.Form):
    """One line: done as planned, the most pain, and for each column what differed."""

    done = forms.BooleanField(label=gettext_lazy("Done as planned"), required=False)

    def __init__(self, data: Any, program: Program, slot: Slot, plan: SessionPlan) -> None:
        prefix = f"{slot.local_date:%Y%m%d}-{slot.number}"
        super().__init__(data, prefix=prefix, label_suffix="")
        self.slot, self.plan = slot, on_day(plan, program, slot.local_date)
        self.columns = columns_of(self.plan)
        self.fields["pain"] = Count(_("Pain 0–10"), 0, 10)
        for n, (name, side) in enumerate(self.columns):
            sets, reps = len(side.aims), side.dose.reps
            told = {"leg": name}
            self.fields[f"sets{n}"] = Count(_("%(leg)s, sets") % told, 0, sets, sets)
            self.fields[f"reps{n}"] = Count(_("%(leg)s, reps a set") % told, *REPS, reps)

    @property
    def day(self) -> str:
        """The day as the sheet names it; of several sessions a day also which one."""
        return slot_words(self.slot)

    @property
    def differing(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(("sets", "reps"))]

    @property
    def differs(self) -> bool:
        """Whether anything stands in what differs, so that it is shown open."""
        return any(each.errors or each.value() not in (None, "") for each in self.differing)

    @property
    def told_of(self) -> bool:
        """Whether anything is said of this day; for a form that is valid."""
        return any(value not in (None, False) for value in self.cleaned_data.values())

    def clean(self) -> dict[str, Any]:
        """A day with pain was trained, and a trained day has a set."""
        given = self.cleaned_data
        if not self.errors and self.told_of and not any(map(self._sets, range(len(self.columns)))):
            self.add_error("done", _("Tick it, or say how many sets were done."))
        return given

    def _sets(self, column: int) -> int:
        """How many sets of a column were done: as told, else all or none."""
        given, whole = self.cleaned_data, len(self.columns[column][1].aims)
        if (told := given.get(f"sets{column}")) is not None:
            return int(told)
        return whole if given.get("done") or given.get(f"reps{column}") else 0

    def told(self) -> PastSession:
        """The line as the service takes it; pain that names no exercise counts for each."""
        sets = [
            _entry(side, aim, done=aim <= self._sets(n), reps=self.cleaned_data[f"reps{n}"])
            for n, (_name, side) in enumerate(self.columns)
            for aim in range(1, len(side.aims) + 1)
        ]
        pain = self.cleaned_data["pain"]
        owners = [] if pain is None else [each.prescription.id for each in self.plan.exercises]
        return PastSession(self.slot, self.plan, Past(sets, [PastPain(o, pain) for o in owners]))


def slot_words(slot: Slot) -> str:
    day = day_words(slot.local_date)
    if slot.number == 1:
        return day
    return _("%(day)s, session %(n)s") % {"day": day, "n": slot.number}


def _entry(side: PlannedSide, number: int, *, done: bool, reps: int | None) -> SetEntry:
    """One set as planned, with these repetitions where they differ, or left out."""
    aim, dose = side.aim(number), side.dose
    place: dict[str, Any] = {
        "prescription": dose.prescription_id,
        "side": side.side,
        "number": number,
        "dose": dose.id,
    }
    if not done:
        return SetEntry(**place, skipped=SetLog.Skip.OTHER)
    return SetEntry(
        **place,
        reps=reps or aim.reps,
        load_kg=dose.load_kg if aim.load_kg is None else aim.load_kg,
        band_level=dose.band_level,
        hold_s=dose.hold_s,
    )


class SheetForm:
    """Every line of a sheet; those that have a session already aren't asked again."""

    def __init__(self, returned: Returned, data: Any = None) -> None:
        self.returned, self.bound = returned, data is not None
        program, plan = returned.program, returned.plan
        self.lines = {
            row.slot: SessionForm(data, program, row.slot, plan)
            for row in returned.rows
            if not row.logged
        }
        for first in list(self.lines.values())[:1]:
            first.fields["done"].widget.attrs["autofocus"] = not self.bound
        logged = [row.slot for row in returned.rows if row.logged]
        self.standing = sum(_is_told(data, slot) for slot in logged) if data else 0
        self.refused: list[str] = []

    def is_valid(self) -> bool:
        """Every line is right and something is told, if only of days that have a session."""
        right = not [each for each in self.lines.values() if not each.is_valid()]
        if right and not self.told() and not self.standing:
            self.refused = [_("Tick a day that was trained.")]
        return right and not self.refused

    def told(self) -> list[PastSession]:
        return [each.told() for each in self.lines.values() if each.told_of]

    def rows(self) -> Iterator[dict[str, Any]]:
        """The lines as printed, each with its form or how it was logged."""
        for row in self.returned.rows:
            yield {
                "day": slot_words(row.slot),
                "logged": row.logged,
                "form": self.lines.get(row.slot),
            }

    def errors(self) -> list[dict[str, str]]:
        """What is wrong, for the summary: the day, the field, the fault."""
        if not self.bound:
            return []
        return [{"field": "", "text": text} for text in self.refused] + [
            {
                "field": field.id_for_label,
                "text": f"{each.day}, {field.label}: {field.errors[0]}",
            }
            for each in self.lines.values()
            for field in each
            if field.errors
        ]


def _is_told(data: Any, slot: Slot) -> bool:
    """Whether a line that isn't asked any more was sent with something in it."""
    stem = f"{slot.local_date:%Y%m%d}-{slot.number}-"
    return any(value for name, value in data.items() if name.startswith(stem))
