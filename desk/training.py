"""The sessions of a program, each with all that was told of it, and each in short.

Two statements, whatever the history: the sessions, then their answers. Each row is read once, so
whatever is counted or compared is counted and compared here.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any
from uuid import UUID

from accounts.prepared import fetch
from desk import statements
from desk.rows import DecisionRow, SessionRow
from programs.decisions.queries import SESSION
from programs.decisions.reading import Row, Told
from programs.models import Program, Session

Answers = dict[str, list[Row]]  # by session

MOST = 400  # sessions
PARTS = (  # what a row of statements.ANSWERS says of a session; the last is its revision
    ("prescription", "side", "number", "reps", "skipped"),
    ("prescription", "pain"),
    ("effort",),
    ("feel", "pain"),
)


def sessions_of(program: Program) -> list[Told]:
    """Every session, oldest first."""
    given = {"clinic": program.clinic_id, "program": program.id, "most": MOST}
    sql = statements.SESSIONS.format(columns=SESSION.columns)
    sessions = [SESSION.make(row) for row in reversed(fetch(sql, given))]
    if not sessions:
        return []
    given = {"clinic": program.clinic_id, "sessions": [each.id for each in sessions]}
    (parts,) = fetch(statements.ANSWERS, given)
    sets, *others = (_answers(rows or (), keys) for rows, keys in zip(parts, PARTS, strict=True))
    return [_told(each, sets, others) for each in sessions]


def _told(session: Session, sets: Answers, others: Iterable[Answers]) -> Told:
    key = str(session.id)
    return Told(
        session, sorted(sets[key], key=itemgetter("number")), *(rows[key] for rows in others)
    )


def _answers(rows: Iterable[Sequence[Any]], keys: Sequence[str]) -> Answers:
    """By session; what was corrected comes after what it corrects."""
    found: Answers = defaultdict(list)
    for session, *values, _revision in sorted(rows, key=lambda row: row[-1]):
        found[session].append(dict(zip(keys, values, strict=True)))
    return found


def in_short(told: Told) -> SessionRow:
    """The answers that hold, counted."""
    session = told.session
    pains = {row["prescription"]: row["pain"] for row in told.pains}
    return SessionRow(
        id=str(session.id),
        local_date=session.local_date,
        source=session.source,
        stopped=bool(session.stopped),
        planned=session.planned_sets,
        told=len(told.holding),
        sets=sum(not row["skipped"] for row in told.holding),
        pain=max(pains.values(), default=None),
        morning=told.checks[-1]["pain"] if told.checks else None,
        effort=told.reports[-1]["effort"] if told.reports else None,
    )


def shown_of(sessions: Sequence[Told], decisions: Iterable[DecisionRow], most: int) -> list[Told]:
    """The newest sessions, and those that the decisions rest on."""
    wanted = {each.session.id for each in sessions[-most:]}
    wanted |= {UUID(last) for each in decisions if (last := each.trace.get("last_session"))}
    return [each for each in sessions if each.session.id in wanted]
