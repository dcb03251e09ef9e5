"""Why a decision was made, read back from its own trace and snapshot: nothing is asked again.

Of the stored JSON only what is shown is read, and as it stands: a field that is absent has the
default of programs.progression.types.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from html import escape
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_noop, ngettext

from desk.presenters import Evidence, Passed
from desk.rows import Rules, StepNames
from programs.prescribing.sentences import rule_pieces, rule_title, rule_words, source_words
from programs.progression.types import Dose
from programs.tables import Row, table
from programs.wording import day_words, dose_words, side_words

SHOWN_LOGS = 4
KEPT = 512  # what is said of a rule, kept a process
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


class State(NamedTuple):
    """One side's place on the ladder, and its dose."""

    step: int
    dose: Dose

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "State":
        return cls(told["step"], Dose(**told["dose"]))


@dataclass(frozen=True)
class Ruled:
    """A stored decision with the rules it was made by.

    `trace` is its side as stored; `known` are the newest sessions that it was made on, the oldest
    first, where they are wanted; none if by hand.
    """

    prescription: UUID | str
    trace: Mapping[str, Any]
    rules: Rules
    known: Sequence[Mapping[str, Any]] = ()

    @property
    def side(self) -> str:
        return str(self.trace["side"])

    @property
    def outcome(self) -> str:
        return str(self.trace["outcome"])

    @cached_property
    def before(self) -> State:
        return State.read(self.trace["before"])

    @cached_property
    def after(self) -> State:
        return State.read(self.trace["after"])

    @property
    def rule(self) -> str | None:
        """The rule that decided, if any."""
        return self.trace.get("rule")

    @property
    def last_session(self) -> str | None:
        return self.trace.get("last_session")

    @property
    def sessions(self) -> Sequence[Mapping[str, Any]]:
        return self.known[-SHOWN_LOGS:]

    @property
    def title(self) -> str:
        return title_of(self.rules, self.rule) if self.rule else ""

    @property
    def sentence(self) -> str:
        """The rule that decided, in words; what was missing, where nothing fired."""
        if self.rule:
            return _words_of(self.rules, self.rule, get_language())
        return ", ".join(missing_words(each["fact"]) for each in self.trace.get("missing", ()))

    @property
    def counted(self) -> set[str]:
        """Ids of the sessions that the deciding rule read."""
        fired = [each for each in self.trace.get("fired", ()) if each["rule"] == self.rule]
        read = [one["session"] for each in fired for one in each.get("evidence", ())]
        return {session for session in read if session}


class Said(NamedTuple):
    """What is said of a rule wherever it proposes."""

    rule: str
    sentence: SafeString
    source: str
    limit: str


class Labels(NamedTuple):
    """The heads of the logs; the mark of those that counted."""

    reps: str
    during: str
    after: str
    morning: str
    effort: str
    counted: str


def evidence(ruled: Ruled, names: StepNames, other: str) -> Evidence:
    """All that stands in the opened row of a proposal."""
    said = _said(ruled.rules, ruled.rule, get_language())
    return Evidence(
        rule=said.rule,
        sentence=said.sentence,
        source=said.source,
        passed=tuple(passed_over(ruled)),
        side=side_words(ruled.side).capitalize(),
        logs=_logs(ruled),
        note=_since(ruled),
        after=state_words(ruled.prescription, ruled.after, names),
        other_side=other,
        limit=said.limit,
    )


@lru_cache(maxsize=KEPT)
def _said(rules: Rules, rule: str | None, _language: str | None) -> Said:
    title = rule_title(rules.body, rule) if rule else ""
    return Said(
        rule=gettext("Rule “%(name)s”: proposes, you decide") % {"name": title},
        sentence=sentence(rules.body, rule),
        source=source_words(rules.body),
        limit=_limit(rules.body),
    )


def title_of(rules: Rules, rule: str) -> str:
    """The short name of a rule; looked up once a process and language."""
    return _title_of(rules, rule, get_language())


