"""From the engine's decision to rows: the ledger, the new dose versions, and back again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.ids import uuid7
from programs.codec import from_json, to_json
from programs.decisions.reading import Case, Row
from programs.doses import columns
from programs.models import Decision, DoseVersion, Prescription
from programs.progression import types as engine
from programs.progression.steering import moved


@dataclass
class Ledger:
    """Rows to be written together."""

    decisions: list[Decision]
    doses: list[DoseVersion]

    def write(self) -> None:
        """Two statements at most, whatever the number of exercises and sides."""
        if self.doses:
            DoseVersion.objects.bulk_create(self.doses)
        if self.decisions:
            Decision.objects.bulk_create(self.decisions)

    def note(self, case: Case) -> None:
        """Let the case know, so that what comes next in this transaction builds on it."""
        for dose in self.doses:
            case.doses[dose.prescription_id, dose.side].append(dose)
        for row in self.decisions:
            case.decided[row.prescription_id, row.side] = _known(row)


def _known(row: Decision) -> Row:
    """The row as reading.load_case would have read it."""
    told = {name: getattr(row, name) for name in ("number", "side", "approval", "trace")}
    none = dict.fromkeys(("answer", "answered_at", "answered_dose"))
    named = {"id": str(row.id), "prescription": str(row.prescription_id)}
    return told | none | named | {"at": row.at.isoformat()}


def rows_of(
    case: Case,
    prescription: Prescription,
    made: engine.Decision,
    snapshot: engine.Snapshot | None,
    **more: Any,
) -> Ledger:
    """One row a side that has something to say. `more`: further columns of every row."""
    ledger = Ledger([], [])
    kept = to_json(snapshot, slim=True) if snapshot else {}
    for side in made.sides:
        if not _is_news(case, prescription.id, made, side):
            continue
        dose = None
        if side.outcome == "changed" and moved(side):
            dose = new_dose(case, prescription, side.side, side.after, made.at)
            ledger.doses.append(dose)
        row = _row(case, prescription, made, side, dose)
        row.snapshot = kept
        for name, value in more.items():
            setattr(row, name, value)
        ledger.decisions.append(row)
    return ledger


def new_dose(
    case: Case, prescription: Prescription, side: str, state: engine.SideState, at: datetime
) -> DoseVersion:
    """The next version of a side's dose, not yet saved."""
    return DoseVersion(
        id=uuid7(),
        clinic_id=prescription.clinic_id,
        prescription=prescription,
        side=side,
        number=case.dose(prescription.id, side).number + 1,
        step=state.step,
        at=at,
        **columns(state.dose),
    )


def _is_news(
    case: Case, prescription: UUID, made: engine.Decision, side: engine.SideDecision
) -> bool:
    """False for "as it was": nothing fired, or the last row already says the same.

    What follows from a correction is always told, be it that all stays; once for each session.
    """
    if side.outcome in ("changed", "proposed") or made.lock:
        return True
    if not (side.fired or side.missing or made.caused_by):
        return False
    last = case.decided.get((prescription, side.side))
    if last is None or last["trace"]["says"] != _says(side):
        return True
    return bool(made.caused_by) and last["trace"]["caused_by"] != list(made.caused_by)


def _says(side: engine.SideDecision) -> list[Any]:
    missing = [[each.rule, each.fact, each.session] for each in side.missing]
    return [side.rule, side.outcome, side.last_session, side.after.step, missing]


def _row(
    case: Case,
    prescription: Prescription,
    made: engine.Decision,
    side: engine.SideDecision,
    dose: DoseVersion | None,
) -> Decision:
    last = case.decided.get((prescription.id, side.side))
    proposed = side.outcome == "proposed"
    return Decision(
        clinic_id=prescription.clinic_id,
        program=case.program,
        prescription=prescription,
        side=side.side,
        number=last["number"] + 1 if last else 1,
        trigger=made.trigger,
        kind=_kind(made, side),
        approval=_approval(made, side),
        before=case.dose(prescription.id, side.side),
        after=dose,
        proposed=to_json(side.after, slim=True) if proposed else None,
        trace=_trace(made, side, dose),
        ruleset_hash=case.program.ruleset_hash,
        epoch=side.before.epoch.number,
        reason=made.reason,
        at=made.at,
    )


def _trace(
    made: engine.Decision, side: engine.SideDecision, dose: DoseVersion | None
) -> dict[str, Any]:
    state = side.before if side.outcome == "proposed" else side.after
    if dose:
        state = state._replace(dose_version=str(dose.id))
    return {
        "side": to_json(side, slim=True),
        "state": to_json(state, slim=True),
        "says": _says(side),
        "lock": made.lock,
        "caused_by": list(made.caused_by),
        "notices": to_json(made.notices, slim=True),
    }


def _kind(made: engine.Decision, side: engine.SideDecision) -> Decision.Kind:
    if made.by != "rules":
        return Decision.Kind(made.by)
    if made.lock:
        return Decision.Kind.STOP
    tiers = {fired.rule: fired.tier for fired in side.fired}
    tier = tiers.get(side.rule or "", "hold")
    return Decision.Kind(tier) if tier in Decision.Kind.values else Decision.Kind.HOLD


def _approval(made: engine.Decision, side: engine.SideDecision) -> Decision.Approval:
    if made.by != "rules":
        return Decision.Approval.CLINICIAN
    return Decision.Approval.PROPOSE if side.outcome == "proposed" else Decision.Approval.AUTO


def decision_of(row: Row, *, changed: bool = False) -> engine.Decision:
    """The engine's decision of one stored side; `changed` where a person accepted it since."""
    side = from_json(engine.SideDecision, row["trace"]["side"])
    if changed:
        side = side._replace(outcome="changed")
    return engine.Decision("", "", "decision", datetime.fromisoformat(row["at"]), (side,))
