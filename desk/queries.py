"""What the desk's pages read: one named query each, counted by tests."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext

from accounts.models import Clinic, User
from accounts.prepared import Part, fetch, made
from accounts.roles import Actor
from desk import statements
from desk.numbers import Trained
from desk.rows import (
    DecisionRow,
    DoseRow,
    ListedRow,
    PatientRow,
    PhaseRow,
    ProgramRow,
    StepNames,
    StepRow,
    StoryRow,
    ToldRow,
    phase_row,
)
from patients.models import Patient
from patients.scoring import Score, scores_in
from patients.unread import reader
from patients.visible import visible_ids
from programs.models import DoseVersion, NotToday, PrescriptionStep, Program
from programs.wording import language, side_words, variant_name

SAID = 5  # of "not today", and of the notes
PAGE = 20  # rows of the list
WORD = re.compile(r"[^\s,;\-\u2010]+")
LOOK_BACK = timedelta(days=42)


def people_of(actor: Actor, *, name: str = "", after: UUID | None = None) -> list[ListedRow]:
    """A page of the caseload by name, or of those in whose names a word begins as each of these.

    One row more than a page tells that there is a next. `after`: the id of the last patient of the
    page before (an id, so that no name is in a URL). It walks one index from there on, whatever
    the caseload (patients.caseload_database).
    """
    words = sorted(WORD.findall(name), key=len)
    page = statements.BY_WORD if words else statements.BY_NAME
    given: dict[str, Any] = {"clinic": actor.clinic_id, "user": actor.user_id, "most": PAGE + 1}
    given |= {"sought": words[-1], "others": words[:-1]} if words else {}
    rows = fetch(statements.PEOPLE.format(page=page), given | {"after": after or UUID(int=0)})
    return [ListedRow(PatientRow(*row[1:5]), row[0], _program(row[5:])) for row in rows]


def has_patients(actor: Actor) -> bool:
    """Whether this person treats anybody."""
    mine, given = visible_ids(actor)
    return bool(fetch(f"{mine} limit 1", given))


def _program(row: Sequence[Any]) -> ProgramRow | None:
    return ProgramRow(*row) if row[0] else None


class SaidRow(NamedTuple):
    """How many messages one has not read; the last "not today" and notes, the newest first.

    Outcome scores and usual pain whole, the oldest first.
    """

    unread: int
    declined: list[NotToday]
    notes: list["NoteRow"]
    scores: list[Score]
    pains: list[tuple[int, datetime]]


class NoteRow(NamedTuple):
    """A patient's note to a session; `place` names the set it is about, or nothing."""

    day: date
    place: str
    text: str


def said_by(actor: Actor, patient: UUID) -> SaidRow:
    """What a patient told beside their logs."""
    given = reader(actor, patient) | {"most": SAID}
    ((unread, declined, notes, scores, pains),) = fetch(statements.SAID, given)
    return SaidRow(
        unread,
        [_not_today(*row) for row in declined or ()],
        [_note(*row) for row in notes or ()],
        scores_in(scores),
        [(pain, datetime.fromisoformat(at)) for pain, at in pains or ()],
    )


def _note(day: str, side: str | None, number: int | None, text: str) -> NoteRow:
    place = ""
    if side:
        told = {"side": side_words(side), "number": number}
        place = gettext("%(side)s, set %(number)s") % told
    return NoteRow(date.fromisoformat(day), place, text)


def _not_today(day: str, reason: str, back: str | None) -> NotToday:
    return NotToday(
        local_date=date.fromisoformat(day),
        reason=reason,
        back_on=date.fromisoformat(back) if back else None,
    )


def told_of(programs: Collection[UUID], today: date) -> tuple[Mapping[UUID, ToldRow], StepNames]:
    """Doses and sessions of these programs, and the names of the steps in them. One statement."""
    if not programs:
        return {}, {}
    given = {"programs": list(programs), "since": today - LOOK_BACK, "language": language()}
    (row,) = fetch(statements.TOLD, given)
    doses, trained, names = ([] if each is None else each for each in row)
    told = {str(each): ToldRow.nothing() for each in programs}
    for program, *dose, load, band in doses:
        told[program].doses.append(DoseRow._make((*dose, load and Decimal(load), band)))
    for program, day, *session in trained:
        told[program].trained.append(Trained(date.fromisoformat(day), *session))
    said = {(owner, place): variant_name(name or "", band) for owner, place, name, band in names}
    return {each: told[str(each)] for each in programs}, said


def program_of(actor: Actor, patient_id: UUID) -> StoryRow | None:
    """The patient's running program, else the last one, with its people and its closed days."""
    mine, given = visible_ids(actor)
    parts, spoken = (PROGRAM, PATIENT, CLINIC, LEAD), language()
    columns = ", ".join(part.columns for part in parts)
    values = [actor.clinic_id, actor.user_id, spoken, spoken, patient_id, *given]
    rows = fetch(statements.STORY.format(columns=columns, mine=mine), values)
    if not rows:
        return None
    program, patient, clinic, lead, (*rest, phases, steps) = made(rows[0], *parts)
    program.patient, program.lead, patient.clinic = patient, lead, clinic
    stretches = [phase_row(*each) for each in phases or ()]
    return StoryRow._make((program, *rest, stretches, _ladders(steps or (), stretches)))


def _ladders(steps: Iterable[Sequence[Any]], phases: Iterable[PhaseRow]) -> list[StepRow]:
    """Each rung: of the newest phase first, by exercise, from the lowest up."""
    newest = {str(phase.id): -phase.position for phase in phases}
    rungs = sorted(steps, key=lambda row: (newest[row[0]], row[1], row[3]))
    return [StepRow(UUID(owner), *step) for _phase, _place, owner, *step in rungs]


def step_names(patient: Patient) -> StepNames:
    """The names of the steps in every program of the patient."""
    rows = PrescriptionStep.objects.filter(prescription__program__patient=patient)
    told = rows.values_list(
        "prescription_id", "position", "entry__band", f"revision__body__{language()}__variant"
    )
    return {(owner, place): variant_name(name or "", band) for owner, place, band, name in told}


def doses_of(program: Program) -> list[DoseVersion]:
    """Every dose version of the program, oldest first."""
    given = {"clinic": program.clinic_id, "program": program.id}
    doses = map(DOSE.make, fetch(statements.ALL_DOSES.format(columns=DOSE.columns), given))
    return sorted(doses, key=lambda dose: (dose.at, dose.number))


def decisions_of(program: Program, doses: Iterable[DoseVersion], most: int) -> list[DecisionRow]:
    """The newest decisions of the program, newest first, between these doses of it."""
    known = {dose.id: dose for dose in doses}
    rows = fetch(statements.DECISIONS, [program.clinic_id, program.id, most])
    return [
        DecisionRow._make((*row[:10], known[row[10]], known.get(row[11]), row[12], row[13] or ()))
        for row in rows
    ]


PROGRAM, PATIENT, DOSE = Part("g", Program), Part("p", Patient), Part("v", DoseVersion)
CLINIC, LEAD = Part("c", Clinic, ("id", "pain_limit")), Part("u", User, ("id", "name"))
