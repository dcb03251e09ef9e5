"""What the rule language costs: against plain ifs, decisions a second, and the fan of 200."""

import gc
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import batched

from bench.by_hand import Given, decide_by_hand
from bench.lives import DAY, NOON, START, Asked, Life, lives
from programs.progression import Ruleset, decide, load_preset, preset_names
from programs.progression.types import (
    Bounds,
    Decision,
    Dose,
    Epoch,
    History,
    Limits,
    Side,
    SideDecision,
    SideState,
    Span,
    State,
    Step,
)
from programs.simulation import KINDS, fan, simulate

HISTORIES, ROUNDS = 5_000, 25
WEEKS, PEOPLE, SEEDS = 12, 200, 6
MOST_RATIO, MOST_FAN_SECONDS = 10, 0.5
CURL = "standing_curl_default"


class Differs(AssertionError):
    """The two give another dose: their times would mean nothing."""


def run(*, histories: int = HISTORIES) -> int:
    """Measure all three, print the table, then a line of JSON; return 1 beyond a target."""
    ruleset = load_preset(CURL)
    seconds = fan_seconds(ruleset)
    ratio, table = compared(ruleset, histories)
    print(*table, sep="\n")
    speeds = {name: decisions_per_second(name) for name in preset_names()}
    rows = [f"{name:<24}{speed:>10,.0f} decisions a second" for name, speed in speeds.items()]
    print("", *rows, sep="\n")
    print(f"\nimported in {import_seconds() * 1000:.0f} ms (of processor time; at best under 50)")
    print(f"\nfan of {PEOPLE}, {WEEKS} weeks: {seconds:.2f} s (at most {MOST_FAN_SECONDS})\n")
    found = {
        "ratio_to_hand_written": round(ratio, 2),
        "decisions_per_second": {name: round(speed) for name, speed in speeds.items()},
        "fan_seconds": round(seconds, 3),
    }
    print(json.dumps(found))
    return int(ratio > MOST_RATIO or seconds > MOST_FAN_SECONDS)


