"""The words of a message. They say nothing of the body, the exercise or the clinic."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.scope import clinic_scope
from reminders.channels import Outgoing
from reminders.models import Occurrence

SIGNER = signing.Signer(salt="reminders.stop", sep=".")


def compose(occurrence: Occurrence) -> Outgoing:
    """The message in the language of its reader."""
    link = settings.SITE_URL + reverse("reminders:occurrence-open", args=[occurrence.id])
    if occurrence.recipient:
        return _urgent(occurrence, occurrence.recipient, link)
    return _session_due(occurrence, link)


@contextmanager
def opened(token: str) -> Iterator[Occurrence]:
    """The message that a stop link belongs to, in its clinic's scope. Raises BadSignature."""
    ids = urlsafe_b64decode(SIGNER.unsign(token) + "==")
    with clinic_scope(UUID(bytes=ids[:16])):
        yield Occurrence.objects.get(id=UUID(bytes=ids[16:]))


def stop_token(occurrence: Occurrence) -> str:
    """What the stop link carries: the ids of the message and its clinic, signed."""
    ids = occurrence.clinic_id.bytes + occurrence.id.bytes
    return SIGNER.sign(urlsafe_b64encode(ids).decode().rstrip("="))


def _session_due(occurrence: Occurrence, link: str) -> Outgoing:
    stop = settings.SITE_URL + reverse("reminders:stop", args=[stop_token(occurrence)])
    with translation.override(occurrence.patient.language):
        return Outgoing(
            id=str(occurrence.id),
            to=occurrence.patient.email,
            subject=_("Your session today"),
            body=render_to_string("reminders/session_due.txt", {"link": link, "stop": stop}),
            headers={
                "List-Unsubscribe": f"<{stop}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )


def _urgent(occurrence: Occurrence, reader: User, link: str) -> Outgoing:
    with translation.override(reader.language):
        return Outgoing(
            id=str(occurrence.id),
            to=reader.email or "",
            subject=_("Urgent: please look at Flexion now"),
            body=render_to_string("reminders/urgent.txt", {"link": link}),
        )
