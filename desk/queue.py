"""Who needs a decision: the queue's rows, the most urgent group first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from desk.evidence import NOTHING, Ruled, evidence, morning_of, reps_of
from desk.numbers import Trained
from desk.people import current_doses, current_step
from desk.presenters import Cell, Group, Row, Shift, Step, Tab, address, columns
from desk.rows import DoseRow, LatestRow, SignalRow, StepNames
from desk.sparks import spark
from exercises.shipped import red_flags
from programs.calendar import local_day, plan_of
from programs.models import Signal
from programs.prescribing.presenters import knee_words
from programs.wording import band_class, day_words, dose_words, side_words

KINDS = {
    "locked": (_("Locked"), _("A red flag. Nothing is due until you clear it.")),
    "flare": (_("Flare"), _("Pain passed a limit. The dose is already lower or held.")),
    "ready": (_("Ready"), _("A rule proposes a step up.")),
    "stuck": (_("Stuck"), _("No rise for three weeks, although they train.")),
    "silent": (_("Silent"), _("No log when one was due.")),
    "unclear": (_("Unclear"), _("A set outside the published table. Its load stayed.")),
}


@dataclass(frozen=True)
class Found:
    """Everything that the queue is made of, read once."""

    signals: list[SignalRow]
    decisions: Mapping[UUID, list[LatestRow]]
    doses: Mapping[UUID, list[DoseRow]]
    names: StepNames
    trained: Mapping[UUID, list[Trained]]
    now: datetime
    pain_limit: int


def groups(found: Found, only: str = "") -> tuple[Group, ...]:
    """The groups that hold a row; `only` one kind if named."""
    rows = [row for signal in found.signals for row in _rows(found, signal)]
    made = []
    for kind, (label, meaning) in KINDS.items():
        mine = tuple(row for row in rows if row.kind == kind)
        if mine and only in ("", kind):
            made.append(Group(kind, str(label), str(meaning), mine))
    return tuple(made)


def tabs(every: Iterable[Group], only: str) -> tuple[Tab, ...]:
    """All, and one for each kind that holds a row."""
    counted = [(group.kind, group.label, len(group.rows)) for group in every]
    if not counted:
        return ()
    page = reverse("desk:caseload")
    total = Tab(gettext("All"), sum(count for *_, count in counted), page, not only)
    return (
        total,
        *(Tab(label, count, f"{page}?kind={kind}", kind == only) for kind, label, count in counted),
    )


def waited(signals: list[SignalRow], now: datetime) -> str:
    """How long the oldest row has stood there."""
    if not signals:
        return ""
    days = (now - min(signal.since for signal in signals)).days
    if not days:
        return gettext("Nobody has waited a day.")
    return ngettext(
        "The oldest has waited %(days)s day.", "The oldest has waited %(days)s days.", days
    ) % {"days": days}


def _rows(found: Found, signal: SignalRow) -> list[Row]:
    """One row a signal; for ready, one an open proposal."""
    decisions = found.decisions.get(signal.program.id, [])
    if signal.kind != Signal.Kind.READY:
        return [_row(found, signal, _lowest(decisions), None)]
    return [_row(found, signal, each, each) for each in decisions if each.open]


def _lowest(decisions: list[LatestRow]) -> LatestRow | None:
    """The side that moved last."""
    return max(decisions, key=lambda each: each.at, default=None)


def _row(
    found: Found, signal: SignalRow, decision: LatestRow | None, proposal: LatestRow | None
) -> Row:
    program, patient = signal.program, signal.patient
    ruled = _ruled(decision, signal) if decision else None
    doses = found.doses.get(program.id, [])
    side = decision.side if decision else "left"
    today = local_day(found.now, patient.time_zone)
    url = address("desk:patient-detail", patient.id)
    trained = found.trained.get(program.id, [])
    return Row(
        key=str(proposal.id if proposal else signal.id),
        kind=signal.kind,
        name=patient.name,
        url=url,
        detail=_detail(signal, today),
        step=_step(found, doses, side) or Step("", ""),
        numbers=columns((_reps(ruled), _pain(trained, found.pain_limit), _morning(ruled))),
        spark=spark(
            doses,
            trained,
            plan_of(program, program.closed),
            today,
            side=side,
            pain_limit=found.pain_limit,
        ),
        change=_change(found, signal, ruled),
        open_words=gettext("Open %(name)s's page") % {"name": patient.name},
        accept_url=_answer("accept", proposal),
        refuse_url=_answer("refuse", proposal),
        evidence=evidence(ruled, found.names, _other_side(found, doses, ruled))
        if ruled and proposal
        else None,
    )


def _detail(signal: SignalRow, today: date) -> str:
    """left knee, week 5 of 12."""
    program = signal.program
    weeks = ((program.end_on - program.start_on).days + 1) // 7
    week = min(max((today - program.start_on).days // 7 + 1, 1), max(weeks, 1))
    return gettext("%(side)s, week %(week)s of %(weeks)s") % {
        "side": knee_words(signal.patient.affected_side),
        "week": week,
        "weeks": weeks,
    }


def _step(found: Found, doses: list[DoseRow], side: str) -> Step | None:
    mine = [row for row in current_doses(doses) if row.side == side]
    return current_step(mine, found.names)


def _reps(ruled: Ruled | None) -> Cell:
    reps = reps_of(ruled.sessions[-1], ruled.side.side) if ruled and ruled.sessions else ""
    return Cell(reps or NOTHING, gettext("reps, last"))


def _pain(trained: list[Trained], limit: int) -> Cell:
    pain = next((one.pain for one in reversed(trained) if one.pain is not None), None)
    if pain is None:
        return Cell(NOTHING, gettext("pain"))
    return Cell(str(pain), gettext("pain"), "bad" if pain > limit else "")


def _morning(ruled: Ruled | None) -> Cell:
    sessions = ruled.sessions if ruled else ()
    told = next((morning_of(one) for one in reversed(sessions) if morning_of(one)), NOTHING)
    tone = "caution" if sessions and sessions[-1].morning == "worse" else ""
    return Cell(told, gettext("morning"), tone)


def _ruled(decision: LatestRow, signal: SignalRow) -> Ruled:
    return Ruled(decision.prescription, decision.trace, signal.ruleset, decision.known)


def _change(found: Found, signal: SignalRow, ruled: Ruled | None) -> Shift:
    """What changes or changed."""
    return {
        "locked": _locked,
        "flare": _flared,
        "ready": _ready,
        "stuck": _stuck,
        "silent": _silent,
        "unclear": _unclear,
    }[signal.kind](found, signal.facts, ruled)


def _locked(found: Found, facts: Any, ruled: Ruled | None) -> Shift:
    if not facts.get("flag"):
        return Shift(gettext("Locked by a rule"), "", "", gettext("Nothing is due"))
    told = flag_words(facts["flag"])
    return Shift(told, "", "", gettext("Told to stop and where to get help"))


def flag_words(flag: str) -> str:
    """A red flag in the words that the patient read."""
    known = {each["key"]: each["text"] for each in red_flags(get_language() or "en")}
    said = known.get(flag, flag)
    return said[:1].upper() + said[1:]


def _flared(found: Found, facts: Any, ruled: Ruled | None) -> Shift:
    if ruled and ruled.side.outcome == "changed":
        before, after = _both(found, ruled)
        return Shift(before, after, "", gettext("Lowered by itself, and the patient was told"))
    return Shift(gettext("Same dose"), "", "", gettext("Held by itself until it settles"))


def _ready(found: Found, facts: Any, ruled: Ruled | None) -> Shift:
    if ruled is None:
        return Shift("", "", "", "")
    side = ruled.side
    before, after = _both(found, ruled)
    doses = f"{dose_words(side.before.dose)} → {dose_words(side.after.dose)}"
    band = band_class(side.after.dose.band)
    return Shift(before, after, band, f"{side_words(side.side)}, {doses}")


def _both(found: Found, ruled: Ruled) -> tuple[str, str]:
    """The step before and after; the doses where the step stays."""
    owner, side = ruled.prescription, ruled.side
    if side.before.step == side.after.step:
        return dose_words(side.before.dose), dose_words(side.after.dose)
    return found.names.get((owner, side.before.step), ""), found.names.get(
        (owner, side.after.step), ""
    )


def _stuck(found: Found, facts: Any, ruled: Ruled | None) -> Shift:
    day = _short_day(facts.get("last_rise_on"))
    return Shift(gettext("No rise since %(day)s") % {"day": day}, "", "", _last_reason(ruled))


def _silent(found: Found, facts: Any, ruled: Ruled | None) -> Shift:
    last = facts.get("last_session_on")
    said = gettext("Last session %(day)s") % {"day": _short_day(last)}
    return Shift(
        said if last else gettext("No session yet"), "", "", gettext("Two due sessions missed")
    )


def _unclear(found: Found, facts: Any, ruled: Ruled | None) -> Shift:
    effort = facts.get("effort")
    done = (
        gettext("Set %(number)s: %(reps)s reps") % facts
        if effort is None
        else gettext("Set %(number)s: effort %(effort)s of 10") % facts
    )
    return Shift(done, "", "", gettext("The table has no row for this, so the load stayed"))


def _short_day(text: str | None) -> str:
    return day_words(date.fromisoformat(text)) if text else NOTHING


def _last_reason(ruled: Ruled | None) -> str:
    return ruled.title if ruled else ""


def _answer(word: str, proposal: LatestRow | None) -> str:
    """Where a yes or a no is posted; empty where nothing is asked."""
    return address(f"programs:decision-{word}", proposal.id) if proposal else ""


def _other_side(found: Found, doses: list[DoseRow], ruled: Ruled | None) -> str:
    """What the other leg does meanwhile."""
    if ruled is None:
        return ""
    return other_side(current_doses(doses), found.names, ruled)


def other_side(now: list[DoseRow], names: StepNames, ruled: Ruled) -> str:
    """The other leg stays where it is."""
    mine, side = ruled.prescription, ruled.side.side
    others = [row for row in now if row.prescription == mine and row.side != side]
    return "; ".join(
        gettext("%(side)s stays at %(dose)s, %(step)s")
        % {
            "side": side_words(row.side).capitalize(),
            "dose": dose_words(row),
            "step": names.get((row.prescription, row.step), ""),
        }
        for row in others
    )
