"""Who joins a care team, and who takes one's own place on it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from patients.forms import colleague_field
from patients.models import CareLink


class ColleagueForm(forms.Form):
    """One of the clinic's people."""

    label = _("Another colleague")

    def __init__(self, people: Sequence[Membership], data: Any = None, **given: Any) -> None:
        super().__init__(data, label_suffix="", **given)
        self.fields = {"user": colleague_field(people, self.label), **self.fields}


class HandOverForm(ColleagueForm):
    """A colleague, and what they should know first."""

    label = _("Who takes over")
    note = forms.CharField(
        label=_("Note for your colleague"),
        max_length=CareLink.NOTE,
        required=False,
        help_text=_("Why, and what to look at first. It stays with the patient’s record."),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": CareLink.NOTE}),
    )
