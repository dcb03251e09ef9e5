"""decide(): one frozen snapshot in, one decision out, with the reason and what it came from.

1. Every rule that the trigger asks is evaluated on each side's own sessions of the epoch.
2. Among stop, regress, deload and hold the lowest dose wins; any of them, or one that is unknown,
   keeps progress from happening. Among progress rules the lowest dose wins.
3. The sides are settled with each other; then approval, bookkeeping, and the record.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from programs.progression.doses import Blocked, Change, closed, compare, rank
from programs.progression.facts import NOTHING, AtLeast, Context, View, plain, view_of
from programs.progression.rules import Rule, Ruleset
from programs.progression.settling import Pick, settle
from programs.progression.types import (
    Approval,
    Clamp,
    Decision,
    Epoch,
    Evidence,
    FactValue,
    FiredRule,
    Firing,
    GoodDose,
    History,
    Missing,
    Notice,
    Outcome,
    SideDecision,
    SideState,
    Snapshot,
    State,
    Suppressed,
    Trigger,
)

STRICT: dict[Approval, int] = {"auto": 0, "propose": 1, "clinician": 2}
SPENT_KEPT = 12
FROM_LATEST = (0,)


def decide(
    ruleset: Ruleset,
    state: State,
    history: History,
    now: datetime,
    *,
    trigger: Trigger = "decision",
    caused_by: tuple[str, ...] = (),
) -> Decision:
    """What the rules say now. A locked program never changes; a paused one may only lock.

    `now`: UTC. `caused_by`: ids of sessions whose facts came late or were corrected; rules for
    safety judge each of them, also where it was done before the dose last changed.
    """
    if state.locked:
        return _conclude(ruleset, state, trigger, now, caused_by, _still(state), "locked")
    rules: Iterable[Rule] = ruleset.rules_for(trigger)
    if state.paused:
        rules = [rule for rule in rules if rule.tier == "stop"]
    today = history.today or now.date()
    flagged = red_flagged(state, history)
    picks = []
    for own in state.sides:
        context = _context(state, own, history, today, flagged)
        picks.append(_judge(ruleset, rules, context, caused_by))
    settle(picks, ruleset.mode)
    outcome: Outcome = "paused" if state.paused else "kept"
    return _conclude(ruleset, state, trigger, now, caused_by, picks, outcome)


def replay(ruleset: Ruleset, snapshot: Snapshot) -> Decision:
    """The decision of a stored snapshot, derived again."""
    given = snapshot
    return decide(
        ruleset,
        given.state,
        given.history,
        given.now,
        trigger=given.trigger,
        caused_by=given.caused_by,
    )


def red_flagged(state: State, history: History) -> bool:
    """True if a red flag came since the last clearance."""
    since = state.cleared_at
    told = [each.recorded_at for each in history.sessions if each.red_flags]
    told += [each.at for each in history.red_flags]
    return any(since is None or at > since for at in told) if told else False


def _still(state: State) -> list[Pick]:
    nothing = History()
    return [Pick(Context(state, own, nothing, date.min)) for own in state.sides]


def _context(state: State, own: SideState, history: History, today: date, flagged: bool) -> Context:
    context = Context(state, own, history, today)
    side, since = own.side, own.epoch.at
    later = [each for each in reversed(history.sessions) if each.recorded_at > since]
    if later:
        views = [view_of(each, side) for each in later if each.id not in own.spent]
        context.seen = [view for view in views if view is not None]
    context.red_flag = flagged
    return context


def _fresh(context: Context) -> list[View]:
    """The sessions that a progression may count: begun since the dose changed, under that dose."""
    own = context.own
    return [
        view
        for view in context.seen
        if view.version == own.dose_version
        or (view.version is None and view.started_at >= own.epoch.at)
    ]


def _judge(
    ruleset: Ruleset, rules: Iterable[Rule], context: Context, caused_by: tuple[str, ...]
) -> Pick:
    pick = Pick(context)
    fresh = _fresh(context)
    for rule in rules:
        if rule.tier == "progress":
            _try_progress(ruleset, pick, rule, fresh)
        else:
            _try_safety(pick, rule, caused_by)
    if pick.raising is not None and (pick.held or pick.lowering is not None):
        reason = "lower_wins" if pick.lowering is not None else "unknown"
        pick.suppress(pick.raising, reason)
        pick.raising = None
    return pick


def _try_safety(pick: Pick, rule: Rule, caused_by: tuple[str, ...]) -> None:
    """Judge the latest session, and each one that a correction names."""
    context = pick.context
    if (rule.once or rule.cool_down) and _cooling(pick, rule):
        return
    for start in _starts(context.seen, caused_by) if caused_by else FROM_LATEST:
        context.views = context.seen[start:] if start else context.seen
        view = context.views[0] if context.views else NOTHING
        answer = rule.test(context, view)
        if answer:
            _fire_safety(pick, rule, view)
            return
        if answer is None and rule.safety:
            _miss(pick, rule, view)


def _starts(views: list[View], caused_by: tuple[str, ...]) -> list[int]:
    return [0, *(i for i, view in enumerate(views) if i and view.session in caused_by)]


def _fire_safety(pick: Pick, rule: Rule, view: View) -> None:
    context = pick.context
    pick.fired.append(FiredRule(rule.id, rule.tier, _evidence(context, rule)))
    pick.notices.extend(rule.notices)
    pick.lock = pick.lock or rule.lock
    result = rule.change(context, view) if rule.change else None
    if rule.tier == "info":
        pick.declare(result)
        return
    change = _lowered(pick, rule, result)
    pick.candidate(rule, change, view)


def _lowered(pick: Pick, rule: Rule, result: Change | Blocked | None) -> Change:
    """The change of a safety rule; keeping the dose where it can't be done or would raise it."""
    own = pick.context.own
    keep = Change(own.step, own.dose)
    if isinstance(result, Blocked):
        keep.clamps.append(Clamp(result.reason, "dose", rule.id, None))
        return keep
    if result is None:
        return keep
    if compare(result.step, result.dose, own.step, own.dose) > 0:
        keep.clamps.append(Clamp("direction", "dose", rule.id, None))
        return keep
    return result


