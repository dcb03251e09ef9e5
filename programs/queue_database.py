"""The clinicians' queues are kept by the database: migration operations.

Whatever a line of a queue is made from (a signal, a care link, a patient's name, a program) calls
queue_refresh for its patients, in its own transaction. That one function brings the rows of all
who treat them in line with what is there now; queue_wanted says what that is, and the nightly
check asks the same. Row security holds inside these functions as for any query.
"""

from django.db import migrations

from patients.following import followed
from programs.phases import current

KINDS = (  # the most urgent first: programs.models.Signal.Kind
    "locked",
    "flare",
    "ready",
    "stuck",
    "silent",
    "unclear",
    "unread",
    "handed",
    "left",
    "corrected",
    "revision",
    "undelivered",
)
RANKED = f"array[{', '.join(repr(kind) for kind in KINDS)}]"

# What a line shows of a program: its days, doses now and lately, sessions, the newest decisions,
# and the names of the steps in them in each language; all of the newest phase. So much of the past
# is kept, by rows and not by days, that no clock is asked.
TOLD = """
    create function queue_told(_program uuid) returns jsonb language sql stable as $$
        with dose as materialized (
            select v.prescription_id, v.side, v.number, v.step, v.sets, v.reps, v.hold_s,
                v.load_kg::text as load_kg, v.band_level,
                (v.at at time zone 'utc')::date as day,
                lead(v.at) over (
                    partition by v.prescription_id, v.side order by v.number) as until
            from programs_doseversion v
            join programs_prescription p on p.id = v.prescription_id
            where p.program_id = _program and p.phase_id = {PHASE}),
        session as materialized (
            select s.id, s.local_date, s.slot, s.planned_sets from programs_session s
            where s.program_id = _program order by s.local_date desc, s.slot desc limit 45),
        done as (
            select l.session_id, count(distinct l.key) as sets from programs_setlog l
            where l.skipped = '' and l.session_id in (select id from session)
            group by l.session_id),
        pain as (
            select r.session_id, max(r.pain) as highest from programs_painreport r
            where r.session_id in (select id from session) group by r.session_id),
        decided as materialized (
            select distinct on (d.prescription_id, d.side) d.id, d.prescription_id, d.side, d.at,
                d.approval = 'propose' and a.id is null as open, d.trace -> 'side' as told,
                jsonb_path_query_array(d.snapshot, '$.history.sessions[last - 3 to last]') as known
            from programs_decision d left join programs_answer a on a.decision_id = d.id
            where d.program_id = _program
                and d.prescription_id in (select prescription_id from dose)
            order by d.prescription_id, d.side, d.number desc),
        place as (
            select prescription_id, step from dose where until is null
            union select prescription_id, (told #>> '{before,step}')::int from decided
            union select prescription_id, (told #>> '{after,step}')::int from decided),
        named as (
            select s.prescription_id, s.position, (s.entry ->> 'band')::int as band, (
                select jsonb_object_agg(b.key, b.value -> 'variant') from jsonb_each(r.body) b
                where jsonb_typeof(b.value) = 'object') as names
            from place
            join programs_prescriptionstep s
                on s.prescription_id = place.prescription_id and s.position = place.step
            join exercises_revision r on r.id = s.revision_id)
        select jsonb_build_object(
            'program', (
                select jsonb_build_array(g.id, g.status, g.start_on, g.end_on, g.weekdays,
                    g.schedule, (
                        select coalesce(jsonb_agg(jsonb_build_object('kind', i.kind,
                            'first', i.first_day, 'last', i.last_day) order by i.first_day), '[]')
                        from programs_interruption i where i.program_id = g.id))
                from programs_program g where g.id = _program),
            'rules', (select g.ruleset_hash from programs_program g where g.id = _program),
            'doses', (
                select jsonb_agg(jsonb_build_array(prescription_id, side, step, sets, reps,
                    hold_s, load_kg, band_level) order by prescription_id, side)
                from dose where until is null),
            'past', (
                select jsonb_agg(jsonb_build_array(side, day, step, sets, reps)
                    order by day, number)
                from (select * from dose order by day desc, number desc limit 40) d),
            'trained', (
                select jsonb_agg(jsonb_build_array(s.local_date, s.slot, s.planned_sets,
                    coalesce(done.sets, 0), pain.highest) order by s.local_date, s.slot)
                from session s
                left join done on done.session_id = s.id
                left join pain on pain.session_id = s.id),
            'decided', (
                select jsonb_agg(jsonb_build_array(id, prescription_id, side, at, open, told,
                    known) order by prescription_id, side) from decided),
            'names', (
                select jsonb_agg(jsonb_build_array(prescription_id, position, names, band)
                    order by prescription_id, position)
                from named))
    $$""".replace("{PHASE}", current("_program"))

