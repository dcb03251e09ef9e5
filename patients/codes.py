"""Codes to sign in, by email or text: typed by hand, kept only as a keyed hash, used once."""

from collections.abc import Sequence
from urllib.parse import urlsplit
from uuid import UUID

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from phonenumber_field.phonenumber import PhoneNumber

from accounts import texting
from accounts.models import Clinic, User

NOBODYS = UUID(int=0)  # asked for where there is no clinic, so that it takes as long


def hashed(code: str) -> str:
    """What is kept of a code; nobody comes back from it without this installation's key."""
    return salted_hmac("sign-in code", normalize_user_code(code), algorithm="sha256").hexdigest()


class Codes(LoginCodeVerificationProcess):
    """allauth's own process, but for what it keeps in the session and how it texts."""

    def generate_code(self) -> str:
        """A new code, which ends the one before; none for nobody, whom no code lets in."""
        if not self.user:
            return ""
        code = str(super().generate_code())
        self.state["code"] = hashed(code)
        return code

    def send_by_phone(self, phone: str, skip_enumeration_mails: bool = False) -> None:
        """Text the code, if there is one and no cap is reached; either way the answer is the same.

        An unknown number is counted alike and gets no text: each would cost money.
        """
        number, code = PhoneNumber.from_string(phone), self.generate_code()
        clinics = list(Clinic.objects.filter(id__in=self.state["clinics"] or [NOBODYS]))
        counted = texting.may_ask(
            number=number,
            address=get_ip(self.request),
            clinics=[clinic.id for clinic in clinics],
            at=timezone.now(),
        )
        user = self.user
        if counted and isinstance(user, User) and texting.reaches(number, clinics):
            texting.send(number=number, body=_words(code, user))

    def resend(self) -> None:
        """A new code for another ten minutes; the wrong tries so far still count."""
        self.state["at"] = timezone.now().timestamp()
        super().resend()


def begin(
    *,
    request: HttpRequest,
    user: User | None,
    email: str | None = None,
    phone: str | None = None,
    clinics: Sequence[UUID] = (),
    asked_by: str = "typed",
) -> None:
    """Send a code and remember in this session what was sent; `user` None only looks like it.

    `clinics` pay for a text and say to which countries it may go. `asked_by` "link" keeps the
    address from whoever holds the link.
    """
    login = Login(user=user, email=email, phone=phone)
    login.state["stages"] = {"current": LoginByCodeStage.key}
    stage = LoginByCodeStage(LoginStageController(request, login), request, login)
    stage.state.update(Codes.initial_state(user=user, email=email, phone=phone))
    stage.state.update(
        initiated_by_user=True, clinics=[str(clinic) for clinic in clinics], asked_by=asked_by
    )
    process = Codes(stage)
    process.send()
    process.persist()


def _words(code: str, user: User) -> str:
    """The text; its last line lets a phone offer the code on this very site and on no other."""
    host = urlsplit(settings.SITE_URL).hostname
    with translation.override(user.language):
        text = render_to_string("account/texts/login_code.txt", {"code": code, "host": host})
    return text.strip()
