"""decide(): one frozen snapshot in, one decision out, with the reason and what it came from.

1. Every rule that the trigger asks is evaluated on each side's own sessions of the epoch.
2. Among stop, regress, deload and hold the lowest dose wins; any of them, or one that is unknown,
   keeps progress from happening. Among progress rules the lowest dose wins.
3. The sides are settled with each other; then approval, bookkeeping, and the record.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from programs.progression import types as t
from programs.progression.actions import Action
from programs.progression.doses import Blocked, Change, closed, compare, rank
from programs.progression.facts import NOTHING, Context, View, is_unsure, plain
from programs.progression.rules import Reads, Rule, Ruleset
from programs.progression.settling import Move, Pick, settle

STRICT: tuple[t.Approval, ...] = ("auto", "propose", "clinician")
SPENT_KEPT = 12


def decide(
    ruleset: Ruleset,
    state: t.State,
    history: t.History,
    now: datetime,
    *,
    trigger: t.Trigger = "decision",
    caused_by: tuple[str, ...] = (),
) -> t.Decision:
    """What the rules say now. A locked program never changes; a paused one may only lock.

    `now`: UTC. `caused_by`: ids of sessions whose facts came late or were corrected; rules for
    safety judge each of them, also where it was done before the dose last changed.
    """
    today, flagged = history.today or now.date(), red_flagged(state, history)
    since = min([own.epoch.at for own in state.sides], default=now)
    later = [each for each in reversed(history.sessions) if each.recorded_at > since]
    last = max([each.recorded_at for each in later or history.sessions], default=None)
    picks = [Pick(state, own, history, today, later, flagged) for own in state.sides]
    outcome: t.Outcome = "kept"
    rules = ruleset.by_trigger.get(trigger, ())
    if state.locked and not (state.locked_until and state.locked_until <= today):
        outcome, rules = "locked", ()
    elif state.paused:
        outcome, rules = "paused", tuple(rule for rule in rules if rule.tier == "stop")
    for pick in picks:
        _judge(pick, ruleset, rules, caused_by)
    settle(picks, ruleset.mode)
    sides, closing = _concluded(picks, outcome, last, now, today)
    return t.Decision(ruleset.id, ruleset.version, trigger, now, sides, caused_by, **closing)


def replay(ruleset: Ruleset, snapshot: t.Snapshot) -> t.Decision:
    """The decision of a stored snapshot, derived again."""
    state, history, now, trigger, caused_by = snapshot
    return decide(ruleset, state, history, now, trigger=trigger, caused_by=caused_by)


def red_flagged(state: t.State, history: t.History) -> bool:
    """True if a red flag came since the last clearance."""
    since = state.cleared_at
    told = [each.recorded_at for each in history.sessions if each.red_flags]
    told += [each.at for each in history.red_flags]
    return bool(told) and (since is None or max(told) > since)


def _fresh(context: Context) -> list[View]:
    """The sessions that a progression may count: begun since the dose changed, under that dose."""
    version, since = context.own.dose_version, context.own.epoch.at
    return [
        view
        for view in context.seen
        if view.version == version or (view.version is None and view.fact.started_at >= since)
    ]


def _judge(pick: Pick, ruleset: Ruleset, rules: Iterable[Rule], caused_by: tuple[str, ...]) -> None:
    fresh = _fresh(pick)
    for rule in rules:
        if rule.tier == "progress":
            _try_progress(ruleset, pick, rule, fresh)
        else:
            _try_safety(pick, rule, caused_by)
    if pick.held or pick.down is not None:
        pick.drop("unknown" if pick.down is None else "lower_wins")


def _try_safety(pick: Pick, rule: Rule, caused_by: tuple[str, ...]) -> None:
    """Judge the latest session, and each one that a correction names."""
    if (rule.once or rule.cool_down) and _is_cooling(pick, rule):
        return
    seen, starts = pick.seen, [0]
    if rule.lock and (cleared := pick.state.cleared_at):  # what was heard of before locks no more
        seen = [view for view in seen if view.fact.recorded_at > cleared]
    if caused_by:
        starts += [i for i, view in enumerate(seen) if i and view.session in caused_by]
    for start in starts:
        pick.views = seen[start:] if start else seen
        view = seen[start] if seen else NOTHING
        answer = rule.test(pick, view)
        if answer:
            _fire_safety(pick, rule, view)
            return
        if answer is None and rule.safety:
            pick.held = _note_missing(pick, rule, view) or pick.held


def _fire_safety(pick: Pick, rule: Rule, view: View) -> None:
    pick.fired += ((rule, t.FiredRule(rule.id, rule.tier, _evidence(pick, rule))),)
    result = _run(rule, pick, view)
    if rule.safety:
        pick.lower_to(Move(_lowered(pick.own, rule, result), rule, view.session))
    elif isinstance(result, Change) and result.declare:
        pick.declared += (result.declare,)


def _run(rule: Rule, pick: Context, view: View) -> Change | Blocked | None:
    return rule.change.run(pick, view) if rule.change and rule.change.run else None


def _lowered(own: t.SideState, rule: Rule, result: Change | Blocked | None) -> Change:
    """The change of a safety rule; keeping the dose where it can't be done or would raise it."""
    if result is None:
        return Change(own.step, own.dose)
    if isinstance(result, Change) and compare(result.step, result.dose, own.step, own.dose) <= 0:
        return result
    reason = result.reason if isinstance(result, Blocked) else "direction"
    return Change(own.step, own.dose, (t.Clamp(reason, "dose", rule.id, None),))


