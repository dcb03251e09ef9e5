"""What holds for every history and every preset: the properties of docs/progression.md.

Half of the histories have 20 to 80 sessions. A session is one drawn number, read digit by digit.
"""

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from programs.codec import from_json, to_json
from programs.progression import (
    Ruleset,
    accept,
    decide,
    load_preset,
    load_ruleset,
    planned_sets,
    preset_names,
    replay,
)
from programs.progression.doses import compare, largest
from programs.progression.facts import Context
from programs.progression.types import (
    Bounds,
    Decision,
    Dose,
    History,
    Limits,
    Pain,
    SessionFact,
    SetFact,
    Side,
    Snapshot,
    Span,
    State,
)
from tests.programs.progression.story import NOON, START, Story, ladder, log, state_of

PRESETS = preset_names()
MODES = ("independent", "weaker_leads", "lockstep")
PAINS = (0, 0, 1, 2, 2, 3, 4, 5, 6, 8, None)
SORE = ("none", "none", "none", "gone", "persists", "returns", None)
MORNINGS = ("same", "same", "better", "worse", None)
BASE = (5, 2, 4, 11, 11, 6, 5, 4, 5, 9, 25, 7)  # of each digit of a session's number
LARGEST = 1
for _base in BASE:
    LARGEST *= _base
number = st.integers(0, LARGEST - 1)
histories = st.one_of(
    st.lists(number, min_size=1, max_size=19), st.lists(number, min_size=20, max_size=80)
)
cases = st.tuples(st.sampled_from(PRESETS), st.sampled_from(MODES), st.integers(0, 3))
randoms = st.randoms(use_true_random=False)
BOUNDS = Bounds(
    sets=Span(1, 5), reps=Span(4, 16), load_g=Span(500, 60_000, 500), band=Span(1, 6),
    per_week=Span(1, 7),
)  # fmt: skip
FIELDS = ("sets", "reps", "load_g", "band", "per_week")


class Life(NamedTuple):
    """A setting (preset, sides, first step), and every decision with what it was made on."""

    setting: tuple[str, str, int]
    seen: list[tuple[Snapshot, Decision]]
    sessions: int

    @property
    def ruleset(self) -> Ruleset:
        return rules_in(*self.setting[:2])


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
    dose = Dose(sets=4 if load_preset(preset).plan else 2, reps=8, load_g=30_000, band=2)
    kinds = ladder("each", "each", "both", "each", "both", bounds=BOUNDS, equipment=("machine",))
    steps = tuple(each._replace(entry=dose) for each in kinds)
    limits = Limits(approval_steps=("d",), pain_limit=7)
    state = state_of(
        dose, sides=("left", "right"), step=step, steps=steps, limits=limits,
        equipment=("machine",),
    )  # fmt: skip
    return Story(state, rules_in(preset, mode))


def lived(setting: tuple[str, str, int], codes: list[int]) -> Life:
    """Every decision of a history, each with the snapshot that it was made on."""
    story, seen, day = started(setting), [], 0
    for code in codes:
        mixed, split, wait, left, right, effort, morning, source, over, flag, gap, sore = digits(
            code
        )
        if mixed:  # four of five sessions go well, so that doses rise and there is what to lose
            left, right, effort, morning, source = left % 6, right % 6, 1 + effort % 4, 0, 0
            over, sore = 2 + over % 3, sore % 4
        day += 40 if gap == 0 else 1 + wait
        pains = (tap(left, "left"), tap(right, "right"))
        felt = (None, 3, 5, 6, 7, 8)[effort]
        session = log(
            story.state,
            day,
            pains=pains if split else (tap(left, None),),
            effort=felt,
            morning=MORNINGS[morning],
            morning_pain=(1, 0, None, 3, None)[morning],
            source=("live", "live", "live", "backfilled")[source],
            sets=tuple(
                each for own in story.state.sides for each in rows(story, own, over - 2, felt)
            ),
            red_flags=("calf",) if flag == 0 and gap == 1 else (),
            answers=(
                ("soreness", SORE[sore]),
                ("soreness_kind", "joint"),
                ("soreness_later", gap == 2),
            ),
        )
        ask(story, seen, day, "session.start")
        story.sessions = (*story.sessions, session)
        ask(story, seen, day + 0.9, "decision")
    return Life(setting, seen, len(codes))


