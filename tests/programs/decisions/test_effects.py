"""What decisions do beside the dose: locks of some days, rest, and what ends for today."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Change, User
from programs.calendar import plan_of
from programs.decisions import services as decisions
from programs.logging import services as logging
from programs.logging.today import read_today, today_context
from programs.models import Finding, Interruption, Program, Session, SetLog
from programs.progression import load_preset, load_ruleset
from programs.progression.rules import Ruleset
from tests.programs.people import DAY, Person, make_person

pytestmark = pytest.mark.django_db
Action = dict[str, Any]


def rules(*then: Action, when: str = "session.end", least: int = 7) -> Ruleset:
    """The standing curl's rules, and one more: this much pain has these effects."""
    raw = dict(load_preset("standing_curl_default").raw)
    extra = {
        "id": "much",
        "tier": "stop",
        "when": [when],
        "if": {"fact": "pain", "ge": least},
        "then": list(then),
    }
    return load_ruleset({**raw, "rules": [*raw["rules"], extra]})


def person(now: datetime, ruleset: Ruleset) -> Person:
    made = make_person(now)
    with made.scope():
        Program.objects.update(ruleset=ruleset.raw, ruleset_hash=ruleset.version)
        made.program.refresh_from_db()
    return made


def status(who: Person) -> str:
    with who.scope():
        return str(Program.objects.get().status)


def locked_for_three_days(now: datetime) -> Person:
    maya = person(now, rules({"do": "lock", "days": 3}))
    maya.train(now, pain=8)
    assert status(maya) == "locked"
    return maya


def test_a_lock_of_some_days_ends_by_itself_on_the_day_tick(now: datetime) -> None:
    maya = locked_for_three_days(now)
    with maya.scope():
        decisions.tick_programs(now=now + 2 * DAY)
    assert status(maya) == "locked"
    with maya.scope():
        decisions.tick_programs(now=now + 3 * DAY)
    assert status(maya) == "active"


def test_a_lock_of_some_days_ends_when_a_session_starts_after_it(now: datetime) -> None:
    maya = locked_for_three_days(now)
    with pytest.raises(logging.NotOpen):
        maya.start(now + DAY)
    assert maya.start(now + 3 * DAY).finished_at is None
    assert status(maya) == "active"


def test_a_lock_that_ended_does_not_close_again_at_the_next_start(now: datetime) -> None:
    maya = locked_for_three_days(now)
    maya.train(now + 3 * DAY)
    assert status(maya) == "active"


def test_after_a_clearance_the_next_session_locks_nothing_again(now: datetime) -> None:
    maya = person(now, rules({"do": "lock"}, when="check-in"))
    session = maya.train(now, pain=8)
    maya.wake(session, now + DAY)
    assert status(maya) == "locked"
    with maya.scope():
        decisions.clear_lock(program=maya.program, reason="Seen", by=maya.clinician, at=now + DAY)
    maya.train(now + 2 * DAY)
    assert status(maya) == "active"


def test_a_lock_without_days_waits_for_a_clinician_whose_reason_is_kept(now: datetime) -> None:
    maya = person(now, rules({"do": "lock"}))
    maya.train(now, pain=8)
    with maya.scope():
        decisions.tick_programs(now=now + 30 * DAY)
        assert Program.objects.get().status == "locked"
        decisions.clear_lock(program=maya.program, reason="Seen", by=maya.clinician, at=now + DAY)
    assert status(maya) == "active"
    assert [(row.name, row.note) for row in maya.all(Finding)] == [("clearance", "Seen")]


def test_a_warning_sign_during_a_lock_of_some_days_waits_for_a_clinician(now: datetime) -> None:
    maya = locked_for_three_days(now)
    with maya.scope():
        decisions.report_red_flag(program=maya.program, flag="calf", by=maya.actor, at=now)
        decisions.tick_programs(now=now + 4 * DAY)
    assert status(maya) == "locked"


def test_a_cleared_lock_leaves_no_day_closed(now: datetime) -> None:
    maya = locked_for_three_days(now)
    with maya.scope():
        decisions.clear_lock(program=maya.program, reason="Seen", by=maya.clinician, at=now + DAY)
        program = Program.objects.get()
        assert plan_of(program).is_due((now + DAY).date())


