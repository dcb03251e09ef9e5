"""The standing-curl default as plain ifs: what it costs to decide without a rule language.

The same inputs (state, history, instant, trigger), the same epochs, sides and ladder, and the same
doses and fired rules; no trace, no reasons, and no number that a clinician could change. Left out
is what the lives of the bench don't hold: corrections, and sets or pain of both legs at once.
"""

from datetime import date, datetime
from typing import NamedTuple

from bench.doses_by_hand import (
    REPS_BOTTOM,
    Place,
    good_dose,
    is_at_top,
    is_closed,
    less,
    more,
    order,
    step_down,
    step_up,
    with_reps,
)
from programs.progression.types import (
    Dose,
    History,
    SessionFact,
    SetFact,
    Side,
    SideState,
    State,
    Trigger,
)

PAIN_DOWN, PAIN_OK, SORE_SESSIONS, EFFORT_OK, GOOD_SESSIONS = 6, 3, 3, 7, 2
GAP_DAYS, LONG_GAP_DAYS, PROGRESS_EVERY_DAYS = 14, 28, 5
AFTER_SESSION = ("session.end", "check-in", "decision")
NEXT_MORNING = ("check-in", "decision")
GAPS = ("session.start", "day.tick")


class Given(NamedTuple):
    """What the rules come to for one side."""

    side: Side
    step: int
    dose: Dose
    outcome: str
    fired: set[str]


class Leg:
    """One side while it is worked out: where it would go down to, and where up."""

    __slots__ = ("down", "fired", "held", "own", "propose", "rule", "seen", "up")

    def __init__(self, own: SideState) -> None:
        self.own, self.fired = own, set[str]()
        self.down: Place | None = None
        self.up: Place | None = None
        self.rule, self.held, self.propose = "", False, False
        self.seen: list[SessionFact] = []

    @property
    def here(self) -> Place:
        return self.own.step, self.own.dose

    def lower(self, rule: str, to: Place) -> None:
        """A rule fired that wants the side here: the lowest counts, and never above the present."""
        self.fired.add(rule)
        to = self.here if order(to) > order(self.here) else to
        if self.down is None or order(to) < order(self.down):
            self.down = to

    def stay(self) -> None:
        """No rise, after all."""
        if self.up:
            self.fired.discard(self.rule)
            self.up = None


def decide_by_hand(
    state: State, history: History, now: datetime, trigger: Trigger
) -> tuple[Given, ...]:
    """The dose of each side, whether it waits for a person, and the rules that fired."""
    sides = [Leg(own) for own in state.sides]
    today = history.today or now.date()
    kept = "paused" if state.paused else "kept"
    if state.locked and not (state.locked_until and state.locked_until <= today):
        return tuple(_given(each, "locked") for each in sides)
    if _is_flagged(state, history):
        kept = "locked"
        for each in sides:
            each.lower("red_flag", each.here)
    if not state.paused:
        for each in sides:
            _judge(state, history, each, trigger, today)
        _settle(state, sides, today)
    return tuple(_given(each, kept) for each in sides)


def _given(side: Leg, kept: str) -> Given:
    own, to = side.own, side.up or side.down
    if to is None or to == (own.step, own.dose):
        return Given(own.side, own.step, own.dose, kept, side.fired)
    outcome = "proposed" if side.up and side.propose else "changed"
    return Given(own.side, *to, outcome, side.fired)


def _is_flagged(state: State, history: History) -> bool:
    since = state.cleared_at
    for session in history.sessions:
        if session.red_flags and (since is None or session.recorded_at > since):
            return True
    return any(since is None or flag.at > since for flag in history.red_flags)


