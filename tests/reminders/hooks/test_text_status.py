"""What became of a text, as its provider tells it."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from reminders.models import Receipt
from tests.reminders.hooks.given import by_twilio, receipts, tell

pytestmark = pytest.mark.django_db
ID = "01936b1e-0000-7000-8000-000000000001"
PATH = f"/hooks/texts/{ID}/"
DELIVERED = {"MessageSid": "SM1", "MessageStatus": "delivered"}


@pytest.mark.parametrize(
    ("status", "code", "kept"),
    [
        ("delivered", "", ("sms", ID, "delivered", "")),
        ("undelivered", "30003", ("sms", ID, "failed", "30003")),
        ("failed", "30006", ("sms", ID, "failed", "30006")),
    ],
)
def test_the_end_of_a_text_is_kept(provider: Client, status: str, code: str, kept: Any) -> None:
    answer = tell(provider, PATH, {"MessageStatus": status, "ErrorCode": code})
    assert (answer.status_code, answer.content) == (204, b"")
    assert receipts() == [kept]


@pytest.mark.parametrize("status", ["queued", "sending", "sent", "read", ""])
def test_what_is_on_its_way_is_not(provider: Client, status: str) -> None:
    assert tell(provider, PATH, {"MessageStatus": status}).status_code == 204
    assert receipts() == []


def test_the_same_told_again_and_late_news_change_nothing(provider: Client) -> None:
    for form in (DELIVERED, DELIVERED, {"MessageStatus": "sent"}):
        assert tell(provider, PATH, form).status_code == 204
    assert receipts() == [("sms", ID, "delivered", "")]


def test_both_ends_are_kept_in_either_order(provider: Client) -> None:
    for status in ("failed", "delivered"):
        tell(provider, PATH, {"MessageStatus": status})
    assert {event for _, _, event, _ in receipts()} == {"failed", "delivered"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("path", "form", "token"),
    [
        (PATH, DELIVERED, "guessed"),
        (PATH, DELIVERED | {"MessageStatus": "failed"}, "secret"),
        (f"/hooks/texts/{uuid4()}/", DELIVERED, "secret"),
    ],
    ids=["by another", "of another form", "of another message"],
)
def test_a_forged_one_is_refused(provider: Client, path: str, form: Any, token: str) -> None:
    signature = by_twilio(path, form, token)
    assert tell(provider, PATH, DELIVERED, signature=signature).status_code == 403
    assert receipts() == []


def test_without_a_signature_it_is_refused(provider: Client) -> None:
    assert provider.post(PATH, DELIVERED).status_code == 403


@pytest.mark.parametrize("url", ["", "https://AC1@api.twilio.com", "https://AC1:@api.twilio.com"])
def test_without_a_providers_token_there_is_nothing(
    provider: Client, url: str, settings: Any
) -> None:
    settings.SMS_URL = url
    unsigned = by_twilio(PATH, DELIVERED, token="")
    assert tell(provider, PATH, DELIVERED, signature=unsigned).status_code == 404


def test_it_leaves_no_cookie_and_asks_the_database_once(
    provider: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        answer = tell(provider, PATH, DELIVERED)
    assert not answer.cookies


def test_other_methods_are_none(provider: Client) -> None:
    assert provider.get(PATH).status_code == 405
    assert provider.put(PATH).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_a_huge_one_is_not_read(provider: Client) -> None:
    for size in (70_000, 1_100_000):
        assert tell(provider, PATH, DELIVERED | {"Body": "x" * size}).status_code == 413
    assert receipts() == []


def test_a_reason_keeps_to_its_column(provider: Client) -> None:
    tell(provider, PATH, {"MessageStatus": "failed", "ErrorCode": "no such\x00number " * 9})
    assert Receipt.objects.get().reason == "no_such_number_no_such_n"


def test_during_maintenance_it_is_asked_to_come_back(provider: Client, settings: Any) -> None:
    settings.MAINTENANCE = True
    answer = tell(provider, PATH, DELIVERED)
    assert (answer.status_code, answer["Retry-After"]) == (503, "300")