def _try_progress(ruleset: Ruleset, pick: Pick, rule: Rule, fresh: list[View]) -> None:
    own = pick.own
    pick.views = fresh
    view = fresh[0] if fresh else NOTHING
    answer = rule.test(pick, view)
    if answer is None:
        _note_missing(pick, rule, view)
    if not answer:
        return
    result = _run(rule, pick, view)
    if isinstance(result, Blocked) and result.reason != "at_bound":
        pick.suppress(t.Suppressed(rule.id, result.reason))
    if not isinstance(result, Change):
        return
    if compare(result.step, result.dose, own.step, own.dose) > 0:
        if veto := _veto(ruleset, pick, rule, view):
            pick.suppress(veto)
        else:
            fired = t.FiredRule(rule.id, rule.tier, _evidence(pick, rule))
            pick.raise_to(Move(result, rule), fired)


def _veto(ruleset: Ruleset, context: Context, rule: Rule, view: View) -> t.Suppressed | None:
    """A limit that forbids any rise now: too soon, pain above the clinic's limit, a closed step."""
    every, most = ruleset.progress_every_days, context.state.limits.pain_limit
    raised = context.own.raised_on
    if raised is not None and (context.today - raised).days < every:
        wait = every - (context.today - raised).days
        return t.Suppressed(rule.id, "too_soon", (("days", wait), ("every", every)))
    if most is not None and (view.pain is None or (view.pain <= most) is not True):
        return t.Suppressed(rule.id, "pain_limit", (("limit", most), ("pain", plain(view.pain))))
    if closed(context, context.step):
        return t.Suppressed(rule.id, "resisted_date")
    cooling = rule.cool_down and _is_cooling(context, rule)
    return t.Suppressed(rule.id, "cool_down") if cooling else None


def _is_cooling(context: Context, rule: Rule) -> bool:
    """True if the rule fired within its cool-down, or already in this gap."""
    last = next((each for each in context.own.firings if each.rule == rule.id), None)
    if last is None:
        return False
    if rule.once:
        begun = next((view.fact.started_at for view in context.every if view.trained), None)
        return begun is None or last.at > begun
    return (context.today - last.on).days < rule.cool_down


def _note_missing(pick: Pick, rule: Rule, view: View) -> bool:
    """Record what was unknown; False where there is no session that anything could be known of."""
    if view is NOTHING:
        return False
    missing = [
        t.Missing(rule.id, name, each.session)
        for each in pick.views[: rule.window]
        for name, read in rule.reads
        if is_unsure(read(each))
    ]
    if any(unpublished(pick, view) for unpublished in rule.tables):
        missing.append(t.Missing(rule.id, "table", view.session))
    pick.missing += tuple(missing)
    return True


def _evidence(context: Context, rule: Rule) -> tuple[t.Evidence, ...]:
    """What the rule read of each session, and of the side."""
    views = context.views[: rule.window] if rule.reads else ()
    found = [t.Evidence(view.session, _values(rule.reads, view)) for view in views]
    if rule.side_reads:
        found.append(t.Evidence(None, _values(rule.side_reads, context)))
    return tuple(found)


def _values(reads: Reads, of: View | Context) -> t.Named:
    return tuple([(name, plain(read(of))) for name, read in reads])


