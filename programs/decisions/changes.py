"""Changes of a dose as people see them: what the rules gave, and what a clinician agreed to."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from programs.models import Answer, Decision, DoseVersion
from programs.progression import types as engine
from programs.progression.codec import from_json


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
    rows = Decision.objects.filter(program=program, undone_by=None).filter(
        Q(after__isnull=False) | Q(answer__kind=Answer.Kind.ACCEPTED)
    )
    if since:
        rows = rows.filter(Q(after__isnull=False, at__gte=since) | Q(answer__at__gte=since))
    rows = rows.select_related("before", "after", "by", "answer__dose", "answer__by")
    found = [change_of(row) for row in rows.defer("snapshot").order_by("-at", "side")]
    return sorted(_joined(found), key=lambda each: each.at, reverse=True)


def change_of(row: Decision) -> Change:
    """The change that a decision, or its acceptance, brought."""
    answer = getattr(row, "answer", None)
    if answer and answer.dose:
        return Change(row, row.side, row.before, answer.dose, answer.at, answer.by)
    return Change(row, row.side, row.before, row.after or row.before, row.at, row.by)


def change_with_sides(row: Decision) -> Change:
    """The change of this decision, with the other side where it changed alike. One query."""
    rows = Decision.objects.filter(prescription=row.prescription_id, at=row.at)
    rows = rows.select_related("before", "after", "by", "answer__dose", "answer__by")
    found = [change_of(each) for each in rows.defer("snapshot").order_by("side")]
    mine = next(each for each in found if each.decision.id == row.id)
    same = [each for each in _joined(found) if _alike(each, mine)]
    return next((each for each in same if each.side == "both"), mine)


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
    return replace(side, side=change.side, outcome="changed")  # type: ignore[arg-type]