def compared(ruleset: Ruleset, histories: int, rounds: int = ROUNDS) -> tuple[float, list[str]]:
    """How many times as long as by hand, with the table that says how it was found."""
    whole: list[tuple[float, float]] = []
    alone: list[tuple[float, float]] = []
    lengths, decisions = [], 0
    for number, some in enumerate(batched(lives(ruleset, histories), histories // rounds)):
        decisions += sum(agree(ruleset, life) for life in some)
        lengths += [life.sessions for life in some]
        for kept, pick in ((whole, lambda life: life.asked), (alone, lambda life: life.asked[-1:])):
            asked = [each for life in some for each in pick(life.afresh())]
            again = [each for life in some for each in pick(life.afresh())]
            kept.append(_side_by_side(ruleset, asked, again, hand_first=number % 2 == 1))
    long = sum(length >= 20 for length in lengths)
    head = (
        f"{histories:,} histories, {long:,} of them with 20 to 80 sessions (mean "
        f"{statistics.mean(lengths):.0f}): {decisions:,} decisions, all equal"
    )
    rows = [_row("each decision of a life", whole), _row("the last one, nothing known", alone)]
    return _ratio(whole), [head, f"{'':<32}{'rules':>10}{'by hand':>10}{'ratio':>8}", *rows, ""]


def agree(ruleset: Ruleset, life: Life) -> int:
    """How many decisions both made alike; raises Differs at the first that they did not."""
    for asked in life.asked:
        ruled, by_hand = _ruled(ruleset, asked), decide_by_hand(*asked)
        if tuple(map(_said, ruled.sides)) != by_hand:
            raise Differs(f"{asked}\n{ruled.sides}\n{by_hand}")
    return len(life.asked)


def _ruled(ruleset: Ruleset, asked: Asked) -> Decision:
    state, history, now, trigger = asked
    return decide(ruleset, state, history, now, trigger=trigger)


def _said(side: SideDecision) -> Given:
    fired = {each.rule for each in side.fired}
    return Given(side.side, side.after.step, side.after.dose, side.outcome, fired)


def _side_by_side(
    ruleset: Ruleset, asked: Sequence[Asked], again: Sequence[Asked], *, hand_first: bool
) -> tuple[float, float]:
    """Seconds a decision of the rules and by hand, one after the other, each on its own objects."""
    rules, by_hand = partial(_decide_all, ruleset, asked), partial(_decide_all_by_hand, again)
    order = (by_hand, rules) if hand_first else (rules, by_hand)
    seconds = {work: _seconds(work) / len(asked) for work in order}
    return seconds[rules], seconds[by_hand]


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    began = time.process_time()
    work()
    return time.process_time() - began


def _ratio(pairs: list[tuple[float, float]]) -> float:
    return statistics.median(ruled / by_hand for ruled, by_hand in pairs)


def _row(name: str, pairs: list[tuple[float, float]]) -> str:
    ruled, by_hand = (statistics.median(each) * 1e6 for each in zip(*pairs, strict=True))
    return f"{name:<32}{ruled:>7.1f} us{by_hand:>7.1f} us{_ratio(pairs):>8.1f}"


def decisions_per_second(name: str) -> float:
    """Over 12 weeks of every kind of virtual patient, each life's facts as new, traces and all."""
    ruleset = load_preset(name)
    start = person(ruleset)
    made = [simulated(ruleset, start, kind, seed) for kind in KINDS for seed in range(SEEDS)]
    rounds = [[each for life in made for each in life.afresh().asked] for _ in range(5)]
    seconds = [_seconds(partial(_decide_all, ruleset, asked)) for asked in rounds]
    return len(rounds[0]) / statistics.median(seconds)


def _decide_all(ruleset: Ruleset, asked: Sequence[Asked]) -> None:
    for state, history, now, trigger in asked:
        decide(ruleset, state, history, now, trigger=trigger)


def _decide_all_by_hand(asked: Sequence[Asked]) -> None:
    for state, history, now, trigger in asked:
        decide_by_hand(state, history, now, trigger)


def simulated(ruleset: Ruleset, start: State, kind: str, seed: int) -> Life:
    """What the decisions of one virtual patient were asked."""
    lived = simulate(ruleset, start, kind, WEEKS, seed)
    asked = []
    for made in lived.decisions:
        sessions = tuple(each for each in lived.sessions if each.started_at < made.at)
        state = start._replace(sides=tuple(each.before for each in made.sides))
        asked.append(Asked(state, History(sessions, made.at.date()), made.at, made.trigger))
    return Life(tuple(asked), len(lived.sessions))


def person(ruleset: Ruleset) -> State:
    """Both legs, in the middle of a ladder of a machine, with as many sets as the rules plan."""
    load, band = Span(500, 100_000, 500), Span(1, 4)
    bounds = Bounds(sets=Span(1, 5), reps=Span(4, 20), load_g=load, band=band)
    dose = Dose(sets=len(ruleset.plan) or 2, reps=8, load_g=20_000, band=2)
    steps = tuple(Step(key, dose, bounds, equipment=("machine",)) for key in "abcde")
    sides: tuple[Side, ...] = ("left", "right")
    epoch = Epoch(NOON - DAY)
    own = tuple(SideState(side, 2, dose, f"{side}-0", epoch) for side in sides)
    return State(steps, own, limits=Limits(), equipment=("machine",), started_on=START)


def import_seconds() -> float:
    """The engine's import in a new process: median of five."""
    code = (
        "import time; began = time.process_time(); import programs.progression;"
        "print(time.process_time() - began)"
    )
    command = [sys.executable, "-S", "-c", code]
    found = []
    for _ in range(5):
        done = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - our own code
        found.append(float(done.stdout))
    return statistics.median(found)


def fan_seconds(ruleset: Ruleset) -> float:
    """The spread of 200 people over 12 weeks: median of three."""
    bounds = Bounds(sets=Span(1, 5), reps=Span(4, 20))
    dose = Dose(sets=2, reps=8)
    start = person(ruleset)
    steps = tuple(each._replace(entry=dose, bounds=bounds) for each in start.ladder)
    sides = tuple(each._replace(step=0, dose=dose) for each in start.sides)
    start = start._replace(ladder=steps, sides=sides)
    runs = (partial(fan, ruleset, start, PEOPLE, WEEKS, seed) for seed in range(3))
    return statistics.median(map(_seconds, runs))
