"""Text messages through Twilio's client, at most once: nothing here tries a second time.

SMS_URL says where the provider is and who we are there: https://ACCOUNT:TOKEN@api.twilio.com.
Codes and reminders have a sender each, so that a STOP to one doesn't end the other.
"""

from collections.abc import Callable
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from django.conf import settings
from requests import ConnectionError, RequestException
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

from accounts.outgoing import NoAnswer, Outgoing, Refused, TryLater

TIMEOUT_SECONDS = 10
NOT_TAKEN = (429, 503)  # the provider says that it turned the message away
STOPPED = "21610"  # Twilio's number for: this person answered STOP to this sender


def are_on() -> bool:
    """Whether this installation can send text messages at all."""
    return bool(settings.SMS_URL)


def token() -> str:
    """What the provider and we alone know; empty where there is no provider."""
    return unquote(urlsplit(settings.SMS_URL).password or "")


class TextClient:
    """Sends from one sender: a number, or the id of a messaging service (MG...).

    `told_to` gives the address at which the provider tells what became of the message of this id.
    """

    def __init__(self, sender: str, *, told_to: Callable[[str], str] | None = None) -> None:
        kind = "messaging_service_sid" if sender.startswith("MG") else "from_"
        self._sender = {kind: sender}
        self._told_to = told_to
        self._line = TwilioHttpClient(timeout=TIMEOUT_SECONDS, max_retries=0)
        self._provider = _provider(self._line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._line.session:
            self._line.session.close()

    def send(self, message: Outgoing) -> str:
        """Hand over one text; returns its id at the provider.

        Raises Refused, TryLater (certainly not taken) or NoAnswer (perhaps taken).
        """
        asked = dict(self._sender)
        if self._told_to:
            asked["status_callback"] = self._told_to(message.id)
        try:
            taken = self._provider.messages.create(to=message.to, body=message.body, **asked)
        except (TwilioException, RequestException) as error:
            raise _meaning(error) from error
        return str(taken.sid)


def _provider(line: TwilioHttpClient) -> Client:
    where = urlsplit(settings.SMS_URL)
    client = Client(unquote(where.username or ""), token(), http_client=line)
    client.api.base_url = f"{where.scheme}://{where.netloc.rpartition('@')[2]}"
    return client


def _meaning(error: Exception) -> Exception:
    """What an error says of the message: refused by its number, not taken, or no word of it."""
    status: Any = getattr(error, "status", None)
    if status in NOT_TAKEN or _never_connected(error):
        return TryLater(str(status or "no connection"))
    if status is not None and 400 <= status < 500:
        return Refused(str(getattr(error, "code", None) or status))
    return NoAnswer(str(status or type(error).__name__))


def _never_connected(error: Exception) -> bool:
    if not isinstance(error, ConnectionError) or not error.args:
        return False
    return isinstance(getattr(error.args[0], "reason", None), NewConnectionError)
