"""What holds for every history: the properties of docs/progression.md, by Hypothesis.

Half of the histories have 20 to 80 sessions. A session is one drawn number, read digit by digit.
"""

import json
from datetime import timedelta
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from programs.progression import (
    Bounds,
    Decision,
    Dose,
    History,
    Limits,
    Pain,
    Ruleset,
    Snapshot,
    Span,
    State,
    accept,
    decide,
    from_json,
    load_preset,
    load_ruleset,
    replay,
    to_json,
)
from programs.progression.doses import compare, largest
from programs.progression.facts import Context
from programs.progression.types import Side
from tests.programs.progression.story import NOON, START, Story, ladder, log, rows, state_of

PRESETS = ("standing_curl_default", "two_for_two")
MODES = ("independent", "weaker_leads", "lockstep")
PAINS = (0, 0, 1, 2, 2, 3, 4, 5, 6, 8, None)
BASE = (5, 2, 4, 11, 11, 6, 5, 4, 5, 9, 25)  # of each digit of a session's number
LARGEST = 1
for _base in BASE:
    LARGEST *= _base
number = st.integers(0, LARGEST - 1)
histories = st.one_of(
    st.lists(number, min_size=1, max_size=19), st.lists(number, min_size=20, max_size=80)
)
settings = st.tuples(st.sampled_from(PRESETS), st.sampled_from(MODES), st.integers(0, 3))


def digits(code: int) -> list[int]:
    found = []
    for base in BASE:
        code, digit = divmod(code, base)
        found.append(digit)
    return found


@cache
def rules_in(preset: str, mode: str) -> Ruleset:
    return load_ruleset({**load_preset(preset).raw, "sides": mode})


def started(setting: tuple[str, str, int]) -> Story:
    """Both legs on a ladder that goes through steps for each leg and for both together."""
    preset, mode, step = setting
    bounds = Bounds(sets=Span(1, 5), reps=Span(4, 16), load_g=Span(500, 20_000, 500))
    dose = Dose(sets=2, reps=8, load_g=9000)
    kinds = ladder("each", "each", "both", "each", "both", bounds=bounds)
    steps = tuple(each._replace(entry=dose) for each in kinds)
    limits = Limits(approval_steps=("d",), pain_limit=7)
    state = state_of(dose, sides=("left", "right"), step=step, steps=steps, limits=limits)
    return Story(state, rules_in(preset, mode))


def lived(setting: tuple[str, str, int], codes: list[int]) -> list[tuple[Snapshot, Decision]]:
    """Every decision of a history, each with the snapshot that it was made on."""
    story, seen, day = started(setting), [], 0
    for code in codes:
        mixed, split, wait, left, right, effort, morning, source, over, flag, gap = digits(code)
        if mixed:  # four of five sessions go well, so that doses rise and there is what to lose
            left, right, effort, morning, source = left % 6, right % 6, 1 + effort % 4, 0, 0
            over = 2 + over % 3
        day += 40 if gap == 0 else 1 + wait
        sides = (Pain.one_tap(PAINS[left], "left"), Pain.one_tap(PAINS[right], "right"))
        session = log(
            story.state,
            day,
            pains=sides if split else (Pain.one_tap(PAINS[left]),),
            effort=(None, 3, 5, 6, 7, 8)[effort],
            morning=("same", "same", "better", "worse", None)[morning],
            source=("live", "live", "live", "backfilled")[source],
            sets=tuple(r for own in story.state.sides for r in rows(own, over=over - 2)),
            red_flags=("calf",) if flag == 0 and gap == 1 else (),
        )
        ask(story, seen, day, "session.start")
        story.sessions = (*story.sessions, session)
        ask(story, seen, day + 0.9, "decision")
    return seen


def ask(story: Story, seen: list[Any], day: float, trigger: Any) -> None:
    now = NOON + timedelta(days=day)
    history = History(story.sessions, now.date())
    snapshot = Snapshot(story.state, history, now, trigger)
    decision = story.decide(day, trigger=trigger)
    seen.append((snapshot, decision))
    if len(seen) % 4:  # most proposals are accepted
        versions: dict[Side, str] = {side: f"{side}-a{len(seen)}" for side in ("left", "right")}
        story.state = accept(story.state, decision, now, versions)


def higher(one: Any, other: Any) -> bool:
    return compare(one.step, one.dose, other.step, other.dose) > 0


@given(settings, histories)
def test_a_dose_never_passes_a_bound_or_a_limit(setting: Any, codes: list[int]) -> None:
    for snapshot, decision in lived(setting, codes):
        for side in decision.sides:
            inside(snapshot.state, side)
            soon = side.before.raised_on == side.after.raised_on or setting[0] == "two_for_two"
            raised = side.before.raised_on
            assert soon or raised is None or (side.after.raised_on - raised).days >= 5


def inside(state: State, side: Any) -> None:
    before, after = side.before, side.after
    bounds = state.ladder[after.step].bounds
    for name in ("sets", "reps", "load_g"):
        span = getattr(bounds, name)
        assert span.low <= getattr(after.dose, name) <= span.high
    context = Context(state, before, History(), START)
    if side.outcome == "changed" and before.step == after.step:
        assert after.dose.load_g <= largest(context, before.dose.load_g)
    if side.outcome == "changed":
        assert after.step <= before.step or state.ladder[after.step].key != "d"


