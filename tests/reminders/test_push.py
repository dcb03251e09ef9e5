"""What leaves for a phone, where it may go, and what each answer of a push service means."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import override_settings
from py_vapid import Vapid02
from py_vapid.jwt import decode

from config.demo.notices import PushService
from reminders.channels import NoAnswer, Outgoing, Refused, TryLater, push
from reminders.channels.push import PushClient, may_send
from tests.notices import DROP, HANG, KEYS, phones
from tests.reminders.scenes import free_port

ID = "0199b0de-0000-7000-8000-000000000001"


def message(sink: PushService | None = None, **fields) -> Outgoing:
    endpoint = f"{sink.url}/phone" if sink else f"http://127.0.0.1:{free_port()}/phone"
    told = {
        "to": json.dumps({"endpoint": endpoint, "keys": KEYS}),
        "subject": "Flexion",
        "body": "You have a session planned today.",
        "link": "/go/1/",
    }
    return Outgoing(id=ID, **told | fields)


def send(what: Outgoing) -> str:
    with PushClient() as client:
        return client.send(what)


def test_the_phone_reads_what_was_said_and_nobody_else_can(phones):
    send(message(phones))
    assert phones.taken[0].told == {
        "title": "Flexion",
        "body": "You have a session planned today.",
        "url": "/go/1/",
        "tag": ID,
    }
    assert phones.taken[0].headers["Content-Encoding"] == "aes128gcm"


def test_it_is_signed_as_ours_for_this_service_alone_and_for_less_than_a_day(phones):
    send(message(phones))
    signed = phones.taken[0].headers["Authorization"]
    assert Vapid02.verify(signed)
    token, key = (part.partition("=")[2] for part in signed.removeprefix("vapid ").split(","))
    claims = decode(token, key)
    assert (key, claims["aud"]) == (push.public_key(), phones.url)
    assert claims["sub"] == "mailto:flexion@localhost"


def test_a_second_try_takes_the_place_of_the_first_by_topic_and_tag(phones):
    send(message(phones))
    send(message(phones))
    first, second = phones.taken
    assert first.headers["Topic"] == second.headers["Topic"]
    assert len(first.headers["Topic"]) == 32
    assert first.told["tag"] == second.told["tag"]


def test_a_message_may_say_how_long_it_is_of_use_and_nothing_else(phones):
    send(message(phones, headers={"TTL": "60", "Urgency": "high", "List-Unsubscribe": "<x>"}))
    headers = phones.taken[0].headers
    assert (headers["TTL"], headers["Urgency"]) == ("60", "high")
    assert "List-Unsubscribe" not in headers


def test_its_id_is_the_services_where_that_can_be_kept(phones, monkeypatch):
    assert send(message(phones)).startswith(f"{phones.url}/taken/")
    monkeypatch.setattr(push, "LONGEST_ID", 5)
    assert send(message(phones)) == ID


@pytest.mark.parametrize(
    ("answer", "meaning", "why"),
    [
        (404, Refused, "gone"),
        (410, Refused, "gone"),
        (403, Refused, "403"),
        (413, Refused, "413"),
        (302, TryLater, "302"),
        (429, TryLater, "429"),
        (500, TryLater, "500"),
        (503, TryLater, "503"),
        (DROP, NoAnswer, "ConnectionError"),
    ],
)
def test_each_answer_has_its_meaning(answer, meaning, why, phones):
    phones.answers = [answer]
    with pytest.raises(meaning, match=f"^{why}$"):
        send(message(phones))


def test_silence_after_it_left_is_no_answer_and_no_second_try(phones, monkeypatch):
    monkeypatch.setattr(push, "TIMEOUT_SECONDS", 0.2)
    phones.answers = [HANG]
    with pytest.raises(NoAnswer):
        send(message(phones))
    assert len(phones.taken) == 1


def test_nobody_at_the_address_means_later(phones):
    with pytest.raises(TryLater):
        send(message())


BROKEN = [
    "no device",
    "[]",
    json.dumps({"endpoint": 7, "keys": KEYS}),
    json.dumps({"endpoint": "http://127.0.0.1:1/", "keys": {"auth": KEYS["auth"]}}),
    json.dumps({"endpoint": "http://127.0.0.1:1/", "keys": KEYS | {"p256dh": "AAAA"}}),
    json.dumps({"endpoint": "http://127.0.0.1:1/", "keys": KEYS | {"p256dh": "B" + "A" * 86}}),
]


@pytest.mark.parametrize("to", BROKEN)
def test_what_is_no_device_means_never(to, phones):
    with pytest.raises(Refused, match="address"):
        send(Outgoing(id=ID, to=to, subject="s", body="b"))


def test_a_service_that_was_struck_off_gets_nothing_any_more(phones):
    with override_settings(PUSH_TO_THIS_MACHINE=False), pytest.raises(Refused, match="address"):
        send(message(phones))
    assert phones.taken == []


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/a:b-_c",
        "https://fcm.googleapis.com:443/wp/a",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://web.push.apple.com/QGuQyavXutnMH...",
        "https://wns2-by3p.notify.windows.com/w/?token=BQYAAA%3d",
    ],
)
def test_it_may_go_to_the_push_services(endpoint):
    assert may_send(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "http://fcm.googleapis.com/a",
        "https://fcm.googleapis.com",
        "https://evilfcm.googleapis.com/a",
        "https://fcm.googleapis.com.evil.example/a",
        "https://evil.example/fcm.googleapis.com/",
        "https://evil.example#.push.apple.com/",
        "https://evil.example\\.push.apple.com/",
        "https://evil.example\\@web.push.apple.com/",
        "https://user@web.push.apple.com/a",
        "https://web.push.apple.com:8443/a",
        "https://web.push.apple.com/a\r\nHost: evil.example",
        "https://web.push.apple.com/a\n",
        "https://.push.apple.com/a",
        "https://127.0.0.1/a",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/a",
        "http://127.0.0.1:8000/a",
        "file:///etc/passwd",
    ],
)
def test_it_may_go_nowhere_else(endpoint):
    assert not may_send(endpoint)


@override_settings(PUSH_TO_THIS_MACHINE=True)
@pytest.mark.parametrize(
    "endpoint",
    ["http://localhost:1/a", "http://127.0.0.1/a", "http://127.0.0.1:1@evil.example/a"],
)
def test_to_this_machine_means_its_own_address_and_a_port(endpoint):
    assert may_send("http://127.0.0.1:1/a")
    assert not may_send(endpoint)


def test_a_new_key_is_one_that_signs():
    out = StringIO()
    call_command("push_key", stdout=out)
    with override_settings(PUSH_KEY=out.getvalue().strip()):
        assert push.are_on()
        assert len(push.public_key()) == 87
        PushClient()


def test_without_a_key_there_are_none():
    assert not push.are_on()
    assert push.public_key() == ""


__all__ = ["phones"]
