"""A program's case as it was at an earlier instant. Logs never change, so it can be had again."""

from dataclasses import fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from programs.decisions.reading import SESSIONS, Case, Row, Told, load_told

ALL = 1_000_000
ASKED_FIRST = "session.start"  # decided before the session's own row is there


def everything_told(program: UUID) -> list[Told]:
    """Every session of a program with every revision of what was told of it, oldest first."""
    return load_told(program, ALL)


def case_at(case: Case, told: list[Told], at: datetime, trigger: str) -> Case:
    """The case with what had come by `at`: sessions, their logs, doses, flags, usual pain."""
    begun = [each for each in told if _is_there(each, at, trigger)]
    known = {
        name: [row for row in rows if name not in ("usual", "flags") or _came(row, at)]
        for name, rows in case.known.items()
    }
    doses = {
        place: [each for each in versions if each.at < at] or versions[:1]
        for place, versions in case.doses.items()
    }
    return Case(
        program=case.program,
        at=at,
        known=known,
        steps=case.steps,
        doses=doses,
        sessions=[_told_at(each, at) for each in begun[-SESSIONS:]],
    )


def _is_there(told: Told, at: datetime, trigger: str) -> bool:
    received = told.session.received_at
    return received < at if trigger == ASKED_FIRST else received <= at


def _told_at(told: Told, at: datetime) -> Told:
    lists = [each.name for each in fields(told) if each.name != "session"]
    known: dict[str, Any] = {
        name: [row for row in getattr(told, name) if _came(row, at)] for name in lists
    }
    return replace(told, **known)


def _came(row: Row, at: datetime) -> bool:
    came: Any = row.get("received_at") or row["at"]
    return datetime.fromisoformat(came) <= at
