"""What every decision and the first page read, as plain SQL.

Two of them gather many child tables as JSON in one statement; building them by the ORM anew for
every request takes longer than running them. Row security holds here as everywhere.
"""

from collections.abc import Sequence
from typing import Any

from accounts.models import Clinic
from accounts.prepared import Part
from patients.models import Patient
from programs.models import (
    DoseVersion,
    Phase,
    Prescription,
    PrescriptionStep,
    Program,
    Session,
)
from programs.phases import current


def _list(columns: str, rows: str, order: str) -> str:
    """A JSON array of objects, empty where there are no rows. `columns`: name or name=sql."""
    pairs = (each.partition("=") for each in columns.split())
    built = ", ".join(f"'{name}', {value or 'c.' + name}" for name, _eq, value in pairs)
    objects = f"json_agg(json_build_object({built}) order by {order})"
    return f"(select coalesce({objects}, '[]'::json) from {rows})"  # noqa: S608 (own words only)


SETS = _list(
    "prescription=c.prescription_id dose=c.dose_id side number reps hold_s load_kg band_level"
    " skipped effort next_kg proposed_kg unpublished received_at",
    "programs_setlog c where c.session_id = s.id",
    "c.number, c.revision",
)
PAINS = _list(
    "prescription=c.prescription_id pain side place at",
    "programs_painreport c where c.session_id = s.id",
    "c.revision",
)
REPORTS = _list("effort at", "programs_sessionreport c where c.session_id = s.id", "c.revision")
CHECKS = _list(
    "feel pain swelling at", "programs_checkin c where c.session_id = s.id", "c.revision"
)
ANSWERS = _list("name value at", "programs_furtheranswer c where c.session_id = s.id", "c.revision")


SHOWN = (  # what a page shows of the same
    _list(
        "prescription=c.prescription_id side number reps skipped",
        "programs_setlog c where c.session_id = s.id",
        "c.number, c.revision",
    ),
    _list(
        "prescription=c.prescription_id pain",
        "programs_painreport c where c.session_id = s.id",
        "c.revision",
    ),
    _list("effort", "programs_sessionreport c where c.session_id = s.id", "c.revision"),
    _list("feel pain", "programs_checkin c where c.session_id = s.id", "c.revision"),
)


ASKED = (SETS, PAINS, REPORTS, CHECKS, ANSWERS)


SESSION = Part("s", Session)


def _told(lists: Sequence[str]) -> str:
    """Sessions by `program`, from `since` on, newest first, at most `number`; then the lists.

    All lists of a session are one value of JSON: it is read in half the time of five.
    """
    newest = "order by s.local_date desc, s.slot desc limit %(number)s"
    columns = f"{SESSION.columns}, json_build_array({', '.join(lists)})"
    named = "(%(only)s::uuid[] is null or s.id = any(%(only)s::uuid[]))"
    lately = "(%(since)s::date is null or s.local_date >= %(since)s)"
    where = f"where s.program_id = %(program)s and {named} and {lately} {newest}"
    return f"select {columns} from programs_session s {where}"  # noqa: S608 (own words only)


TOLD, TOLD_SHOWN = _told(ASKED), _told(SHOWN)


