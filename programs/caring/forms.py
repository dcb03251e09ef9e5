"""Who joins a care team, and who takes one's own place on it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from patients.models import CareLink


class ColleagueForm(forms.Form):
    """One of the clinic's people."""

    user = forms.TypedChoiceField(
        label=_("Colleague"),
        coerce=UUID,
        error_messages={
            "required": _("Choose a colleague."),
            "invalid_choice": _("This is no colleague whom you can choose. Choose another."),
        },
    )

    def __init__(self, people: Sequence[Membership], data: Any = None, **given: Any) -> None:
        super().__init__(data, label_suffix="", **given)
        several = [each.user.name for each in people]
        self.people = people
        self.fields["user"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose")),
            *((str(each.user_id), _said(each, several)) for each in people),
        ]


def _said(member: Membership, names: Sequence[str]) -> str:
    """A name; two of one name are told apart by their addresses."""
    name = member.user.name
    return f"{name}, {member.user.email}" if names.count(name) > 1 else name


class HandOverForm(ColleagueForm):
    """A colleague, and what they should know first."""

    note = forms.CharField(
        label=_("Note for your colleague"),
        max_length=CareLink.NOTE,
        required=False,
        help_text=_("Why, and what to look at first. It stays with the patient’s record."),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": CareLink.NOTE}),
    )