def rows(story: Story, own: Any, over: int, effort: int | None) -> list[SetFact]:
    """The planned sets of a side, `over` the target (or as many fewer)."""
    plan = planned_sets(story.ruleset, story.state, own.side)
    return [
        SetFact(
            own.side, each.number, len(plan), each.reps, max(0, each.reps + over),
            own.dose_version, load_g=each.load_g or own.dose.load_g, band=own.dose.band,
            effort=effort, max_reps=each.max_reps,
        )
        for each in plan
    ]  # fmt: skip


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


def a_dose_never_passes_a_bound_or_a_limit(life: Life, random: Random) -> None:
    every = life.ruleset.progress_every_days
    for snapshot, decision in life.seen:
        for side in decision.sides:
            inside(snapshot.state, side)
            before, after = side.before.raised_on, side.after.raised_on
            assert before in (None, after) or (after - before).days >= every


def inside(state: State, side: Any) -> None:
    before, after = side.before, side.after
    for name in FIELDS:
        span = getattr(BOUNDS, name)
        assert span.low <= getattr(after.dose, name) <= span.high
    context = Context(state, before, History(), START)
    if side.outcome == "changed" and before.step == after.step:
        assert after.dose.load_g <= largest(context, before.dose.load_g)
    if side.outcome == "changed":
        assert after.step <= before.step or state.ladder[after.step].key != "d"


def more_pain_never_gives_a_higher_dose(life: Life, random: Random) -> None:
    """One pain fact raised: the dose is not higher. Made unknown: not higher than it would be, or
    than it is, where what is not known any more no longer lowers it but holds it."""
    for snapshot, decision in random.sample(life.seen, min(3, len(life.seen))):
        history, unknown = changed_pain(snapshot, random)
        other = replay(life.ruleset, snapshot._replace(history=history))
        for one, two in zip(decision.sides, other.sides, strict=True):
            allowed = one.before if unknown and higher(one.before, one.after) else one.after
            assert not higher(two.after, allowed)


def changed_pain(snapshot: Snapshot, random: Random) -> tuple[History, bool]:
    """The history with one pain fact of the last week raised, or made unknown.

    An older one may be what this week's is compared with, as usual pain is.
    """
    history = snapshot.history
    today = history.today or START
    recent = [s for s in history.sessions if (today - s.local_date).days < 7]
    if not recent:
        return history, False
    session, unknown = random.choice(recent), random.random() < 0.3
    changed = random.choice((other_tap, other_morning_pain, other_morning, other_soreness))(
        session, random, unknown=unknown
    )
    sessions = tuple(changed if each is session else each for each in history.sessions)
    return history._replace(sessions=sessions), unknown


def tap(place: int, side: Any) -> Pain:
    """The single tap after an exercise, and pain before it that is one lower."""
    worst = PAINS[place]
    return Pain.one_tap(worst, side)._replace(before=worst and worst - 1)


def higher_pain(now: int | None, random: Random) -> int | None:
    return None if now is None else random.randint(now, 10)


def other_tap(session: SessionFact, random: Random, *, unknown: bool) -> SessionFact:
    pains, which = list(session.pains), random.randrange(len(session.pains))
    field = random.choice(["before", "during", "after"])
    to = None if unknown else higher_pain(getattr(pains[which], field), random)
    pains[which] = pains[which]._replace(**{field: to})
    return session._replace(pains=tuple(pains))


def other_morning_pain(session: SessionFact, random: Random, *, unknown: bool) -> SessionFact:
    to = None if unknown else higher_pain(session.morning_pain, random)
    return session._replace(morning_pain=to)


def other_morning(session: SessionFact, random: Random, *, unknown: bool) -> SessionFact:
    """The answer; its number goes with it, since either of them says how the morning was."""
    if unknown:
        return session._replace(morning=None, morning_pain=None)
    return session._replace(morning=session.morning and "worse")


def other_soreness(session: SessionFact, random: Random, *, unknown: bool) -> SessionFact:
    """Soreness that is told of more than it was; which of two is the worse is the source's."""
    told = dict(session.answers)
    worse = {"none": "gone", "gone": "persists"}.get(told["soreness"], told["soreness"])
    told["soreness"] = None if unknown else worse
    return session._replace(answers=tuple(told.items()))


