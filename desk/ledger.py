"""Decisions that were made, in words: what, from what to what, why, by whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, gettext_noop

from desk.evidence import Ruled, passed_over
from desk.presenters import DayOfDecisions, Made, address
from desk.rows import DecisionRow, StepNames, rules_of
from programs.decisions.reading import Told as Training
from programs.models import Answer, Decision, DoseVersion, Program
from programs.tables import facts
from programs.wording import day_words, dose_words, side_words

Kind = Decision.Kind
ORDER = ("lock", "down", "you", "up", "hold")
TITLES = {
    "up": gettext_noop("More"),
    "down": gettext_noop("Less"),
    "lock": gettext_noop("Locked"),
    "hold": gettext_noop("Held"),
}


def ledger(
    program: Program,
    decisions: Sequence[DecisionRow],
    names: StepNames,
    sessions: Mapping[str, Training],
) -> tuple[Made, ...]:
    """Every decision, newest first; open proposals are shown elsewhere."""
    zone = ZoneInfo(program.patient.time_zone)
    undoable = _undoable(program, decisions)
    made: list[Made] = []
    for legs in _together([each for each in decisions if not is_open(each)], names):
        undo = any(each.id in undoable for each in legs)
        made.append(_made(legs, program, names, zone, sessions, undo=undo))
    return tuple(made)


def is_open(decision: DecisionRow) -> bool:
    """A proposal that nobody has answered and nothing has overtaken."""
    return decision.approval == Decision.Approval.PROPOSE and not decision.answer


def _together(decisions: Sequence[DecisionRow], names: StepNames) -> list[list[DecisionRow]]:
    """Both legs that did the same at the same moment are told as one."""
    found: dict[tuple[object, ...], list[DecisionRow]] = {}
    for each in decisions:
        after = each.after
        same = (each.at, each.prescription, each.kind, mark_kind(each), each.reason)
        doses = (version_words(each.before, names), after and version_words(after, names))
        found.setdefault((*same, *doses, each.answer), []).append(each)
    return list(found.values())


def _undoable(program: Program, decisions: Sequence[DecisionRow]) -> set[UUID]:
    """The decision that made each side's dose what it is, while the program runs."""
    if program.status != Program.Status.ACTIVE:
        return set()
    latest: dict[tuple[UUID, str], UUID] = {}
    for each in decisions:
        if each.after:
            latest.setdefault((each.prescription, each.side), each.id)
    return set(latest.values())


def _made(
    legs: Sequence[DecisionRow],
    program: Program,
    names: StepNames,
    zone: ZoneInfo,
    sessions: Mapping[str, Training],
    *,
    undo: bool,
) -> Made:
    decision = legs[0]
    ruled = Ruled(decision.prescription, decision.trace, rules_of(program))
    after = decision.after
    kind = mark_kind(decision)
    side = "both" if len(legs) > 1 else decision.side
    day = decision.at.astimezone(zone).date()
    reason = decision.reason or ruled.sentence
    logs, also = _logs(ruled, decision.side, sessions), _also(ruled)
    by = _by(decision, told=bool(after))
    return Made(
        key=str(decision.id),
        day=day,
        day_words=day_words(day),
        kind=kind,
        title=f"{_title(decision, kind)}, {side_words(side)}",
        before=version_words(decision.before, names),
        after=version_words(after, names) if after else "",
        by=by,
        reason=reason,
        said=f"{reason} {logs} {also}",
        facts=facts(_facts(reason, logs, also, by)),
        undo_url=address("programs:decision-undo", decision.id) if undo else "",
        run=f"{decision.prescription} {side}" if _is_overtaken(decision) else "",
    )


def folded(made: Sequence[Made]) -> tuple[Made, ...]:
    """A run of overtaken proposals of one side as one line: the newest, and how many they were.

    Whatever else was decided in between ends every run.
    """
    lines: list[list[Made]] = []
    running: dict[str, list[Made]] = {}
    for each in made:
        if each.run in running:
            running[each.run].append(each)
            continue
        lines.append([each])
        running = running | {each.run: lines[-1]} if each.run else {}
    return tuple(_one_line(line) for line in lines)


def _one_line(line: Sequence[Made]) -> Made:
    if len(line) == 1:
        return line[0]
    told = {"title": line[0].title, "times": len(line)}
    return replace(line[0], title=gettext("%(title)s, %(times)s times") % told)


