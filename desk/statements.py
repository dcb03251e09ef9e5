"""The desk's reads as plain SQL: of long rows only what is shown, of JSON only the keys.

Whose patients one may see is said by `Patient.objects.visible_to` alone: where a statement starts
from a person's patients, `{mine}` is that queryset's own SQL. The others take ids that were found
so. Row security holds for these as for any query.

What is set into a statement is the code's own (texts of this module and of those that it imports,
columns of models, a queryset's SQL); whatever comes from outside is a parameter.
"""

from patients.scoring import SCORES
from patients.unread import UNREAD
from programs.own import CLOSED
from programs.phases import current
from programs.queue_database import KINDS

JOINED = """exists (
    select from patients_patientaccess a
    where a.patient_id = p.id and a.until is null and a.consented_at is not null)"""

# Where a page begins is asked on its own: an index is entered only there where it is known before.
MINE = """r.clinic_id = %(clinic)s and r.user_id = %(user)s
            and (r.until is null or r.until > statement_timestamp())"""
BY_NAME = f"""
        select r.patient_id, r.name as key from patients_caseloadrow r
        where {MINE} and r.key = r.name
            and (r.name, r.patient_id) > ((
                select coalesce(max(q.name), '') from patients_caseloadrow q
                where q.clinic_id = %(clinic)s and q.user_id = %(user)s
                    and q.patient_id = %(after)s and q.key = q.name), %(after)s)
        order by r.name, r.patient_id limit %(most)s"""  # noqa: S608 (own words only)
SOUGHT = "name_key(%(sought)s)"
# A name of two words that both begin so is found by the first of them.
FIRST = f"""strpos(' ' || {{row}}.name, ' ' || {SOUGHT})
                = length({{row}}.name) - length({{row}}.key) + 1"""
BY_WORD = f"""
        select r.patient_id, r.key from patients_caseloadrow r
        where {MINE} and r.key < {SOUGHT} || chr(1114111)
            and (r.key, r.patient_id) > ((
                select coalesce(max(q.key), {SOUGHT}) from patients_caseloadrow q
                where q.clinic_id = %(clinic)s and q.user_id = %(user)s
                    and q.patient_id = %(after)s
                    and {FIRST.format(row="q")}), %(after)s)
            and {FIRST.format(row="r")}
            and not exists (select from unnest(%(others)s::text[]) other
                where strpos(' ' || r.name, ' ' || name_key(other)) = 0)
        order by r.key, r.patient_id limit %(most)s"""  # noqa: S608 (own words only)
PEOPLE = f"""
    with page as ({{page}})
    select {JOINED}, p.id, p.name, p.affected_side, p.time_zone,
        g.id, g.status, g.start_on, g.end_on, g.weekdays, g.schedule::json, {CLOSED}
    from page
    join patients_patient p on p.clinic_id = %(clinic)s and p.id = page.patient_id
    left join programs_program g
        on g.clinic_id = %(clinic)s and g.patient_id = p.id and g.status <> 'ended'
    order by page.key, p.id"""  # noqa: S608 (own words only)

TOLD = f"""
    with dose as materialized (
        select distinct on (v.prescription_id, v.side) p.program_id, v.prescription_id, v.side,
            v.step, v.sets, v.reps, v.hold_s, v.load_kg::text as load_kg, v.band_level
        from programs_doseversion v join programs_prescription p on p.id = v.prescription_id
        where p.program_id = any(%(programs)s) and p.phase_id = {current("p.program_id")}
        order by v.prescription_id, v.side, v.number desc),
    session as materialized (
        select s.id, s.program_id, s.local_date, s.slot, s.planned_sets from programs_session s
        where s.program_id = any(%(programs)s) and s.local_date > %(since)s),
    done as (
        select l.session_id, count(distinct l.key) as sets from programs_setlog l
        where l.skipped = '' and l.session_id in (select id from session) group by l.session_id),
    pain as (
        select r.session_id, max(r.pain) as highest from programs_painreport r
        where r.session_id in (select id from session) group by r.session_id),
    place as (select distinct prescription_id, step from dose)
    select
        (select json_agg(json_build_array(program_id, prescription_id, side, step, sets, reps,
            hold_s, load_kg, band_level) order by prescription_id, side) from dose),
        (select json_agg(json_build_array(s.program_id, s.local_date, s.slot, s.planned_sets,
            coalesce(done.sets, 0), pain.highest) order by s.local_date, s.slot)
            from session s
            left join done on done.session_id = s.id
            left join pain on pain.session_id = s.id),
        (select json_agg(json_build_array(s.prescription_id, s.position,
            r.body #>> array[%(language)s, 'variant'], (s.entry ->> 'band')::int))
            from place
            join programs_prescriptionstep s
                on s.prescription_id = place.prescription_id and s.position = place.step
            join exercises_revision r on r.id = s.revision_id)"""  # noqa: S608 (own words only)

