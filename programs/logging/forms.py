"""What the phone's forms may send: one form a question, each with its own range and words."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.logging.entries import SetEntry
from programs.models import CheckIn, PainReport, Side

ONE_TO_TEN = _("Tap a number from 0 to 10.")


class BegunForm(forms.Form):
    """A session that a phone began by itself: which one, of which day and slot, and when."""

    session = forms.UUIDField()
    day = forms.DateField(input_formats=["%Y-%m-%d"])
    slot = forms.IntegerField(min_value=1, max_value=10)
    done_at = forms.DateTimeField()


class PictureForm(forms.Form):
    """What a picture of a movement shows."""

    side = forms.ChoiceField(choices=Side.choices)
    tempo = forms.RegexField(r"^\d{1,2}\.\d{1,2}\.\d{1,2}$")
    range_deg = forms.IntegerField(required=False, min_value=1, max_value=160)
    band = forms.IntegerField(required=False, min_value=0, max_value=9)
    load_kg = forms.DecimalField(required=False, min_value=0, max_value=200, decimal_places=2)

    def seen(self) -> dict[str, Any]:
        """As figures.drawn takes it."""
        up, top, down = map(int, self.cleaned_data["tempo"].split("."))
        return self.cleaned_data | {"tempo": (up, top, down)}


class SetForm(forms.Form):
    """One set. Ranges are checked with the dose at hand, in entries.check_set."""

    prescription = forms.UUIDField()
    side = forms.CharField(max_length=5)
    number = forms.IntegerField()
    dose = forms.UUIDField()
    reps = forms.IntegerField(required=False)
    load_kg = forms.DecimalField(required=False, max_digits=6, decimal_places=2)
    load_lb = forms.DecimalField(required=False, min_value=0, max_digits=5, decimal_places=1)
    band_level = forms.IntegerField(required=False)
    hold_s = forms.IntegerField(required=False)
    skipped = forms.CharField(required=False, max_length=10)
    done_at = forms.DateTimeField(required=False)
    revision = forms.IntegerField(required=False, min_value=0, max_value=100)
    effort = forms.IntegerField(required=False)
    proposed_kg = forms.DecimalField(
        required=False, min_value=0, max_value=200, max_digits=6, decimal_places=2
    )
    proposed_lb = forms.DecimalField(required=False, min_value=0, max_value=441, decimal_places=1)

    def entry(self) -> SetEntry:
        """The entry that the valid form describes; a skipped set has no numbers."""
        told: dict[str, Any] = dict(self.cleaned_data)
        for name in ("reps", "hold_s", "revision"):
            told[name] = told[name] or 0
        if told["skipped"]:
            told |= {"reps": 0, "hold_s": 0, "load_kg": None, "load_lb": None}
            told |= {"band_level": None, "effort": None, "proposed_kg": None, "proposed_lb": None}
        return SetEntry(**told)


class ScaleField(forms.IntegerField):
    """A number from 0 to 10."""

    def __init__(self, **options: Any) -> None:
        messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), ONE_TO_TEN)
        super().__init__(min_value=0, max_value=10, error_messages=messages, **options)


class PainForm(forms.Form):
    """The most pain of one exercise; above the green limit also which side and where."""

    prescription = forms.UUIDField()
    pain = ScaleField()
    side = forms.ChoiceField(choices=Side.choices, required=False)
    place = forms.ChoiceField(choices=PainReport.Place.choices, required=False)
    revision = forms.IntegerField(required=False, min_value=0, max_value=100)

    def told(self) -> dict[str, Any]:
        """The answers as the service takes them."""
        return dict(self.cleaned_data, revision=self.cleaned_data["revision"] or 0)


class PlaceForm(PainForm):
    """The second form: where it hurts must be said."""

    place = forms.ChoiceField(
        choices=PainReport.Place.choices, error_messages={"required": _("Say where it hurts.")}
    )


class BothLegsPlaceForm(PlaceForm):
    """The second form of an exercise for both legs: which leg must be said too."""

    side = forms.ChoiceField(choices=Side.choices, error_messages={"required": _("Say which leg.")})


class EffortForm(forms.Form):
    effort = ScaleField()
    revision = forms.IntegerField(required=False, min_value=0, max_value=100)


class CheckInForm(forms.Form):
    """The morning: one tap; after "worse" also pain and swelling, one tap each."""

    feel = forms.ChoiceField(
        choices=CheckIn.Feel.choices,
        error_messages={
            "required": _("Tap better, same or worse."),
            "invalid_choice": _("Tap better, same or worse."),
        },
    )
    pain = ScaleField(required=False)
    swelling = forms.ChoiceField(choices=[("no", _("No")), ("yes", _("Yes"))], required=False)
    revision = forms.IntegerField(required=False, min_value=0, max_value=100)

    def told(self) -> dict[str, Any]:
        """The answers as the service takes them."""
        given = self.cleaned_data
        swelling = given["swelling"]
        return {
            "feel": given["feel"],
            "pain": given["pain"],
            "swelling": swelling == "yes" if swelling else None,
            "revision": given["revision"] or 0,
        }


class UsualPainForm(forms.Form):
    pain = ScaleField()


class FlagForm(forms.Form):
    """A warning sign from the list, or none of them."""

    flag = forms.CharField(
        max_length=24, error_messages={"required": _("Tap what is true, or tap that none is.")}
    )


def faults(form: forms.Form) -> dict[str, str]:
    """The first fault of each field, in words."""
    return {name: str(errors[0]) for name, errors in form.errors.items()}
