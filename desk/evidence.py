"""Why a decision was made, read back from its own trace and snapshot: nothing is asked again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from desk.presenters import Evidence, LogRow, Part, Passed
from programs.models import Decision
from programs.prescribing.sentences import rule_pieces, rule_title, rule_words, source_words
from programs.progression import SessionFact, SideDecision, SideState, from_json
from programs.wording import dose_words, side_words

SHOWN_LOGS = 4
NOTHING = "–"
StepNames = Mapping[tuple[UUID, int], str]


@dataclass(frozen=True)
class Ruled:
    """A stored decision with the rules it was made by."""

    decision: Decision
    ruleset: Mapping[str, Any]

    @cached_property
    def side(self) -> SideDecision:
        return from_json(SideDecision, self.decision.trace["side"])

    @cached_property
    def sessions(self) -> tuple[SessionFact, ...]:
        """The newest that were known when it was decided, oldest first; none if by hand."""
        known = self.decision.snapshot.get("history", {}).get("sessions", [])
        return tuple(from_json(SessionFact, each) for each in known[-SHOWN_LOGS:])

    @property
    def title(self) -> str:
        return rule_title(self.ruleset, self.side.rule) if self.side.rule else ""

    @property
    def sentence(self) -> str:
        """The rule that decided, in words; what was missing, where nothing fired."""
        if self.side.rule:
            return rule_words(self.ruleset, self.side.rule)
        return ", ".join(missing_words(each.fact) for each in self.side.missing)

    @property
    def counted(self) -> set[str]:
        """Ids of the sessions that the deciding rule read."""
        fired = [each for each in self.side.fired if each.rule == self.side.rule]
        return {one.session for each in fired for one in each.evidence if one.session}


def evidence(ruled: Ruled, names: StepNames, other: str) -> Evidence:
    """All that stands in the opened row of a proposal."""
    ruleset, side = ruled.ruleset, ruled.side
    return Evidence(
        rule=gettext("Rule “%(name)s”: proposes, you decide") % {"name": ruled.title},
        sentence=tuple(sentence_parts(ruleset, side.rule)),
        source=source_words(ruleset),
        passed=tuple(passed_over(ruled)),
        side=side_words(side.side).capitalize(),
        logs=tuple(log_rows(ruled)),
        note=_since(ruled),
        after=state_words(ruled.decision, side.after, names),
        other_side=other,
        limit=_limit(ruleset),
    )


def sentence_parts(ruleset: Mapping[str, Any], rule: str | None) -> Iterable[Part]:
    for piece in rule_pieces(ruleset, rule) if rule else []:
        yield Part(piece.text, fact=bool(piece.number))


def state_words(decision: Decision, state: SideState, names: StepNames) -> str:
    """A dose and its step: 2 × 8, Full lift."""
    name = names.get((decision.prescription_id, state.step), "")
    return f"{dose_words(state.dose)}, {name}"


def passed_over(ruled: Ruled) -> Iterable[Passed]:
    """Rules that would have left the dose higher, each with its reason."""
    for each in ruled.side.suppressed:
        yield Passed(rule_title(ruled.ruleset, each.rule), why_not(each.reason))


def why_not(reason: str) -> str:
    """Why a rule did not win, in words."""
    return {
        "lower_wins": gettext("a more careful rule wins"),
        "unknown": gettext("an answer is missing"),
        "too_soon": gettext("too soon after the last rise"),
        "pain_limit": gettext("pain above the clinic's limit"),
        "resisted_date": gettext("resisted steps are not allowed yet"),
        "cool_down": gettext("it fired not long ago"),
        "no_equipment": gettext("the equipment is not owned"),
        "ladder_top": gettext("already on the last step"),
        "ladder_bottom": gettext("already on the first step"),
        "other_side": gettext("the other leg went down"),
    }.get(reason, reason.replace("_", " "))


def missing_words(fact: str) -> str:
    """A fact that nobody gave, in words."""
    return {
        "morning_rise": gettext("the next morning's answer is missing"),
        "pain": gettext("the pain is missing"),
        "effort": gettext("the effort is missing"),
    }.get(fact, gettext("an answer is missing"))


def log_rows(ruled: Ruled) -> Iterable[LogRow]:
    """The last sessions of that side, newest first."""
    counted = ruled.counted
    for session in ruled.sessions[: -SHOWN_LOGS - 1 : -1]:
        yield _log_row(session, ruled.side.side, fired=session.id in counted)


def _log_row(session: SessionFact, side: str, *, fired: bool) -> LogRow:
    during, after = pains_of(session, side)
    return LogRow(
        day=session.local_date,
        reps=reps_of(session, side) or NOTHING,
        during=_number(during),
        after=_number(after),
        morning=morning_of(session) or NOTHING,
        effort=_number(session.effort),
        fired=fired,
    )


def reps_of(session: SessionFact, side: str) -> str:
    """The reps of a side's sets: 12, 12, 10."""
    sets = [each for each in session.sets if each.side in (side, "both")]
    return ", ".join(NOTHING if each.reps is None else str(each.reps) for each in sets)


def pains_of(session: SessionFact, side: str) -> tuple[int | None, int | None]:
    """Highest pain during and after, of that side or of no side in particular."""
    mine = [each for each in session.pains if each.side in (side, None, "both")]
    during = [each.during for each in mine if each.during is not None]
    after = [each.after for each in mine if each.after is not None]
    return max(during, default=None), max(after, default=None)


def morning_of(session: SessionFact) -> str:
    """The next morning: its pain if given, else the word; empty if nobody answered."""
    if session.morning_pain is not None:
        return str(session.morning_pain)
    return feel_words(session.morning) if session.morning else ""


def feel_words(feel: str) -> str:
    return {"better": gettext("better"), "same": gettext("same"), "worse": gettext("worse")}[feel]


def logs_in_words(ruled: Ruled) -> str:
    """The last session that the decision saw: Wed 4 Nov: 12, 10, 7 reps, pain 6."""
    if not ruled.sessions:
        return ""
    session = ruled.sessions[-1]
    during, _after = pains_of(session, ruled.side.side)
    said = [gettext("%(reps)s reps") % {"reps": reps_of(session, ruled.side.side)}]
    if during is not None:
        said.append(gettext("pain %(pain)s") % {"pain": during})
    if morning := morning_of(session):
        said.append(gettext("morning %(morning)s") % {"morning": morning})
    return f"{date_format(session.local_date, 'SHORT_DAY')}: {', '.join(said)}."


def _since(ruled: Ruled) -> str:
    start = ruled.side.before.epoch.at
    return gettext("Counting began %(day)s, when the dose last changed.") % {
        "day": date_format(start.date(), "SHORT_DAY")
    }


def _limit(ruleset: Mapping[str, Any]) -> str:
    days = ruleset.get("parameters", {}).get("progress_every_days", {}).get("value")
    if not days:
        return ""
    return ngettext("one rise in %(days)s day", "one rise in %(days)s days", days) % {"days": days}


def _number(value: int | None) -> str:
    return NOTHING if value is None else str(value)