WANTED = f"""
    create function queue_wanted(_patients uuid[]) returns table (
        clinic_id uuid, user_id uuid, signal_id uuid, patient_id uuid, program_id uuid,
        kind varchar, rank int, since timestamptz, facts jsonb, name varchar, told jsonb,
        until timestamptz) language sql stable as $$
        with team as (
            select l.patient_id, l.user_id,
                case when bool_or(l.until is null) then null else max(l.until) end as until
            from patients_carelink l
            where l.patient_id = any(_patients) and (l.until is null or l.until > now())
            group by l.patient_id, l.user_id),
        told as materialized (
            select p.id as patient_id, p.name, g.id as program_id, queue_told(g.id)
                || jsonb_build_object('patient', jsonb_build_array(p.affected_side, p.time_zone))
                as told
            from patients_patient p join programs_program g on g.patient_id = p.id
            where p.id = any(_patients)
                and exists (select from programs_signal s where s.program_id = g.id)
                and exists (select from team where team.patient_id = p.id))
        select s.clinic_id, team.user_id, s.id, s.patient_id, s.program_id, s.kind,
            array_position({RANKED}, s.kind::text), s.since, s.facts, told.name, told.told,
            team.until
        from programs_signal s
        join told on told.program_id = s.program_id
        join team on team.patient_id = s.patient_id
    $$"""  # noqa: S608 (own words only)

# One transaction at a time for a patient: else a signal and a care link that come at once would
# each not see the other.
REFRESH = """
    create function queue_refresh(_patients uuid[]) returns void language plpgsql as $$
    begin
        perform pg_advisory_xact_lock(hashtextextended(one::text, 0))
        from (select distinct unnest(_patients) as one order by 1) sorted;
        with wanted as materialized (select * from queue_wanted(_patients)),
        gone as (
            delete from programs_queuerow r where r.patient_id = any(_patients)
                and not exists (
                    select from wanted w where w.signal_id = r.signal_id and w.user_id = r.user_id))
        insert into programs_queuerow as r (id, clinic_id, user_id, signal_id, patient_id,
            program_id, kind, rank, since, facts, name, told, until, skipped)
        select gen_random_uuid(), w.clinic_id, w.user_id, w.signal_id, w.patient_id, w.program_id,
            w.kind, w.rank, w.since, w.facts, w.name, w.told, w.until, false
        from wanted w
        on conflict (clinic_id, user_id, signal_id) do update set
            since = excluded.since, facts = excluded.facts, name = excluded.name,
            told = excluded.told, until = excluded.until,
            skipped = r.skipped and r.facts = excluded.facts
        where (r.since, r.facts, r.name, r.told, r.until) is distinct from
            (excluded.since, excluded.facts, excluded.name, excluded.told, excluded.until);
    end $$"""

FOLLOW = """
    create function queue_follow_patient() returns trigger language plpgsql as
        $$ begin perform queue_refresh(array[new.id]); return null; end $$;
    create function queue_follow_program() returns trigger language plpgsql as
        $$ begin perform queue_refresh(array[new.patient_id]); return null; end $$;
    create trigger queue_follow after update on patients_patient for each row
        when ((old.name, old.affected_side, old.time_zone)
            is distinct from (new.name, new.affected_side, new.time_zone))
        execute function queue_follow_patient();
    create trigger queue_follow after update on programs_program for each row
        when ((old.status, old.start_on, old.end_on, old.weekdays, old.ruleset_hash)
            is distinct from (new.status, new.start_on, new.end_on, new.weekdays, new.ruleset_hash))
        execute function queue_follow_program();
"""

_NUMBERS = ", ".join(f"coalesce(sum(n) filter (where kind = '{kind}'), 0)" for kind in KINDS)
_COLUMNS = ", ".join(f'"{kind}"' for kind in KINDS)
_COME = "select clinic_id, user_id, kind, 1 as n from come where not skipped"
_GONE = "select clinic_id, user_id, kind, -1 as n from gone where not skipped"


def _counted(rows: str) -> str:
    return f"""
        insert into programs_queuecount (id, clinic_id, user_id, {_COLUMNS})
        select gen_random_uuid(), clinic_id, user_id, {_NUMBERS} from ({rows}) counted
        group by clinic_id, user_id, kind having sum(n) <> 0;"""  # noqa: S608 (own words only)


COUNTS = f"""
    create function queue_count() returns trigger language plpgsql as $$
    begin
        if tg_op = 'INSERT' then {_counted(_COME)}
        elsif tg_op = 'DELETE' then {_counted(_GONE)}
        else {_counted(f"{_COME} union all {_GONE}")}
        end if;
        return null;
    end $$;
    create trigger counted_in after insert on programs_queuerow
        referencing new table as come for each statement execute function queue_count();
    create trigger counted_out after delete on programs_queuerow
        referencing old table as gone for each statement execute function queue_count();
    create trigger counted_anew after update on programs_queuerow
        referencing old table as gone new table as come
        for each statement execute function queue_count();
"""


def keep_queues() -> list[migrations.RunSQL]:
    """The functions, and the triggers that call them."""
    parts = (TOLD, WANTED, REFRESH, FOLLOW, COUNTS)
    tables = ("programs_signal", "patients_carelink")
    return [
        migrations.RunSQL(sql) for sql in (*parts, *(followed(each, "queue") for each in tables))
    ]
