"""The tasks: the clock they trust, the heartbeat they leave, and ids as their only arguments."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from accounts.scope import clinic_scope
from programs.models import QueueCount
from reminders import services, tasks
from reminders.models import Heartbeat
from tests.reminders.scenes import BEFORE, CANARY, DUE, a_program, plan, planned, the_message

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])


@pytest.fixture
def queued(monkeypatch):
    calls = []
    monkeypatch.setattr(tasks.deliver, "apply_async", lambda told, queue: calls.append(told))
    return calls


def test_a_clock_that_is_half_a_minute_off_refuses():
    wrong = timezone.now() + timedelta(seconds=40)
    with time_machine.travel(wrong, tick=True), pytest.raises(services.ClockOff, match="off by"):
        tasks.tick()
    assert not Heartbeat.objects.exists()


def test_a_clock_that_is_a_little_off_takes_the_databases_time():
    true = timezone.now()
    with time_machine.travel(true + timedelta(seconds=20), tick=True):
        assert services.database_clock()() - true < timedelta(seconds=10)


def test_a_difference_of_the_queues_leaves_its_mark():
    program = a_program()
    tasks.check_queues()  # of a program that was never judged
    Heartbeat.objects.all().delete()
    assert tasks.check_queues() == 0
    assert not Heartbeat.objects.exists()
    with clinic_scope(program.clinic_id):
        QueueCount.objects.create(clinic_id=program.clinic_id, user=program.assigned_by, ready=1)
    assert tasks.check_queues() == 1
    assert services.QUEUES_DIFFER in Heartbeat.objects.fresh(seconds=60)


def test_a_tick_shows_that_beat_and_worker_live(queued):
    tasks.tick()
    assert Heartbeat.objects.fresh(seconds=60) == {"beat", "worker"}


def test_a_sweep_shows_that_a_worker_lives(queued):
    tasks.sweep()
    assert set(services.heartbeats(now=timezone.now())) == {"worker"}


def test_a_heartbeat_grows_old():
    services.beat(name="beat", now=timezone.now() - timedelta(seconds=91))
    assert Heartbeat.objects.fresh(seconds=90) == set()


def test_a_second_heartbeat_moves_the_first():
    for seconds in (60, 0):
        services.beat(name="worker", now=timezone.now() - timedelta(seconds=seconds))
    assert Heartbeat.objects.count() == 1


def test_ids_go_to_the_queue_a_few_a_task(queued):
    tasks.enqueue("sms", [uuid4() for _ in range(tasks.ONE_TASK + 1)])
    assert [(channel, len(ids)) for channel, ids in queued] == [("sms", tasks.ONE_TASK), ("sms", 1)]


def test_a_queue_that_is_away_costs_only_time(monkeypatch):
    def away(told, queue):
        raise tasks.deliver.OperationalError

    monkeypatch.setattr(tasks.deliver, "apply_async", away)
    program = a_program()
    plan(BEFORE)
    services.plan_due(now=DUE, enqueue=tasks.enqueue)
    assert the_message(program).state == "planned"


def test_a_task_carries_ids_and_nothing_of_the_person(queued):
    message = planned(a_program())
    tasks.enqueue("email", [message.id])
    said = json.dumps(queued)
    assert str(message.id) in said
    assert [word for word in (CANARY, message.patient.email) if word in said] == []


def test_deliver_sends_what_is_due(mail, monkeypatch):
    program = a_program()
    message = planned(program)
    monkeypatch.setattr(services, "database_clock", lambda: lambda: DUE)
    tasks.deliver("email", [str(message.id)])
    assert (len(mail.taken), the_message(program).state) == (1, "sent")


def test_every_task_survives_its_worker():
    for task in (tasks.tick, tasks.sweep, tasks.deliver, tasks.recheck):
        assert (task.acks_late, task.reject_on_worker_lost) == (True, True)