@lru_cache(maxsize=KEPT)
def _words_of(rules: Rules, rule: str, _language: str | None) -> str:
    return rule_words(rules.body, rule)


@lru_cache(maxsize=KEPT)
def _title_of(rules: Rules, rule: str, _language: str | None) -> str:
    return rule_title(rules.body, rule)


def sentence(ruleset: Mapping[str, Any], rule: str | None) -> SafeString:
    """A rule in words; the numbers that it compares stand out."""
    pieces = rule_pieces(ruleset, rule) if rule else []
    said = (f"<em>{escape(p.text)}</em>" if p.number else escape(p.text) for p in pieces)
    return mark_safe("".join(said))  # noqa: S308 (escaped)


def state_words(prescription: UUID | str, state: State, names: StepNames) -> str:
    """A dose and its step: 2 × 8, Full lift."""
    name = names.get((prescription, state.step), "")
    return f"{dose_words(state.dose)}, {name}"


def passed_over(ruled: Ruled) -> Iterable[Passed]:
    """Rules that would have left the dose higher, each with its reason."""
    for each in ruled.trace.get("suppressed", ()):
        yield Passed(title_of(ruled.rules, each["rule"]), why_not(each["reason"]))


def why_not(reason: str) -> str:
    """Why a rule did not win, in words."""
    return gettext(NOT_BECAUSE.get(reason, reason.replace("_", " ")))


def missing_words(fact: str) -> str:
    """A fact that nobody gave, in words."""
    return gettext(MISSING.get(fact, NOT_BECAUSE["unknown"]))


def _logs(ruled: Ruled) -> SafeString:
    """The last sessions of that side, newest first."""
    side, counted, labels = ruled.side, ruled.counted, _labels(get_language())
    heads = (side_words(side).capitalize(), *labels[:-1])
    rows = [
        _log(each, side, labels.counted if each["id"] in counted else "")
        for each in reversed(ruled.sessions)
    ]
    return table("numbers", heads, rows)


@lru_cache(maxsize=16)
def _labels(_language: str | None) -> Labels:
    return Labels(
        gettext("reps"),
        gettext("during"),
        gettext("after"),
        gettext("morning"),
        gettext("effort"),
        gettext("counted"),
    )


def _log(session: Mapping[str, Any], side: str, counted: str) -> Row:
    """One session; marked if the decision rests on it."""
    during, after = pains_of(session, side)
    cells = (
        reps_of(session, side) or NOTHING,
        _number(during),
        _number(after),
        morning_of(session) or NOTHING,
        _number(session.get("effort")),
    )
    day = day_words(date.fromisoformat(session["local_date"]))
    return Row(day, cells, "fired" if counted else "", counted)


def reps_of(session: Mapping[str, Any], side: str) -> str:
    """The reps of a side's sets: 12, 12, 10."""
    sets = [each for each in session.get("sets", ()) if each["side"] in (side, "both")]
    return ", ".join(NOTHING if each["reps"] is None else str(each["reps"]) for each in sets)


def pains_of(session: Mapping[str, Any], side: str) -> tuple[int | None, int | None]:
    """Highest pain during and after, of that side or of no side in particular."""
    pains = session.get("pains", ())
    mine = [each for each in pains if each.get("side") in (side, None, "both")]
    during = [each["during"] for each in mine if each.get("during") is not None]
    after = [each["after"] for each in mine if each.get("after") is not None]
    return max(during, default=None), max(after, default=None)


def morning_of(session: Mapping[str, Any]) -> str:
    """The next morning: its pain if given, else the word; empty if nobody answered."""
    if session.get("morning_pain") is not None:
        return str(session["morning_pain"])
    return feel_words(session["morning"]) if session.get("morning") else ""


def feel_words(feel: str) -> str:
    return gettext(FEELS[feel])


def _since(ruled: Ruled) -> str:
    start = datetime.fromisoformat(ruled.trace["before"]["epoch"]["at"])
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