def _judge(state: State, history: History, side: Leg, trigger: Trigger, today: date) -> None:
    own = side.own
    if trigger in GAPS:
        _judge_gap(state, history, side, today)
    if trigger not in AFTER_SESSION:
        return
    since, spent = own.epoch.at, own.spent
    side.seen = [
        each
        for each in reversed(history.sessions)
        if each.recorded_at > since and each.id not in spent and _is_heard(each, own.side)
    ]
    if side.seen:
        _judge_pain(state, side, trigger, today)
    if trigger in NEXT_MORNING and side.seen and not side.held and side.down is None:
        _judge_rise(state, side, today)


def _judge_gap(state: State, history: History, side: Leg, today: date) -> None:
    own = side.own
    last = next((s for s in reversed(history.sessions) if _is_trained(s, own.side)), None)
    if last is None or (days := (today - last.local_date).days) < GAP_DAYS:
        return
    told = {each.rule: each.at for each in own.firings}
    if "gap" not in told or told["gap"] <= last.started_at:
        side.lower("gap", (own.step, with_reps(state, own, REPS_BOTTOM) or own.dose))
    if days >= LONG_GAP_DAYS and ("long_gap" not in told or told["long_gap"] <= last.started_at):
        side.lower("long_gap", step_down(state, own, today))


def _judge_pain(state: State, side: Leg, trigger: Trigger, today: date) -> None:
    """Less at pain of 6, or above 3 in 3 sessions running; the same at 4-5 or a bad morning."""
    latest = side.seen[0]
    worst, sure = _pain(latest, side.own.side)
    sore = worst < PAIN_DOWN and _is_sore(side)
    if worst >= PAIN_DOWN or sore:
        side.lower("pain_down", less(state, side.own, today))
    elif sore is None or not sure:
        side.held = True
    if trigger not in NEXT_MORNING:
        return
    rise = _rise(latest)
    if rise or (sure and PAIN_OK < worst < PAIN_DOWN):
        side.lower("hold", side.here)
    elif rise is None or (not sure and worst < PAIN_DOWN):
        side.held = True


def _is_sore(side: Leg) -> bool | None:
    """Above 3 in each of the last three sessions; None where that can't be known."""
    if len(side.seen) < SORE_SESSIONS:
        return False
    answer: bool | None = True
    for session in side.seen[:SORE_SESSIONS]:
        worst, sure = _pain(session, side.own.side)
        if worst <= PAIN_OK:
            if sure:
                return False
            answer = None
    return answer


def _judge_rise(state: State, side: Leg, today: date) -> None:
    own = side.own
    if own.raised_on and (today - own.raised_on).days < PROGRESS_EVERY_DAYS:
        return
    if is_closed(state, state.ladder[own.step], today) or not _is_good(state, side):
        return
    up, rule = more(state, own), "more"
    if (up is None or order(up) <= order(side.here)) and is_at_top(state, own):
        up, rule = step_up(state, own, today), "next_step"
    if up is None or order(up) <= order(side.here):
        return
    side.up, side.rule, side.propose = up, rule, rule == "next_step"
    side.fired.add(rule)


def _is_good(state: State, side: Leg) -> bool:
    """Two live sessions running: all sets met, effort, pain and the next morning as they should.

    Those under another dose are left out; the first must also be within the clinic's pain limit.
    """
    live, own = 0, side.own
    limit = state.limits.pain_limit
    for session in side.seen:
        sets = [each for each in session.sets if each.side == own.side]
        if not _is_under(session, sets, own):
            continue
        effort = session.effort
        if effort is None or effort > EFFORT_OK or _rise(session) is not False:
            return False
        worst, sure = _pain(session, own.side)
        if not sure or worst > PAIN_OK or (limit is not None and worst > limit):
            return False
        if not _is_met(sets):
            return False
        limit = None
        live += session.source == "live"
        if live == GOOD_SESSIONS:
            return True
    return False


# the sides with each other