def unknown_pain_never_gives_a_progression(life: Life, random: Random) -> None:
    for snapshot, _ in life.seen[-4:]:
        sessions = tuple(each._replace(pains=()) for each in snapshot.history.sessions)
        blind = snapshot._replace(history=snapshot.history._replace(sessions=sessions))
        for side in replay(life.ruleset, blind).sides:
            assert not higher(side.after, side.before)


def the_order_of_rules_never_matters(life: Life, random: Random) -> None:
    rules = list(life.ruleset.raw["rules"])
    random.shuffle(rules)
    shuffled = load_ruleset({**life.ruleset.raw, "rules": rules})
    for snapshot, decision in random.sample(life.seen, min(4, len(life.seen))):
        assert replay(shuffled, snapshot) == replay(life.ruleset, snapshot) == decision


def left_and_right_swapped_give_the_mirror_image(life: Life, random: Random) -> None:
    snapshot, decision = random.choice(life.seen)
    assert to_json(replay(life.ruleset, mirrored(snapshot))) == to_json(mirrored(decision))


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


def a_stored_snapshot_replays_identically(life: Life, random: Random) -> None:
    snapshot, decision = random.choice(life.seen)
    stored = from_json(Snapshot, json.loads(json.dumps(to_json(snapshot))))
    told = from_json(Decision, json.loads(json.dumps(to_json(decision))))
    assert replay(life.ruleset, stored) == decision == told


def every_change_has_a_reason(life: Life, random: Random) -> None:
    for _, decision in life.seen:
        for side in decision.sides:
            if side.outcome in ("changed", "proposed"):
                assert side.rule in [each.rule for each in side.fired]
            else:
                assert (side.after.step, side.after.dose) == (side.before.step, side.before.dose)


def a_locked_program_never_changes(life: Life, random: Random) -> None:
    snapshot, _ = life.seen[-1]
    locked = snapshot.state._replace(locked=True)
    trigger: Any = random.choice(["decision", "session.start", "session.end", "clinician.entry"])
    decision = decide(life.ruleset, locked, snapshot.history, snapshot.now, trigger=trigger)
    assert not decision.changed
    assert [each.after for each in decision.sides] == list(locked.sides)


def no_side_rises_while_the_other_goes_down(life: Life, random: Random) -> None:
    for _, decision in life.seen:
        moves = {higher(s.after, s.before) - higher(s.before, s.after) for s in decision.sides}
        assert moves != {1, -1}


PROPERTIES: tuple[Callable[[Life, Random], None], ...] = (
    a_dose_never_passes_a_bound_or_a_limit,
    more_pain_never_gives_a_higher_dose,
    unknown_pain_never_gives_a_progression,
    the_order_of_rules_never_matters,
    left_and_right_swapped_give_the_mirror_image,
    a_stored_snapshot_replays_identically,
    every_change_has_a_reason,
    a_locked_program_never_changes,
    no_side_rises_while_the_other_goes_down,
)


@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda each: each.__name__)
@given(setting=cases, codes=histories, random=randoms)
def test_it_holds_for_every_history(
    holds: Any, setting: Any, codes: list[int], random: Any
) -> None:
    holds(lived(setting, codes), random)


def all_hold(times: int, shard: int = 0) -> str:
    """Every property on `times` histories; says how long these were."""
    lengths: list[int] = []

    @seed(shard)
    @settings(max_examples=times)
    @given(setting=cases, codes=histories, random=randoms)
    def check(setting: Any, codes: list[int], random: Random) -> None:
        life = lived(setting, codes)
        lengths.append(life.sessions)
        for holds in PROPERTIES:
            holds(life, random)

    check()
    return f"{len(lengths)} histories of {sum(lengths) / len(lengths):.1f} sessions on average"


@pytest.mark.slow
@pytest.mark.parametrize("shard", range(101, 105))
def test_all_of_it_holds_for_two_thousand_histories(shard: int) -> None:
    assert "sessions on average" in all_hold(500, shard)


@pytest.mark.nightly
@pytest.mark.parametrize("shard", range(1, 21))
def test_all_of_it_holds_for_a_hundred_thousand_histories(shard: int) -> None:
    sys.stdout.write(all_hold(5000, shard))  # -rP shows it