def test_nothing_is_due_while_the_rules_say_rest(now: datetime) -> None:
    maya = person(now, rules({"do": "hold"}, {"do": "rest", "days": 2}))
    maya.train(now, pain=8)
    with maya.scope():
        plan = plan_of(Program.objects.get())
        assert [plan.is_due((now + n * DAY).date()) for n in range(3)] == [False, False, True]
        assert Change.objects.filter(kind="program", subject=maya.program.id).exists()


def test_the_same_rest_is_stored_once(now: datetime) -> None:
    maya = person(now, rules({"do": "hold"}, {"do": "rest", "days": 3}))
    session = maya.train(now, pain=8)
    with maya.scope():
        session = Session.objects.select_related("program").get(id=session.id)
        logging.finish_session(session=session, effort=4, revision=1, by=maya.actor, at=now)
    assert [row.kind for row in maya.all(Interruption)] == ["rest"]


def hurt(maya: Person, now: datetime) -> Session:
    """One set, then pain of 8 while the session runs."""
    session = maya.start(now)
    maya.log(session, now)
    with maya.scope():
        session = Session.objects.select_related("program").get(id=session.id)
        logging.report_pain(
            session=session,
            prescription=maya.prescription.id,
            pain=8,
            by=maya.actor,
            at=now + timedelta(minutes=1),
        )
        return Session.objects.get(id=session.id)


def test_a_rule_ends_the_running_session(now: datetime) -> None:
    maya = person(now, rules({"do": "hold"}, {"do": "stop", "what": "session"}, when="set.end"))
    session = hurt(maya, now)
    assert (session.stopped, session.finished_at) == ("rule", now + timedelta(minutes=1))


def test_a_rule_leaves_the_rest_of_an_exercise(now: datetime) -> None:
    maya = person(now, rules({"do": "hold"}, {"do": "stop", "what": "exercise"}, when="set.end"))
    assert hurt(maya, now).finished_at is None
    assert sorted(row.skipped for row in maya.all(SetLog)) == ["", "rule", "rule", "rule"]


def today_of(maya: Person, at: datetime) -> dict[str, Any]:
    with maya.scope():
        program = Program.objects.select_related("patient__clinic", "lead").get()
        return today_context(read_today(program, at))


def test_the_patient_reads_until_when_the_rules_hold_the_program(now: datetime) -> None:
    held = today_of(locked_for_three_days(now), now)["held"]
    assert "It goes on by itself on" in held["reason"]
    assert "26" in held["reason"]
    assert held["help_url"] == ""


def test_the_patient_reads_who_looks_at_a_lock_without_an_end(now: datetime) -> None:
    maya = person(now, rules({"do": "lock"}))
    maya.train(now, pain=8)
    assert "looks at it first" in today_of(maya, now)["held"]["reason"]


def desk_page(maya: Person, at: datetime) -> str:
    client = Client()
    client.force_login(User.objects.get(id=maya.clinician.user_id))
    with time_machine.travel(at, tick=False):
        url = reverse("desk:patient-detail", args=[maya.patient.id])
        return client.get(url).content.decode()


def test_the_clinician_reads_when_a_lock_opens_by_itself(now: datetime) -> None:
    page = desk_page(locked_for_three_days(now), now)
    assert "Locked by a rule" in page
    assert "It opens by itself on" in page
    assert "red flag" not in page


def test_a_second_session_of_the_day_is_offered_where_the_rules_say_so(now: datetime) -> None:
    maya = make_person(now)
    with maya.scope():
        Program.objects.update(schedule={"times_a_day": 2})
        maya.program.refresh_from_db()
    first = maya.train(now)
    assert today_of(maya, now)["state"] == "session"
    second = maya.train(now + timedelta(hours=6))
    assert (first.slot, second.slot) == (1, 2)
    assert today_of(maya, now + timedelta(hours=7))["state"] == "done"
    assert maya.start(now + timedelta(hours=8)).id == second.id
