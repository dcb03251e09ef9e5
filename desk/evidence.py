"""Why a decision was made, read back from its own trace and snapshot: nothing is asked again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_noop, ngettext

from desk.presenters import Evidence, Passed
from desk.rows import StepNames
from programs.prescribing.sentences import rule_pieces, rule_title, rule_words, source_words
from programs.progression import SessionFact, SideDecision, SideState, from_json
from programs.progression.types import Suppressed
from programs.tables import Row, table
from programs.wording import day_words, dose_words, side_words

SHOWN_LOGS = 4
NOTHING = "–"
FEELS = {
    "better": gettext_noop("better"),
    "same": gettext_noop("same"),
    "worse": gettext_noop("worse"),
}
MISSING = {
    "morning_rise": gettext_noop("the next morning's answer is missing"),
    "pain": gettext_noop("the pain is missing"),
    "effort": gettext_noop("the effort is missing"),
}
NOT_BECAUSE = {
    "lower_wins": gettext_noop("a more careful rule wins"),
    "unknown": gettext_noop("an answer is missing"),
    "too_soon": gettext_noop("too soon after the last rise"),
    "pain_limit": gettext_noop("pain above the clinic's limit"),
    "resisted_date": gettext_noop("resisted steps are not allowed yet"),
    "cool_down": gettext_noop("it fired not long ago"),
    "no_equipment": gettext_noop("the equipment is not owned"),
    "ladder_top": gettext_noop("already on the last step"),
    "ladder_bottom": gettext_noop("already on the first step"),
    "other_side": gettext_noop("the other leg went down"),
}


@dataclass(frozen=True)
class Ruled:
    """A stored decision with the rules it was made by.

    `trace` is its side as stored; `known` are the newest sessions that it was made on, the oldest
    first, where they are wanted.
    """

    prescription: UUID
    trace: Mapping[str, Any]
    ruleset: Mapping[str, Any]
    known: Sequence[Mapping[str, Any]] = ()

    @cached_property
    def side(self) -> SideDecision:
        """All of it; the properties below read their part of a long list of decisions alone."""
        return from_json(SideDecision, dict(self.trace))

    @property
    def rule(self) -> str | None:
        """The rule that decided, if any."""
        return self.trace.get("rule")

    @property
    def last_session(self) -> str | None:
        return self.trace.get("last_session")

    @cached_property
    def suppressed(self) -> tuple[Suppressed, ...]:
        return tuple(from_json(Suppressed, each) for each in self.trace.get("suppressed", ()))

    @cached_property
    def sessions(self) -> tuple[SessionFact, ...]:
        """The newest that were known when it was decided, oldest first; none if by hand."""
        return tuple(from_json(SessionFact, dict(each)) for each in self.known[-SHOWN_LOGS:])

    @property
    def title(self) -> str:
        return rule_title(self.ruleset, self.rule) if self.rule else ""

    @property
    def sentence(self) -> str:
        """The rule that decided, in words; what was missing, where nothing fired."""
        if self.rule:
            return rule_words(self.ruleset, self.rule)
        return ", ".join(missing_words(each["fact"]) for each in self.trace.get("missing", ()))

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
        sentence=sentence(ruleset, side.rule),
        source=source_words(ruleset),
        passed=tuple(passed_over(ruled)),
        side=side_words(side.side).capitalize(),
        logs=_logs(ruled),
        note=_since(ruled),
        after=state_words(ruled.prescription, side.after, names),
        other_side=other,
        limit=_limit(ruleset),
    )


def sentence(ruleset: Mapping[str, Any], rule: str | None) -> SafeString:
    """A rule in words; the numbers that it compares stand out."""
    pieces = rule_pieces(ruleset, rule) if rule else []
    said = (f"<em>{escape(p.text)}</em>" if p.number else escape(p.text) for p in pieces)
    return mark_safe("".join(said))  # noqa: S308 (escaped)


def state_words(prescription: UUID, state: SideState, names: StepNames) -> str:
    """A dose and its step: 2 × 8, Full lift."""
    name = names.get((prescription, state.step), "")
    return f"{dose_words(state.dose)}, {name}"


def passed_over(ruled: Ruled) -> Iterable[Passed]:
    """Rules that would have left the dose higher, each with its reason."""
    for each in ruled.suppressed:
        yield Passed(rule_title(ruled.ruleset, each.rule), why_not(each.reason))


def why_not(reason: str) -> str:
    """Why a rule did not win, in words."""
    return gettext(NOT_BECAUSE.get(reason, reason.replace("_", " ")))


def missing_words(fact: str) -> str:
    """A fact that nobody gave, in words."""
    return gettext(MISSING.get(fact, NOT_BECAUSE["unknown"]))


def _logs(ruled: Ruled) -> SafeString:
    """The last sessions of that side, newest first."""
    side, counted = ruled.side.side, ruled.counted
    heads = (
        side_words(side).capitalize(),
        gettext("reps"),
        gettext("during"),
        gettext("after"),
        gettext("morning"),
        gettext("effort"),
    )
    rows = (_log(each, side, fired=each.id in counted) for each in reversed(ruled.sessions))
    return table("numbers", heads, rows)


def _log(session: SessionFact, side: str, *, fired: bool) -> Row:
    """One session; marked if the decision rests on it."""
    during, after = pains_of(session, side)
    cells = (
        reps_of(session, side) or NOTHING,
        _number(during),
        _number(after),
        morning_of(session) or NOTHING,
        _number(session.effort),
    )
    day = day_words(session.local_date)
    return Row(day, cells, "fired", gettext("counted")) if fired else Row(day, cells)


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
    return gettext(FEELS[feel])


def _since(ruled: Ruled) -> str:
    start = ruled.side.before.epoch.at
    return gettext("Counting began %(day)s, when the dose last changed.") % {
        "day": day_words(start.date())
    }


def _limit(ruleset: Mapping[str, Any]) -> str:
    days = ruleset.get("parameters", {}).get("progress_every_days", {}).get("value")
    if not days:
        return ""
    return ngettext("one rise in %(days)s day", "one rise in %(days)s days", days) % {"days": days}


def _number(value: int | None) -> str:
    return NOTHING if value is None else str(value)