def _concluded(
    picks: list[Pick], kept: t.Outcome, last: datetime | None, now: datetime, today: date
) -> tuple[tuple[t.SideDecision, ...], dict[str, Any]]:
    """The sides as decided, and what all of them come to; see `_closing`."""
    actions = [each for pick in picks for rule, _ in pick.fired for each in rule.others]
    closing = _closing(actions, today) if actions else {}
    kept = "locked" if closing.get("lock") else kept
    asked = [_approval(pick) for pick in picks if pick.tied and pick.up]
    shared = _strictest(*asked) if asked else "auto"
    return tuple([_side(pick, now, kept, shared, last) for pick in picks]), closing


def _closing(actions: list[Action], today: date) -> dict[str, Any]:
    """Who is told, and what is closed: stops, rest, a lock."""
    locks, rest = _lock_ends(actions, today), max([each.rest_days for each in actions])
    return {
        "lock": bool(locks),
        "notices": tuple(sorted({each.notice for each in actions if each.notice})),
        "lock_until": max([end for end in locks if end], default=None) if all(locks) else None,
        "rest_until": today + timedelta(rest) if rest else None,
        "stops": tuple(sorted({each.stops for each in actions if each.stops})),
    }


def _lock_ends(actions: list[Action], today: date) -> list[date | None]:
    """When each lock opens (None: by a clearance). One until a day that has come locks no more."""
    ends = [
        each.lock_until or (today + timedelta(each.lock_days) if each.lock_days else None)
        for each in actions
        if each.lock
    ]
    return [end for end in ends if end is None or end > today]


def _strictest(*asked: t.Approval) -> t.Approval:
    return max(asked, key=STRICT.index, default="auto")


def _approval(pick: Pick) -> t.Approval:
    if pick.up is None:
        return "auto"
    change, approval = pick.up.change, pick.up.rule.approval
    steps = pick.state.limits.approval_steps
    asks = "*" in steps or pick.state.ladder[change.step].key in steps
    by_person = change.propose or (change.step > pick.own.step and asks)
    return _strictest(approval, "propose") if by_person else approval


def _side(
    pick: Pick, now: datetime, kept: t.Outcome, shared: t.Approval, last_fact_at: datetime | None
) -> t.SideDecision:
    own, move, last = pick.own, pick.up or pick.down, pick.latest()
    outcome, approval, after = kept, STRICT[0], own
    if move is not None and move.place != pick.place:
        after = _after(pick, move, now, last)
        approval = shared if pick.tied else _approval(pick)
        outcome = "changed" if approval == "auto" else "proposed"
    elif pick.fired:
        after = _noted(pick, now)
    rule, clamps = (move.rule.id, move.change.clamps) if move else (None, ())
    fired = tuple([each for _, each in pick.fired])
    missing = pick.missing and tuple(dict.fromkeys(pick.missing))
    return t.SideDecision(
        own.side, own, after, outcome, approval, rule, fired, pick.suppressed, clamps, missing,
        last, last_fact_at,
    )  # fmt: skip


def _noted(pick: Pick, now: datetime) -> t.SideState:
    """The side with its bookkeeping: when rules with a cool-down fired, what was declared."""
    own, today = pick.own, pick.today
    names = [rule.id for rule, _ in pick.fired if rule.once or rule.cool_down]
    if not names and not pick.declared:
        return own
    kept = [each for each in own.firings if each.rule not in names]
    firings = (*kept, *(t.Firing(name, today, now) for name in names))
    declared = tuple(sorted(dict((*own.declared, *pick.declared)).items()))
    return own._replace(firings=firings, declared=declared)


def _after(pick: Pick, move: Move, now: datetime, last: str | None) -> t.SideState:
    own, noted, today, (step, dose) = pick.own, _noted(pick, now), pick.today, move.place
    lowered, spends = pick.up is None, () if move.session is None else (move.session,)
    return t.SideState(
        side=own.side,
        step=step,
        dose=dose,
        dose_version=own.dose_version,
        epoch=t.Epoch(now, last, own.epoch.number + 1),
        raised_on=own.raised_on if lowered else today,
        lowered_on=today if lowered and step < own.step else own.lowered_on,
        good=_good(own, hurt=move.rule.tier in ("stop", "regress")),
        spent=(*own.spent, *spends)[-SPENT_KEPT:],
        firings=noted.firings,
        declared=noted.declared,
    )


def _good(own: t.SideState, *, hurt: bool) -> tuple[t.GoodDose, ...]:
    """Remember the dose that is left, or forget what is as high where it is left for pain."""
    others = tuple([each for each in own.good if each.step != own.step])
    if not hurt:
        return (*others, t.GoodDose(own.step, own.dose))
    lower = (e for e in own.good if e.step == own.step and rank(0, e.dose) < rank(0, own.dose))
    return (*others, *lower)