def _try_progress(ruleset: Ruleset, pick: Pick, rule: Rule, fresh: list[View]) -> None:
    context = pick.context
    context.views = fresh
    view = fresh[0] if fresh else NOTHING
    answer = rule.test(context, view)
    if answer is None and fresh:
        _miss(pick, rule, view, hold=False)
    if not answer:
        return
    reason = _veto(ruleset, pick, rule, view)
    result = rule.change(context, view) if rule.change else None
    if isinstance(result, Blocked):
        if result.reason != "at_bound":
            pick.suppressed.append(Suppressed(rule.id, result.reason))
        return
    own = context.own
    if result is None or compare(result.step, result.dose, own.step, own.dose) <= 0:
        return
    if reason:
        pick.suppressed.append(reason)
        return
    pick.raise_to(rule, result, FiredRule(rule.id, rule.tier, _evidence(context, rule)))


def _veto(ruleset: Ruleset, pick: Pick, rule: Rule, view: View) -> Suppressed | None:
    """A limit that forbids any rise now: too soon, pain above the clinic's limit, a closed step."""
    context, every = pick.context, ruleset.progress_every_days
    raised, most = context.own.raised_on, context.state.limits.pain_limit
    if raised is not None and (context.today - raised).days < every:
        wait = every - (context.today - raised).days
        return Suppressed(rule.id, "too_soon", (("days", wait), ("every", every)))
    if most is not None and (view.pain is None or (view.pain <= most) is not True):
        return Suppressed(rule.id, "pain_limit", (("limit", most), ("pain", plain(view.pain))))
    if closed(context, context.step):
        return Suppressed(rule.id, "resisted_date")
    return Suppressed(rule.id, "cool_down") if rule.cool_down and _cooling(pick, rule) else None


def _cooling(pick: Pick, rule: Rule) -> bool:
    """True if the rule fired within its cool-down, or already in this gap."""
    context = pick.context
    last = next((each for each in context.own.firings if each.rule == rule.id), None)
    if last is None:
        return False
    if rule.once:
        begun = next((view.started_at for view in context.every if view.trained), None)
        return begun is None or last.at > begun
    return (context.today - last.on).days < rule.cool_down


def _miss(pick: Pick, rule: Rule, view: View, *, hold: bool = True) -> None:
    """Record what was unknown; an unknown safety rule keeps the dose from rising."""
    if view is NOTHING:
        return
    pick.held = pick.held or hold
    for each in pick.context.views[: rule.window]:
        for fact in rule.session_facts:
            value = fact.read(each)
            if value is None or isinstance(value, AtLeast):
                pick.missing.append(Missing(rule.id, fact.name, each.session))


def _evidence(context: Context, rule: Rule) -> tuple[Evidence, ...]:
    found = [_seen(view, rule) for view in context.views[: rule.window] if rule.session_facts]
    if rule.side_facts:
        values = tuple((fact.name, plain(fact.read(context))) for fact in rule.side_facts)
        found.append(Evidence(None, values))
    return tuple(found)


