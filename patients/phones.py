"""The field that a phone number is typed in."""

from typing import Any

from django.forms import TextInput
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField


class PhoneField(PhoneNumberField):
    """Takes a number as people write it; gives it as +12015550123, or "" for none."""

    def __init__(self, **kwargs: Any) -> None:
        said = _("Enter a phone number. From abroad, begin with + and the country's number.")
        super().__init__(  # type: ignore[no-untyped-call]  # the package has no types
            error_messages={"invalid": said},
            widget=TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
            **kwargs,
        )

    def clean(self, value: str) -> str:
        number = super().clean(value)
        return str(number.as_e164) if number else ""
