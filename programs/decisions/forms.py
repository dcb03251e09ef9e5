"""What a clinician writes to a decision, and enters beside the logs."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.forms import DayField
from patients.models import Patient
from patients.units import KG_IN_LB
from programs.decisions.needs import Entry

MOST = 1000


class ReasonForm(forms.Form):
    """A reason that may be left out."""

    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)


class UndoForm(forms.Form):
    """Why the latest change is taken back."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        error_messages={"required": _("Say why the change is taken back.")},
    )


class ClearanceForm(forms.Form):
    """Why the program may go on after a warning sign."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        error_messages={"required": _("Say why the program may go on.")},
    )


class ResistedDateForm(forms.Form):
    """From when on resisted steps may be trained, and why."""

    on = DayField(
        label=_("No resisted curls before"), error_messages={"required": _("Enter the day.")}
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=500, error_messages={"required": _("Say why this day.")}
    )

    def __init__(self, patient: Patient, data: Any = None) -> None:
        super().__init__(data, initial={"on": patient.resisted_not_before}, label_suffix="")
        self.patient = patient

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if self.patient.surgery_date and on < self.patient.surgery_date:
            raise forms.ValidationError(gettext("Not before the day of the surgery."))
        return on


class FindingForm(forms.Form):
    """One test or clearance that the program's rules read, with the day it is of."""

    name = forms.CharField(widget=forms.HiddenInput, max_length=40)
    on = DayField(label=_("Day"), error_messages={"required": _("Enter the day.")})

    def __init__(self, entry: Entry, patient: Patient, today: date, data: Any = None) -> None:
        started = {"name": entry.name, "on": today}
        auto_id = f"id_{entry.name}_%s"
        super().__init__(data, initial=started, label_suffix="", auto_id=auto_id)
        self.entry, self.today = entry, today
        self.pounds = entry.name.endswith("_kg") and patient.unit == Patient.Unit.LB
        self.fields["value"] = _value_field(entry, pounds=self.pounds)
        self.order_fields(("name", "value", "on"))

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(gettext("Not later than today."))
        return on

    def clean_value(self) -> Decimal | str | bool:
        value: Decimal | str = self.cleaned_data["value"]
        if self.entry.kind == "flag":
            return bool(value == "yes")
        if self.pounds and isinstance(value, Decimal):
            return (value * KG_IN_LB).quantize(Decimal("0.001"))
        return value


def _value_field(entry: Entry, *, pounds: bool) -> forms.Field:
    label = finding_words(entry.name, pounds=pounds)
    if entry.kind == "number":
        return forms.DecimalField(label=label, min_value=0, max_value=MOST, decimal_places=3)
    if entry.kind == "flag":
        return forms.ChoiceField(label=label, choices=[("yes", _("Yes")), ("no", _("No"))])
    return forms.ChoiceField(label=label, choices=[(each, each) for each in entry.words])


def finding_words(name: str, *, pounds: bool = False) -> str:
    """The name of a test: known ones in words, others as the rules write them."""
    unit = gettext("lb") if pounds else gettext("kg")
    if name == "ten_rm_kg":
        return gettext("10-repetition maximum, %(unit)s") % {"unit": unit}
    if name.endswith("_kg"):
        return f"{name.removesuffix('_kg').replace('_', ' ')}, {unit}"
    return name.replace("_", " ")
