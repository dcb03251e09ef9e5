"""A dose by hand: inside the program's own bounds and the clinic's limits, with its reason."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Actor, Role
from patients.models import Patient
from programs.calendar import local_day
from programs.decisions.saying.refusals import why_nothing
from programs.decisions.services import Stale, override_dose
from programs.doses import dose_of, step_of
from programs.limits import limits_of, most_load
from programs.models import DoseVersion, Prescription, PrescriptionStep
from programs.progression.types import Dose, Side, Span, Step
from programs.wording import number


class DoseRefused(Exception):
    """This dose can't be given; nothing was changed. `field` is where the form says so, if any."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message, self.field = message, field


@dataclass(frozen=True)
class DoseWanted:
    """What the clinician chose. A load of None keeps the load."""

    step: int
    sets: int
    reps: int
    load_kg: Decimal | None = None
    reason: str = ""


@transaction.atomic
def change_dose(
    *, prescription: Prescription, side: str, wanted: DoseWanted, by: Actor, at: datetime
) -> None:
    """Give one side (on a two-legged step: both) this dose from now on. Raises DoseRefused."""
    ladder = list(prescription.steps.order_by("position"))
    versions = {row.side: row for row in prescription.doses.current()}
    if side not in versions or not 0 <= wanted.step < len(ladder):
        raise DoseRefused(_("There is no such dose in this program."), "step")
    if not wanted.reason.strip():
        raise DoseRefused(_("Say why the dose changes."), "reason")
    now, rung = versions[side], step_of(ladder[wanted.step])
    _check_step(prescription.program.patient, ladder, now, wanted.step, by, at)
    dose = _dose(now, rung, wanted, per_week=len(prescription.program.weekdays))
    _check_bounds(dose, rung)
    _check_load(now, dose, wanted, rung, prescription.program.patient)
    together = "both" in (rung.laterality, ladder[now.step].laterality)
    sides = tuple(versions) if together else (side,)
    try:
        override_dose(
            prescription=prescription,
            sides=cast(tuple[Side, ...], sides),
            step=wanted.step,
            dose=dose,
            reason=wanted.reason,
            by=by,
            at=at,
        )
    except Stale as state:
        over = state.reason == "phase_over"
        stays = _("The program is not running, so its doses stay.")
        raise DoseRefused(why_nothing(state) if over else stays) from state


def _dose(now: DoseVersion, rung: Step, wanted: DoseWanted, *, per_week: int) -> Dose:
    base = dose_of(now, per_week=per_week) if wanted.step == now.step else rung.entry
    load = base.load_g if wanted.load_kg is None else int(wanted.load_kg * 1000)
    return base._replace(sets=wanted.sets, reps=wanted.reps, load_g=load)


def _check_step(
    patient: Patient,
    ladder: list[PrescriptionStep],
    now: DoseVersion,
    step: int,
    by: Actor,
    at: datetime,
) -> None:
    if by.role == Role.ASSISTANT and step > now.step:
        raise DoseRefused(_("A step up needs a clinician."), "step")
    if ladder[step].resisted and patient.resisted_closed(local_day(at, patient.time_zone)):
        raise DoseRefused(_("Resisted steps are not allowed yet after this operation."), "step")


def _check_bounds(dose: Dose, rung: Step) -> None:
    for name, label in (("sets", _("Sets")), ("reps", _("Reps"))):
        span: Span | None = getattr(rung.bounds, name)
        value: int = getattr(dose, name)
        if span and not span.low <= value <= span.high:
            raise DoseRefused(
                _("%(what)s: from %(low)s to %(high)s on this step.")
                % {"what": label, "low": span.low, "high": span.high},
                name,
            )


def _check_load(
    now: DoseVersion, dose: Dose, wanted: DoseWanted, rung: Step, patient: Patient
) -> None:
    """The load fits the equipment, and rises by the clinic's percent or one step of it at most."""
    span, load = rung.bounds.load_g, dose.load_g
    if wanted.load_kg is not None and (span is None or load is None):
        raise DoseRefused(_("This step has no load."), "load_kg")
    if span is None or load is None:
        return
    if not span.low <= load <= span.high or (load - span.low) % span.step:
        raise DoseRefused(
            _("Load: from %(low)s to %(high)s kg, in steps of %(step)s kg.")
            % {"low": _kg(span.low), "high": _kg(span.high), "step": _kg(span.step)},
            "load_kg",
        )
    before = _load_before(now, wanted.step, rung)
    limits = limits_of(patient, (rung,))
    if before and load > most_load(limits, span, before):
        raise DoseRefused(
            _("Your clinic allows at most %(percent)s %% more load at once.")
            % {"percent": limits.largest_step_percent},
            "load_kg",
        )


def _load_before(now: DoseVersion, step: int, rung: Step) -> int:
    """The load in grams that a new one on this step rises from; 0 where there is none."""
    if now.step == step:
        return int((now.load_kg or 0) * 1000)
    rows = DoseVersion.objects.filter(prescription_id=now.prescription_id, side=now.side, step=step)
    last = rows.order_by("-number").first()
    return rung.entry.load_g or 0 if last is None else int((last.load_kg or 0) * 1000)


def _kg(grams: int) -> str:
    return number(Decimal(grams) / 1000)
