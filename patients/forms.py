"""Forms for people: a new patient, the patient's own settings, and the code to sign in."""

import zoneinfo
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.fields import EmailField
from allauth.account.forms import ConfirmLoginCodeForm, LoginForm
from allauth.core import context, ratelimit
from django import forms
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from accounts import texts
from accounts.models import Language, Membership, User
from accounts.typed import ModelForm
from patients.codes import hashed
from patients.models import CareLink, Equipment, Patient
from patients.phones import PhoneField


def time_zones() -> list[tuple[str, str]]:
    """Zones with a place's name, as choices."""
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name)
    return [
        (name, name.replace("_", " ")) for name in ["UTC", *names] if not name.startswith("Etc")
    ]


class DayField(forms.DateField):
    """A day, picked where the browser can."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PasswordForm(LoginForm):
    """Staff sign in with their work email and a password; a number is for codes alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = EmailField()
        self.order_fields(["login"])


class RequestCodeForm(forms.Form):
    """Codes are the patients' way in; staff sign in by password, and get no code.

    The answer is the same for a known and an unknown address or number.
    """

    user: User | None = None
    email = phone = ""
    login = forms.CharField(
        label=_("Email or phone number"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "inputmode": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not texts.are_on():
            self.fields["login"] = EmailField(max_length=254)

    def clean_login(self) -> str:
        login: str = self.cleaned_data["login"].strip()
        if "@" in login or not texts.are_on():
            login = self.email = str(EmailField().clean(login))
        else:
            login = self.phone = PhoneField().clean(login)
        if not ratelimit.consume(context.request, action="request_login_code", key=login):
            raise get_adapter().validation_error("too_many_login_attempts")
        self.user = User.objects.signing_in_by_code(email=self.email, phone=self.phone)
        return login


class TypeCodeForm(ConfirmLoginCodeForm):
    """The code as it came; of what was sent only the hash is known here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed = {"autocomplete": "one-time-code", "inputmode": "numeric"}
        self.fields["code"] = forms.CharField(
            label=_("Code"), max_length=20, widget=forms.TextInput(attrs=typed)
        )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not constant_time_compare(hashed(code), self.expected_code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class PatientForm(ModelForm):
    """A new patient as a clinician enters them; `email` or `phone` also receives the codes."""

    phone = PhoneField(label=_("Phone"), required=False)

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
            "birth_date": DayField.widget,
            "surgery_date": DayField.widget,
            "resisted_not_before": DayField.widget,
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


class UnitForm(forms.Form):
    """In which unit a patient reads loads."""

    unit = forms.ChoiceField(label=_("Weights in"), choices=Patient.Unit, widget=forms.RadioSelect)


class EquipmentForm(forms.Form):
    """What a patient has at home."""

    equipment = forms.MultipleChoiceField(
        label=_("What you have at home"),
        choices=Equipment,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class PlaceForm(forms.Form):
    """The language a patient reads, and the zone they live in."""

    language = forms.ChoiceField(label=_("Language"), choices=Language)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)


class ConsentForm(forms.Form):
    """What a patient chooses on the first day; the button itself is the consent to records."""

    reminders = forms.BooleanField(label=_("Remind me by email"), required=False)
    reminder_at = forms.TimeField(
        label=_("Reminder time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zones,
        widget=forms.Select(attrs={"data-zone": True}),
    )

    def __init__(self, *args: Any, by_email: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by_email:
            del self.fields["reminders"]


def colleague_field(people: Sequence[Membership], label: Any) -> forms.TypedChoiceField:
    """One of these; two of one name are told apart by their addresses."""
    names = [each.user.name for each in people]
    choices = [
        (str(each.user_id), name if names.count(name) == 1 else f"{name}, {each.user.email}")
        for each, name in zip(people, names, strict=True)
    ]
    return forms.TypedChoiceField(
        label=label,
        choices=[("", _("Choose")), *choices],
        coerce=UUID,
        error_messages={
            "required": _("Choose a colleague."),
            "invalid_choice": _("This is no colleague whom you can choose. Choose another."),
        },
    )


class AwayForm(forms.Form):
    """The days on which a clinician is away, and who stands in."""

    first = DayField(label=_("First day away"))
    last = DayField(label=_("Last day away"))

    def __init__(self, people: Sequence[Membership], data: Any = None, **given: Any) -> None:
        super().__init__(data, label_suffix="", **given)
        self.fields["stand_in"] = colleague_field(people, _("Who stands in"))


class CoverForm(forms.Form):
    """Why a clinician off the care team opens this patient, for a day."""

    reason = forms.ChoiceField(label=_("Reason"), choices=CareLink.Reason)
