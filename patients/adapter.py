"""Where allauth meets Flexion: nobody signs up by themselves, and mail leaves through MAILERS."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest


class SignInAdapter(DefaultAccountAdapter):
    """Closed sign-up: clinicians are added by their clinic, patients are invited."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Keep only what asks for attention; the pages themselves say the rest."""
        if level >= messages.WARNING:
            super().add_message(request, level, *args, **kwargs)
