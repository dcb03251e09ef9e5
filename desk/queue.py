"""Who needs a decision: the queue's rows, the most urgent group first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from desk import lines
from desk.evidence import NOTHING, Ruled, evidence
from desk.lines import Sent
from desk.numbers import numbers
from desk.people import (
    Labels,
    adherence_cell,
    current_step,
    number_labels,
    pain_cell,
    since_cell,
)
from desk.presenters import Cell, Group, Row, Shift, Step, Tab, address, columns
from desk.rows import DoseRow, LatestRow, Queue, SignalRow, StepNames, ToldRow
from desk.sparks import spark
from desk.waiting import Place, Wanted
from exercises.shipped import red_flags
from programs.calendar import local_day, plan_of
from programs.models import Signal
from programs.prescribing.presenters import knee_words
from programs.schedule import Plan
from programs.wording import band_class, day_words, dose_words, side_words

KINDS = {
    "locked": (_("Locked"), _("A red flag. Nothing is due until you clear it.")),
    "flare": (_("Flare"), _("Pain passed a limit. The dose is already lower or held.")),
    "ready": (_("Ready"), _("A rule proposes a step up.")),
    "stuck": (_("Stuck"), _("No rise for three weeks, although they train.")),
    "silent": (_("Silent"), _("No log when one was due.")),
    "unclear": (_("Unclear"), _("A set outside the published table. Its load stayed.")),
    "unread": (_("Unread"), _("They wrote, and nobody of the team has read it.")),
    "handed": (_("Handed over"), _("A colleague gave them to one of the team.")),
    "left": (_("Left"), _("They stopped using Flexion. End the program, or resume it on paper.")),
    "corrected": (_("Corrected"), _("An old log was put right. The past stays as it was decided.")),
    "revision": (_("New text"), _("An exercise has a newer revision than the one prescribed.")),
    "undelivered": (_("Undelivered"), _("A message did not reach them.")),
}


_PAGES = {  # where a row leads, if not to the story
    "unread": "programs:patient-messages",
    "handed": "programs:patient-team",
    "revision": "programs:revision-compare",
}


@dataclass(frozen=True)
class Found:
    """Everything that a page of the queue is made of, read once."""

    queue: Queue
    now: datetime
    pain_limit: int

    @cached_property
    def labels(self) -> Labels:
        return number_labels()

    @cached_property
    def spark_words(self) -> str:
        return gettext("Dose and pain of the last six weeks")


def groups(found: Found, sent: Sent) -> tuple[Group, ...]:
    """The rows of this page, those of one kind that follow each other together.

    Counts are of the whole queue.
    """
    made = []
    for kind, signals in groupby(found.queue.rows, key=lambda each: each.kind):
        rows = tuple(row for signal in signals for row in _rows(found, signal))
        label, meaning = KINDS[kind]
        count = found.queue.counts.get(kind, 0)
        written = lines.queue(rows, sent)
        made.append(Group(kind, str(label), str(meaning), count, rows, written))
    return tuple(made)


def tabs(counts: Mapping[str, int], wanted: Wanted) -> tuple[Tab, ...]:
    """All, and one for each kind that holds a row (or is looked at)."""
    if not counts:
        return ()
    total = Tab(gettext("All"), sum(counts.values()), queue_url(wanted, kind=""), not wanted.kind)
    kinds = [
        Tab(str(label), counts.get(kind, 0), queue_url(wanted, kind=kind), kind == wanted.kind)
        for kind, (label, _meaning) in KINDS.items()
        if kind in counts or kind == wanted.kind
    ]
    return (total, *kinds)


def choices(wanted: Wanted) -> tuple[Tab, ...]:
    """The other ways to look at the queue: its order, and what was put away."""
    urgent, oldest = wanted.order == "urgent", wanted.order == "oldest"
    return (
        Tab(gettext("Most urgent first"), 0, queue_url(wanted, order="urgent"), urgent),
        Tab(gettext("Longest waiting first"), 0, queue_url(wanted, order="oldest"), oldest),
        Tab(gettext("Skipped"), 0, queue_url(wanted, skipped=not wanted.skipped), wanted.skipped),
    )


def queue_url(wanted: Wanted, **changed: Any) -> str:
    """The address of the queue with this choice; no name is in it."""
    told = urlencode(wanted.address(**changed))
    page = reverse("desk:caseload")
    return f"{page}?{told}" if told else page


def next_url(queue: Queue, wanted: Wanted) -> str:
    """Where the queue goes on; empty at its end."""
    if not queue.more:
        return ""
    last = queue.rows[-1]
    return queue_url(wanted, after=Place(last.rank, last.since, last.id))


def waited(oldest: datetime | None, now: datetime) -> str:
    """How long the oldest row has stood there."""
    if oldest is None:
        return ""
    days = (now - oldest).days
    if not days:
        return gettext("Nobody has waited a day.")
    return ngettext(
        "The oldest has waited %(days)s day.", "The oldest has waited %(days)s days.", days
    ) % {"days": days}


def _rows(found: Found, signal: SignalRow) -> list[Row]:
    """One row a signal; for ready, one an open proposal."""
    decisions = signal.told.decisions
    if signal.kind != Signal.Kind.READY:
        return [_row(found, signal, _lowest(decisions), None)]
    return [_row(found, signal, each, each) for each in decisions if each.open]


def _lowest(decisions: list[LatestRow]) -> LatestRow | None:
    """The side that moved last."""
    return max(decisions, key=lambda each: datetime.fromisoformat(each.at), default=None)


def _row(
    found: Found, signal: SignalRow, decision: LatestRow | None, proposal: LatestRow | None
) -> Row:
    patient, told = signal.patient, signal.told
    ruled = _ruled(decision, signal) if decision else None
    side = decision.side if decision else "left"
    other = other_side(told.doses, signal.names, ruled) if ruled and proposal else ""
    today = local_day(found.now, patient.time_zone)
    plan = plan_of(signal.program, signal.program.closed)
    return Row(
        key=proposal.id if proposal else str(signal.id),
        kind=signal.kind,
        name=patient.name,
        url=address(_PAGES.get(signal.kind, "desk:patient-detail"), patient.id),
        detail=_detail(signal, today),
        step=_step(signal, side) or Step("", ""),
        numbers=columns(_numbers(found, told, plan, today)),
        spark=_spark(found, told, plan, today, side),
        change=_change(signal, ruled),
        open_words=gettext("Open %(name)s's page") % {"name": patient.name},
        accept_url=_answer("accept", proposal),
        refuse_url=_answer("refuse", proposal),
        adjust_url=_adjust(proposal),
        skip_url=address("programs:signal-skip", signal.id),
        message_url=address("programs:patient-messages", patient.id),
        evidence=evidence(ruled, signal.names, other) if ruled and proposal else None,
    )


def _numbers(found: Found, told: ToldRow, plan: Plan, today: date) -> tuple[Cell, Cell, Cell]:
    """Adherence of 14 days, pain of the last three sessions (and before), days since the last."""
    known = numbers(plan, told.trained, today)
    return (
        adherence_cell(known.adherence, found.labels),
        pain_cell(known, found.pain_limit, found.labels),
        since_cell(known.days_since, found.labels),
    )


def _spark(found: Found, told: ToldRow, plan: Plan, today: date, side: str) -> SafeString:
    return spark(
        told.past,
        told.trained,
        plan,
        today,
        side=side,
        pain_limit=found.pain_limit,
        label=found.spark_words,
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


def _step(signal: SignalRow, side: str) -> Step | None:
    return current_step([row for row in signal.told.doses if row.side == side], signal.names)


def _ruled(decision: LatestRow, signal: SignalRow) -> Ruled:
    return Ruled(decision.prescription, decision.trace, signal.rules, decision.known)


def _change(signal: SignalRow, ruled: Ruled | None) -> Shift:
    """What changes or changed."""
    return {
        "locked": _locked,
        "flare": _flared,
        "ready": _ready,
        "stuck": _stuck,
        "silent": _silent,
        "unclear": _unclear,
        "unread": _unread,
        "handed": _handed,
        "left": _left,
        "corrected": _corrected,
        "revision": _revision,
        "undelivered": _undelivered,
    }[signal.kind](signal, signal.facts, ruled)


def _locked(signal: SignalRow, facts: Any, ruled: Ruled | None) -> Shift:
    if not facts.get("flag"):
        return Shift(gettext("Locked by a rule"), "", "", gettext("Nothing is due"))
    told = flag_words(facts["flag"])
    return Shift(told, "", "", gettext("Told to stop and where to get help"))


def flag_words(flag: str) -> str:
    """A red flag in the words that the patient read."""
    known = {each["key"]: each["text"] for each in red_flags(get_language() or "en")}
    said = known.get(flag, flag)
    return said[:1].upper() + said[1:]


def _flared(signal: SignalRow, facts: Any, ruled: Ruled | None) -> Shift:
    if ruled and ruled.outcome == "changed":
        before, after = _both(signal, ruled)
        return Shift(before, after, "", gettext("Lowered by itself, and the patient was told"))
    return Shift(gettext("Same dose"), "", "", gettext("Held by itself until it settles"))


def _ready(signal: SignalRow, facts: Any, ruled: Ruled | None) -> Shift:
    if ruled is None:
        return Shift("", "", "", "")
    before, after = _both(signal, ruled)
    doses = f"{dose_words(ruled.before.dose)} → {dose_words(ruled.after.dose)}"
    band = band_class(ruled.after.dose.band)
    return Shift(before, after, band, f"{side_words(ruled.side)}, {doses}")


def _both(signal: SignalRow, ruled: Ruled) -> tuple[str, str]:
    """The step before and after; the doses where the step stays."""
    owner, before, after = ruled.prescription, ruled.before, ruled.after
    if before.step == after.step:
        return dose_words(before.dose), dose_words(after.dose)
    return signal.names.get((owner, before.step), ""), signal.names.get((owner, after.step), "")


def _stuck(signal: SignalRow, facts: Any, ruled: Ruled | None) -> Shift:
    day = _short_day(facts.get("last_rise_on"))
    return Shift(gettext("No rise since %(day)s") % {"day": day}, "", "", _last_reason(ruled))


def _silent(signal: SignalRow, facts: Any, ruled: Ruled | None) -> Shift:
    last = facts.get("last_session_on")
    said = gettext("Last session %(day)s") % {"day": _short_day(last)}
    return Shift(
        said if last else gettext("No session yet"), "", "", gettext("Two due sessions missed")
    )


def _unclear(signal: SignalRow, facts: Any, ruled: Ruled | None) -> Shift:
    effort = facts.get("effort")
    done = (
        gettext("Set %(number)s: %(reps)s reps") % facts
        if effort is None
        else gettext("Set %(number)s: effort %(effort)s of 10") % facts
    )
    return Shift(done, "", "", gettext("The table has no row for this, so the load stayed"))


def _unread(signal: SignalRow, facts: Any, ruled: Ruled | None) -> Shift:
    count = facts.get("messages", 1)
    said = ngettext("%(count)s message", "%(count)s messages", count) % {"count": count}
    return Shift(said, "", "", gettext("Opening it marks it as read for the team"))


def _handed(signal: SignalRow, facts: Any, ruled: Ruled | None) -> Shift:
    said = gettext("From %(name)s") % {"name": facts["by"]}
    return Shift(said, "", "", facts["note"] or gettext("Opening it takes it out of the queue"))


def _left(signal: SignalRow, facts: Any, ruled: Ruled | None) -> Shift:
    ended = gettext("Access, reminders and consent have ended")
    return Shift(gettext("The program waits"), "", "", ended)


def _corrected(signal: SignalRow, facts: Any, ruled: Ruled | None) -> Shift:
    said = gettext("The log of %(day)s was put right") % {"day": _short_day(facts.get("on"))}
    return Shift(said, "", "", gettext("Judged anew from then on"))


def _revision(signal: SignalRow, facts: Any, ruled: Ruled | None) -> Shift:
    count = facts.get("exercises", 1)
    said = ngettext("%(count)s exercise", "%(count)s exercises", count) % {"count": count}
    return Shift(said, "", "", gettext("The program keeps its own text until you take the new one"))


def _undelivered(signal: SignalRow, facts: Any, ruled: Ruled | None) -> Shift:
    told = {"day": _short_day(facts.get("on"))}
    said = gettext("Not delivered on %(day)s") % told
    return Shift(said, "", "", gettext("Check the address with them"))


def _short_day(text: str | None) -> str:
    return day_words(date.fromisoformat(text)) if text else NOTHING


def _last_reason(ruled: Ruled | None) -> str:
    return ruled.title if ruled else ""


def _adjust(proposal: LatestRow | None) -> str:
    """The form of the dose of the side that a rule would change; empty where none would."""
    if proposal is None:
        return ""
    return reverse("programs:dose-change", args=[proposal.prescription, proposal.side])


def _answer(word: str, proposal: LatestRow | None) -> str:
    """Where a yes or a no is posted; empty where nothing is asked."""
    return address(f"programs:decision-{word}", proposal.id) if proposal else ""


def other_side(now: list[DoseRow], names: StepNames, ruled: Ruled) -> str:
    """The other leg stays where it is."""
    mine, side = ruled.prescription, ruled.side
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
