"""Monitor a patient: begin, time what is done by one's own press, note who was reached, end.

Time and contacts are append-only: what was wrong is replaced, with a reason, by whoever wrote it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.roles import Actor
from desk.monitoring.clocks import IDLE_AFTER
from desk.monitoring.models import Contact, Episode, TimeEntry, Timer
from patients.models import Patient
from programs.calendar import local_day
from programs.wording import day_and_year

SOFTWARE = f"Flexion {settings.VERSION}"


class Refused(Exception):
    """It can't be so; `field` is the one that is wrong, "" the whole."""

    def __init__(self, said: str, field: str = "") -> None:
        super().__init__(said)
        self.field = field


@dataclass(frozen=True)
class Stopped:
    """What a timer left: an entry, or none where nobody was active; `cut` if idle time went."""

    entry: TimeEntry | None
    cut: bool


@transaction.atomic
def start_monitoring(
    *,
    patient: Patient,
    started_on: date,
    consent_on: date,
    consent_way: str,
    taught_on: date | None,
    taught_way: str,
    by: Actor,
    at: datetime,
) -> Episode:
    """Begin an episode; the one that runs stays as it is. Raises Refused inside an earlier one."""
    Patient.objects.select_for_update(no_key=True).get(id=patient.id)
    if running := Episode.objects.filter(patient=patient, ended_on=None).first():
        return running
    if Episode.objects.filter(patient=patient, ended_on__gte=started_on).exists():
        raise Refused(_("On this day an earlier monitoring still ran."), "started_on")
    audit.record(by=by, verb="start_monitoring", patients=[patient.id])
    return Episode.objects.create(
        clinic_id=patient.clinic_id,
        patient=patient,
        started_on=started_on,
        consent_on=consent_on,
        consent_way=consent_way,
        taught_on=taught_on,
        taught_way=taught_way,
        taught_by_id=by.user_id if taught_on else None,
        software=SOFTWARE,
        by_id=by.user_id,
        at=at,
    )


@transaction.atomic
def record_education(*, episode: Episode, on: date, way: str, by: Actor) -> None:
    """Note the education session of an episode; the first one stands."""
    told = {"taught_on": on, "taught_way": way, "taught_by_id": by.user_id}
    if Episode.objects.filter(id=episode.id, taught_on=None).update(**told):
        audit.record(by=by, verb="record_education", patients=[episode.patient_id])


@transaction.atomic
def end_monitoring(*, episode: Episode, on: date, by: Actor) -> None:
    """End an episode with this day; its timers go uncounted. Ended once, it stays so."""
    on = max(on, episode.started_on)
    if Episode.objects.filter(id=episode.id, ended_on=None).update(ended_on=on):
        Timer.objects.filter(episode=episode).delete()
        audit.record(by=by, verb="end_monitoring", patients=[episode.patient_id])


@transaction.atomic
def start_timer(*, episode: Episode, activity: str, by: Actor, at: datetime) -> Timer:
    """Start the person's clock; pressed twice it is one.

    Raises Refused while it runs for somebody else.
    """
    row = Timer(
        clinic_id=episode.clinic_id,
        episode=episode,
        by_id=by.user_id,
        activity=activity,
        started_at=at,
        active_at=at,
    )
    Timer.objects.bulk_create([row], ignore_conflicts=True)
    mine = Timer.objects.filter(by_id=by.user_id, episode=episode).first()
    if mine is None:
        raise Refused(_("Your timer runs for another patient. Stop it there first."))
    if mine.id == row.id:
        audit.record(by=by, verb="start_timer", patients=[episode.patient_id])
    return mine


@transaction.atomic
def be_active(*, episode: Episode, by: Actor, at: datetime) -> bool:
    """A sign of activity while the timer runs; False if none runs here."""
    timer = _timer(episode, by)
    if timer is None:
        return False
    _move_on(timer, at)
    timer.save(update_fields=["active_at", "idle_s"])
    return True


@transaction.atomic
def stop_timer(*, episode: Episode, by: Actor, at: datetime) -> Stopped:
    """Stop the person's clock and keep what counts. A second press finds nothing to stop.

    Forgotten, it ends at the last sign of activity.
    """
    _lock(by)
    timer = _timer(episode, by)
    if timer is None:
        return Stopped(None, cut=False)
    forgotten = at - timer.active_at > IDLE_AFTER
    until = timer.active_at if forgotten else at
    timer.delete()
    cut = forgotten or timer.idle_s > 0
    if until - timer.started_at <= timedelta(seconds=timer.idle_s):
        audit.record(by=by, verb="stop_timer", patients=[episode.patient_id])
        return Stopped(None, cut)
    return Stopped(
        _kept(
            episode,
            by,
            "stop_timer",
            activity=timer.activity,
            started_at=timer.started_at,
            stopped_at=until,
            idle_s=timer.idle_s,
            by_hand=False,
            at=at,
        ),
        cut,
    )


def _timer(episode: Episode, by: Actor) -> Timer | None:
    mine = Timer.objects.select_for_update().filter(episode=episode, by_id=by.user_id)
    return mine.first()


def _move_on(timer: Timer, at: datetime) -> None:
    gap = at - timer.active_at
    if gap > IDLE_AFTER:
        timer.idle_s += ceil(gap.total_seconds())
    timer.active_at = max(at, timer.active_at)


