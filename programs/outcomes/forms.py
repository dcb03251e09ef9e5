"""What is told of outcomes: one answer at a time by the patient, all on one page by staff."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from patients.scoring import MOST
from programs.logging.forms import ScaleField

LONGEST = 80
CHANGE = 5


class PainForm(forms.Form):
    """The pain of a usual day."""

    pain = ScaleField()


class ActivityForm(forms.Form):
    """An activity in the patient's words, and how well they can do it."""

    activity = forms.CharField(
        max_length=LONGEST,
        error_messages={
            "required": _("Write what is hard for you first."),
            "max_length": _("Please use fewer words."),
        },
    )
    ability = ScaleField()


class ChangeForm(forms.Form):
    """How much has changed since the start."""

    change = forms.IntegerField(min_value=-CHANGE, max_value=CHANGE)


def _choice(label: Any, low: int, high: int, hint: Any = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[("", "—"), *((str(each), str(each)) for each in range(low, high + 1))],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=hint,
    )


PAIN = _("0 is none, 10 the worst they can think of.")
ABILITY = _("0 is not at all, 10 with ease.")
CHANGED = _("-5 is much worse, 0 the same, 5 much better.")


class ScoresForm(forms.Form):
    """All that staff enter for a patient at once; what was not asked stays empty."""

    needs_one = True

    pain = _choice(_("Pain on a usual day"), 0, 10, PAIN)
    change = _choice(_("Change since the start"), -CHANGE, CHANGE, CHANGED)
    activity = forms.CharField(
        label=_("Another activity, in the patient’s words"), max_length=LONGEST, required=False
    )
    ability = _choice(_("How well they can do it"), 0, 10, ABILITY)

    def __init__(self, activities: Mapping[int, str], data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.activities = activities
        rated = {
            f"activity_{number}": _choice(words, 0, 10, ABILITY)
            for number, words in activities.items()
        }
        self.fields = {"pain": self.fields.pop("pain"), **rated, **self.fields}
        if len(activities) == MOST:
            del self.fields["activity"], self.fields["ability"]

    def clean(self) -> dict[str, Any]:
        """Words and their number come together; at least one thing is told."""
        told: dict[str, Any] = self.cleaned_data
        words, ability = told.get("activity", ""), told.get("ability")
        if words and ability is None:
            self.add_error("ability", _("Say how well they can do it."))
        if ability is not None and not words:
            self.add_error("activity", _("Write the activity."))
        if (
            self.needs_one
            and not self.errors
            and not any(value not in (None, "") for value in told.values())
        ):
            raise forms.ValidationError(_("Enter at least one score."))
        return told

    def rated(self) -> dict[str, int]:
        """Activities, by their words, with how well each can be done."""
        told = self.cleaned_data
        pairs = {words: told[f"activity_{number}"] for number, words in self.activities.items()}
        if told.get("activity"):
            pairs[told["activity"]] = told["ability"]
        return {words: value for words, value in pairs.items() if value is not None}
