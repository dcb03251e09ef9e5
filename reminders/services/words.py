"""The words of a message. They say nothing of the body, the exercise or the clinic."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scope import clinic_scope
from patients.models import Channel
from programs.models import QueueRow
from reminders.channels import Outgoing
from reminders.models import Kind, Occurrence
from reminders.services.ways import Ways

ANY_KEY = str(UUID(int=0))
LINKS = {"link": "<link>", "later": "<later>", "stop": "<stop>"}
SIGNER = signing.Signer(salt="reminders.stop", sep=".")


class Words(NamedTuple):
    """What a kind says: its subject, its one or two sentences, and what stands above the link."""

    subject: Any
    opening: Any
    invites: Any = _("Open it here:")


SESSION = _("Your session today")
WORDS = {
    Kind.SESSION_DUE: Words(SESSION, _("You have a session planned today.")),
    Kind.NUDGE: Words(SESSION, _("There is still time for the session that you planned today.")),
    Kind.CHECK_IN: Words(_("One short question"), _("One question is waiting. A tap answers it.")),
    Kind.STOPPED: Words(
        _("We have stopped reminding you"),
        _("Nobody opened the last reminders, so no more will come. Your program stays as it is."),
        _("To get them again, open it once:"),
    ),
    Kind.MESSAGE: Words(_("A message is waiting for you"), _("Somebody wrote to you.")),
    Kind.OUTCOME_DUE: Words(
        _("A few short questions"), _("A few short questions are waiting. They take a minute.")
    ),
    Kind.ENDING: Words(_("Your program ends soon"), _("Your program ends in a week.")),
    Kind.DIGEST: Words(_("Waiting for you today"), ""),
    Kind.URGENT: Words(
        _("Urgent: please look at Flexion now"),
        _("Somebody in your care needs you to look now."),
        _("Open it here (you will be asked to sign in):"),
    ),
}
MAY_WAIT = (Kind.SESSION_DUE, Kind.NUDGE)


def compose(occurrence: Occurrence, ways: Mapping[UUID, Ways], now: datetime) -> Outgoing:
    """The message in the language of its reader, for its channel. Needs the clinic's scope."""
    with translation.override(occurrence.reader.language):
        words = WORDS[Kind(occurrence.kind)]
        opening = _waiting(occurrence) if occurrence.kind == Kind.DIGEST else str(words.opening)
        token = stop_token(occurrence)
        stop = "" if occurrence.kind == Kind.URGENT else address("stop", token)
        later = address("later", token) if occurrence.kind in MAY_WAIT else ""
        links = {"link": address("occurrence-open", occurrence.id), "later": later, "stop": stop}
        return Outgoing(
            id=str(occurrence.id),
            to=_to(occurrence, ways),
            subject=str(words.subject),
            body=_body(occurrence, opening, str(words.invites), links),
            headers=_headers(occurrence, stop, now),
            link=links["link"],
        )


@contextmanager
def opened(token: str) -> Iterator[Occurrence]:
    """The message that a signed link belongs to, in its clinic's scope. Raises BadSignature."""
    ids = urlsafe_b64decode(SIGNER.unsign(token) + "==")
    with clinic_scope(UUID(bytes=ids[:16])):
        rows = Occurrence.objects.select_related("patient", "program__patient", "recipient")
        yield rows.get(id=UUID(bytes=ids[16:]))


def stop_token(occurrence: Occurrence) -> str:
    """What the links without sign-in carry: the ids of the message and its clinic, signed."""
    ids = occurrence.clinic_id.bytes + occurrence.id.bytes
    return SIGNER.sign(urlsafe_b64encode(ids).decode().rstrip("="))


def address(name: str, key: object) -> str:
    """The whole address of one of the pages that messages lead to."""
    return str(settings.SITE_URL) + _path(name).replace(ANY_KEY, str(key))


@cache
def _path(name: str) -> str:
    """The page's path, with a place for its key: looked up once, not for each of many messages."""
    return reverse(f"reminders:{name}", args=[ANY_KEY])


def _to(occurrence: Occurrence, ways: Mapping[UUID, Ways]) -> str:
    reader = occurrence.reader
    if isinstance(reader, User):
        return reader.email or ""
    return ways[reader.id].address[Channel(occurrence.channel)]


def _waiting(occurrence: Occurrence) -> str:
    """How many wait in the reader's queue; never who, nor why."""
    number = QueueRow.objects.filter(user=occurrence.recipient_id, skipped=False).count()
    told = ngettext("%(number)d waits for you.", "%(number)d wait for you.", number)
    return told % {"number": number}


def _body(occurrence: Occurrence, opening: str, invites: str, links: Mapping[str, str]) -> str:
    if occurrence.channel == Channel.PUSH:
        return opening
    if occurrence.channel == Channel.SMS:
        return " ".join([opening, links["link"], gettext("STOP ends these.")])
    given = tuple(name for name, link in links.items() if link)
    body = _frame(translation.get_language(), opening, invites, given)
    for name in given:
        body = body.replace(LINKS[name], links[name])
    return body


@lru_cache
def _frame(language: str, opening: str, invites: str, given: Collection[str]) -> str:
    """The body that many messages share, with places for these links."""
    told = {"opening": opening, "invites": invites} | {name: LINKS[name] for name in given}
    return render_to_string("reminders/message.txt", told)


def _headers(occurrence: Occurrence, stop: str, now: datetime) -> dict[str, str]:
    """How a mail program ends them by one click (RFC 8058); how long a phone may be off."""
    if occurrence.channel == Channel.PUSH:
        return {"TTL": str(int((occurrence.not_after - now).total_seconds()))}
    if not stop or occurrence.channel != Channel.EMAIL:
        return {}
    one_click = "List-Unsubscribe=One-Click"
    return {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": one_click}
