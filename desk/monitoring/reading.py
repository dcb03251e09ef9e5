"""What remote monitoring reads: the days on which a patient sent something, time and contacts."""

from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from accounts.prepared import fetch
from desk.ledger import folded, ledger
from desk.monitoring.clocks import Month, Window, months, windows
from desk.monitoring.models import Contact, Episode, TimeEntry
from desk.presenters import Made
from desk.queries import decisions_of, doses_of, step_names
from desk.reading import EVERYTHING
from desk.training import sessions_of
from patients.models import Patient
from programs.calendar import local_day
from programs.models import Decision, Program
from reminders.planning import to_utc

# A log, a score, a check-in or a questionnaire, by the day on which it came, where the patient is.
# What staff typed was not sent by the patient, and a correction brings nothing of a new day.
DATA_DAYS = """
    with mine as (
        select s.id from programs_session s join programs_program g on g.id = s.program_id
        where g.patient_id = %(patient)s and s.source <> 'staff'
    ), sent as (
        select received_at as at from programs_setlog
        where session_id in (select id from mine) and revision = 0
        union all select at from programs_painreport
        where session_id in (select id from mine) and revision = 0
        union all select at from programs_sessionreport
        where session_id in (select id from mine) and revision = 0
        union all select at from programs_checkin
        where session_id in (select id from mine) and revision = 0
        union all select at from programs_furtheranswer
        where session_id in (select id from mine) and revision = 0
        union all select at from programs_usualpain where patient_id = %(patient)s and from_patient
        union all select at from patients_outcomescore
        where patient_id = %(patient)s and from_patient and revision = 0
    )
    select distinct (at at time zone %(zone)s)::date from sent
    where at >= %(since)s order by 1"""


class Monitored(NamedTuple):
    """An episode with all that was counted in it, the oldest first.

    `entries` and `contacts` are all rows, replaced ones too; `zone` is the clinic's, in which
    months and times of work are. Days with data are the patient's.
    """

    episode: Episode
    zone: ZoneInfo
    windows: list[Window]
    months: list[Month]
    entries: list[TimeEntry]
    contacts: list[Contact]

    @property
    def education(self) -> bool:
        return self.episode.taught_on is not None

    @property
    def window(self) -> Window | None:
        return self.windows[-1] if self.windows else None


def data_days(patient: Patient, since: date) -> list[date]:
    """Days with data from a day on, in order."""
    given = {
        "patient": patient.id,
        "zone": patient.time_zone,
        "since": to_utc(since, time.min, patient.time_zone),
    }
    return [day for (day,) in fetch(DATA_DAYS, given)]


def decided_since(patient: Patient, day: date) -> list[Made]:
    """What was decided from a day on in any program of the patient, the newest first."""
    since = to_utc(day, time.min, patient.time_zone)
    decided = Decision.objects.filter(at__gte=since).values("program")
    names, found = step_names(patient), list[Made]()
    for program in Program.objects.filter(patient=patient, id__in=decided):
        program.patient = patient
        rows = decisions_of(program, doses_of(program), EVERYTHING)
        trained = {str(each.session.id): each for each in sessions_of(program)}
        found += folded(ledger(program, rows, names, trained))
    kept = [each for each in found if each.day >= day]
    return sorted(kept, key=lambda each: each.day, reverse=True)


def newest_episode(patient: Patient) -> Episode | None:
    """The episode that runs, else the last one."""
    rows = Episode.objects.filter(patient=patient).select_related("by", "taught_by")
    return rows.order_by("-started_on", "-at").first()


def read(episode: Episode, patient: Patient, now: datetime) -> Monitored:
    """Both clocks up to now, or to the end of the episode. Needs the patient's clinic."""
    zone = patient.clinic.time_zone
    today = local_day(now, patient.time_zone)
    end = episode.ended_on
    entries = list(episode.entries.select_related("by", "replaced_by").order_by("started_at", "at"))
    contacts = list(episode.contacts.select_related("by", "replaced_by").order_by("held_at", "at"))
    worked = [(local_day(row.started_at, zone), row.seconds) for row in entries if holds(row)]
    spoke = [local_day(row.held_at, zone) for row in contacts if holds(row) and row.real_time]
    return Monitored(
        episode=episode,
        zone=ZoneInfo(zone),
        windows=windows(episode.started_on, end or today, data_days(patient, episode.started_on)),
        months=months(episode.started_on, end or max(today, local_day(now, zone)), worked, spoke),
        entries=entries,
        contacts=contacts,
    )


def holds(row: TimeEntry | Contact) -> bool:
    """Whether nothing replaced the row; asks nothing where `replaced_by` was read with it."""
    return not row.taken_back and getattr(row, "replaced_by", None) is None
