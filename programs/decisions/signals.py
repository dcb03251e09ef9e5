"""The queue's rows: who needs a clinician's look, and since when. Written with the facts."""

import json
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from accounts.ids import uuid7
from programs.decisions.extras import phase_on
from programs.decisions.facts import state_of
from programs.decisions.reading import Case, Told
from programs.models import Program, Signal
from programs.schedule import adherence, due_slots, flare, silent, stuck

Facts = dict[str, Any]
Kind = Signal.Kind
ELSEWHERE = (Kind.UNREAD, Kind.HANDED, Kind.LEFT, Kind.UNDELIVERED)
CORRECTED_DAYS = timedelta(days=7)  # so long a correction stays in the queue

SWAP = """
    with gone as (
        delete from programs_signal where program_id = %(program)s and kind = any(%(gone)s)
    )
    insert into programs_signal (id, clinic_id, patient_id, program_id, kind, since, facts)
    select id, %(clinic)s, %(patient)s, %(program)s, kind, %(at)s, facts::jsonb
    from unnest(%(ids)s::uuid[], %(kinds)s::text[], %(facts)s::text[]) as new(id, kind, facts)
    on conflict (clinic_id, program_id, kind) do update set facts = excluded.facts
"""


def refresh_signals(case: Case) -> None:
    """Bring the program's signals up to date with what is now known and decided.

    One statement, and none where nobody waits; a signal that goes on keeps its `since`. What
    is no matter of logs is written and removed elsewhere: by programs.messaging, programs.caring,
    programs.leaving and the sender of messages.
    The clinicians' queues follow in the same transaction.
    """
    wanted = wanted_signals(case)
    kept = [row for row in case.known["signals"] if row["kind"] in ELSEWHERE]
    standing = {row["kind"]: row["facts"] for row in case.known["signals"] if row not in kept}
    gone = [kind for kind in standing if kind not in wanted]
    new = {kind: facts for kind, facts in wanted.items() if facts != standing.get(kind)}
    if gone or new:
        _swap(case, gone, new)
    elif wanted or kept:
        _tell_queues(case)
    now = [{"kind": kind, "facts": facts} for kind, facts in wanted.items()]
    case.known["signals"] = now + kept


def _tell_queues(case: Case) -> None:
    """The same signals with new numbers beside them: their lines are written anew."""
    with connection.cursor() as cursor:
        cursor.execute("select queue_refresh(array[%s])", [case.program.patient_id])


def _swap(case: Case, gone: list[str], new: dict[str, Facts]) -> None:
    program = case.program
    told: dict[str, Any] = {
        "program": program.id,
        "clinic": program.clinic_id,
        "patient": program.patient_id,
        "at": case.at,
        "gone": [str(kind) for kind in gone],
        "ids": [uuid7() for _kind in new],
        "kinds": [str(kind) for kind in new],
        "facts": [json.dumps(facts) for facts in new.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(SWAP, told)


def wanted_signals(case: Case) -> dict[str, Facts]:
    """The signals that hold now, with the numbers that justify them."""
    if case.program.status == Program.Status.LOCKED:
        return {Kind.LOCKED: _lock_facts(case)}
    found: dict[str, Facts] = {}
    if ready := case.open_proposals():
        found[Kind.READY] = {"proposals": sorted(row["id"] for row in ready)}
    if case.program.status == Program.Status.ACTIVE:
        found |= _flare(case) | _stuck(case) | _silent(case) | _unclear(case)
        found |= _corrected(case) | _revised(case)
    return found


def _lock_facts(case: Case) -> Facts:
    standing: list[Facts] = [
        row["facts"] for row in case.known["signals"] if row["kind"] == Kind.LOCKED
    ]
    flag = case.known["flags"][-1]["flag"] if case.known["flags"] else ""
    return (standing[0] if standing else {}) | {"flag": flag}


def _flare(case: Case) -> dict[str, Facts]:
    pain = _highest(case.sessions[-1]) if case.sessions else None
    limit = case.program.patient.clinic.pain_limit
    worse = [_morning_after(row) for row in case.sessions if _was_worse(row)]
    if not flare(pain=pain, limit=limit, mornings_worse=worse, today=case.today):
        return {}
    told = {"pain": pain, "limit": limit, "mornings": len(worse)}
    last = case.sessions[-1].session.local_date if case.sessions else case.today
    return {Kind.FLARE: told | {"on": last.isoformat()}}


def _highest(told: Told) -> int | None:
    latest = {row["prescription"]: row["pain"] for row in told.pains}
    return max(latest.values(), default=None)


def _was_worse(told: Told) -> bool:
    return bool(told.checks) and told.checks[-1]["feel"] == "worse"


def _morning_after(told: Told) -> date:
    return date.fromordinal(told.session.local_date.toordinal() + 1)


def _stuck(case: Case) -> dict[str, Facts]:
    raised = [
        side.raised_on
        for prescription in case.prescriptions
        for side in state_of(case, prescription).sides
        if side.raised_on
    ]
    due = due_slots(case.plan, case.plan.start_on, case.today)
    share = adherence(due, case.done, case.today)
    begun = [phase_on(case, each) for each in case.prescriptions]
    last = max([*raised, *begun], default=case.program.start_on)
    if not stuck(last_rise_on=last, adherence=share, today=case.today):
        return {}
    return {Kind.STUCK: {"last_rise_on": last.isoformat()}}


def _silent(case: Case) -> dict[str, Facts]:
    due = due_slots(case.plan, case.plan.start_on, case.today)
    if not silent(due, case.done, case.today):
        return {}
    last = case.done[-1].local_date.isoformat() if case.done else None
    return {Kind.SILENT: {"last_session_on": last}}


def _unclear(case: Case) -> dict[str, Facts]:
    """Sets of the last session that the program's table has no row for: their load stayed."""
    sets = case.sessions[-1].holding if case.sessions else []
    found = [row for row in sets if row["unpublished"]]
    if not found:
        return {}
    last = found[-1]
    told = {name: last[name] for name in ("side", "number", "reps", "effort")}
    return {Kind.UNCLEAR: told | {"sets": len(found)}}


def _corrected(case: Case) -> dict[str, Facts]:
    """A log of a session that was over was put right or came late, in the last seven days."""
    days = {str(told.session.id): told.session.local_date for told in case.sessions}
    found = [
        {"on": days[session].isoformat(), "at": row["at"]}
        for row in case.decided.values()
        for session in row["trace"]["caused_by"]
        if session in days
    ]
    found += [row["facts"] for row in case.known["signals"] if row["kind"] == Kind.CORRECTED]
    lately = case.at - CORRECTED_DAYS
    fresh = [facts for facts in found if datetime.fromisoformat(facts["at"]) > lately]
    return {Kind.CORRECTED: max(fresh, key=lambda facts: facts["at"])} if fresh else {}


def _revised(case: Case) -> dict[str, Facts]:
    """An exercise of the program has a newer published revision than the pinned one."""
    newer = case.known["newer"]
    return {Kind.REVISION: {"exercises": len(newer)}} if newer else {}
