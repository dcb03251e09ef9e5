"""Changes of a dose as people see them: what the rules gave, and what a clinician agreed to."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import User
from accounts.prepared import prepared
from programs.codec import from_json
from programs.decisions import queries
from programs.models import Decision, DoseVersion
from programs.progression import types as engine


@dataclass(frozen=True)
class Change:
    """One moment's change of one exercise; both sides in one where they changed alike."""

    decision: Decision
    side: str
    before: DoseVersion
    after: DoseVersion
    at: datetime
    agreed_by: User | None

    @property
    def up(self) -> bool:
        """Whether it is more than before, by the first number that differs."""
        order = ("step", "load_kg", "band_level", "sets", "reps", "hold_s", "range_deg")
        pairs = ((getattr(self.before, name), getattr(self.after, name)) for name in order)
        return next(
            (new > old for old, new in pairs if new != old and None not in (old, new)), False
        )


def load_changes(program: UUID, since: datetime | None = None) -> list[Change]:
    """The changes of a program, newest first; those taken back since are left out. One query."""
    found = _fetch(queries.CHANGES, {"program": program, "since": since})
    return sorted(_joined(found), key=lambda each: each.at, reverse=True)


def change_with_sides(row: Decision) -> Change:
    """The change of this decision, with the other side where it changed alike. One query."""
    found = _fetch(queries.CHANGE, {"prescription": row.prescription_id, "at": row.at})
    mine = next(each for each in found if each.decision.id == row.id)
    same = [each for each in _joined(found) if _alike(each, mine)]
    return next((each for each in same if each.side == "both"), mine)


def _fetch(sql: str, given: dict[str, Any]) -> list[Change]:
    doses = [field.attname for field in DoseVersion._meta.concrete_fields]
    with prepared() as cursor:
        cursor.execute(sql.format(*(_columns(alias, doses) for alias in ("b", "a"))), given)
        return [_change(row, doses) for row in cursor.fetchall()]


def _columns(alias: str, names: list[str]) -> str:
    return ", ".join(f"{alias}.{name}" for name in names)


def _change(row: tuple[Any, ...], doses: list[str]) -> Change:
    """One row of queries.CHANGE: the instant, the person, the decision, the dose before, after."""
    at, person, name, *rest = row
    told, own = queries.CHANGED, len(queries.CHANGED)
    decision = Decision.from_db("default", told, rest[:own])
    before, after = rest[own : own + len(doses)], rest[own + len(doses) :]
    return Change(
        decision,
        decision.side,
        DoseVersion.from_db("default", doses, before),
        DoseVersion.from_db("default", doses, after),
        at,
        User(id=person, name=name) if person else None,
    )


def _alike(one: Change, other: Change) -> bool:
    return (one.at, _numbers(one.after)) == (other.at, _numbers(other.after))


def _joined(changes: list[Change]) -> list[Change]:
    """Left and right of one moment as both, where their numbers are the same."""
    found: dict[tuple[object, ...], Change] = {}
    for each in changes:
        key = (each.decision.prescription_id, each.at, _numbers(each.before), _numbers(each.after))
        found[key] = replace(found[key], side="both") if key in found else each
    return list(found.values())


def _numbers(dose: DoseVersion) -> tuple[object, ...]:
    names = ("step", "sets", "reps", "load_kg", "band_level", "hold_s", "range_deg")
    return tuple(getattr(dose, name) for name in names)


def side_of(change: Change) -> engine.SideDecision:
    """The engine's record of it, with both legs as one where they changed alike."""
    side = from_json(engine.SideDecision, change.decision.trace["side"])
    return side._replace(side=change.side, outcome="changed")  # type: ignore[arg-type]  # sides only


def sessions_read(change: Change) -> list[str]:
    """The ids of the sessions that the fired rules read."""
    fired = side_of(change).fired
    return sorted({each.session for rule in fired for each in rule.evidence if each.session})
