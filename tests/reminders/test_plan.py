"""The tick: Change rows to schedules, due slots to messages."""

from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, connections, transaction

from accounts.models import Change
from accounts.scope import clinic_scope
from patients.models import Patient
from programs.decisions.effects import rest_program
from programs.decisions.reading import load_case
from programs.models import Interruption, Program
from programs.schedule import DateRange, Plan, Weeks
from reminders import services
from reminders.models import Occurrence, Schedule
from reminders.services import facts, oldest_due_age, recheck
from tests.reminders.scenes import (
    BEFORE,
    DUE,
    MONDAY,
    a_program,
    change,
    plan,
    planned,
    the_message,
    the_schedule,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])
THURSDAY = MONDAY + timedelta(days=3)


def messages(program):
    with clinic_scope(program.clinic_id):
        rows = Occurrence.objects.filter(program=program, kind="session_due")
        return list(rows.order_by("local_date"))


def test_an_assigned_program_gets_its_schedule():
    program = a_program()
    plan(BEFORE)
    schedule = the_schedule(program)
    assert (schedule.next_on, schedule.next_due_at) == (MONDAY, DUE)
    assert not Change.objects.exists()


def test_the_schedule_follows_the_patients_own_zone():
    program = a_program(time_zone="America/New_York")
    plan(BEFORE)
    assert the_schedule(program).next_due_at == DUE + timedelta(hours=5)


def test_a_slot_that_is_due_becomes_one_message_and_the_schedule_moves_on():
    program = a_program()
    plan(BEFORE)
    queued = plan(DUE)
    message = the_message(program)
    assert (queued, message.state, message.due_at) == ([message.id], "planned", DUE)
    assert the_schedule(program).next_on == THURSDAY


def test_nothing_is_planned_before_its_time():
    program = a_program()
    plan(BEFORE)
    assert plan(DUE - timedelta(seconds=1)) == []
    assert messages(program) == []


def test_a_second_tick_makes_no_second_message():
    program = a_program()
    planned(program)
    assert plan(DUE + timedelta(seconds=5)) == []
    assert len(messages(program)) == 1


def test_a_schedule_set_back_makes_no_second_message():
    program = a_program()
    planned(program)
    with clinic_scope(program.clinic_id):
        Schedule.objects.update(next_on=MONDAY, next_due_at=DUE)
    plan(DUE)
    assert len(messages(program)) == 1


def test_after_an_outage_every_missed_slot_has_a_row_that_says_so():
    program = a_program()
    plan(BEFORE)
    queued = plan(DUE + timedelta(days=4))
    assert queued == []
    assert [(row.local_date, row.state) for row in messages(program)] == [
        (MONDAY, "missed"),
        (THURSDAY, "missed"),
    ]


def test_a_short_outage_only_delays():
    program = a_program()
    plan(BEFORE)
    assert len(plan(DUE + timedelta(hours=2))) == 1
    assert the_message(program).not_after == DUE + timedelta(hours=3)


@pytest.mark.parametrize("status", ["paused", "locked", "ended"])
def test_a_program_that_does_not_run_is_not_due(status):
    program = a_program()
    plan(BEFORE)
    change(program, status=status)
    plan(BEFORE)
    assert the_schedule(program).next_due_at is None
    assert not the_schedule(program).active


def test_a_resumed_program_is_due_again():
    program = a_program()
    change(program, status="paused")
    plan(BEFORE)
    change(program, status="active")
    plan(BEFORE)
    assert the_schedule(program).next_due_at == DUE


def test_days_of_a_pause_are_passed_over():
    program = a_program()
    with clinic_scope(program.clinic_id):
        Interruption.objects.create(
            clinic=program.clinic,
            program=program,
            kind="pause",
            first_day=MONDAY,
            last_day=MONDAY + timedelta(days=6),
        )
    plan(BEFORE)
    assert the_schedule(program).next_on == MONDAY + timedelta(days=7)


def test_a_new_reminder_time_moves_the_schedule():
    program = a_program()
    plan(BEFORE)
    with clinic_scope(program.clinic_id):
        Patient.objects.update(reminder_at=time(19, 30))
        Change.objects.create(
            kind="patient", subject=program.patient_id, clinic_id=program.clinic_id
        )
    plan(BEFORE)
    assert the_schedule(program).next_due_at == DUE + timedelta(minutes=90)


def test_a_slot_that_is_due_but_not_yet_planned_survives_a_change():
    program = a_program()
    plan(BEFORE)
    change(program, weekdays=[0, 4])
    assert len(plan(DUE + timedelta(minutes=2))) == 1


def test_a_program_assigned_after_the_reminder_time_starts_with_the_next_day():
    program = a_program()
    plan(DUE + timedelta(minutes=1))
    assert the_schedule(program).next_on == THURSDAY


def test_the_last_day_leaves_nothing_to_come():
    program = a_program()
    change(program, end_on=MONDAY)
    planned(program)
    assert the_schedule(program).next_due_at is None


