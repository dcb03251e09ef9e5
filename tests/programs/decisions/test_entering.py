"""Tests, clearances and the not-before date: entered, kept, and read by the rules."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from accounts.roles import Role
from patients.models import Patient
from programs.codec import to_json
from programs.decisions import services
from programs.decisions.facts import history_of, state_of
from programs.decisions.needs import needs_of
from programs.decisions.reading import load_case
from programs.models import Decision, Finding, Phase, PrescriptionStep, Program, Session
from programs.progression import load_preset, load_ruleset
from programs.progression.types import Bounds, Span
from tests.programs.heavy import in_pounds, make_heavy
from tests.programs.people import DAY, Person, make_person

pytestmark = pytest.mark.django_db


def under(now: datetime, raw: dict[str, Any], **entry: Any) -> Person:
    """A patient whose program follows these rules."""
    made = make_person(now, **entry)
    ruleset = load_ruleset(raw)
    with made.scope():
        Program.objects.update(ruleset=ruleset.raw, ruleset_hash=ruleset.version)
        made.program = Program.objects.select_related("patient__clinic").get()
    return made


@pytest.fixture
def maya(now: datetime) -> Person:
    """On a machine, by DeLorme's rules: the load follows the ten-repetition maximum."""
    made = under(now, load_preset("delorme").raw, load_g=20000, sets=3, reps=10)
    bounds = Bounds(sets=Span(2, 3), reps=Span(8, 12), load_g=Span(5000, 60000, 500))
    with made.scope():
        PrescriptionStep.objects.update(bounds=to_json(bounds))
    return made


def enter(maya: Person, value: Any, at: datetime, name: str = "ten_rm_kg") -> Finding:
    with maya.scope():
        return services.enter_finding(
            program=maya.program, name=name, value=value, on=at.date(), by=maya.clinician, at=at
        )


def extra(maya: Person, at: datetime) -> dict[str, Any]:
    with maya.scope():
        case = load_case(maya.program.id, at)
        return dict(history_of(case, case.prescriptions[0]).extra)


def test_a_test_is_kept_with_its_day_and_asks_the_rules(maya: Person, now: datetime) -> None:
    enter(maya, Decimal("22.5"), now)
    found = extra(maya, now)
    assert (found["entry.ten_rm_kg"], found["entry_on.ten_rm_kg"]) == ("22.5", "2026-11-23")
    assert {row.trigger for row in maya.all(Decision)} <= {"clinician.entry"}
    assert AuditEvent.objects.filter(verbs__contains=["enter_finding"]).count() == 1


def test_a_whole_number_is_given_as_one(maya: Person, now: datetime) -> None:
    enter(maya, Decimal("30.000"), now)
    assert extra(maya, now)["entry.ten_rm_kg"] == 30


def test_the_newest_day_of_a_test_holds(maya: Person, now: datetime) -> None:
    enter(maya, Decimal(30), now)
    enter(maya, Decimal(25), now - 3 * DAY)
    assert extra(maya, now)["entry.ten_rm_kg"] == 30


def test_the_load_follows_a_higher_test_as_the_rules_say(maya: Person, now: datetime) -> None:
    later = maya.train_for(now, 1, load_kg=20)
    enter(maya, Decimal(21), later)
    maya.train_for(later, 1, load_kg=20)
    with maya.scope():
        made = [*Decision.objects.changes(), *Decision.objects.open_proposals()]
    assert made


def test_a_test_that_no_rule_reads_is_refused(maya: Person, now: datetime) -> None:
    with pytest.raises(services.UnknownFinding):
        enter(maya, Decimal(30), now, name="grip")
    with pytest.raises(services.UnknownFinding):
        enter(maya, "strong", now)
    assert maya.all(Finding) == []


def test_an_assistant_enters_nothing(maya: Person, now: datetime) -> None:
    maya.clinician = replace(maya.clinician, role=Role.ASSISTANT)
    with pytest.raises(PermissionDenied):
        enter(maya, Decimal(30), now)


def test_an_entry_is_never_changed(maya: Person, now: datetime) -> None:
    row = enter(maya, Decimal(30), now)
    with maya.scope(), pytest.raises(DatabaseError), transaction.atomic():
        Finding.objects.filter(id=row.id).update(number=40)


