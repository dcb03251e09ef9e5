"""What the desk's pages read: one named query each, counted by tests."""

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
    LatestRow,
    ListedRow,
    PastDose,
    PatientRow,
    ProgramRow,
    Queue,
    Rules,
    SessionRow,
    SignalRow,
    StepNames,
    StepRow,
    StoryRow,
    ToldRow,
)
from patients.models import Patient
from patients.unread import reader
from patients.visible import visible_ids
from programs.decisions.reading import Told, load_told
from programs.models import DoseVersion, NotToday, Program, Signal
from programs.wording import language, side_words, variant_name

SAID = 5  # of "not today", and of the notes
PAGE, FEW, QUEUE = 20, 10, 12  # rows of the list, of it below the queue, of the queue
LOOK_BACK = timedelta(days=42)
ALL_SESSIONS = 400


def people_of(
    actor: Actor, *, name: str = "", after: UUID | None = None, most: int | None = None
) -> tuple[list[ListedRow], int]:
    """A page of the caseload by name, and how many there are in all.

    One row more than a page tells that there is a next. `after`: the id of the last patient of the
    page before (an id, so that no name is in a URL).
    """
    mine, given = visible_ids(actor)
    like = "".join(f"\\{letter}" if letter in "\\%_" else letter for letter in name)
    sql = statements.PEOPLE.format(mine=mine)
    rows = fetch(sql, [*given, f"%{like}%", after, after, (most or PAGE) + 1])
    listed = [ListedRow(PatientRow(*row[2:6]), row[1], _program(row[6:])) for row in rows]
    return listed, rows[0][0] if rows else 0


def _program(row: Sequence[Any]) -> ProgramRow | None:
    return ProgramRow(*row) if row[0] else None


class Place(NamedTuple):
    """Where in the queue a page begins: behind the row of this rank, instant and id."""

    rank: int
    since: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{self.rank}_{self.since.isoformat()}_{self.id}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """None for what is no place: then the queue begins at its start."""
        try:
            rank, since, key = text.split("_")
            return cls(int(rank), datetime.fromisoformat(since), UUID(key))
        except ValueError:
            return None


def queue_of(
    actor: Actor, kinds: Sequence[str], *, only: str = "", after: Place | None = None
) -> Queue:
    """Who needs a look, by kind in this order and the one that waited longest first."""
    mine, given = visible_ids(actor)
    place = after or (None, None, None)
    values = [list(kinds), *given, only, only, place[0], *place, QUEUE + 1]
    found = fetch(statements.QUEUE.format(mine=mine), values)
    counts, oldest = found[0][:2]
    rows = [row[2:] for row in found if row[2]]
    bodies = {row[-2]: row[-1] for row in rows if row[-1]}  # each ruleset is sent once
    rules = {key: Rules(key, body) for key, body in bodies.items()}
    made = [
        SignalRow._make((*row[:4], PatientRow(*row[4:8]), ProgramRow(*row[8:15]), rules[row[15]]))
        for row in rows[:QUEUE]
    ]
    return Queue(made, counts or {}, oldest, len(rows) > QUEUE)


def waiting_for(actor: Actor) -> int:
    """How many rows the decisions page has: the number on the rail."""
    mine, given = visible_ids(actor)
    ((count,),) = fetch(statements.WAITING.format(mine=mine), given)
    return int(count)


class SaidRow(NamedTuple):
    """How many messages one has not read; the last "not today" and notes, the newest first."""

    unread: int
    declined: list[NotToday]
    notes: list["NoteRow"]


class NoteRow(NamedTuple):
    """A patient's note to a session; `place` names the set it is about, or nothing."""

    day: date
    place: str
    text: str