def test_a_schedule_that_cannot_be_read_waits_an_hour_and_holds_up_no_other(caplog):
    broken, sound = a_program(), a_program()
    plan(BEFORE)
    with clinic_scope(broken.clinic_id):
        Schedule.objects.filter(program=broken, kind="session_due").update(plan={})
    assert len(plan(DUE)) == 1
    assert the_schedule(broken).next_due_at == DUE + timedelta(hours=1)
    assert "not planned: KeyError at facts.py" in caplog.text
    assert the_message(sound).state == "planned"


def test_a_change_that_cannot_be_handled_is_kept_and_holds_up_no_other(caplog):
    lost, sound = a_program(time_zone="Not/AZone"), a_program()
    plan(BEFORE)
    assert list(Change.objects.values_list("subject", flat=True)) == [lost.id]
    assert the_schedule(sound).next_on == MONDAY
    assert "not handled: ZoneInfoNotFoundError" in caplog.text


def test_a_flood_of_changes_leaves_the_rest_to_the_next_tick():
    program = a_program()
    assert services.consume_changes(now=BEFORE, seconds=0) == 0
    assert Change.objects.count() == 1
    assert services.consume_changes(now=BEFORE) == 1
    assert the_schedule(program).next_due_at == DUE


def test_a_message_per_slot_is_unique_in_the_database():
    program = a_program()
    first = planned(program)
    first.pk = None
    with (
        pytest.raises(IntegrityError, match="one_message_per_slot"),
        clinic_scope(program.clinic_id),
    ):
        first.save(force_insert=True)


def test_a_held_message_has_a_token_in_the_database():
    program = a_program()
    planned(program)
    with (
        pytest.raises(IntegrityError, match="held_message_has_a_token"),
        clinic_scope(program.clinic_id),
    ):
        Occurrence.objects.update(state="leased")


def test_a_message_belongs_to_the_clinic_of_its_patient():
    mine, theirs = a_program(), a_program()
    message = planned(mine)
    with (
        pytest.raises(IntegrityError, match="patient_id_same_clinic"),
        clinic_scope(mine.clinic_id),
    ):
        Occurrence.objects.filter(id=message.id).update(patient=theirs.patient_id)


def test_the_planner_sees_messages_of_every_clinic_and_no_patient():
    planned(a_program())
    a_program()
    assert Occurrence.objects.using("planner").count() == 1
    with pytest.raises(Exception, match="permission denied"), transaction.atomic("planner"):
        list(Patient.objects.using("planner").all())


def test_the_planner_may_not_read_programs_or_people():
    for table in ("programs_program", "accounts_user", "accounts_change", "reminders_optout"):
        with (
            pytest.raises(Exception, match="permission denied"),
            connections["planner"].cursor() as cursor,
        ):
            cursor.execute(f"select count(*) from {table}")


def test_another_clinic_does_not_see_the_messages():
    mine, theirs = a_program(), a_program()
    message = planned(mine)
    with clinic_scope(theirs.clinic_id):
        assert not Occurrence.objects.filter(id=message.id).exists()


def test_the_stored_plan_keeps_its_days():
    program = a_program()
    with clinic_scope(program.clinic_id):
        row = Program.objects.prefetch_related("interruptions").get(id=program.id)
        kept = facts.stored(facts.plan_of(row))
    days = list(facts.coming(kept, 1, date(2027, 1, 10)))
    assert days == [(date(2027, 1, day), 1) for day in (11, 14, 18, 21)]


def test_the_night_check_finds_nothing_where_every_change_was_told():
    a_program()
    plan(BEFORE)
    assert recheck(now=DUE) == []


def test_the_night_check_makes_a_forgotten_change_good():
    program = a_program()
    plan(BEFORE)
    with clinic_scope(program.clinic_id):
        Program.objects.update(weekdays=[3])
    assert recheck(now=BEFORE) == [program.id]
    assert the_schedule(program).next_on == THURSDAY


def test_an_idle_tick_costs_three_probes(django_assert_num_queries):
    a_program()
    plan(BEFORE)
    with (
        django_assert_num_queries(1),
        django_assert_num_queries(4, connection=connections["planner"]),
    ):
        plan(BEFORE)


def test_the_age_of_the_oldest_due_row_is_known():
    a_program()
    plan(BEFORE)
    assert oldest_due_age(now=DUE) == timedelta(0)
    assert oldest_due_age(now=DUE + timedelta(minutes=3)) == timedelta(minutes=3)


def test_a_plan_comes_back_as_it_was_stored():
    counted = Plan(
        start_on=MONDAY,
        end_on=None,
        weekdays=frozenset(range(7)),
        every_days=2,
        weeks=(Weeks(1, 1, 1), Weeks(2, None, 3)),
        not_before=7,
        rests=(DateRange(MONDAY, THURSDAY),),
    )
    assert facts.restored(facts.stored(counted)) == counted


def test_a_rest_that_the_rules_ask_for_moves_the_next_message():
    program = a_program()
    plan(BEFORE)
    with clinic_scope(program.clinic_id):
        rest_program(load_case(program.id, BEFORE), until=THURSDAY)
    plan(BEFORE)
    assert the_schedule(program).next_on == THURSDAY
