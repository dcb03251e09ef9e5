"""What a clinician says to a decision: accept, refuse, undo, or a dose of their own."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import audit
from accounts.roles import Actor, Role
from programs.codec import from_json
from programs.decisions.deciding import answer_to, overtake
from programs.decisions.extras import is_beyond, is_held_back
from programs.decisions.facts import history_of, state_of
from programs.decisions.locking import ReasonMissing
from programs.decisions.reading import Case, Row, load_case
from programs.decisions.record import Ledger, decision_of, new_dose, rows_of
from programs.decisions.signals import refresh_signals
from programs.models import (
    Answer,
    Decision,
    DoseVersion,
    Prescription,
    PrescriptionStep,
    Program,
)
from programs.progression import override, stale, undo
from programs.progression import types as engine
from programs.progression.types import Dose

Place = tuple[UUID, str]


class Stale(Exception):
    """Something newer has come; nothing was changed.

    `reason`: locked, paused, ended, dose_changed, new_fact, newer_decision, resisted_date,
    clinic_limit or phase_over.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Answered(Exception):
    """Somebody was faster; `answer` says what they said."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.kind)
        self.answer = answer


@transaction.atomic
def accept_proposal(*, decision: Decision, by: Actor, at: datetime) -> Answer:
    """Give the proposed dose from now on, if nothing newer has come since.

    Sides that move as one are accepted as one. Raises Stale or Answered, and changes nothing.
    """
    case, place = _open_case(decision, by, at)
    rows = [case.decided[each] for each in _tied(case, place)]
    for row in rows:
        _check_fresh(case, row)
    doses = [_accepted_dose(case, row) for row in rows]
    DoseVersion.objects.bulk_create(doses)
    answers = [
        answer_to(case, row, kind=Answer.Kind.ACCEPTED, dose=dose, by_id=by.user_id)
        for row, dose in zip(rows, doses, strict=True)
    ]
    Answer.objects.bulk_create(answers)
    for row, dose in zip(rows, doses, strict=True):
        _note_accepted(case, row, dose)
    _close(case, by, "accept_proposal")
    return next(each for each in answers if each.decision_id == decision.id)


@transaction.atomic
def refuse_proposal(*, decision: Decision, by: Actor, at: datetime, reason: str = "") -> Answer:
    """Leave the dose as it is. Raises Answered or Stale."""
    case, place = _open_case(decision, by, at)
    answers = []
    for each in _tied(case, place):
        row = case.decided[each]
        row["answer"] = Answer.Kind.REFUSED
        answers.append(
            answer_to(case, row, kind=Answer.Kind.REFUSED, reason=reason, by_id=by.user_id)
        )
    Answer.objects.bulk_create(answers)
    _close(case, by, "refuse_proposal")
    return next(each for each in answers if each.decision_id == decision.id)


@transaction.atomic
def undo_decision(*, decision: Decision, reason: str, by: Actor, at: datetime) -> list[Decision]:
    """Take back the decision that made a side's dose what it is; raises Stale for any other.

    Raises ReasonMissing where nobody says why.
    """
    _only_clinicians(by)
    _need(reason)
    case = _case(decision.program_id, decision.prescription_id, at)
    done = [each for each in _moved_with(case, decision) if _made_current(case, each)]
    if decision.id not in {each.id for each in done}:
        raise Stale("newer_decision")
    ledger = Ledger([], [])
    for each in done:
        part = _undone(case, each, reason)
        ledger.decisions += part.decisions
        ledger.doses += part.doses
    _store(case, ledger, by, "undo_decision")
    return ledger.decisions


@transaction.atomic
def override_dose(
    *,
    prescription: Prescription,
    sides: tuple[engine.Side, ...],
    step: int,
    dose: Dose,
    reason: str,
    by: Actor,
    at: datetime,
) -> list[Decision]:
    """A dose by hand, from now on, as a decision of its own.

    Raises Stale if nothing may change, and ReasonMissing.
    """
    _need(reason)
    case = _case(prescription.program_id, prescription.id, at)
    ledger = Ledger([], [])
    for side in sides:
        state = state_of(case, prescription)
        made = override(state, side, step=step, dose=dose, now=at, reason=reason)
        part = rows_of(case, prescription, made, None)
        ledger.decisions += part.decisions
        ledger.doses += part.doses
    _store(case, ledger, by, "override_dose")
    return ledger.decisions


def _need(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing


def _only_clinicians(by: Actor) -> None:
    if by.role != Role.CLINICIAN:
        raise PermissionDenied


def _case(program: UUID, prescription: UUID, at: datetime) -> Case:
    case = load_case(program, at)
    _check_here(case, prescription)
    return case


def _check_here(case: Case, prescription: UUID) -> None:
    """The program runs, and the exercise is one of the phase that holds."""
    if case.program.status != Program.Status.ACTIVE:
        raise Stale(case.program.status)
    if prescription not in case.steps:
        raise Stale("phase_over")


def _open_case(decision: Decision, by: Actor, at: datetime) -> tuple[Case, Place]:
    """The locked program and the place of a proposal that is still open."""
    _only_clinicians(by)
    case = load_case(decision.program_id, at)
    if answer := Answer.objects.filter(decision=decision).select_related("by").first():
        raise Answered(answer)
    _check_here(case, decision.prescription_id)
    place = (decision.prescription_id, str(decision.side))
    if case.decided[place]["id"] != str(decision.id):
        raise Stale("newer_decision")
    return case, place


def _tied(case: Case, place: Place) -> list[Place]:
    """The open proposals that move as one with this one: those from or to a two-legged step."""
    after = decision_of(case.decided[place]).sides[0].after
    if not _moves_both(case, place[0], after.step, case.dose(*place).step):
        return [place]
    others = [(place[0], side) for side in case.sides(place[0])]
    return [each for each in others if case.is_open(each)]


def _check_fresh(case: Case, row: Row) -> None:
    prescription = case.prescription(UUID(row["prescription"]))
    state, decision = state_of(case, prescription), decision_of(row)
    reason = stale(state, decision, history_of(case, prescription), row["side"])
    if reason:
        raise Stale(reason)
    if is_held_back(state, decision.sides[0].after.step, case.today):
        raise Stale("resisted_date")
    if is_beyond(state, decision.sides[0]):
        raise Stale("clinic_limit")


def _accepted_dose(case: Case, row: Row) -> DoseVersion:
    after = decision_of(row).sides[0].after
    prescription = case.prescription(UUID(row["prescription"]))
    return new_dose(case, prescription, row["side"], after, case.at)


def _note_accepted(case: Case, row: Row, dose: DoseVersion) -> None:
    case.doses[dose.prescription_id, dose.side].append(dose)
    row.update(
        answer=Answer.Kind.ACCEPTED,
        answered_at=case.at.isoformat(),
        answered_dose=str(dose.id),
    )


def _moves_both(case: Case, prescription: UUID, *steps: int) -> bool:
    """True if any of these steps is a two-legged one, so that both sides move as one."""
    ladder = case.steps[prescription]
    return any(ladder[step].laterality == PrescriptionStep.Laterality.BOTH for step in steps)


def _moved_with(case: Case, decision: Decision) -> list[Decision]:
    """The decision, and that of the other side where both moved as one."""
    rows = Decision.objects.filter(prescription=decision.prescription_id, at=decision.at)
    side = from_json(engine.SideDecision, decision.trace["side"])
    if not _moves_both(case, decision.prescription_id, side.before.step, side.after.step):
        rows = rows.filter(id=decision.id)
    return list(rows.select_related("answer"))


def _made_current(case: Case, decision: Decision) -> bool:
    return case.dose(decision.prescription_id, decision.side).id == _given(decision)


def _given(decision: Decision) -> UUID | None:
    """The dose version that this decision led to."""
    if decision.after_id:
        return decision.after_id
    answer = getattr(decision, "answer", None)
    return answer.dose_id if answer else None


def _undone(case: Case, decision: Decision, reason: str) -> Ledger:
    prescription = case.prescription(decision.prescription_id)
    row = {"trace": decision.trace, "at": decision.at.isoformat()}
    side: engine.Side = decision.side  # type: ignore[assignment]  # the column holds sides only
    made = undo(
        state_of(case, prescription),
        decision_of(row, changed=True),
        side,
        now=case.at,
        reason=reason,
    )
    return rows_of(case, prescription, made, None, undoes=decision)


def _store(case: Case, ledger: Ledger, by: Actor, verb: str) -> None:
    for row in ledger.decisions:
        row.by_id = by.user_id
    places = {(row.prescription_id, row.side) for row in ledger.decisions}
    old = [case.decided[place] for place in places if case.is_open(place)]
    ledger.write()
    overtake(case, old)
    ledger.note(case)
    _close(case, by, verb)


def _close(case: Case, by: Actor, verb: str) -> None:
    refresh_signals(case)
    audit.record(by=by, verb=verb, patients=[case.program.patient_id])