def said_by(actor: Actor, patient: UUID) -> SaidRow:
    """What a patient told beside their logs."""
    given = reader(actor, patient) | {"most": SAID}
    ((unread, declined, notes),) = fetch(statements.SAID, given)
    return SaidRow(
        unread,
        [_not_today(*row) for row in declined or ()],
        [_note(*row) for row in notes or ()],
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


def told_of(
    programs: Collection[UUID], queue: Sequence[SignalRow], today: date
) -> tuple[Mapping[UUID, ToldRow], StepNames]:
    """What the rows of these programs say, and the names of the steps in it. One statement.

    Of those in the queue the doses of six weeks too, and the newest decisions: where a proposal
    is why they stand there, only those that wait for an answer.
    """
    if not programs:
        return {}, {}
    given = {
        "programs": list(programs),
        "waiting": [each.program.id for each in queue],
        "moved": [each.program.id for each in queue if each.kind != Signal.Kind.READY],
        "since": today - LOOK_BACK,
        "language": language(),
    }
    (row,) = fetch(statements.TOLD, given)
    doses, past, trained, decided, names = ([] if each is None else each for each in row)
    told = {str(each): ToldRow.nothing() for each in programs}
    for program, *dose, load, band in doses:
        told[program].doses.append(DoseRow._make((*dose, load and Decimal(load), band)))
    for program, side, day, *dose in past:
        told[program].past.append(PastDose(side, date.fromisoformat(day), *dose))
    for program, day, *session in trained:
        told[program].trained.append(Trained(date.fromisoformat(day), *session))
    for program, *decision in decided:
        told[program].decisions.append(LatestRow(*decision))
    said = {(owner, place): variant_name(name or "", band) for owner, place, name, band in names}
    return {each: told[str(each)] for each in programs}, said


def program_of(actor: Actor, patient_id: UUID) -> StoryRow | None:
    """The patient's running program, else the last one, with its people and its closed days."""
    mine, given = visible_ids(actor)
    parts, spoken = (PROGRAM, PATIENT, CLINIC, AUTHOR), language()
    columns = ", ".join(part.columns for part in parts)
    values = [*given, spoken, spoken, patient_id, *given]
    rows = fetch(statements.STORY.format(columns=columns, mine=mine), values)
    if not rows:
        return None
    program, patient, clinic, author, (*rest, steps) = made(rows[0], *parts)
    program.patient, program.assigned_by, patient.clinic = patient, author, clinic
    ladders = [StepRow(UUID(owner), *step) for owner, *step in steps or ()]
    return StoryRow._make((program, *rest, ladders))


def doses_of(program: Program) -> list[DoseVersion]:
    """Every dose version of the program, oldest first."""
    sql = statements.ALL_DOSES.format(columns=DOSE.columns)
    return [DOSE.make(row) for row in fetch(sql, [program.id])]


def decisions_of(program: Program, doses: Iterable[DoseVersion], most: int) -> list[DecisionRow]:
    """The newest decisions of the program, newest first, between these doses of it."""
    known = {dose.id: dose for dose in doses}
    rows = fetch(statements.DECISIONS, [program.id, most])
    return [
        DecisionRow._make((*row[:10], known[row[10]], known.get(row[11]), row[12], row[13] or ()))
        for row in rows
    ]


def sessions_of(program: Program) -> list[SessionRow]:
    """Every session in short, oldest first."""
    ((rows,),) = fetch(statements.SESSIONS, {"program": program.id, "most": ALL_SESSIONS})
    return [SessionRow(key, date.fromisoformat(day), *told) for key, day, *told in rows or ()]


def training_of(
    program: Program,
    sessions: Sequence[SessionRow],
    decisions: Iterable[DecisionRow],
    most: int,
) -> list[Told]:
    """The newest sessions, and those that the decisions rest on, with each set and answer."""
    wanted = {each.id for each in sessions[-most:]}
    wanted |= {last for each in decisions if (last := each.trace.get("last_session"))}
    return load_told(program.id, ALL_SESSIONS, only=sorted(wanted), shown=True)


PROGRAM, PATIENT, DOSE = Part("g", Program), Part("p", Patient), Part("v", DoseVersion)
CLINIC, AUTHOR = Part("c", Clinic, ("id", "pain_limit")), Part("u", User, ("id", "name"))