def _is_overtaken(decision: DecisionRow) -> bool:
    return decision.answer == Answer.Kind.SUPERSEDED


def _facts(reason: str, logs: str, also: str, by: str) -> Iterable[tuple[str, str]]:
    """Why, on which logs, what else was looked at, and who decided."""
    yield gettext("Why"), reason
    if logs:
        yield gettext("Logs"), logs
    if also:
        yield gettext("Also"), also
    yield gettext("By"), by


def version_words(version: DoseVersion, names: StepNames) -> str:
    """A stored dose and its step: 2 × 8, Full lift."""
    step = names.get((version.prescription_id, version.step), "")
    return f"{dose_words(version)}, {step}"


def mark_kind(decision: DecisionRow) -> str:
    """up, down, hold, lock or you: which sign stands for it."""
    if decision.kind == Kind.STOP:
        return "lock"
    if decision.kind in (Kind.OVERRIDE, Kind.UNDO):
        return "you"
    if after := decision.after:
        return "up" if _rank(after) > _rank(decision.before) else "down"
    return "hold"


def _rank(dose: DoseVersion) -> tuple[float, ...]:
    load = float(dose.load_kg or 0)
    return (dose.step, load, dose.band_level or 0, dose.sets, dose.reps, dose.hold_s)


def _title(decision: DecisionRow, kind: str) -> str:
    if decision.answer not in ("", Answer.Kind.ACCEPTED):
        refused = decision.answer == Answer.Kind.REFUSED
        return gettext("Proposal refused") if refused else gettext("Proposal overtaken")
    if decision.kind in (Kind.OVERRIDE, Kind.UNDO):
        by_hand = decision.kind == Kind.OVERRIDE
        return gettext("Changed by hand") if by_hand else gettext("Taken back")
    after = decision.after
    if after and after.step != decision.before.step:
        return gettext("Stepped up") if kind == "up" else gettext("Stepped down")
    return gettext(TITLES[kind])


def _by(decision: DecisionRow, *, told: bool) -> str:
    """Who decided, and whether the patient heard of it."""
    who = _who(decision)
    return f"{who}, {gettext('the patient was told')}" if told else who


def _who(decision: DecisionRow) -> str:
    if decision.answered_by:
        said = str(Answer.Kind(decision.answer).label)
        named = {"said": said, "name": decision.answered_by}
        return gettext("rule; %(said)s by %(name)s") % named
    return decision.by or gettext("rule, automatic")


def _logs(ruled: Ruled, side: str, sessions: Mapping[str, Training]) -> str:
    """The session that it rests on: its day, reps, pain, morning."""
    session = sessions.get(ruled.last_session or "")
    if session is None:
        return ""
    reps = [row["reps"] for row in session.sets if row["side"] in (side, "both")]
    said = [gettext("%(reps)s reps") % {"reps": ", ".join(map(str, reps))}] if reps else []
    pains = [row["pain"] for row in session.pains]
    if pains:
        said.append(gettext("pain %(pain)s") % {"pain": pains[-1]})
    return f"{day_words(session.session.local_date)}: {', '.join(said)}."


def _also(ruled: Ruled) -> str:
    return " ".join(
        gettext("“%(rule)s” too, but %(why)s.") % {"rule": each.title, "why": each.why}
        for each in passed_over(ruled)
    )


def days_of(made: Iterable[Made]) -> tuple[DayOfDecisions, ...]:
    """One marker a day. Of a row of days that only held, the first is marked."""
    by_day: dict[date, list[Made]] = {}
    for each in sorted(made, key=lambda one: one.day):
        by_day.setdefault(each.day, []).append(each)
    found, held = [], False
    for day, decisions in by_day.items():
        only_held = all(each.kind == "hold" for each in decisions)
        if not (only_held and held):
            found.append(_day(day, decisions))
        held = only_held
    return tuple(found)


def _day(day: date, decisions: list[Made]) -> DayOfDecisions:
    titles = "; ".join(each.title for each in decisions)
    label = f"{day_words(day)}: {titles}"
    return DayOfDecisions(f"day-{day.isoformat()}", label, tuple(decisions))


def day_kind(day: DayOfDecisions) -> str:
    """The most important kind of the day."""
    return min((each.kind for each in day.made), key=ORDER.index)
