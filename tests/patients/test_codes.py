"""Codes to sign in: where they go, how they are kept, and what a stranger learns from them."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import mail as outbox
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import texting
from accounts.models import TextAsked, User
from patients.codes import hashed
from tests.conftest import NOW
from tests.factories import MembershipFactory, PatientAccessFactory, UserFactory
from tests.reminders.scenes import free_port
from tests.texts import CODES, NUMBER, Sink, pointing_to, texts

pytestmark = pytest.mark.django_db
ASK, TYPE = reverse("account_request_login_code"), reverse("account_confirm_login_code")
UNKNOWN = "+12015550199"


@pytest.fixture
def mara() -> User:
    """A patient's user, reached by phone and by nothing else."""
    user = UserFactory.create(name="Mara", email=None, phone=NUMBER)
    PatientAccessFactory.create(user=user)
    return user


@pytest.fixture
def client() -> Iterator[Client]:
    with time_machine.travel(NOW, tick=True):
        yield Client()


def ask(client: Client, login: str = NUMBER) -> Any:
    return client.post(ASK, {"login": login})


def code_in(text: str) -> str:
    found = re.search(r"\b\d{4}-\d{4}\b", text)
    assert found, text
    return found.group()


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_code_by_text_lets_in_and_proves_the_number(
    client: Client, mara: User, texts: Sink
) -> None:
    assert ask(client, "(201) 555-0123")["Location"] == TYPE
    [text] = texts.wait()
    assert (text["To"], text["From"]) == (NUMBER, CODES)
    client.post(TYPE, {"code": code_in(text["Body"])})
    mara.refresh_from_db()
    assert signed_in(client)
    assert mara.phone_proven_at


def test_the_text_names_the_site_that_its_code_is_for(
    client: Client, mara: User, texts: Sink
) -> None:
    ask(client)
    body = texts.wait()[0]["Body"]
    assert body.splitlines()[-1] == f"@testserver #{code_in(body)}"


def test_the_session_holds_no_code_but_its_hash(client: Client, mara: User, texts: Sink) -> None:
    ask(client)
    code = code_in(texts.wait()[0]["Body"])
    kept = str(Session.objects.get().get_decoded())
    assert code not in kept
    assert code.replace("-", "") not in kept
    assert hashed(code) in kept


def test_a_code_by_email_is_kept_alike(client: Client, mara: User, settings: Any) -> None:
    User.objects.filter(id=mara.id).update(email="mara@home.example")
    ask(client, "Mara@home.example")
    code = code_in(str(outbox.outbox[0].body))
    assert code not in str(Session.objects.get().get_decoded())
    client.post(TYPE, {"code": f" {code.replace('-', '')} "})
    assert signed_in(client)


def test_a_code_works_once(client: Client, mara: User, texts: Sink) -> None:
    ask(client)
    code = code_in(texts.wait()[0]["Body"])
    client.post(TYPE, {"code": code})
    client.post(reverse("account_logout"))
    client.post(TYPE, {"code": code})
    assert not signed_in(client)


def test_a_code_is_of_one_browser(client: Client, mara: User, texts: Sink) -> None:
    ask(client)
    other = Client()
    other.post(TYPE, {"code": code_in(texts.wait()[0]["Body"])})
    assert not signed_in(other)


def test_a_code_runs_out_after_ten_minutes(mara: User, texts: Sink) -> None:
    client = Client()
    with time_machine.travel(NOW, tick=False) as clock:
        ask(client)
        code = code_in(texts.wait()[0]["Body"])
        clock.shift(601)
        client.post(TYPE, {"code": code})
    assert not signed_in(client)


def test_three_wrong_tries_end_a_code(client: Client, mara: User, texts: Sink) -> None:
    ask(client)
    code = code_in(texts.wait()[0]["Body"])
    for _ in range(3):
        client.post(TYPE, {"code": "0000-0000"})
    client.post(TYPE, {"code": code})
    assert not signed_in(client)


