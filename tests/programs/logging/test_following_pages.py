"""What the phone shows of sets that differ and follow one another, with script and without."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from programs.models import Program
from programs.progression import load_preset
from tests.programs.heavy import make_heavy
from tests.programs.logging.test_budgets import FREE
from tests.programs.people import Person, logs_of

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true"}


class Phone:
    """A signed-in patient in their session."""

    def __init__(self, client: Client, person: Person) -> None:
        self.client, self.person = client, person
        client.force_login(User.objects.get(id=person.actor.user_id))
        self.url = str(client.post("/sessions/start/").headers["Location"])

    def page(self, query: str = "") -> str:
        return unescape(self.client.get(self.url + query).content.decode())

    def form(self, number: int, **told: Any) -> dict[str, Any]:
        dose = self.person.dose()
        place = {"prescription": dose.prescription_id, "side": "left", "number": number}
        return place | {"dose": dose.id, "reps": 6, "load_kg": 40} | told

    def send(self, form: dict[str, Any], **headers: str) -> Any:
        return self.client.post(f"{self.url}sets/", form, headers=headers)

    def log(self, number: int, *, status: int = 200, **told: Any) -> str:
        answer = self.send(self.form(number, **told), **HX)
        assert answer.status_code == status
        return unescape(answer.content.decode())


@pytest.fixture(autouse=True)
def clock(now: datetime) -> Iterator[Any]:
    with time_machine.travel(now, tick=False) as travelled:
        yield travelled


@pytest.fixture
def phone(client: Client, now: datetime) -> Phone:
    return Phone(client, make_heavy(now))


@pytest.fixture
def erin(client: Client, now: datetime) -> Phone:
    return Phone(client, make_heavy(now, "effort_regulated", sets=3))


def up_to_three(phone: Phone) -> str:
    phone.log(1, reps=10, load_kg=20)
    return phone.log(2, load_kg=30)


def test_today_says_each_set_where_they_differ(client: Client, now: datetime) -> None:
    client.force_login(User.objects.get(id=make_heavy(now).actor.user_id))
    assert "4 sets: 10, 6, 6+, 6+, left leg" in client.get("/today/").content.decode()


def test_a_warm_up_set_shows_its_own_reps_and_load(phone: Phone) -> None:
    page = phone.page()
    assert 'name="reps" type="number" inputmode="numeric" value="10"' in page
    assert 'name="load_kg" type="number" inputmode="decimal" value="20"' in page
    assert 'data-by="2.5"' in page


def test_as_many_as_you_can_starts_at_the_aim(phone: Phone) -> None:
    page = up_to_three(phone)
    assert "As many as you can, clean. Aim: 6." in page
    assert 'data-planned="6" data-by="1" min="0"' in page
    assert 'data-other="Save {n} reps"' in page


def test_none_at_all_is_an_answer_to_as_many_as_you_can(phone: Phone) -> None:
    up_to_three(phone)
    assert "You did 0 of 6: 5 kg less." in phone.log(3, reps=0).replace("\u00a0", " ")


def test_none_at_all_is_no_answer_else(phone: Phone) -> None:
    assert "Enter 1 to 100 reps" in phone.log(1, reps=0, status=422)


@pytest.mark.parametrize(
    ("reps", "said", "load"),
    [(8, "8 of 6: 2.5 kg more.", "42.5"), (6, "6 of 6: the same load.", "40")],
)
def test_the_next_card_says_the_new_load_and_why(
    phone: Phone, reps: int, said: str, load: str
) -> None:
    up_to_three(phone)
    card = phone.log(3, reps=reps)
    again = phone.page()
    for shown in (card, again):
        assert f"You did {said}" in shown.replace("\u00a0", " ")
        assert f'inputmode="decimal" value="{load}"' in shown


def test_without_script_the_reload_says_it(phone: Phone) -> None:
    up_to_three(phone)
    assert phone.send(phone.form(3, reps=12)).status_code == 302
    assert "You did 12 of 6: 5 kg more." in phone.page().replace("\u00a0", " ")


def table_of(page: str) -> Any:
    return json.loads(page.split('data-table="')[1].split('">\n')[0])


def test_the_table_travels_with_the_set_that_decides(phone: Phone) -> None:
    assert "data-table" not in phone.page()
    table = table_of(up_to_three(phone))
    assert table["fact"] == "reps"
    assert table["rows"] == [[0, 2], [3, 4], [5, 6], [7, 10], [11, None]]
    assert table["loads"]["40"] == ["35", "37.5", "40", "42.5", "45"]
    assert {"37.5", "65"} <= table["loads"].keys()


def test_the_words_of_the_table_are_those_of_the_page(phone: Phone) -> None:
    words = table_of(up_to_three(phone))["words"]
    assert words["more"].replace("\u00a0", " ") == "You did {done} of 6: {kg} kg more."
    assert words["look"] == "Your clinician will look at this."


def test_what_the_phone_proposed_is_kept_beside_what_holds(phone: Phone) -> None:
    up_to_three(phone)
    phone.log(3, reps=8, proposed_kg="45")
    row = next(each for each in logs_of(phone.person) if each.number == 3)
    assert (str(row.proposed_kg), str(row.next_kg)) == ("45.00", "42.50")


def test_effort_is_one_tap_that_saves_the_set(erin: Phone) -> None:
    page = erin.page()
    assert page.count('name="effort"') == 11
    assert "Done as planned" not in page
    card = erin.log(1, effort=9).replace("\u00a0", " ")
    assert "It felt 9 of 10 hard: 2.5 kg less." in card


def test_a_set_without_its_effort_comes_back_with_what_was_typed(erin: Phone) -> None:
    page = erin.log(1, reps=5, status=422)
    assert 'id="effort_error">Tap a number from 0 to 10.' in page
    assert 'inputmode="numeric" value="5"' in page


def test_outside_the_table_the_patient_is_told_who_looks(erin: Phone) -> None:
    card = erin.log(1, effort=2)
    assert "It felt 2 of 10 hard. The load stays as it is." in card
    assert "Your clinician will look at this." in card


def test_effort_is_not_asked_where_nothing_reads_it(phone: Phone) -> None:
    assert 'name="effort"' not in phone.page()


def test_an_effort_scheme_asks_after_the_last_set_too(erin: Phone) -> None:
    erin.log(1, effort=8)
    assert 'name="effort"' in erin.log(2, effort=8)


def asked(ask: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(connection) as caught:
        ask()
    return [q["sql"] for q in caught.captured_queries if not q["sql"].startswith(FREE)]


def test_a_set_that_decides_costs_ten_statements_at_most(phone: Phone) -> None:
    up_to_three(phone)
    form = phone.form(3, reps=8)
    told = asked(lambda: phone.send(form, **HX))
    assert len(told) <= 10, "\n".join(each[:150] for each in told)


@pytest.mark.parametrize("path", ["/today/", ""])
def test_sets_that_differ_cost_no_statement_more(phone: Phone, path: str) -> None:
    told = asked(lambda: phone.client.get(path or phone.url))
    with phone.person.scope():
        Program.objects.update(ruleset=load_preset("two_for_two").raw)
    assert len(told) == len(asked(lambda: phone.client.get(path or phone.url)))
