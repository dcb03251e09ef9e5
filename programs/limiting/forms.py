"""The clinic's limits as a form: each says what it does, and to which programs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Clinic


def _between(words: Any) -> dict[str, Any]:
    """One sentence for a number on either side of its range."""
    return dict.fromkeys(("min_value", "max_value"), words)


class LimitsForm(forms.Form):
    """The largest step of a load, the limit for pain, and what a person has to approve."""

    largest_step_percent = forms.IntegerField(
        label=_("Largest step of a load, 1 to 100 percent"),
        help_text=_(
            "No rule, proposal or dose by hand raises a load by more at once, in "
            "programs that run and in new ones. One step of the equipment stays possible where a "
            "person agrees to it. Doses that stand are not lowered."
        ),
        min_value=1,
        max_value=100,
        error_messages=_between(_("From 1 to 100.")),
    )
    pain_limit = forms.IntegerField(
        label=_("Limit for pain, 0 to 10"),
        help_text=_(
            "After more pain than this no rule raises a dose, whatever the program says, and the "
            "patient stands in the queue as a flare; this holds in programs that run, too. In new "
            "programs the rules’ own numbers start at this at most, and a higher one is refused."
        ),
        min_value=0,
        max_value=10,
        error_messages=_between(_("From 0 to 10.")),
    )
    approval = forms.TypedChoiceField(
        label=_("What a person has to approve"),
        help_text=_(
            "These steps up the ladder are proposed to the clinician and wait until one agrees, "
            "even where a program’s own rules would give them. It holds from the next decision on "
            "in every program; what is proposed now still waits. A step down never waits."
        ),
        choices=Clinic.Approval,
        coerce=Clinic.Approval,
        widget=forms.RadioSelect,
    )

    @classmethod
    def of(cls, clinic: Clinic, data: Any = None) -> "LimitsForm":
        """The form as the clinic's limits stand, or with what was posted."""
        names = tuple(cls.base_fields)
        initial = {name: getattr(clinic, name) for name in names}
        return cls(data, initial=initial, label_suffix="")
