"""decide(): one frozen snapshot in, one decision out, with the reason and what it came from.

1. Every rule that the trigger asks is evaluated on each side's own sessions of the epoch.
2. Among stop, regress, deload and hold the lowest dose wins; any of them, or one that is unknown,
   keeps progress from happening. Among progress rules the lowest dose wins.
3. The sides are settled with each other; then approval, bookkeeping, and the record.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from programs.progression.doses import Blocked, Change, closed, compare, rank
from programs.progression.facts import NOTHING, Context, View, view_of
from programs.progression.rules import Rule, Ruleset
from programs.progression.settling import Pick, settle
from programs.progression.types import (
    Approval,
    Clamp,
    Decision,
    Epoch,
    Evidence,
    FiredRule,
    Firing,
    GoodDose,
    History,
    Missing,
    Outcome,
    SessionFact,
    SideDecision,
    SideState,
    Snapshot,
    State,
    Suppressed,
    Trigger,
)
from programs.progression.unknown import is_unsure, plain

STRICT: dict[Approval, int] = {"auto": 0, "propose": 1, "clinician": 2}
SPENT_KEPT = 12
FROM_LATEST = [0]


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
    today = history.today or now.date()
    flagged = red_flagged(state, history)
    since = min((own.epoch.at for own in state.sides), default=now)
    later = [each for each in reversed(history.sessions) if each.recorded_at > since]
    picks = [Pick(_context(state, own, history, today, later)) for own in state.sides]
    for pick in picks:
        pick.context.red_flag = flagged
    outcome: Outcome = "kept"
    if state.locked and not (state.locked_until and state.locked_until <= today):
        outcome = "locked"
    else:
        rules = ruleset.by_trigger.get(trigger, ())
        if state.paused:
            outcome, rules = "paused", tuple(rule for rule in rules if rule.tier == "stop")
        for pick in picks:
            _judge(pick, ruleset, rules, caused_by)
        settle(picks, ruleset.mode)
    made = _conclude(ruleset, trigger, now, caused_by, picks, outcome)
    return _closing(made, picks, today)


def replay(ruleset: Ruleset, snapshot: Snapshot) -> Decision:
    """The decision of a stored snapshot, derived again."""
    state, history, now, trigger, caused_by = snapshot
    return decide(ruleset, state, history, now, trigger=trigger, caused_by=caused_by)


def red_flagged(state: State, history: History) -> bool:
    """True if a red flag came since the last clearance."""
    since = state.cleared_at
    told = [each.recorded_at for each in history.sessions if each.red_flags]
    told += [each.at for each in history.red_flags]
    return bool(told) and (since is None or max(told) > since)


def _context(
    state: State, own: SideState, history: History, today: date, later: list[SessionFact]
) -> Context:
    """What one side's rules see: of the `later` sessions those since its dose changed."""
    context = Context(state, own, history, today)
    side, since, spent = own.side, own.epoch.at, own.spent
    for each in later:
        if each.recorded_at > since and each.id not in spent:
            view = each.views[side] if side in each.views else view_of(each, side)
            if view is not None:
                context.seen.append(view)
    return context


def _fresh(context: Context) -> list[View]:
    """The sessions that a progression may count: begun since the dose changed, under that dose."""
    version, since = context.own.dose_version, context.own.epoch.at
    return [
        view
        for view in context.seen
        if view.version == version or (view.version is None and view.started_at >= since)
    ]


def _judge(pick: Pick, ruleset: Ruleset, rules: Iterable[Rule], caused_by: tuple[str, ...]) -> None:
    fresh = _fresh(pick.context)
    for rule in rules:
        if rule.tier == "progress":
            _try_progress(ruleset, pick, rule, fresh)
        else:
            _try_safety(pick, rule, caused_by)
    if pick.raising is not None and (pick.held or pick.lowering is not None):
        pick.drop("unknown" if pick.lowering is None else "lower_wins")


def _try_safety(pick: Pick, rule: Rule, caused_by: tuple[str, ...]) -> None:
    """Judge the latest session, and each one that a correction names."""
    context = pick.context
    if (rule.once or rule.cool_down) and _is_cooling(context, rule):
        return
    seen = _uncleared(context) if rule.lock else context.seen
    for start in _starts(seen, caused_by) if caused_by else FROM_LATEST:
        context.views = seen[start:] if start else seen
        view = context.views[0] if context.views else NOTHING
        answer = rule.test(context, view)
        if answer:
            _fire_safety(pick, rule, view)
            return
        if answer is None and rule.safety:
            pick.held = _note_missing(pick, rule, view) or pick.held


def _uncleared(context: Context) -> list[View]:
    """The sessions that may lock: those heard of since the last clearance."""
    since = context.state.cleared_at
    return [view for view in context.seen if since is None or view.recorded_at > since]


