"""What is entered when a patient is discharged: the last scores, why, and the home plan."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from patients.scoring import Score, activities_in
from programs.discharging.services import Farewell, FinalScores
from programs.models import Discharge
from programs.outcomes.forms import ScoresForm
from programs.wording import day_words

PLAN = ("reason", "plan", "contact")


class DischargeForm(ScoresForm):
    """The scores, each with what was told last beside it; they may all stay empty."""

    needs_one = False

    reason = forms.ChoiceField(
        label=_("Why the program ends"),
        choices=[("", _("Choose")), *Discharge.Reason.choices],
        error_messages={"required": _("Choose a reason.")},
    )
    plan = forms.CharField(
        label=_("Home plan"),
        max_length=Discharge.MOST,
        help_text=_(
            "In the patient’s language: what to keep on with, how often, when to come back."
        ),
        widget=forms.Textarea(attrs={"rows": 9, "maxlength": Discharge.MOST}),
        error_messages={"required": _("Write what they keep on with.")},
    )
    contact = forms.CharField(
        label=_("Whom to call"),
        max_length=200,
        error_messages={"required": _("Write whom they call.")},
    )

    def __init__(self, scores: Sequence[Score], data: Any = None, **given: Any) -> None:
        super().__init__(activities_in(scores), data)
        self.initial = given
        last = {one.number: one for one in scores}
        for number in self.activities:
            one = last[number]
            told = {"value": one.value, "day": day_words(one.day, "DAY_OF_YEAR")}
            self.fields[f"activity_{number}"].help_text = (
                _("0 is not at all, 10 with ease. Last told: %(value)s on %(day)s.") % told
            )

    def scores(self) -> Iterable[forms.BoundField]:
        """The fields of the last scores."""
        return [field for field in self if field.name not in PLAN]

    def words(self) -> Farewell:
        return Farewell(**{name: self.cleaned_data[name] for name in PLAN})

    def final(self) -> FinalScores:
        told = self.cleaned_data
        return FinalScores(told["pain"], self.rated(), told["change"])
