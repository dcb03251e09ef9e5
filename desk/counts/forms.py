"""Which months are counted."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.counts.reading import DAY, months_of

MOST, USUAL = 24, 6


class Month(forms.DateField):
    """A month as browsers send it: 2026-11. Its value is its first day."""

    widget = forms.DateInput(attrs={"type": "month"}, format="%Y-%m")

    def __init__(self, label: Any) -> None:
        wrong = {"invalid": _("A year and a month: 2026-11.")}
        super().__init__(label=label, input_formats=["%Y-%m"], error_messages=wrong)


class PeriodForm(forms.Form):
    """From one month to another, both included."""

    first = Month(_("From"))
    last = Month(_("To"))

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = self.cleaned_data
        first, last = told.get("first"), told.get("last")
        if first and last and last < first:
            self.add_error("last", _("Not before the first one."))
        elif first and last and len(months_of(first, last)) > MOST:
            self.add_error("last", _("At most 24 months at once."))
        return told


def period(data: Any, today: date) -> tuple[PeriodForm, date, date]:
    """The form, and the months: those of the address, else the last six up to this one."""
    first = today.replace(day=1)
    for _number in range(USUAL - 1):
        first = (first - DAY).replace(day=1)
    usual = {"first": first, "last": today.replace(day=1)}
    asked = "first" in data or "last" in data
    form = PeriodForm(data if asked else None, initial=usual, label_suffix="")
    told = form.cleaned_data if asked and form.is_valid() else usual
    return form, told["first"], (told["last"] + 31 * DAY).replace(day=1) - DAY