def _starts(views: list[View], caused_by: tuple[str, ...]) -> list[int]:
    return [0, *(i for i, view in enumerate(views) if i and view.session in caused_by)]


def _fire_safety(pick: Pick, rule: Rule, view: View) -> None:
    context = pick.context
    pick.fired.append((rule, FiredRule(rule.id, rule.tier, _evidence(context, rule))))
    result = _run(rule, context, view)
    if rule.safety:
        pick.lower_to(rule, _lowered(context.own, rule, result), view.session)
    elif isinstance(result, Change) and result.declare:
        pick.declared[result.declare[0]] = result.declare[1]


def _run(rule: Rule, context: Context, view: View) -> Change | Blocked | None:
    return rule.change.run(context, view) if rule.change and rule.change.run else None


def _lowered(own: SideState, rule: Rule, result: Change | Blocked | None) -> Change:
    """The change of a safety rule; keeping the dose where it can't be done or would raise it."""
    if isinstance(result, Blocked):
        return Change(own.step, own.dose, (Clamp(result.reason, "dose", rule.id, None),))
    if result is None:
        return Change(own.step, own.dose)
    if compare(result.step, result.dose, own.step, own.dose) > 0:
        return Change(own.step, own.dose, (Clamp("direction", "dose", rule.id, None),))
    return result


def _try_progress(ruleset: Ruleset, pick: Pick, rule: Rule, fresh: list[View]) -> None:
    context, own = pick.context, pick.own
    context.views = fresh
    view = fresh[0] if fresh else NOTHING
    answer = rule.test(context, view)
    if answer is None:
        _note_missing(pick, rule, view)
    if not answer:
        return
    result = _run(rule, context, view)
    if isinstance(result, Blocked) and result.reason != "at_bound":
        pick.suppressed.append(Suppressed(rule.id, result.reason))
    if not isinstance(result, Change):
        return
    if compare(result.step, result.dose, own.step, own.dose) <= 0:
        return
    if veto := _veto(ruleset, context, rule, view):
        pick.suppressed.append(veto)
        return
    pick.raise_to(rule, result, FiredRule(rule.id, rule.tier, _evidence(context, rule)))


def _veto(ruleset: Ruleset, context: Context, rule: Rule, view: View) -> Suppressed | None:
    """A limit that forbids any rise now: too soon, pain above the clinic's limit, a closed step."""
    every, most = ruleset.progress_every_days, context.state.limits.pain_limit
    raised = context.own.raised_on
    if raised is not None and (context.today - raised).days < every:
        wait = every - (context.today - raised).days
        return Suppressed(rule.id, "too_soon", (("days", wait), ("every", every)))
    if most is not None and (view.pain is None or (view.pain <= most) is not True):
        return Suppressed(rule.id, "pain_limit", (("limit", most), ("pain", plain(view.pain))))
    if closed(context, context.step):
        return Suppressed(rule.id, "resisted_date")
    cooling = rule.cool_down and _is_cooling(context, rule)
    return Suppressed(rule.id, "cool_down") if cooling else None


def _is_cooling(context: Context, rule: Rule) -> bool:
    """True if the rule fired within its cool-down, or already in this gap."""
    last = next((each for each in context.own.firings if each.rule == rule.id), None)
    if last is None:
        return False
    if rule.once:
        begun = next((view.started_at for view in context.every if view.trained), None)
        return begun is None or last.at > begun
    return (context.today - last.on).days < rule.cool_down


def _note_missing(pick: Pick, rule: Rule, view: View) -> bool:
    """Record what was unknown; False where there is no session that anything could be known of."""
    if view is NOTHING:
        return False
    for each in pick.context.views[: rule.window]:
        for fact in rule.facts:
            if is_unsure(fact.read(each)):
                pick.missing.append(Missing(rule.id, fact.name, each.session))
    if any(unpublished(pick.context, view) for unpublished in rule.tables):
        pick.missing.append(Missing(rule.id, "table", view.session))
    return True


def _evidence(context: Context, rule: Rule) -> tuple[Evidence, ...]:
    found = [_seen(view, rule) for view in context.views[: rule.window] if rule.facts]
    if rule.side_facts:
        values = tuple([(fact.name, plain(fact.read(context))) for fact in rule.side_facts])
        found.append(Evidence(None, values))
    return tuple(found)


def _seen(view: View, rule: Rule) -> Evidence:
    found: Evidence | None = view.evidence.get(rule.reads)
    if found is None:
        values = tuple([(fact.name, plain(fact.read(view))) for fact in rule.facts])
        found = view.evidence[rule.reads] = Evidence(view.session, values)
    return found