@given(settings, histories, st.data())
def test_more_pain_never_gives_a_higher_dose(setting: Any, codes: list[int], data: Any) -> None:
    snapshot, decision = data.draw(st.sampled_from(lived(setting, codes)))
    history, unknown = changed_pain(snapshot.history, data)
    other = replay(started(setting).ruleset, snapshot._replace(history=history))
    for one, two in zip(decision.sides, other.sides, strict=True):
        allowed = one.before if unknown and higher(one.before, one.after) else one.after
        assert not higher(two.after, allowed)


def changed_pain(history: History, data: Any) -> tuple[History, bool]:
    """The history with one pain raised, or made unknown."""
    if not history.sessions:
        return history, False
    index = data.draw(st.integers(0, len(history.sessions) - 1))
    session = history.sessions[-1 - index]
    which = data.draw(st.integers(0, len(session.pains) - 1))
    pain, field = session.pains[which], data.draw(st.sampled_from(["during", "after"]))
    now = getattr(pain, field)
    to = None if now is None else data.draw(st.one_of(st.none(), st.integers(now, 10)))
    pains = list(session.pains)
    pains[which] = pain._replace(**{field: to})
    sessions = list(history.sessions)
    sessions[-1 - index] = session._replace(pains=tuple(pains))
    return history._replace(sessions=tuple(sessions)), to is None


@given(settings, histories)
def test_unknown_pain_never_gives_a_progression(setting: Any, codes: list[int]) -> None:
    for snapshot, _ in lived(setting, codes)[-4:]:
        sessions = tuple(each._replace(pains=()) for each in snapshot.history.sessions)
        blind = snapshot._replace(history=snapshot.history._replace(sessions=sessions))
        for side in replay(rules_in(*setting[:2]), blind).sides:
            assert not higher(side.after, side.before)


@given(settings, histories, st.randoms(use_true_random=False))
def test_the_order_of_rules_never_matters(setting: Any, codes: list[int], random: Any) -> None:
    ruleset = started(setting).ruleset
    rules = list(ruleset.raw["rules"])
    random.shuffle(rules)
    shuffled = load_ruleset({**ruleset.raw, "rules": rules})
    for snapshot, decision in lived(setting, codes)[-10:]:
        assert replay(shuffled, snapshot) == replay(ruleset, snapshot) == decision


@given(settings, histories)
def test_left_and_right_swapped_give_the_mirror_image(setting: Any, codes: list[int]) -> None:
    ruleset = started(setting).ruleset
    for snapshot, decision in lived(setting, codes)[-2:]:
        assert to_json(replay(ruleset, mirrored(snapshot))) == to_json(mirrored(decision))


def mirrored(value: Any) -> Any:
    """The same with every left a right; sides in their usual order."""
    swap = {'"left': '"~', '"right': '"left', '"~': '"right'}
    text = json.dumps(to_json(value))
    for old, new in swap.items():
        text = text.replace(old, new)
    turned = from_json(type(value), json.loads(text))
    if isinstance(turned, Snapshot):
        return turned._replace(state=turned.state._replace(sides=turned.state.sides[::-1]))
    return turned._replace(sides=turned.sides[::-1])


@given(settings, histories)
def test_a_stored_snapshot_replays_identically(setting: Any, codes: list[int]) -> None:
    ruleset = started(setting).ruleset
    for snapshot, decision in lived(setting, codes)[-2:]:
        stored = from_json(Snapshot, json.loads(json.dumps(to_json(snapshot))))
        told = from_json(Decision, json.loads(json.dumps(to_json(decision))))
        assert replay(ruleset, stored) == decision == told


@given(settings, histories)
def test_every_change_has_a_reason(setting: Any, codes: list[int]) -> None:
    for _, decision in lived(setting, codes):
        for side in decision.sides:
            if side.outcome in ("changed", "proposed"):
                assert side.rule in [each.rule for each in side.fired]
            else:
                assert (side.after.step, side.after.dose) == (side.before.step, side.before.dose)


@given(settings, histories, st.sampled_from(["decision", "session.start", "session.end"]))
def test_a_locked_program_never_changes(setting: Any, codes: list[int], trigger: Any) -> None:
    snapshot, _ = lived(setting, codes)[-1]
    locked = snapshot.state._replace(locked=True)
    ruleset = started(setting).ruleset
    decision = decide(ruleset, locked, snapshot.history, snapshot.now, trigger=trigger)
    assert not decision.changed
    assert [each.after for each in decision.sides] == list(locked.sides)


@given(settings, histories)
def test_no_side_rises_while_the_other_goes_down(setting: Any, codes: list[int]) -> None:
    for _, decision in lived(setting, codes):
        moves = {higher(s.after, s.before) - higher(s.before, s.after) for s in decision.sides}
        assert moves != {1, -1}


def test_the_sides_of_the_story_are_the_sides_of_a_state() -> None:
    sides: tuple[Side, ...] = ("left", "right")
    assert tuple(each.side for each in started(("two_for_two", "lockstep", 0)).state.sides) == sides
