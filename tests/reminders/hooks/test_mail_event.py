"""What became of an email, as its provider or a relay tells it."""

import time
from typing import Any

import pytest
from django.test import Client

from tests.reminders.hooks.given import MAIL, letter, post, receipts

pytestmark = pytest.mark.django_db
ID = "01936b1e-0000-7000-8000-000000000001"
TOLD = {"message_id": f"<{ID}@testserver>", "event": "delivered"}


@pytest.mark.parametrize(
    ("event", "reason", "kept"),
    [
        ("delivered", None, ("email", ID, "delivered", "")),
        ("bounced", "5.1.1", ("email", ID, "failed", "5.1.1")),
        ("complained", "", ("email", ID, "complained", "")),
    ],
)
def test_each_event_is_kept(provider: Client, event: str, reason: Any, kept: Any) -> None:
    answer = post(provider, TOLD | {"event": event, "reason": reason})
    assert (answer.status_code, answer.content, len(answer.cookies)) == (204, b"", 0)
    assert receipts() == [kept]


def test_told_twice_and_in_any_order_each_is_kept_once(provider: Client) -> None:
    for event in ("complained", "delivered", "complained", "delivered"):
        assert post(provider, TOLD | {"event": event}).status_code == 204
    assert sorted(event for _, _, event, _ in receipts()) == ["complained", "delivered"]


@pytest.mark.parametrize(
    "told",
    [
        TOLD | {"event": "opened"},
        TOLD | {"event": None},
        TOLD | {"event": ["delivered"]},
        TOLD | {"message_id": f"<{ID}@elsewhere.example>"},
        TOLD | {"message_id": "<other@testserver>"},
        TOLD | {"message_id": 7},
        {},
    ],
    ids=str,
)
def test_what_is_not_ours_is_taken_and_forgotten(provider: Client, told: Any) -> None:
    assert post(provider, told).status_code == 204
    assert receipts() == []


def test_the_id_may_come_without_its_brackets(provider: Client) -> None:
    post(provider, TOLD | {"message_id": f"{ID.upper()}@testserver"})
    assert receipts() == [("email", ID, "delivered", "")]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"\xff", b"[" * 20_000], ids=len)
def test_what_cannot_be_read_is_refused(provider: Client, body: bytes) -> None:
    assert post(provider, body).status_code in ({403} if body == b"\xff" else {400})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "headers",
    [
        {"webhook-signature": "v1,Zm9yZ2Vk"},
        {"webhook-signature": "v1"},
        {"webhook-signature": "v1,é"},
        {"webhook-signature": ""},
        {"webhook-id": "msg_2"},
        {"webhook-id": ""},
        {"webhook-timestamp": "now"},
    ],
    ids=str,
)
def test_a_forged_one_is_refused(provider: Client, headers: dict[str, str]) -> None:
    assert post(provider, TOLD, **headers).status_code == 403
    assert receipts() == []


@pytest.mark.parametrize("off", [-301, 302])
def test_a_replayed_one_is_too_old_or_too_new(provider: Client, off: int) -> None:
    body = b'{"event": "delivered"}'
    assert post(provider, body, **letter(body, at=time.time() + off)).status_code == 403


def test_a_signature_by_another_secret_is_refused(provider: Client) -> None:
    body = b'{"event": "delivered"}'
    assert post(provider, body, **letter(body, key=b"guessed")).status_code == 403


def test_a_signature_covers_its_time(provider: Client) -> None:
    later = letter(b"", at=time.time() + 60)["webhook-timestamp"]
    assert post(provider, TOLD, **{"webhook-timestamp": later}).status_code == 403


def test_of_several_signatures_one_has_to_be_ours(provider: Client) -> None:
    body = b'{"event": "delivered"}'
    mine = letter(body)["webhook-signature"]
    several = f"v1a,bmV3 {letter(body, key=b'old')['webhook-signature']} {mine}"
    assert post(provider, body, **{"webhook-signature": several}).status_code == 204


def test_without_a_secret_there_is_nothing(provider: Client, settings: Any) -> None:
    settings.MAIL_EVENTS_SECRET = ""
    assert post(provider, TOLD).status_code == 404


def test_other_methods_are_none(provider: Client) -> None:
    assert provider.get(MAIL).status_code == 405


def test_a_huge_one_is_not_read(provider: Client) -> None:
    for size in (70_000, 1_100_000):
        assert post(provider, TOLD | {"reason": "x" * size}).status_code == 413
