"""The one form of both ends: a text, and a key that makes a second tap harmless."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from patients.models import Message


class MessageForm(forms.Form):
    """What is said, at most 2000 characters."""

    body = forms.CharField(
        label=_("Your message"),
        max_length=Message.MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": _("Write a few words first."),
            "max_length": _(
                "This is too long: %(show_value)d characters. At most %(limit_value)d fit."
            ),
        },
    )
    key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages={
            "required": _("Please send it once more."),
            "invalid": _("Please send it once more."),
        },
    )
