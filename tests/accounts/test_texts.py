"""What each answer of a provider of text messages means, and what is asked of it."""

from typing import Any

import pytest

from accounts import texts as adapter
from accounts.outgoing import NoAnswer, Outgoing, Refused, TryLater
from accounts.texts import TextClient
from reminders.channels.sms import SmsClient
from tests.reminders.scenes import free_port
from tests.texts import CODES, NUMBER, REMINDERS, SILENCE, Sink, pointing_to, texts

ID = "01936b1e-0000-7000-8000-000000000001"
MESSAGE = Outgoing(id=ID, to=NUMBER, subject="", body="Hello")


def send(client: TextClient) -> str:
    with client:
        return client.send(MESSAGE)


def test_a_text_goes_out_whole_and_comes_back_with_its_number(texts: Sink) -> None:
    assert send(TextClient(CODES)) == "SM1"
    assert texts.taken == [{"To": NUMBER, "From": CODES, "Body": "Hello"}]


def test_reminders_have_a_sender_of_their_own(texts: Sink) -> None:
    send(SmsClient())
    assert texts.taken[0]["MessagingServiceSid"] == REMINDERS
    assert "From" not in texts.taken[0]


def test_a_reminder_names_the_address_for_what_becomes_of_it(texts: Sink) -> None:
    send(SmsClient())
    assert texts.taken[0]["StatusCallback"] == f"http://testserver/hooks/texts/{ID}/"


def test_it_names_none_that_the_provider_could_not_reach(texts: Sink, settings: Any) -> None:
    settings.LOCAL = True
    send(SmsClient())
    assert "StatusCallback" not in texts.taken[0]


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (429, TryLater),
        (503, TryLater),
        (21610, Refused),
        (401, Refused),
        (500, NoAnswer),
        (502, NoAnswer),
    ],
)
def test_each_answer_has_its_meaning(answer: int, meaning: type[Exception], texts: Sink) -> None:
    texts.answers = [answer]
    with pytest.raises(meaning, match=str(answer)):
        send(TextClient(CODES))
    assert texts.taken == []


def test_silence_after_the_hand_over_is_no_answer_and_no_second_try(
    texts: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "TIMEOUT_SECONDS", 0.2)
    texts.answers = [SILENCE]
    with pytest.raises(NoAnswer):
        send(TextClient(CODES))
    assert len(texts.taken) == 1


def test_nobody_at_the_address_means_later() -> None:
    with (
        pointing_to(f"http://account:token@127.0.0.1:{free_port()}"),
        pytest.raises(TryLater),
    ):
        send(TextClient(CODES))


def test_the_real_provider_is_asked_over_its_own_address() -> None:
    with pointing_to("https://AC1:secret@api.twilio.com"):
        client = TextClient(CODES)
    assert client._provider.api.base_url == "https://api.twilio.com"
    assert client._provider.auth == ("AC1", "secret")


__all__ = ["texts"]
