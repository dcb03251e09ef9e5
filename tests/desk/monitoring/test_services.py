"""Time by one's own press without idle minutes, contacts, corrections that leave what was."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import AuditEvent
from accounts.roles import Actor
from accounts.scope import clinic_scope
from desk.models import Contact, Episode, TimeEntry, Timer
from desk.monitoring import services
from desk.monitoring.clocks import IDLE_AFTER
from desk.monitoring.reading import data_days, read
from patients.models import Patient
from patients.scoring import rate_change
from programs.logging.services import tell_usual_pain
from tests.conftest import NOW
from tests.factories import PatientFactory, clinician_for
from tests.programs.people import DAY, Person, make_person

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def monitored(person: Person, **changed: Any) -> Episode:
    told = {
        "started_on": NOW.date(),
        "consent_on": NOW.date(),
        "consent_way": "written",
        "taught_on": NOW.date(),
        "taught_way": "here",
        **changed,
    }
    with person.scope():
        return services.start_monitoring(
            patient=person.patient, by=person.clinician, at=NOW, **told
        )


@pytest.fixture
def person() -> Person:
    return make_person(NOW)


@pytest.fixture
def episode(person: Person) -> Episode:
    return monitored(person)


def timed(episode: Episode, by: Actor, *beats: float, stop: float) -> services.Stopped:
    """A timer with signs of activity after so many minutes, stopped after `stop`."""
    with clinic_scope(episode.clinic_id):
        services.start_timer(episode=episode, activity="review", by=by, at=NOW)
        for beat in beats:
            services.be_active(episode=episode, by=by, at=NOW + beat * MINUTE)
        return services.stop_timer(episode=episode, by=by, at=NOW + stop * MINUTE)


@pytest.mark.parametrize(
    ("beats", "stop", "counted"),
    [
        ((), 5, 300),
        ((4, 8, 12), 16, 960),
        ((4, 20), 24, 480),  # sixteen minutes without a sign
        ((4,), 300, 240),  # forgotten: cut at the last sign
        ((4, 20), 300, 240),
    ],
)
def test_idle_time_is_never_counted(
    person: Person, episode: Episode, beats: tuple[float, ...], stop: float, counted: int
) -> None:
    stopped = timed(episode, person.clinician, *beats, stop=stop)
    assert stopped.entry
    assert stopped.entry.seconds == counted
    assert stopped.cut is (counted < stop * 60)


@settings(max_examples=30, deadline=None)
@given(gaps=st.lists(st.integers(0, 900), max_size=8))
def test_what_counts_is_the_sum_of_the_short_gaps(gaps: list[int]) -> None:
    timer = Timer(started_at=NOW, active_at=NOW)
    at = NOW
    for gap in gaps:
        at += timedelta(seconds=gap)
        services._move_on(timer, at)
    short = sum(gap for gap in gaps if gap <= IDLE_AFTER.total_seconds())
    assert (timer.active_at - NOW).total_seconds() - timer.idle_s == short


def test_a_timer_without_any_activity_leaves_nothing(person: Person, episode: Episode) -> None:
    assert timed(episode, person.clinician, stop=30) == services.Stopped(None, cut=True)
    assert person.all(TimeEntry) == []


def test_start_and_stop_pressed_twice_are_one(person: Person, episode: Episode) -> None:
    by = person.clinician
    with person.scope():
        first = services.start_timer(episode=episode, activity="review", by=by, at=NOW)
        again = services.start_timer(episode=episode, activity="talk", by=by, at=NOW + MINUTE)
        assert (again.id, again.started_at, again.activity) == (first.id, NOW, "review")
        services.stop_timer(episode=episode, by=by, at=NOW + 2 * MINUTE)
        assert services.stop_timer(episode=episode, by=by, at=NOW + 3 * MINUTE).entry is None
    assert [row.seconds for row in person.all(TimeEntry)] == [120]


def test_nobody_times_two_patients_at_once(person: Person, episode: Episode) -> None:
    other = monitored(make_person(NOW, beside=person))
    with person.scope():
        services.start_timer(episode=episode, activity="review", by=person.clinician, at=NOW)
        with pytest.raises(services.Refused, match="another patient"):
            services.start_timer(episode=other, activity="talk", by=person.clinician, at=NOW)


def by_hand(episode: Episode, by: Actor, start: datetime, minutes: int) -> TimeEntry:
    with clinic_scope(episode.clinic_id):
        return services.add_time(
            episode=episode,
            activity="talk",
            started_at=start,
            stopped_at=start + minutes * MINUTE,
            by=by,
            at=NOW,
        )


def test_time_by_hand_is_marked_and_counts_once(person: Person, episode: Episode) -> None:
    first = by_hand(episode, person.clinician, NOW, 10)
    assert by_hand(episode, person.clinician, NOW, 10).id == first.id
    with pytest.raises(services.Refused, match="counts once"):
        by_hand(episode, person.clinician, NOW + 9 * MINUTE, 10)
    (row,) = person.all(TimeEntry)
    assert (row.by_hand, row.seconds) == (True, 600)


def correct(person: Person, entry: TimeEntry, minutes: int, **changed: Any) -> TimeEntry:
    told: dict[str, Any] = {"reason": "call was longer", "taken_back": False, **changed}
    by = told.pop("by", person.clinician)
    with person.scope():
        return services.correct_time(
            entry=entry,
            activity=entry.activity,
            started_at=entry.started_at,
            stopped_at=entry.started_at + minutes * MINUTE,
            by=by,
            at=NOW,
            **told,
        )


def test_a_correction_replaces_and_what_was_stays(person: Person, episode: Episode) -> None:
    entry = by_hand(episode, person.clinician, NOW, 10)
    correct(person, entry, 12)
    with pytest.raises(services.Refused, match="meanwhile"):
        correct(person, entry, 14)
    assert minutes_of(person, episode) == 12
    assert len(person.all(TimeEntry)) == 2
    with person.scope():
        newest = TimeEntry.objects.holding().get()
    correct(person, newest, 12, taken_back=True)
    assert minutes_of(person, episode) == 0


def test_only_who_worked_corrects_their_time(person: Person, episode: Episode) -> None:
    entry = by_hand(episode, person.clinician, NOW, 10)
    with pytest.raises(PermissionDenied):
        correct(person, entry, 12, by=clinician_for(person.patient))


def minutes_of(person: Person, episode: Episode) -> int:
    with person.scope():
        patient = Patient.objects.select_related("clinic").get(id=person.patient.id)
        return read(episode, patient, NOW + DAY).months[0].minutes


def test_a_stop_waits_for_the_time_that_is_being_added(person: Person, episode: Episode) -> None:
    with CaptureQueriesContext(connection) as asked:
        timed(episode, person.clinician, stop=4)
    told = [each["sql"] for each in asked]
    lock = next(n for n, sql in enumerate(told) if "FOR NO KEY UPDATE" in sql)
    assert '"accounts_user"' in told[lock]
    assert any('DELETE FROM "desk_timer"' in sql for sql in told[lock:])


@pytest.mark.parametrize(
    ("method", "outcome", "real"),
    [
        ("phone", "patient", True),
        ("video", "carer", True),
        ("person", "patient", True),
        ("phone", "nobody", False),
        ("text", "answered", False),
        ("chat", "answered", False),
        ("email", "nobody", False),
    ],
)
def test_real_time_is_a_talk_by_phone_video_or_in_person(
    method: str, outcome: str, real: bool
) -> None:
    assert Contact(method=method, outcome=outcome).real_time is real


def test_a_contact_is_kept_once_and_corrected_with_a_reason(
    person: Person, episode: Episode
) -> None:
    told: dict[str, Any] = {"held_at": NOW, "by": person.clinician, "at": NOW}
    with person.scope():
        for _ in range(2):
            row = services.add_contact(episode=episode, method="phone", outcome="patient", **told)
        services.correct_contact(
            contact=row, method="phone", outcome="nobody", reason="x", taken_back=False, **told
        )
        assert Contact.objects.count() == 2
        assert [each.real_time for each in Contact.objects.holding()] == [False]


def test_no_contact_counts_before_the_patients_first_day(person: Person, episode: Episode) -> None:
    told: dict[str, Any] = {"method": "phone", "outcome": "patient", "by": person.clinician}
    with person.scope():
        early = NOW - timedelta(hours=9, minutes=1)
        with pytest.raises(services.Refused, match="began on 23 Nov"):
            services.add_contact(episode=episode, held_at=early, at=NOW, **told)
        row = services.add_contact(episode=episode, held_at=early + MINUTE, at=NOW, **told)
        told |= {"contact": row, "reason": "x", "at": NOW, "held_at": early}
        with pytest.raises(services.Refused, match="began on 23 Nov"):
            services.correct_contact(taken_back=False, **told)
        assert services.correct_contact(taken_back=True, **told).held_at == row.held_at


def test_data_days_are_days_of_arrival_where_the_patient_is() -> None:
    person = make_person(NOW, zone="America/Los_Angeles")
    person.train(NOW.replace(hour=7) + DAY)  # there it is still the day before
    person.train(NOW.replace(hour=23) + 2 * DAY)
    assert found_days(person) == [NOW.date(), NOW.date() + 2 * DAY]


def test_ten_logs_are_one_day_and_what_staff_typed_is_none(person: Person) -> None:
    person.train(NOW)
    with person.scope():
        for day in (1, 2):
            told: dict[str, Any] = {"patient": person.patient, "at": NOW + day * DAY}
            by = person.clinician if day == 1 else person.actor
            tell_usual_pain(pain=3, by=by, **told)
            rate_change(value=1, on=(NOW + day * DAY).date(), by=by, **told)
    assert found_days(person) == [NOW.date(), NOW.date() + 2 * DAY]


def found_days(person: Person) -> list[Any]:
    with person.scope():
        return data_days(person.patient, NOW.date() - DAY)


def test_an_episode_begins_once_and_ends_once(person: Person, episode: Episode) -> None:
    assert monitored(person).id == episode.id
    with person.scope():
        for _ in range(2):
            services.end_monitoring(episode=episode, on=NOW.date() + DAY, by=person.clinician)
        assert Episode.objects.get().ended_on == NOW.date() + DAY
        assert AuditEvent.objects.filter(verbs=["end_monitoring"]).count() == 1
    with pytest.raises(services.Refused, match="earlier"):
        monitored(person)
    assert monitored(person, started_on=NOW.date() + 2 * DAY).id != episode.id


def test_another_clinics_rows_are_out_of_sight(person: Person, episode: Episode) -> None:
    person.train(NOW)
    by_hand(episode, person.clinician, NOW, 10)
    elsewhere = PatientFactory.create()
    with clinic_scope(elsewhere.clinic_id):
        assert not Episode.objects.exists()
        assert not TimeEntry.objects.exists()
        assert data_days(person.patient, NOW.date()) == []
