"""What a clinician writes to a decision."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """A reason that may be left out."""

    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)


class ClearanceForm(forms.Form):
    """Why the program may go on after a warning sign."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        error_messages={"required": _("Say why the program may go on.")},
    )
