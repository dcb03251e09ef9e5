"""Who needs a decision: the queue's rows, the most urgent group first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from desk import lines
from desk.evidence import NOTHING, Ruled, evidence, morning_of, reps_of
from desk.people import current_step
from desk.presenters import Cell, Group, Row, Shift, Step, Tab, address, columns
from desk.queries import Place
from desk.rows import DoseRow, LatestRow, Queue, SignalRow, StepNames, ToldRow
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
    "unread": (_("Unread"), _("They wrote, and nobody of the team has read it.")),
    "left": (_("Left"), _("They stopped using Flexion. End the program, or resume it on paper.")),
}


_PAGES = {"unread": "programs:patient-messages"}  # where a row leads, if not to the story


class Labels(NamedTuple):
    """What every row says again: looked up once a page."""

    reps: str
    pain: str
    morning: str
    spark: str


@dataclass(frozen=True)
class Found:
    """Everything that a page of the queue is made of, read once."""

    queue: Queue
    told: Mapping[UUID, ToldRow]
    names: StepNames
    now: datetime
    pain_limit: int

    @cached_property
    def labels(self) -> Labels:
        return Labels(
            gettext("reps, last"),
            gettext("pain"),
            gettext("morning"),
            gettext("Dose and pain of the last six weeks"),
        )


def groups(found: Found, token: str) -> tuple[Group, ...]:
    """The groups that hold a row of this page; their counts are of the whole queue."""
    rows = [row for signal in found.queue.rows for row in _rows(found, signal)]
    made = []
    for kind, (label, meaning) in KINDS.items():
        if mine := tuple(row for row in rows if row.kind == kind):
            count = found.queue.counts[kind]
            written = lines.queue(mine, token)
            made.append(Group(kind, str(label), str(meaning), count, mine, written))
    return tuple(made)


def tabs(counts: Mapping[str, int], only: str) -> tuple[Tab, ...]:
    """All, and one for each kind that holds a row."""
    if not counts:
        return ()
    page = reverse("desk:caseload")
    total = Tab(gettext("All"), sum(counts.values()), page, not only)
    kinds = [(kind, str(label)) for kind, (label, _meaning) in KINDS.items() if kind in counts]
    return (
        total,
        *(Tab(label, counts[kind], f"{page}?kind={kind}", kind == only) for kind, label in kinds),
    )


def next_url(queue: Queue, only: str) -> str:
    """Where the queue goes on; empty at its end."""
    if not queue.more:
        return ""
    last = queue.rows[-1]
    after = Place(tuple(KINDS).index(last.kind) + 1, last.since, last.id)
    told = {"kind": only, "after": str(after)} if only else {"after": str(after)}
    return f"{reverse('desk:caseload')}?{urlencode(told)}"


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
    decisions = found.told[signal.program.id].decisions
    if signal.kind != Signal.Kind.READY:
        return [_row(found, signal, _lowest(decisions), None)]
    return [_row(found, signal, each, each) for each in decisions if each.open]


def _lowest(decisions: list[LatestRow]) -> LatestRow | None:
    """The side that moved last."""
    return max(decisions, key=lambda each: datetime.fromisoformat(each.at), default=None)


def _row(
    found: Found, signal: SignalRow, decision: LatestRow | None, proposal: LatestRow | None
) -> Row:
    program, patient, labels = signal.program, signal.patient, found.labels
    ruled = _ruled(decision, signal) if decision else None
    told = found.told[program.id]
    side = decision.side if decision else "left"
    other = other_side(told.doses, found.names, ruled) if ruled and proposal else ""
    today = local_day(found.now, patient.time_zone)
    return Row(
        key=proposal.id if proposal else str(signal.id),
        kind=signal.kind,
        name=patient.name,
        url=address(_PAGES.get(signal.kind, "desk:patient-detail"), patient.id),
        detail=_detail(signal, today),
        step=_step(found, told.doses, side) or Step("", ""),
        numbers=columns((_reps(ruled, labels), _pain(told, found), _morning(ruled, labels))),
        spark=_spark(found, signal, today, side),
        change=_change(found, signal, ruled),
        open_words=gettext("Open %(name)s's page") % {"name": patient.name},
        accept_url=_answer("accept", proposal),
        refuse_url=_answer("refuse", proposal),
        evidence=evidence(ruled, found.names, other) if ruled and proposal else None,
    )


def _spark(found: Found, signal: SignalRow, today: date, side: str) -> SafeString:
    program, told = signal.program, found.told[signal.program.id]
    plan = plan_of(program, program.closed)
    return spark(
        told.past,
        told.trained,
        plan,
        today,
        side=side,
        pain_limit=found.pain_limit,
        label=found.labels.spark,
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
    return current_step([row for row in doses if row.side == side], found.names)


def _reps(ruled: Ruled | None, labels: Labels) -> Cell:
    reps = reps_of(ruled.sessions[-1], ruled.side) if ruled and ruled.sessions else ""
    return Cell(reps or NOTHING, labels.reps)


def _pain(told: ToldRow, found: Found) -> Cell:
    pain = next((one.pain for one in reversed(told.trained) if one.pain is not None), None)
    if pain is None:
        return Cell(NOTHING, found.labels.pain)
    return Cell(str(pain), found.labels.pain, "bad" if pain > found.pain_limit else "")


def _morning(ruled: Ruled | None, labels: Labels) -> Cell:
    sessions = ruled.sessions if ruled else ()
    mornings = (morning_of(one) for one in reversed(sessions))
    told = next((morning for morning in mornings if morning), NOTHING)
    tone = "caution" if sessions and sessions[-1].get("morning") == "worse" else ""
    return Cell(told, labels.morning, tone)


def _ruled(decision: LatestRow, signal: SignalRow) -> Ruled:
    return Ruled(decision.prescription, decision.trace, signal.rules, decision.known)


def _change(found: Found, signal: SignalRow, ruled: Ruled | None) -> Shift:
    """What changes or changed."""
    return {
        "locked": _locked,
        "flare": _flared,
        "ready": _ready,
        "stuck": _stuck,
        "silent": _silent,
        "unclear": _unclear,
        "unread": _unread,
        "left": _left,
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
    if ruled and ruled.outcome == "changed":
        before, after = _both(found, ruled)
        return Shift(before, after, "", gettext("Lowered by itself, and the patient was told"))
    return Shift(gettext("Same dose"), "", "", gettext("Held by itself until it settles"))


def _ready(found: Found, facts: Any, ruled: Ruled | None) -> Shift:
    if ruled is None:
        return Shift("", "", "", "")
    before, after = _both(found, ruled)
    doses = f"{dose_words(ruled.before.dose)} → {dose_words(ruled.after.dose)}"
    band = band_class(ruled.after.dose.band)
    return Shift(before, after, band, f"{side_words(ruled.side)}, {doses}")


def _both(found: Found, ruled: Ruled) -> tuple[str, str]:
    """The step before and after; the doses where the step stays."""
    owner, before, after = ruled.prescription, ruled.before, ruled.after
    if before.step == after.step:
        return dose_words(before.dose), dose_words(after.dose)
    return found.names.get((owner, before.step), ""), found.names.get((owner, after.step), "")


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


def _unread(found: Found, facts: Any, ruled: Ruled | None) -> Shift:
    count = facts.get("messages", 1)
    said = ngettext("%(count)s message", "%(count)s messages", count) % {"count": count}
    return Shift(said, "", "", gettext("Opening it marks it as read for the team"))


def _left(found: Found, facts: Any, ruled: Ruled | None) -> Shift:
    ended = gettext("Access, reminders and consent have ended")
    return Shift(gettext("The program waits"), "", "", ended)


def _short_day(text: str | None) -> str:
    return day_words(date.fromisoformat(text)) if text else NOTHING


def _last_reason(ruled: Ruled | None) -> str:
    return ruled.title if ruled else ""


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
