"""Who may be sent a code by text, and how often: the caps that keep a stranger from the bill."""

import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import region_code_for_number

from accounts.models import Clinic, TextAsked
from accounts.outgoing import NoAnswer, Outgoing, Refused, TryLater
from accounts.texts import TextClient

DAY = timedelta(days=1)
LOCK = 0x7E875  # one asks at a time, so that two at once can't pass a cap together
_senders = ThreadPoolExecutor(max_workers=4, thread_name_prefix="texts")

log = logging.getLogger(__name__)


def reaches(number: PhoneNumber, clinics: Iterable[Clinic]) -> bool:
    """Whether one of these clinics sends texts to this number's country."""
    wanted = [clinic.text_countries or settings.SMS_COUNTRIES for clinic in clinics]
    return any(region_code_for_number(number) in countries for countries in wanted)


@transaction.atomic
def may_ask(*, number: PhoneNumber, address: str, clinics: Iterable[UUID], at: datetime) -> bool:
    """Count one more text that somebody asked for; False if a cap of the last 24 hours is reached.

    Counts alike whether the number is known or not. Keeps no number and no address, only keyed
    hashes of them, for a day.
    """
    clinics = list(clinics)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
    TextAsked.objects.filter(at__lte=at - DAY).delete()
    mine = TextAsked(number=_hash(number.as_e164), address=_hash(address), clinics=clinics, at=at)
    if TextAsked.objects.beyond_a_cap(mine):
        return False
    mine.save()
    return True


def _hash(value: str) -> str:
    return salted_hmac("texts", value, algorithm="sha256").hexdigest()


def send(*, number: PhoneNumber, body: str) -> None:
    """Send from the codes' sender, off this thread: how long it takes tells nobody anything."""
    message = Outgoing(id=str(uuid4()), to=number.as_e164, subject="", body=body)
    _senders.submit(_send, message)


def _send(message: Outgoing) -> None:
    """Log what went wrong, without the number: whoever waits asks anew."""
    try:
        with TextClient(settings.SMS_CODES_FROM) as client:
            client.send(message)
    except (Refused, TryLater, NoAnswer) as error:
        log.warning("text %s not sent: %s %s", message.id, type(error).__name__, error)