def _seen(view: View, rule: Rule) -> Evidence:
    key = (rule.id, rule.session_facts)
    found: Evidence | None = view.evidence.get(key)
    if found is None:
        values: tuple[tuple[str, FactValue], ...] = tuple(
            (fact.name, plain(fact.read(view))) for fact in rule.session_facts
        )
        found = view.evidence[key] = Evidence(view.session, values)
    return found


def _conclude(
    ruleset: Ruleset,
    state: State,
    trigger: Trigger,
    now: datetime,
    caused_by: tuple[str, ...],
    picks: list[Pick],
    kept: Outcome,
) -> Decision:
    lock = any(pick.lock for pick in picks)
    strictest = _shared_approval(picks)
    return Decision(
        ruleset.id,
        ruleset.version,
        trigger,
        now,
        tuple(_side(pick, now, "locked" if lock else kept, strictest) for pick in picks),
        caused_by,
        lock,
        _notices(picks),
    )


def _notices(picks: list[Pick]) -> tuple[Notice, ...]:
    told = [notice for pick in picks for notice in pick.notices]
    return tuple(dict.fromkeys(told)) if told else ()


def _shared_approval(picks: list[Pick]) -> Approval | None:
    """Sides that move as one are approved as one: the strictest of them."""
    asked = [_approval(pick) for pick in picks if pick.tied and pick.raising is not None]
    return _strictest(*asked) if asked else None


def _strictest(*asked: Approval) -> Approval:
    return max(asked, key=STRICT.__getitem__)


def _approval(pick: Pick) -> Approval:
    rule, change = pick.raising_rule, pick.raising
    if rule is None or change is None:
        return "auto"
    context, wanted = pick.context, rule.approval
    if change.step > context.own.step:
        steps = context.state.limits.approval_steps
        key = context.state.ladder[change.step].key
        if "*" in steps or key in steps:
            wanted = _strictest(wanted, "propose")
    return _strictest(wanted, "propose") if change.propose else wanted


def _side(pick: Pick, now: datetime, kept: Outcome, shared: Approval | None) -> SideDecision:
    own, change = pick.context.own, pick.raising or pick.lowering
    outcome, after = kept, own
    approval: Approval = "auto"
    if change is not None and (change.step, change.dose) != (own.step, own.dose):
        after = _after(pick, change, now)
        approval = shared if pick.tied and shared else _approval(pick)
        outcome = "changed" if approval == "auto" else "proposed"
    elif pick.fired:
        after = _noted(pick, own, now)
    return SideDecision(
        own.side,
        own,
        after,
        outcome,
        approval,
        pick.rule_id,
        tuple(pick.fired),
        tuple(pick.suppressed),
        tuple(change.clamps) if change is not None else (),
        tuple(dict.fromkeys(pick.missing)) if pick.missing else (),
        *pick.context.latest(),
    )


def _noted(pick: Pick, own: SideState, now: datetime) -> SideState:
    """The side with its bookkeeping: when rules with a cool-down fired, what was declared."""
    firings = _firings(pick, now)
    declared = tuple(sorted({**dict(own.declared), **dict(pick.declared)}.items()))
    if firings == own.firings and declared == own.declared:
        return own
    return replace(own, firings=firings, declared=declared)


def _firings(pick: Pick, now: datetime) -> tuple[Firing, ...]:
    own, today = pick.context.own, pick.context.today
    fired = [name for name in pick.cooling if any(each.rule == name for each in pick.fired)]
    if not fired:
        return own.firings
    kept = [each for each in own.firings if each.rule not in fired]
    return (*kept, *(Firing(name, today, now) for name in fired))


def _after(pick: Pick, change: Change, now: datetime) -> SideState:
    own, today = pick.context.own, pick.context.today
    lowered = pick.raising is None
    spent = own.spent
    if lowered and pick.spends is not None:
        spent = (*spent, pick.spends)[-SPENT_KEPT:]
    return replace(
        _noted(pick, own, now),
        step=change.step,
        dose=change.dose,
        epoch=Epoch(now, pick.context.latest()[0], own.epoch.number + 1),
        raised_on=own.raised_on if lowered else today,
        lowered_on=today if lowered and change.step < own.step else own.lowered_on,
        good=_good(own, pain=lowered and pick.lowered_by in ("stop", "regress")),
        spent=spent,
    )


def _good(own: SideState, *, pain: bool) -> tuple[GoodDose, ...]:
    """Remember the dose that is left, or forget what is as high where it is left for pain."""
    others = tuple(each for each in own.good if each.step != own.step)
    if not pain:
        return (*others, GoodDose(own.step, own.dose))
    held = next((each for each in own.good if each.step == own.step), None)
    keeps = held is not None and rank(0, held.dose) < rank(0, own.dose)
    return (*others, held) if held is not None and keeps else others