def test_a_new_code_ends_the_old_one(client: Client, mara: User, texts: Sink) -> None:
    ask(client)
    client.post(TYPE, {"action": "resend"})
    old, new = (code_in(text["Body"]) for text in texts.wait(2))
    client.post(TYPE, {"code": old})
    assert not signed_in(client)
    client.post(TYPE, {"code": new})
    assert signed_in(client)


def test_an_unknown_number_gets_the_same_answers_and_no_text(
    client: Client, mara: User, texts: Sink
) -> None:
    answers = [ask(each, login) for each, login in ((client, NUMBER), (Client(), UNKNOWN))]
    texts.wait()
    assert [(each.status_code, each["Location"]) for each in answers] == [(302, TYPE)] * 2
    stranger = Client()
    ask(stranger, UNKNOWN)
    page = stranger.get(TYPE).content.decode()
    assert UNKNOWN in page
    assert stranger.post(TYPE, {"action": "resend"}).status_code == 302
    assert stranger.post(TYPE, {"code": "0000-0000"}).status_code == 200
    assert {text["To"] for text in texts.taken} == {NUMBER}


def test_an_unknown_number_asks_the_database_the_same(
    client: Client, mara: User, texts: Sink
) -> None:
    asked = []
    for login in (NUMBER, UNKNOWN):
        with CaptureQueriesContext(
            connection,
        ) as statements:
            ask(Client(), login)
        asked.append([re.sub(r"\W.*", "", each["sql"]) for each in statements.captured_queries])
    assert asked[0] == asked[1]
    assert len(asked[0]) > 5


def test_the_answer_does_not_wait_for_the_provider(
    client: Client, mara: User, texts: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[Any] = []
    monkeypatch.setattr(texting._senders, "submit", lambda *call: left.append(call))
    assert ask(client).status_code == 302
    assert len(left) == 1
    assert texts.taken == []


def test_a_provider_that_is_down_changes_no_answer(
    client: Client, mara: User, caplog: pytest.LogCaptureFixture
) -> None:
    with pointing_to(f"http://account:token@127.0.0.1:{free_port()}"):
        assert ask(client)["Location"] == TYPE
        texting._senders.submit(int).result(10)
        assert client.get(TYPE).status_code == 200


def test_a_cap_is_silent_and_counts_strangers_too(
    client: Client, mara: User, texts: Sink, settings: Any
) -> None:
    settings.SMS_DAILY = settings.SMS_DAILY | {"address": 1}
    ask(client, UNKNOWN)
    assert TextAsked.objects.count() == 1
    assert ask(client)["Location"] == TYPE
    texting._senders.submit(int).result(10)
    assert texts.taken == []


def test_no_text_goes_to_a_country_off_the_list(
    client: Client, mara: User, texts: Sink, settings: Any
) -> None:
    settings.SMS_COUNTRIES = ["ES"]
    assert ask(client)["Location"] == TYPE
    texting._senders.submit(int).result(10)
    assert texts.taken == []


def test_staff_get_no_code(client: Client, texts: Sink) -> None:
    user = MembershipFactory.create().user
    User.objects.filter(id=user.id).update(phone=NUMBER)
    assert ask(client)["Location"] == TYPE
    texting._senders.submit(int).result(10)
    assert texts.taken == []


@pytest.mark.parametrize("typed", ["", "hello", "12", "+1 201", "a@b", "x" * 300])
def test_what_is_neither_address_nor_number_is_told(
    client: Client, texts: Sink, typed: str
) -> None:
    answer = ask(client, typed)
    assert answer.status_code == 200
    assert b'class="error"' in answer.content


def test_without_a_provider_a_number_is_no_address(client: Client, mara: User) -> None:
    assert b"error" in ask(client).content
    assert b"phone number" not in client.get(ASK).content


def test_a_number_signs_nobody_in_by_password(client: Client, mara: User) -> None:
    mara.set_password("a long and plain password")
    mara.save()
    tried = {"login": NUMBER, "password": "a long and plain password"}
    client.post(reverse("account_login"), tried)
    assert not signed_in(client)


def test_a_user_needs_an_address_or_a_number() -> None:
    with pytest.raises(IntegrityError, match="user_can_be_reached"):
        User.objects.create(id=UUID(int=1), name="Nobody")


__all__ = ["texts"]
