"""Whom an owner invites."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from patients.members.services import GIVEN

ROLES = [(str(role), role.label) for role in GIVEN]


class RoleField(forms.TypedChoiceField):
    """One of the roles that a clinic gives."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Role"), choices=ROLES, coerce=Role, **kwargs)


class InviteForm(forms.Form):
    """A name, an address, and what they are to be."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(
        label=_("Work email"), help_text=_("A link goes there. It works once, for 7 days.")
    )
    role = RoleField()

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class RoleForm(forms.Form):
    """A further role for somebody."""

    user = forms.UUIDField()
    role = RoleField()


class PickForm(forms.Form):
    """A row of the page."""

    row = forms.UUIDField()