def _settle(state: State, sides: list[Leg], today: date) -> None:
    if len(sides) < 2:
        return
    if any("red_flag" in each.fired or (each.down and each.down != each.here) for each in sides):
        for each in sides:
            each.stay()
    if state.ladder[sides[0].own.step].laterality == "both":
        _together(sides)
        return
    _up_into_both(state, sides)
    falls = [
        (each, each.down)
        for each in sides
        if each.down
        and each.down[0] < each.own.step
        and state.ladder[each.down[0]].laterality == "both"
    ]
    together = [each for each, down in falls if _goes_into_both(state, sides, each, down, today)]
    if together:
        _follow_lowest(sides, together)


def _together(sides: list[Leg]) -> None:
    """On a two-legged step all go down as far as the lowest, or all rise to the lowest, or stay."""
    downs = [each for each in sides if each.down and each.down != each.here]
    if downs:
        _follow_lowest(sides, downs)
    elif all(each.up for each in sides):
        _rise_together(sides)
    else:
        for each in sides:
            each.stay()


def _rise_together(sides: list[Leg]) -> None:
    lowest = min((each.up for each in sides if each.up), key=order)
    propose = any(each.propose for each in sides)
    for each in sides:
        each.up, each.propose = lowest, propose


def _follow_lowest(sides: list[Leg], downs: list[Leg]) -> None:
    leader = min(downs, key=lambda each: order(each.down or each.here))
    for each in sides:
        if leader.down and order(leader.down) < min(
            order(each.down or each.here), order(each.here)
        ):
            each.down = leader.down
            each.fired |= leader.fired


def _up_into_both(state: State, sides: list[Leg]) -> None:
    for each in sides:
        up = each.up
        if not up or up[0] == each.own.step or state.ladder[up[0]].laterality != "both":
            continue
        if not all(other.up and other.up[0] == up[0] for other in sides):
            each.stay()


def _goes_into_both(state: State, sides: list[Leg], side: Leg, down: Place, today: date) -> bool:
    """False where a side that is lower already sends this one to a step for each leg."""
    if any(other.own.step < down[0] for other in sides):
        alone = step_down(state, side.own, today, each_only=True)
        side.down = down if alone == side.here else alone
        return False
    step = state.ladder[down[0]]
    doses = [good_dose(other.own, down[0], step) for other in sides]
    side.down = down[0], min(doses, key=lambda dose: order((0, dose)))
    return True


# sessions


def _is_heard(session: SessionFact, side: Side) -> bool:
    for pain in session.pains:
        if pain.side is None or pain.side == side:
            return True
    return any(each.side == side for each in session.sets)


def _is_trained(session: SessionFact, side: Side) -> bool:
    planned = done = 0
    for each in session.sets:
        if each.side == side:
            planned = each.of
            done += each.reps is not None
    return planned > 0 and 2 * done >= planned


def _is_met(sets: list[SetFact]) -> bool:
    met = 0
    for each in sets:
        if each.reps is not None and each.reps >= each.target_reps:
            met += not each.target_hold_s or (each.hold_s or 0) >= each.target_hold_s
    return bool(sets) and met >= sets[-1].of


def _is_under(session: SessionFact, sets: list[SetFact], own: SideState) -> bool:
    """Done wholly under the present dose; without any set: begun since it holds."""
    for each in sets:
        if each.dose_version != own.dose_version:
            return False
    return bool(sets) or session.started_at >= own.epoch.at


def _pain(session: SessionFact, side: Side) -> tuple[int, bool]:
    """The highest pain that is known (-1: none), and whether all of it is known."""
    worst, sure = -1, bool(session.pains)
    for pain in session.pains:
        if pain.side is None or pain.side == side:
            for value in (pain.during, pain.after):
                if value is None:
                    sure = False
                elif value > worst:
                    worst = value
    return worst, sure and worst >= 0


def _rise(session: SessionFact) -> bool | None:
    if session.morning == "worse":
        return True
    if session.morning_pain is not None and session.usual_pain is not None:
        return session.morning_pain > session.usual_pain
    return None if session.morning is None else False
