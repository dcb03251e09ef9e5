"""The form of a past session: prefilled as planned, so that only what differed is typed."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from patients import units
from programs.limits import green_limit, parameter
from programs.logging.entries import BAND, MOST_KG, REPS, SetEntry
from programs.logging.following import plain_load
from programs.logging.past import Past, PastPain
from programs.logging.plan import PlannedExercise, PlannedSide, SessionPlan
from programs.logging.presenters import STOP_FROM, name_of
from programs.models import PainReport, Program, SetLog, Side
from programs.wording import BANDS, band_name, side_words

ONE_TO_TEN = _("Tap a number from 0 to 10.")
WHOLE = _("Enter 0 to 100.")
NONE = [("", _("No pain, or not sure"))]


class Scale(forms.TypedChoiceField):
    """0 to 10, one of them must be tapped."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label,
            coerce=int,
            choices=[(n, str(n)) for n in range(11)],
            widget=forms.RadioSelect,
            error_messages=dict.fromkeys(("required", "invalid_choice"), ONE_TO_TEN),
        )


class PastForm(forms.Form):
    """Each planned set by its repetitions (0: not done), then pain an exercise, and the effort."""

    def __init__(self, data: Any, plan: SessionPlan, program: Program) -> None:
        super().__init__(data, label_suffix="")
        self.plan, self.program = plan, program
        for n, exercise in enumerate(plan.exercises):
            for side in exercise.sides:
                self._side(f"x{n}-{side.side}", side)
            self.fields[f"x{n}-pain"] = Scale(_("Most pain"))
            self.fields[f"x{n}-place"] = forms.ChoiceField(
                label=_("Where it hurt"), required=False, choices=[*NONE, *PainReport.Place.choices]
            )
            if len(exercise.sides) > 1:
                self.fields[f"x{n}-side"] = forms.ChoiceField(
                    label=_("Which leg hurt"), required=False, choices=[*NONE, *Side.choices]
                )
        self.fields["effort"] = Scale(_("How hard it felt"))

    def _side(self, stem: str, planned: PlannedSide) -> None:
        dose = planned.dose
        for aim in planned.aims:
            self.fields[f"{stem}-{aim.number}"] = _count(aim.number, aim.reps)
        if dose.load_kg is not None:
            first = next((aim.load_kg for aim in planned.aims if aim.load_kg), dose.load_kg)
            self.fields[f"{stem}-load"] = _weight(first)
        if dose.band_level is not None:
            self.fields[f"{stem}-band"] = forms.TypedChoiceField(
                label=_("Band"),
                coerce=int,
                choices=[(n, band_name(n)) for n in BANDS if BAND[0] <= n <= BAND[1]],
                initial=dose.band_level,
            )

    def groups(self) -> Iterator[dict[str, Any]]:
        """The fields an exercise, ready to print: its legs, its pain."""
        for n, exercise in enumerate(self.plan.exercises):
            legs = [self._leg(f"x{n}-{side.side}", side) for side in exercise.sides]
            names = [name for name in (f"x{n}-side", f"x{n}-place") if name in self.fields]
            yield {
                "name": name_of(exercise.sides[0]),
                "legs": legs,
                "pain": self.rating(f"x{n}-pain", self.zones()),
                "where": [self[name] for name in names],
            }

    def _leg(self, stem: str, planned: PlannedSide) -> dict[str, Any]:
        own = [self[f"{stem}-{aim.number}"] for aim in planned.aims]
        more = [name for name in (f"{stem}-load", f"{stem}-band") if name in self.fields]
        return {
            "label": side_words(planned.side).capitalize(),
            "sets": own,
            "more": [self[name] for name in more],
        }

    def rating(self, name: str, zones: list[str] | None = None) -> dict[str, Any]:
        """A scale as cells: each button with its colour."""
        field = self[name]
        return {"field": field, "cells": zip(field, zones or [""] * 11, strict=True)}

    def felt(self) -> dict[str, Any]:
        return self.rating("effort")

    def zones(self) -> list[str]:
        """The colour of each number of the pain scale, by the program's own limits."""
        green = green_limit(self.program)
        stop = parameter(self.program, "pain_down", STOP_FROM)
        return ["low" if n <= green else "mid" if n < stop else "high" for n in range(11)]

    def clean(self) -> dict[str, Any]:
        """Above the green limit it is said where, and on two legs which one."""
        given, green = self.cleaned_data, green_limit(self.program)
        for n, _exercise in enumerate(self.plan.exercises):
            if (given.get(f"x{n}-pain") or 0) <= green:
                continue
            if not given.get(f"x{n}-place"):
                self.add_error(f"x{n}-place", _("Say where it hurts."))
            if f"x{n}-side" in self.fields and not given.get(f"x{n}-side"):
                self.add_error(f"x{n}-side", _("Say which leg."))
        return given

    def told(self) -> Past:
        """The valid form as the service takes it."""
        given = self.cleaned_data
        sets = [
            _entry(given, f"x{n}-{side.side}", exercise, side, aim.number)
            for n, exercise in enumerate(self.plan.exercises)
            for side in exercise.sides
            for aim in side.aims
        ]
        return Past(sets, list(self._pains()), given["effort"])

    def _pains(self) -> Iterator[PastPain]:
        given = self.cleaned_data
        for n, exercise in enumerate(self.plan.exercises):
            yield PastPain(
                exercise.prescription.id,
                given[f"x{n}-pain"],
                given.get(f"x{n}-side", ""),
                given[f"x{n}-place"],
            )


def _count(number: int, reps: int) -> forms.IntegerField:
    told = dict.fromkeys(("required", "invalid", "min_value", "max_value"), WHOLE)
    field = forms.IntegerField(
        label=_("Set %(n)s") % {"n": number},
        min_value=0,
        max_value=REPS[1],
        initial=reps,
        error_messages=told,
    )
    field.widget.attrs["inputmode"] = "numeric"
    return field


def _weight(load: Decimal) -> forms.DecimalField:
    """In the unit of the page: kg to two places, lb to the tenth."""
    kg = units.spoken() == units.KG
    return forms.DecimalField(
        label=_("Weight, kg") if kg else _("Weight, lb"),
        min_value=0,
        max_value=int(units.shown(MOST_KG)),
        max_digits=6,
        decimal_places=2 if kg else 1,
        initial=plain_load(load),
    )


def _entry(
    given: dict[str, Any], stem: str, exercise: PlannedExercise, planned: PlannedSide, number: int
) -> SetEntry:
    """One set; none at all is a set that was skipped, unless as many as possible were asked."""
    aim, dose, reps = planned.aim(number), planned.dose, given[f"{stem}-{number}"]
    skipped = not reps and not aim.max_reps
    place: dict[str, Any] = {
        "prescription": exercise.prescription.id,
        "side": planned.side,
        "number": number,
        "dose": dose.id,
    }
    if skipped:
        return SetEntry(**place, skipped=SetLog.Skip.OTHER)
    load, kg = given.get(f"{stem}-load"), units.spoken() == units.KG
    return SetEntry(
        **place,
        reps=reps,
        load_kg=load if kg else None,
        load_lb=None if kg else load,
        band_level=given.get(f"{stem}-band"),
        hold_s=dose.hold_s,
        effort=given["effort"] if aim.asks else None,
    )