def _conclude(
    ruleset: Ruleset,
    trigger: Trigger,
    now: datetime,
    caused_by: tuple[str, ...],
    picks: list[Pick],
    kept: Outcome,
) -> Decision:
    shared = _strictest(*[_approval(pick) for pick in picks if pick.tied and pick.raising])
    lock = any(rule.lock for pick in picks for rule, _ in pick.fired)
    outcome: Outcome = "locked" if lock else kept
    told = [each.recorded_at for each in picks[0].context.history.sessions] if picks else ()
    last = max(told, default=None)
    sides = tuple([_side(pick, now, outcome, shared, last) for pick in picks])
    return Decision(ruleset.id, ruleset.version, trigger, now, sides, caused_by, lock)


def _closing(made: Decision, picks: list[Pick], today: date) -> Decision:
    """The decision with who is told, and what is closed: stops, rest, a lock for some days."""
    actions = [each for pick in picks for rule, _ in pick.fired for each in rule.others]
    if not actions:
        return made
    locks, rest = [a.lock_days for a in actions if a.lock], max(a.rest_days for a in actions)
    days = max((each for each in locks if each), default=0) if all(locks) else 0
    return made._replace(
        notices=tuple(sorted({action.notice for action in actions if action.notice})),
        lock_until=today + timedelta(days) if days else None,
        rest_until=today + timedelta(rest) if rest else None,
        stops=tuple(sorted({action.stops for action in actions if action.stops})),
    )


def _strictest(*asked: Approval) -> Approval:
    return max(asked, key=STRICT.__getitem__, default="auto")


def _approval(pick: Pick) -> Approval:
    rule, change = pick.raising_rule, pick.raising
    if rule is None or change is None:
        return "auto"
    state, wanted = pick.context.state, rule.approval
    if change.step > pick.own.step:
        steps = state.limits.approval_steps
        if "*" in steps or state.ladder[change.step].key in steps:
            wanted = _strictest(wanted, "propose")
    return _strictest(wanted, "propose") if change.propose else wanted


def _side(
    pick: Pick, now: datetime, kept: Outcome, shared: Approval, last_fact_at: datetime | None
) -> SideDecision:
    own, change, rule = pick.own, pick.raising or pick.lowering, pick.rule
    outcome, after, approval = kept, own, shared
    if change is not None and (change.step, change.dose) != (own.step, own.dose):
        after = _after(pick, change, now)
        approval = shared if pick.tied else _approval(pick)
        outcome = "changed" if approval == "auto" else "proposed"
    else:
        approval = "auto"
        after = _noted(pick, now) if pick.fired else own
    return SideDecision(
        own.side,
        own,
        after,
        outcome,
        approval,
        rule.id if rule else None,
        tuple([each for _, each in pick.fired]),
        tuple(pick.suppressed),
        change.clamps if change is not None else (),
        tuple(dict.fromkeys(pick.missing)) if pick.missing else (),
        pick.context.latest(),
        last_fact_at,
    )


def _noted(pick: Pick, now: datetime) -> SideState:
    """The side with its bookkeeping: when rules with a cool-down fired, what was declared."""
    own, today = pick.own, pick.context.today
    names = [rule.id for rule, _ in pick.fired if rule.once or rule.cool_down]
    if not names and not pick.declared:
        return own
    kept = [each for each in own.firings if each.rule not in names]
    return own._replace(
        firings=(*kept, *(Firing(name, today, now) for name in names)),
        declared=tuple(sorted({**dict(own.declared), **pick.declared}.items())),
    )


def _after(pick: Pick, change: Change, now: datetime) -> SideState:
    own, today, rule = pick.own, pick.context.today, pick.lowering_rule
    lowered = pick.raising is None
    spent = own.spent
    if lowered and pick.spends is not None:
        spent = (*spent, pick.spends)[-SPENT_KEPT:]
    return _noted(pick, now)._replace(
        step=change.step,
        dose=change.dose,
        epoch=Epoch(now, pick.context.latest(), own.epoch.number + 1),
        raised_on=own.raised_on if lowered else today,
        lowered_on=today if lowered and change.step < own.step else own.lowered_on,
        good=_good(own, hurt=lowered and rule is not None and rule.tier in ("stop", "regress")),
        spent=spent,
    )


def _good(own: SideState, *, hurt: bool) -> tuple[GoodDose, ...]:
    """Remember the dose that is left, or forget what is as high where it is left for pain."""
    others = tuple([each for each in own.good if each.step != own.step])
    if not hurt:
        return (*others, GoodDose(own.step, own.dose))
    lower = (e for e in own.good if e.step == own.step and rank(0, e.dose) < rank(0, own.dose))
    return (*others, *lower)
