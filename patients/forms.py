"""Forms for people: a new patient, the patient's own settings, and the code to sign in."""

import zoneinfo
from typing import Any

from allauth.account.forms import RequestLoginCodeForm
from django import forms
from django.utils.translation import gettext_lazy as _

from patients.models import CareLink, Equipment, Patient


def time_zones() -> list[tuple[str, str]]:
    """Zones with a place's name, as choices."""
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name)
    return [
        (name, name.replace("_", " ")) for name in ["UTC", *names] if not name.startswith("Etc")
    ]


class RequestCodeForm(RequestLoginCodeForm):
    """Codes are the patients' way in; staff sign in by password, and get no code.

    The answer is the same for a known and an unknown address.
    """

    def clean_email(self) -> str:
        email: str = super().clean_email()
        user = getattr(self, "_user", None)
        if user and user.memberships.filter(until=None).exists():
            self._user = None
        return email


class PatientForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """A new patient as a clinician enters them; `email` also receives the invitation."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)
    unit = forms.ChoiceField(
        label=_("Unit of weight"), choices=Patient.Unit, required=False, initial=Patient.Unit.KG
    )
    equipment = forms.MultipleChoiceField(
        label=_("Equipment"),
        choices=Equipment,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        initial=[Equipment.CHAIR, Equipment.MAT],
    )

    class Meta:
        model = Patient
        fields = (
            "name",
            "email",
            "phone",
            "birth_date",
            "affected_side",
            "surgery_date",
            "graft",
            "meniscus_repair",
            "resisted_not_before",
            "language",
            "unit",
            "time_zone",
            "reminder_at",
            "equipment",
        )
        widgets = {
            "birth_date": forms.DateInput(attrs={"type": "date"}),
            "surgery_date": forms.DateInput(attrs={"type": "date"}),
            "resisted_not_before": forms.DateInput(attrs={"type": "date"}),
            "reminder_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not name:
            raise forms.ValidationError(_("Enter a name."))
        return name

    def clean_unit(self) -> str:
        return self.cleaned_data["unit"] or Patient.Unit.KG

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        born, surgery = data.get("birth_date"), data.get("surgery_date")
        if born and surgery and surgery < born:
            self.add_error("surgery_date", _("The surgery can't be before the birth date."))
        return data


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """What a patient may change about themselves."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)
    reminders = forms.BooleanField(label=_("Remind me by email"), required=False)

    class Meta:
        model = Patient
        fields = ("reminder_at", "time_zone", "language")
        widgets = {"reminder_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}


class ConsentForm(forms.Form):
    """What a patient agrees to on the first day; records are needed, reminders are a choice."""

    care = forms.BooleanField(
        label=_("Keep a record of my training so that my clinic can adjust it"),
        error_messages={"required": _("Without this record the program can't start.")},
    )
    reminders = forms.BooleanField(label=_("Remind me by email"), required=False, initial=True)
    reminder_at = forms.TimeField(
        label=_("Reminder time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )


class CoverForm(forms.Form):
    """Why a clinician off the care team opens this patient, for a day."""

    reason = forms.ChoiceField(label=_("Reason"), choices=CareLink.Reason)