@transaction.atomic
def add_time(
    *,
    episode: Episode,
    activity: str,
    started_at: datetime,
    stopped_at: datetime,
    by: Actor,
    at: datetime,
) -> TimeEntry:
    """Keep time that was not timed, marked as typed; the same once more is the one that stands.

    Raises Refused before the episode, and where it overlaps with other time of this person, whoever
    it was for.
    """
    told = {"activity": activity, "started_at": started_at, "stopped_at": stopped_at}
    _lock(by)
    mine = TimeEntry.objects.holding().filter(by_id=by.user_id)
    if same := mine.filter(episode=episode, by_hand=True, **told).first():
        return same
    _check_day(episode, started_at)
    _check_free(by, started_at, stopped_at)
    return _kept(episode, by, "add_time", by_hand=True, at=at, **told)


@transaction.atomic
def correct_time(
    *,
    entry: TimeEntry,
    activity: str,
    started_at: datetime,
    stopped_at: datetime,
    reason: str,
    taken_back: bool,
    by: Actor,
    at: datetime,
) -> TimeEntry:
    """Replace an entry of one's own, with the reason; it stays to be read.

    Taken back, it keeps all that it said. What was idle stays out while the times stay; times told
    anew count whole. Raises Refused where it was replaced meanwhile, and for new times as add_time;
    PermissionDenied for another's.
    """
    _lock(by)
    _check_mine(entry, by)
    if taken_back:
        activity, started_at, stopped_at = entry.activity, entry.started_at, entry.stopped_at
    same = (started_at, stopped_at) == (entry.started_at, entry.stopped_at)
    if not same:
        _check_day(entry.episode, started_at)
        _check_free(by, started_at, stopped_at, but=entry)
    return _kept(
        entry.episode,
        by,
        "correct_time",
        activity=activity,
        started_at=started_at,
        stopped_at=stopped_at,
        idle_s=entry.idle_s if same else 0,
        by_hand=True,
        replaces=entry,
        reason=reason,
        taken_back=taken_back,
        at=at,
    )


def _kept(episode: Episode, by: Actor, verb: str, **told: Any) -> TimeEntry:
    audit.record(by=by, verb=verb, patients=[episode.patient_id])
    return TimeEntry.objects.create(
        clinic_id=episode.clinic_id, episode=episode, by_id=by.user_id, **told
    )


def _lock(by: Actor) -> None:
    """One act at a time of this person: what is checked below stays true until it is written."""
    User.objects.select_for_update(no_key=True).get(id=by.user_id)


def _check_free(
    by: Actor, started_at: datetime, stopped_at: datetime, but: TimeEntry | None = None
) -> None:
    """Nobody works twice at once: not beside other entries, nor beside the running timer."""
    mine = TimeEntry.objects.holding().filter(by_id=by.user_id)
    clash = mine.filter(started_at__lt=stopped_at, stopped_at__gt=started_at)
    if (clash.exclude(id=but.id) if but else clash).exists():
        raise Refused(_("You have other time then. The same time counts once."), "start")
    if Timer.objects.filter(by_id=by.user_id, started_at__lt=stopped_at).exists():
        raise Refused(_("Your timer runs since before then. Stop it first."), "end")


def _check_day(episode: Episode, at: datetime) -> None:
    """Nothing counts before the patient's first day."""
    if local_day(at, episode.patient.time_zone) < episode.started_on:
        told = {"day": day_and_year(episode.started_on)}
        raise Refused(_("Monitoring began on %(day)s.") % told, "day")


def _check_mine(row: TimeEntry | Contact, by: Actor) -> None:
    if row.by_id != by.user_id:
        raise PermissionDenied
    if row.taken_back or type(row).objects.filter(replaces=row).exists():
        raise Refused(_("This was corrected meanwhile. Look at the page again."))


@transaction.atomic
def add_contact(
    *, episode: Episode, held_at: datetime, method: str, outcome: str, by: Actor, at: datetime
) -> Contact:
    """Keep a try to reach the patient; the same once more is the one that stands.

    Raises Refused before the episode.
    """
    told = {"held_at": held_at, "method": method, "outcome": outcome}
    _lock(by)
    mine = Contact.objects.holding().filter(episode=episode, by_id=by.user_id)
    if same := mine.filter(**told).first():
        return same
    _check_day(episode, held_at)
    audit.record(by=by, verb="add_contact", patients=[episode.patient_id])
    return Contact.objects.create(
        clinic_id=episode.clinic_id, episode=episode, by_id=by.user_id, at=at, **told
    )


@transaction.atomic
def correct_contact(
    *,
    contact: Contact,
    held_at: datetime,
    method: str,
    outcome: str,
    reason: str,
    taken_back: bool,
    by: Actor,
    at: datetime,
) -> Contact:
    """Replace a contact of one's own, with the reason; it stays to be read.

    Taken back, it keeps all that it said. Raises Refused where it was replaced meanwhile, and for a
    new time before the episode; PermissionDenied for another's.
    """
    _lock(by)
    _check_mine(contact, by)
    if taken_back:
        held_at, method, outcome = contact.held_at, contact.method, contact.outcome
    if held_at != contact.held_at:
        _check_day(contact.episode, held_at)
    audit.record(by=by, verb="correct_contact", patients=[contact.episode.patient_id])
    return Contact.objects.create(
        clinic_id=contact.clinic_id,
        episode=contact.episode,
        by_id=by.user_id,
        held_at=held_at,
        method=method,
        outcome=outcome,
        replaces=contact,
        reason=reason,
        taken_back=taken_back,
        at=at,
    )