def test_an_entry_has_one_value(maya: Person, now: datetime) -> None:
    told = {"name": "x", "number": 1, "flag": True, "on": now.date(), "at": now}
    with (
        maya.scope(),
        pytest.raises(DatabaseError, match="a_finding_has_one_value"),
        transaction.atomic(),
    ):
        Finding.objects.create(
            clinic=maya.clinic, patient=maya.patient, by_id=maya.clinician.user_id, **told
        )


def test_the_kind_of_an_entry_follows_from_how_the_rules_read_it(now: datetime) -> None:
    raw = dict(load_preset("standing_curl_default").raw)
    told = [
        {"fact": "entry.cleared"},
        {"fact": "entry.quality", "in": ["good", "fair"]},
        {"fact": "entry.hop_cm", "ge": 90},
    ]
    rule = {"id": "tests", "tier": "info", "if": {"all": told}, "then": [{"do": "hold"}]}
    rule["then"] = [{"do": "notify", "to": "clinician", "kind": "tests"}]
    found = needs_of(under(now, {**raw, "rules": [*raw["rules"], rule]}).program).entries
    assert {each.name: each.kind for each in found} == {
        "cleared": "flag",
        "quality": "word",
        "hop_cm": "number",
    }


def test_the_schedule_is_read_as_far_back_as_a_rule_looks(now: datetime) -> None:
    raw = dict(load_preset("standing_curl_default").raw)
    seldom = {"value": {"adherence": 28}, "lt": 50}
    note = {"do": "notify", "to": "clinician", "kind": "seldom"}
    rule = {"id": "seldom", "tier": "info", "if": seldom, "then": [note]}
    maya = under(now, {**raw, "rules": [*raw["rules"], rule]})
    with maya.scope():
        case = load_case(maya.program.id, now + 40 * DAY)
        due = history_of(case, case.prescriptions[0]).due
    assert (len(due), due[-1]) == (28, (now + 39 * DAY).date())


def test_what_was_due_reaches_no_further_back_than_the_sessions_read(now: datetime) -> None:
    raw = dict(load_preset("standing_curl_default").raw)
    seldom = {"value": {"adherence": 56}, "lt": 50}
    note = {"do": "notify", "to": "clinician", "kind": "seldom"}
    rule = {"id": "seldom", "tier": "info", "if": seldom, "then": [note]}
    maya = under(now, {**raw, "rules": [*raw["rules"], rule]})
    days = [now + n * DAY for n in range(30)]
    told = {"clinic": maya.clinic, "program": maya.program, "zone": "UTC", "planned_sets": 4}
    with maya.scope():
        Session.objects.bulk_create(
            Session(local_date=at.date(), started_at=at, received_at=at, **told) for at in days
        )
        case = load_case(maya.program.id, now + 30 * DAY)
        due = history_of(case, case.prescriptions[0]).due
    assert (len(due), due[0]) == (20, days[10].date())


def test_rules_that_look_at_no_schedule_get_none(now: datetime) -> None:
    maya = make_person(now)
    with maya.scope():
        case = load_case(maya.program.id, now + 40 * DAY)
        assert history_of(case, case.prescriptions[0]).due == ()


def test_the_state_knows_the_unit_of_equipment_and_when_the_phase_began(now: datetime) -> None:
    maya = make_heavy(now)
    in_pounds(maya)
    with maya.scope():
        Phase.objects.update(position=1, start_on=date(2026, 12, 1))
        case = load_case(maya.program.id, now)
        state = state_of(case, case.prescriptions[0])
        phase = dict(history_of(case, case.prescriptions[0]).extra)["phase"]
    assert (state.unit, state.phase_on, phase) == ("lb", date(2026, 12, 1), 2)


# --- the pages ----------------------------------------------------------------------------------


@pytest.fixture
def desk(maya: Person, now: datetime) -> Any:
    client = Client()
    client.force_login(User.objects.get(id=maya.clinician.user_id))
    with time_machine.travel(now, tick=False):
        yield client


def page_of(client: Client, maya: Person) -> str:
    return client.get(reverse("desk:patient-detail", args=[maya.patient.id])).content.decode()


