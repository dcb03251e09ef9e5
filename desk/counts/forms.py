"""Which months are counted."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.months import between, stepped

MOST, USUAL = 24, 6
YEARS = range(2000, 2100)


class Month(forms.DateField):
    """A month as browsers send it: 2026-11. Its value is its first day."""

    widget = forms.DateInput(attrs={"type": "month"}, format="%Y-%m")

    def __init__(self, label: Any) -> None:
        wrong = {"invalid": _("A year and a month: 2026-11.")}
        super().__init__(label=label, input_formats=["%Y-%m"], error_messages=wrong)

    def to_python(self, value: Any) -> date | None:
        """A month of this century: no calendar reaches past the year 9999."""
        found = super().to_python(value)
        if found and found.year not in YEARS:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class PeriodForm(forms.Form):
    """From one month to another, both included."""

    first = Month(_("From"))
    last = Month(_("To"))

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = self.cleaned_data
        first, last = told.get("first"), told.get("last")
        if first and last and last < first:
            self.add_error("last", _("Not before the first one."))
        elif first and last and len(between(first, last)) > MOST:
            self.add_error("last", _("At most 24 months at once."))
        return told


def period(data: Any, today: date) -> tuple[PeriodForm, date, date]:
    """The form, and the months: those of the address, else the last six up to this one."""
    usual = {"first": stepped(today, 1 - USUAL), "last": stepped(today, 0)}
    asked = "first" in data or "last" in data
    form = PeriodForm(data if asked else None, initial=usual, label_suffix="")
    told = form.cleaned_data if asked and form.is_valid() else usual
    return form, told["first"], stepped(told["last"]) - timedelta(days=1)
