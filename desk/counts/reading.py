"""What the clinic's counts read: four statements, whatever the number of clinicians and months."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from accounts.models import Clinic
from accounts.prepared import fetch
from desk.counts.cells import Counts, Who, summed
from desk.months import between, stepped
from programs.calendar import plan_of
from programs.models import Program
from programs.schedule import due_slots

DAY = timedelta(days=1)
SESSIONS = """
    with session as materialized (
        select s.id, s.program_id, s.planned_sets, date_trunc('month', s.local_date)::date as month
        from programs_session s
        where s.clinic_id = %(clinic)s and s.local_date between %(first)s and %(last)s),
    newest as (
        select distinct on (l.session_id, l.key) l.session_id, l.skipped = '' as done
        from programs_setlog l where l.session_id in (select id from session)
        order by l.session_id, l.key, l.revision desc),
    sets as (
        select session_id, count(*) filter (where done) as done from newest group by session_id),
    pain as (
        select session_id, max(pain) as highest from (
            select distinct on (r.session_id, r.prescription_id) r.session_id, r.pain
            from programs_painreport r where r.session_id in (select id from session)
            order by r.session_id, r.prescription_id, r.revision desc) last
        group by session_id)
    select s.program_id, s.month,
        count(*) filter (where sets.done > 0 and sets.done * 2 >= s.planned_sets),
        array_remove(array_agg(pain.highest), null)
    from session s
    left join sets on sets.session_id = s.id
    left join pain on pain.session_id = s.id
    group by s.program_id, s.month"""
DECISIONS = """
    select t.program_id, t.month,
        count(*) filter (where t.kind = 'progress' and t.holds),
        count(*) filter (where t.kind in ('regress', 'deload') and t.holds),
        array_remove(array_agg(t.hours), null)
    from (
        select d.program_id, d.kind, d.after_id is not null or a.kind = 'accepted' as holds,
            date_trunc('month', coalesce(a.at, d.at) at time zone %(zone)s)::date as month,
            case when a.kind in ('accepted', 'refused')
                then (extract(epoch from a.at - d.at) / 3600)::float end as hours
        from programs_decision d left join programs_answer a on a.decision_id = d.id
        where d.clinic_id = %(clinic)s and d.at < %(last)s::date + 2
            and (d.at >= %(first)s::date - 1 or a.at >= %(first)s::date - 1)) t
    where t.month between %(first)s and %(last)s
    group by t.program_id, t.month"""


def counts_of(
    clinic: Clinic, first: date, last: date, today: date
) -> dict[date, dict[Who, Counts]]:
    """By month and who assigned the program; what is due counts up to yesterday."""
    given = {"clinic": clinic.id, "first": first, "last": last, "zone": clinic.time_zone}
    trained = {(row[0], row[1]): row[2:] for row in fetch(SESSIONS, given)}
    decided = {(row[0], row[1]): row[2:] for row in fetch(DECISIONS, given)}
    found: dict[date, dict[Who, list[Counts]]] = {month: {} for month in between(first, last)}
    for program in _programs(clinic, first, last):
        who = (program.assigned_by.name, str(program.assigned_by_id))
        for month in found:
            end = stepped(month) - DAY
            if program.start_on > end or program.end_on < month:
                continue
            counted = _counted(program, month, min(end, today - DAY), (trained, decided))
            found[month].setdefault(who, []).append(counted)
    return {
        month: {who: summed(rows[who]) for who in sorted(rows)} for month, rows in found.items()
    }


def _programs(clinic: Clinic, first: date, last: date) -> Iterator[Program]:
    rows = Program.objects.filter(clinic=clinic, start_on__lte=last, end_on__gte=first)
    yield from rows.select_related("assigned_by").prefetch_related("interruptions")


def _counted(program: Program, month: date, end: date, told: tuple[Any, Any]) -> Counts:
    trained, decided = told
    done, pains = trained.get((program.id, month), (0, ()))
    raised, lowered, hours = decided.get((program.id, month), (0, 0, ()))
    due = max(done, len(due_slots(plan_of(program), month, end)))
    whom = frozenset([program.patient_id])
    return Counts(whom, due, done, tuple(pains), raised, lowered, tuple(hours))