def post_test(client: Client, maya: Person, **told: str) -> Any:
    url = reverse("programs:finding-enter", args=[maya.program.id])
    return client.post(url, {"name": "ten_rm_kg", "on": "2026-11-23", **told})


def test_the_patients_page_offers_the_tests_that_the_rules_read(desk: Client, maya: Person) -> None:
    assert "10-repetition maximum, kg" in page_of(desk, maya)
    post_test(desk, maya, value="27.5")
    assert "10-repetition maximum, kg: 27.5" in page_of(desk, maya)


def test_a_test_that_a_rule_asks_for_is_said_until_it_is_entered(
    desk: Client, maya: Person, now: datetime
) -> None:
    with maya.scope(), time_machine.travel(now + 8 * DAY, tick=False):
        services.tick_programs(now=now + 8 * DAY)
        assert "The rules ask for this test" in page_of(desk, maya)
        post_test(desk, maya, value="27.5")
        assert "The rules ask for this test" not in page_of(desk, maya)


def test_a_test_in_pounds_is_kept_in_kilograms(desk: Client, maya: Person) -> None:
    with maya.scope():
        Patient.objects.update(unit="lb")
    assert "10-repetition maximum, lb" in page_of(desk, maya)
    post_test(desk, maya, value="60")
    assert [row.number for row in maya.all(Finding)] == [Decimal("27.216")]
    assert "10-repetition maximum, lb: 60" in page_of(desk, maya)


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"value": "many"}, "Enter a number"),
        ({"value": "-1"}, "greater than or equal to 0"),
        ({"value": "20", "on": "2026-11-24"}, "Not later than today."),
        ({"value": "20", "on": ""}, "Enter the day."),
    ],
)
def test_a_wrong_test_comes_back_with_the_error_beside_its_field(
    desk: Client, maya: Person, told: dict[str, str], fault: str
) -> None:
    answer = post_test(desk, maya, **told)
    assert answer.status_code == 422
    assert fault in answer.content.decode()
    assert maya.all(Finding) == []


def post_date(client: Client, maya: Person, **told: str) -> Any:
    return client.post(reverse("programs:resisted-date", args=[maya.patient.id]), told)


def test_the_day_for_resisted_curls_is_set_with_a_reason(desk: Client, maya: Person) -> None:
    with maya.scope():
        Patient.objects.update(graft="hamstring")
    assert reverse("programs:resisted-date", args=[maya.patient.id]) in page_of(desk, maya)
    post_date(desk, maya, on="2027-02-01", reason="Surgeon's letter")
    with maya.scope():
        assert Patient.objects.get().resisted_not_before == date(2027, 2, 1)
    assert [(row.name, row.word, row.note) for row in maya.all(Finding)] == [
        ("resisted_not_before", "2027-02-01", "Surgeon's letter")
    ]


def test_without_a_reason_the_day_stays_as_it_was(desk: Client, maya: Person) -> None:
    answer = post_date(desk, maya, on="2027-02-01")
    assert answer.status_code == 422
    assert "Say why this day." in answer.content.decode()
    with maya.scope():
        assert Patient.objects.get().resisted_not_before is None


def test_the_day_is_not_before_the_surgery(desk: Client, maya: Person) -> None:
    with maya.scope():
        Patient.objects.update(surgery_date=date(2026, 11, 2))
    answer = post_date(desk, maya, on="2026-11-01", reason="x")
    assert "Not before the day of the surgery." in answer.content.decode()


def test_a_proposed_resisted_step_is_not_accepted_before_its_day(now: datetime) -> None:
    maya = make_person(now, sets=3, reps=12)
    later = maya.train_for(now, 2)
    with maya.scope():
        PrescriptionStep.objects.filter(position=1).update(resisted=True)
        Patient.objects.update(graft="hamstring", resisted_not_before=later.date() + DAY)
        left = Decision.objects.open_proposals().get(side="left")
        with pytest.raises(services.Stale, match="resisted_date"):
            services.accept_proposal(decision=left, by=maya.clinician, at=later)
        services.accept_proposal(decision=left, by=maya.clinician, at=later + DAY)
    assert maya.dose().step == 1