FINDINGS = """(
    select distinct on (f.name) f.* from programs_finding f where f.patient_id = p.patient_id
    order by f.name, f."on" desc, f.at desc
) c"""
DECIDED = """(
    select distinct on (d.prescription_id, d.side)
        d.id, d.prescription_id, d.number, d.side, d.approval, d.trace, d.at,
        a.kind, a.at as answered_at, a.dose_id
    from programs_decision d left join programs_answer a on a.decision_id = d.id
    where d.program_id = p.id
    order by d.prescription_id, d.side, d.number desc
) c"""
NEWER = """(
    select distinct r.exercise_id from programs_prescriptionstep s
    join programs_prescription o on o.id = s.prescription_id
    join exercises_revision r on r.id = s.revision_id
    join exercises_revision n
        on n.exercise_id = r.exercise_id and n.state = 'published' and n.number > r.number
    where o.program_id = p.id
) c"""
_LISTS = {
    "closed": _list(
        "kind first=c.first_day last=c.last_day",
        "programs_interruption c where c.program_id = p.id",
        "c.first_day",
    ),
    "usual": _list("pain at", "programs_usualpain c where c.patient_id = p.patient_id", "c.at"),
    "flags": _list("flag at", "programs_redflag c where c.program_id = p.id", "c.at"),
    "cleared": _list(
        "at",
        "programs_clearance c join programs_redflag f on f.id = c.red_flag_id"
        " where f.program_id = p.id",
        "c.at",
    ),
    "findings": _list(
        'name number=trim_scale(c.number)::text word flag on=c."on" at', FINDINGS, "c.name"
    ),
    "newer": _list("exercise=c.exercise_id", NEWER, "c.exercise_id"),
    "signals": _list("kind facts", "programs_signal c where c.program_id = p.id", "c.kind"),
    "decided": _list(
        "id prescription=c.prescription_id number side approval trace at answer=c.kind"
        " answered_at answered_dose=c.dose_id",
        DECIDED,
        "c.prescription_id, c.side",
    ),
}
NAMES = tuple(_LISTS)
_WANTED = ", ".join(_LISTS.values())
KNOWN = f"select {_WANTED} from programs_program p where p.id = %(program)s"  # noqa: S608 (own words)

CHANGED = ("id", "prescription_id", "side", "kind", "trace", "reason", "at")  # as the model orders
_CHANGED = ", ".join(f"d.{name}{'::json' if name == 'trace' else ''}" for name in CHANGED)
_CHANGE = f"""
    select coalesce(n.at, d.at), u.id, u.name, {_CHANGED}, {{0}}, {{1}}
    from programs_decision d
    left join programs_answer n on n.decision_id = d.id and n.dose_id is not null
    left join accounts_user u on u.id = coalesce(n.by_id, d.by_id)
    join programs_doseversion b on b.id = d.before_id
    join programs_doseversion a on a.id = coalesce(n.dose_id, d.after_id, d.before_id)
"""  # noqa: S608 (own words only)
CHANGES = f"""{_CHANGE}
    where d.program_id = %(program)s
        and (d.after_id is not null or n.dose_id is not null)
        and not exists (select from programs_decision undo where undo.undoes_id = d.id)
        and (%(since)s::timestamptz is null or coalesce(n.at, d.at) >= %(since)s::timestamptz)
    order by d.at desc, d.side
"""
CHANGE = f"{_CHANGE} where d.prescription_id = %(prescription)s and d.at = %(at)s order by d.side"


def _columns(*parts: Part[Any]) -> str:
    return ", ".join(part.columns for part in parts)


PROGRAM_PARTS = (Part("g", Program), Part("p", Patient), Part("c", Clinic))
PROGRAM = f"""
    select {_columns(*PROGRAM_PARTS)} from programs_program g
    join patients_patient p on p.id = g.patient_id
    join accounts_clinic c on c.id = p.clinic_id
    where g.id = %(program)s"""  # noqa: S608 (own words only)
LOCKED = f"{PROGRAM} for update of g"

HOLDS = f"(%(day)s::date is null or p.phase_id = {current('%(program)s', '%(day)s::date')})"
STEP_PARTS = (Part("s", PrescriptionStep), Part("p", Prescription), Part("h", Phase))
STEPS = f"""
    select {_columns(*STEP_PARTS)} from programs_prescriptionstep s
    join programs_prescription p on p.id = s.prescription_id
    join programs_phase h on h.id = p.phase_id
    where p.program_id = %(program)s and {HOLDS} order by p.position, s.position"""  # noqa: S608 (own words only)

DOSE = Part("v", DoseVersion)
DOSES = f"""
    select {DOSE.columns} from programs_doseversion v
    join programs_prescription p on p.id = v.prescription_id
    where p.program_id = %(program)s and {HOLDS} order by p.position, v.side, v.number"""  # noqa: S608 (own words only)
