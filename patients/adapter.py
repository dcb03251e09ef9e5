"""Where allauth meets Flexion: nobody signs up by themselves, and mail leaves through MAILERS."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from patients.phones import PhoneField


class SignInAdapter(DefaultAccountAdapter):
    """Closed sign-up: clinicians are added by their clinic, patients are invited.

    A number lets in only whoever typed the code that went there; then it is proven.
    """

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Keep only what asks for attention; the pages themselves say the rest."""
        if level >= messages.WARNING:
            super().add_message(request, level, *args, **kwargs)

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        return PhoneField(**kwargs)

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        return (user.phone.as_e164, user.phone_proven_at is not None) if user.phone else None

    def set_phone(self, user: Any, phone: str, verified: bool) -> None:
        user.phone = phone
        user.phone_proven_at = timezone.now() if verified else None
        user.save(update_fields=["phone", "phone_proven_at"])

    def set_phone_verified(self, user: Any, phone: str) -> None:
        mine = User.objects.filter(id=user.id, phone=phone, phone_proven_at=None)
        mine.update(phone_proven_at=timezone.now())

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.filter(phone=phone, is_active=True).first()