SAID = f"""
    select (select count(*) {UNREAD}), (
        select json_agg(json_build_array(n.local_date, n.reason, n.back_on) order by n.at desc)
        from (
            select n.* from programs_nottoday n join programs_program g on g.id = n.program_id
            where g.patient_id = %(patient)s order by n.at desc limit %(most)s) n), (
        select json_agg(json_build_array(n.local_date, n.side, n.number, n.text) order by n.at desc)
        from (
            select * from (
                select distinct on (t.session_id, t.set_key)
                    t.text, t.at, s.local_date, l.side, l.number
                from programs_sessionnote t
                join programs_session s on s.id = t.session_id
                left join programs_setlog l
                    on l.session_id = s.id and l.key = t.set_key and l.revision = 0
                where t.session_id = any(array(
                    select d.id from programs_session d where d.program_id = any(array(
                        select g.id from programs_program g where g.patient_id = %(patient)s))))
                order by t.session_id, t.set_key, t.revision desc) newest
            where text <> '' order by at desc limit %(most)s) n), {SCORES}, (
        select json_agg(json_build_array(u.pain, u.at) order by u.at)
        from programs_usualpain u where u.patient_id = %(patient)s)"""  # noqa: S608 (own words only)

SESSIONS = """
    select {columns} from programs_session s
    where s.clinic_id = %(clinic)s and s.program_id = %(program)s
    order by s.local_date desc, s.slot desc limit %(most)s"""
TOLD_OF = "clinic_id = %(clinic)s and session_id = any(%(sessions)s::uuid[])"
ANSWERS = f"""
    select
        (select json_agg(json_build_array(session_id, prescription_id, side, number, reps, skipped,
            revision)) from programs_setlog where {TOLD_OF}),
        (select json_agg(json_build_array(session_id, prescription_id, pain, revision))
            from programs_painreport where {TOLD_OF}),
        (select json_agg(json_build_array(session_id, effort, revision))
            from programs_sessionreport where {TOLD_OF}),
        (select json_agg(json_build_array(session_id, feel, pain, revision))
            from programs_checkin where {TOLD_OF})"""  # noqa: S608 (own words only)

DECISIONS = """
    select d.id, d.prescription_id, d.side, d.kind, d.approval, d.reason, d.at,
        coalesce((select u.name from accounts_user u where u.id = d.by_id), ''),
        coalesce(a.kind, ''),
        coalesce((select u.name from accounts_user u where u.id = a.by_id), ''),
        d.before_id, coalesce(d.after_id, a.dose_id), (d.trace -> 'side')::json,
        case when d.approval = 'propose' and a.id is null then
            jsonb_path_query_array(d.snapshot, '$.history.sessions[last - 3 to last]')::json end
    from programs_decision d
    left join programs_answer a on a.clinic_id = d.clinic_id and a.decision_id = d.id
    where d.clinic_id = %s and d.program_id = %s
    order by d.at desc, d.number desc limit %s"""

FLAGS = """(
    select coalesce(json_agg(json_build_object('flag', f.flag, 'at', f.at) order by f.at), '[]')
    from programs_redflag f
    where f.program_id = g.id
        and not exists (select from programs_clearance c where c.red_flag_id = f.id))"""
STEPS = """(
    select json_agg(json_build_array(o.phase_id, o.position, s.prescription_id, s.position,
        (s.entry ->> 'band')::int, s.bounds, r.body #>> array[%s, 'variant'],
        r.body #>> array[%s, 'name'], r.figure))
    from programs_prescription o
    join programs_prescriptionstep s
        on s.clinic_id = o.clinic_id and s.prescription_id = o.id
    join exercises_revision r on r.id = s.revision_id
    where o.clinic_id = g.clinic_id and o.program_id = g.id)"""
PHASES = """(
    select json_agg(json_build_array(h.id, h.position, h.name, h.weeks, h.start_on)
        order by h.position)
    from programs_phase h where h.program_id = g.id)"""
WAITING = f"""
    select coalesce(sum({" + ".join(f'c."{kind}"' for kind in KINDS)}), 0)::int
    from programs_queuecount c where c.clinic_id = %s and c.user_id = %s"""  # noqa: S608 (own words only)
STORY = f"""
    select {{columns}}, {CLOSED}, {FLAGS}, {JOINED}, ({WAITING}), {PHASES}, {STEPS}
    from programs_program g
    join patients_patient p on p.id = g.patient_id
    join accounts_clinic c on c.id = p.clinic_id
    join accounts_user u on u.id = g.lead_id
    where g.patient_id = %s and g.patient_id in ({{mine}})
    order by g.status = 'ended', g.assigned_at desc limit 1"""  # noqa: S608 (own words only)
ALL_DOSES = """
    select {columns} from programs_doseversion v
    where v.clinic_id = %(clinic)s and v.prescription_id = any(array(
        select p.id from programs_prescription p
        where p.clinic_id = %(clinic)s and p.program_id = %(program)s))"""
