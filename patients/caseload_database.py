"""The caseloads are kept by the database in the order of their names: migration operations.

A care link, or another name of a patient, calls caseload_refresh, in its own transaction. That one
function brings the rows of these patients in line with what caseload_wanted says is there now; the
nightly check asks the same. Row security holds inside these functions as for any query.

Under row security an index serves only operators that give nothing away (leakproof). Those of
LIKE, of trigrams and of full text are not; comparing text is. So a search is a stretch of an
index: of a folded name and of each rest of it that begins at a word.
"""

from django.db import migrations

from patients.following import FOLLOW_ROWS, followed

# Small letters without marks; words that hyphens join are words of their own.
KEYS = r"""
    create function name_key(_name text) returns text language sql immutable parallel safe as $$
        select btrim(regexp_replace(regexp_replace(lower(regexp_replace(
            normalize(_name, nfkd), '[\u0300-\u036f''\u2019]', '', 'g')), '[-\u2010]', ' ', 'g'),
            '\s+', ' ', 'g'))
    $$;
    create function name_keys(_name text) returns table (key text, name text)
    language sql immutable parallel safe as $$
        select array_to_string(words[place:], ' '), array_to_string(words, ' ')
        from string_to_array(name_key(_name), ' ') words, generate_subscripts(words, 1) place
    $$"""

WANTED = """
    create function caseload_wanted(_patients uuid[]) returns table (
        clinic_id uuid, user_id uuid, patient_id uuid, key text, name text, until timestamptz)
    language sql stable as $$
        with team as (
            select l.clinic_id, l.user_id, l.patient_id,
                case when bool_or(l.until is null) then null else max(l.until) end as until
            from patients_carelink l
            where l.patient_id = any(_patients) and (l.until is null or l.until > now())
            group by l.clinic_id, l.user_id, l.patient_id)
        select team.clinic_id, team.user_id, team.patient_id, k.key, k.name, team.until
        from team
        join patients_patient p on p.id = team.patient_id
        cross join lateral name_keys(p.name) k
    $$"""

# One transaction at a time for a patient: else a name and a care link that come at once would
# each not see the other.
REFRESH = """
    create function caseload_refresh(_patients uuid[]) returns void language plpgsql as $$
    begin
        perform pg_advisory_xact_lock(hashtextextended(one::text, 0))
        from (select distinct unnest(_patients) as one order by 1) sorted;
        with wanted as materialized (select * from caseload_wanted(_patients)),
        gone as (
            delete from patients_caseloadrow r where r.patient_id = any(_patients)
                and not exists (
                    select from wanted w where w.user_id = r.user_id
                        and w.patient_id = r.patient_id and w.key = r.key))
        insert into patients_caseloadrow as r (
            id, clinic_id, user_id, patient_id, key, name, until)
        select gen_random_uuid(), w.clinic_id, w.user_id, w.patient_id, w.key, w.name, w.until
        from wanted w
        on conflict (clinic_id, user_id, patient_id, key) do update set
            name = excluded.name, until = excluded.until
        where (r.name, r.until) is distinct from (excluded.name, excluded.until);
    end $$"""

FOLLOW = """
    create function caseload_follow_patient() returns trigger language plpgsql as
        $$ begin perform caseload_refresh(array[new.id]); return null; end $$;
    create trigger caseload_follow after update on patients_patient for each row
        when (old.name is distinct from new.name)
        execute function caseload_follow_patient()"""

DIFFERING = """
    select distinct coalesce(w.patient_id, r.patient_id)
    from caseload_wanted(%(patients)s::uuid[]) w
    full join (
        select * from patients_caseloadrow where patient_id = any(%(patients)s::uuid[])
            and (until is null or until > now())) r
        on r.user_id = w.user_id and r.patient_id = w.patient_id and r.key = w.key
    where (w.name, w.until) is distinct from (r.name, r.until)"""


def keep_caseloads() -> list[migrations.RunSQL]:
    """The functions, and the triggers that call them."""
    links = followed("patients_carelink", "caseload")
    parts = (KEYS, WANTED, REFRESH, FOLLOW, FOLLOW_ROWS, links)
    return [migrations.RunSQL(sql) for sql in parts]
