"""The desk's reads as plain SQL: of long rows only what is shown, of JSON only the keys.

Whose patients one may see is said by `Patient.objects.visible_to` alone: where a statement starts
from a person's patients, `{mine}` is that queryset's own SQL. The others take ids that were found
so. Row security holds for these as for any query.
"""

CLOSED = """(
    select coalesce(json_agg(json_build_object(
        'kind', i.kind, 'first', i.first_day, 'last', i.last_day) order by i.first_day), '[]')
    from programs_interruption i where i.program_id = g.id)"""
JOINED = """exists (
    select from patients_patientaccess a
    where a.patient_id = p.id and a.until is null and a.consented_at is not null)"""
PATIENT = "p.id, p.name, p.affected_side, p.time_zone"
PROGRAM = f"g.id, g.status, g.start_on, g.end_on, g.weekdays, g.schedule::json, {CLOSED}"
KNOWN = "jsonb_path_query_array({row}.snapshot, '$.history.sessions[last - 3 to last]')::json"

PEOPLE = f"""
    with page as (
        select p.*, count(*) over () as total from patients_patient p
        where p.id = any(array({{mine}})) and p.name ilike %s
            and (%s::uuid is null
                or (p.name, p.id) > (select q.name, q.id from patients_patient q where q.id = %s))
        order by p.name, p.id limit %s)
    select p.total, {JOINED}, {PATIENT}, {PROGRAM}
    from page p
    left join programs_program g on g.patient_id = p.id and g.status <> 'ended'
    order by p.name, p.id"""  # noqa: S608 (own words only)

SIGNALS = f"""
    select s.id, s.kind, s.since, s.facts::json, {PATIENT}, {PROGRAM}, g.ruleset_hash,
        case when row_number() over same_rules = 1 then g.ruleset::json end
    from programs_signal s
    join patients_patient p on p.id = s.patient_id
    join programs_program g on g.id = s.program_id
    where s.patient_id = any(array({{mine}}))
    window same_rules as (partition by g.ruleset_hash order by s.since, s.id)
    order by s.since, s.id"""  # noqa: S608 (own words only)

WAITING = "select count(*) from programs_signal s where s.patient_id = any(array({mine}))"

LATEST = f"""
    with newest as (
        select distinct on (d.prescription_id, d.side) d.id
        from programs_decision d where d.program_id = any(%s)
        order by d.prescription_id, d.side, d.number desc)
    select d.program_id, d.id, d.prescription_id, d.side, d.at,
        d.approval = 'propose' and a.id is null, (d.trace -> 'side')::json,
        {KNOWN.format(row="d")}
    from newest
    join programs_decision d on d.id = newest.id
    left join programs_answer a on a.decision_id = d.id
    order by d.prescription_id, d.side"""  # noqa: S608 (own words only)

DOSES = """
    select p.program_id, v.prescription_id, v.side, v.number, v.step, v.sets, v.reps, v.hold_s,
        v.load_kg, v.band_level, v.at
    from programs_doseversion v join programs_prescription p on p.id = v.prescription_id
    where p.program_id = any(%s) order by v.at, v.number"""

NAMES = """
    with step as (
        select s.prescription_id, s.position, s.revision_id, (s.entry ->> 'band')::int as band
        from programs_prescriptionstep s
        join programs_prescription p on p.id = s.prescription_id
        where p.program_id = any(%s)),
    named as materialized (
        select r.id, r.body #>> array[%s, 'variant'] as variant from exercises_revision r
        where r.id in (select revision_id from step))
    select step.prescription_id, step.position, named.variant, step.band
    from step join named on named.id = step.revision_id"""

TRAINED = """
    with session as materialized (
        select s.* from programs_session s where s.program_id = any(%s) and s.local_date > %s),
    done as (
        select l.session_id, count(distinct l.key) as sets from programs_setlog l
        where l.skipped = '' and l.session_id in (select id from session) group by l.session_id),
    pain as (
        select r.session_id, max(r.pain) as highest from programs_painreport r
        where r.session_id in (select id from session) group by r.session_id)
    select s.program_id, s.local_date, s.slot, s.planned_sets, coalesce(done.sets, 0), pain.highest
    from session s
    left join done on done.session_id = s.id
    left join pain on pain.session_id = s.id
    order by s.local_date, s.slot"""

STEPS = """
    select s.prescription_id, s.position, (s.entry ->> 'band')::int, s.bounds::json,
        r.body #>> array[%s, 'variant'], r.body #>> array[%s, 'name'], r.figure::json
    from programs_prescriptionstep s
    join programs_prescription p on p.id = s.prescription_id
    join exercises_revision r on r.id = s.revision_id
    where p.program_id = %s order by p.position, s.position"""

DECISIONS = f"""
    with newest as (
        select d.id from programs_decision d
        where d.program_id = %s order by d.at desc, d.number desc limit %s)
    select d.id, d.prescription_id, d.side, d.kind, d.approval, d.reason, d.at,
        coalesce(u.name, ''), coalesce(a.kind, ''), coalesce(w.name, ''),
        d.before_id, coalesce(d.after_id, a.dose_id), (d.trace -> 'side')::json,
        case when d.approval = 'propose' and a.id is null then {KNOWN.format(row="d")} end
    from newest
    join programs_decision d on d.id = newest.id
    left join programs_answer a on a.decision_id = d.id
    left join accounts_user u on u.id = d.by_id
    left join accounts_user w on w.id = a.by_id
    order by d.at desc, d.number desc"""  # noqa: S608 (own words only)

FLAGS = """(
    select coalesce(json_agg(json_build_object('flag', f.flag, 'at', f.at) order by f.at), '[]')
    from programs_redflag f
    where f.program_id = g.id
        and not exists (select from programs_clearance c where c.red_flag_id = f.id))"""
STORY = f"""
    select {{columns}}, {CLOSED}, {FLAGS}, {JOINED}
    from programs_program g
    join patients_patient p on p.id = g.patient_id
    join accounts_clinic c on c.id = p.clinic_id
    join accounts_user u on u.id = g.assigned_by_id
    where g.patient_id = %s and g.patient_id = any(array({{mine}}))
    order by g.status = 'ended', g.assigned_at desc limit 1"""  # noqa: S608 (own words only)
ALL_DOSES = """
    select {columns} from programs_doseversion v
    join programs_prescription p on p.id = v.prescription_id
    where p.program_id = %s order by v.at, v.number"""
