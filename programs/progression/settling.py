"""How the sides of one person are settled with each other, after each was judged alone."""

from dataclasses import dataclass, field

from programs.progression.doses import Blocked, Change, compare, good_dose, rank, step_down
from programs.progression.facts import Context, View
from programs.progression.rules import Rule
from programs.progression.types import FiredRule, Missing, Mode, Notice, Suppressed, Tier


@dataclass(slots=True)
class Pick:
    """What one side came to, while it is being worked out."""

    context: Context
    fired: list[FiredRule] = field(default_factory=list)
    suppressed: list[Suppressed] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    declared: dict[str, int] = field(default_factory=dict)
    cooling: list[str] = field(default_factory=list)
    lowering: Change | None = None  # of stop, regress, deload, hold: the lowest so far
    lowering_rule: Rule | None = None
    raising: Change | None = None
    raising_rule: Rule | None = None
    raising_fired: FiredRule | None = None
    spends: str | None = None
    lock: bool = False
    held: bool = False
    tied: bool = False

    @property
    def lowered_by(self) -> Tier | None:
        return self.lowering_rule.tier if self.lowering_rule else None

    @property
    def rule_id(self) -> str | None:
        rule = self.raising_rule if self.raising is not None else self.lowering_rule
        return rule.id if rule else None

    @property
    def lowers(self) -> bool:
        """True if the dose goes down, not only stays."""
        own, change = self.context.own, self.lowering
        return change is not None and (change.step, change.dose) != (own.step, own.dose)

    def suppress(self, change: Change, reason: str) -> None:
        """Take back a rise: the rule is no longer fired but suppressed."""
        if self.raising_rule is not None and change is self.raising:
            self.suppressed.append(Suppressed(self.raising_rule.id, reason))
            if self.raising_fired in self.fired:
                self.fired.remove(self.raising_fired)
            self.raising = self.raising_rule = None

    def candidate(self, rule: Rule, change: Change, view: View) -> None:
        """A safety rule's dose: the lowest wins; one that would leave it higher is recorded."""
        if rule.once or rule.cool_down:
            self.cooling.append(rule.id)
        best, best_rule = self.lowering, self.lowering_rule
        if best is None or best_rule is None or _lower(change, best):
            if best is not None and best_rule is not None:
                self.suppressed.append(Suppressed(best_rule.id, "lower_wins"))
            self.lowering, self.lowering_rule = change, rule
            self.spends = view.session
        elif _lower(best, change):
            self.suppressed.append(Suppressed(rule.id, "lower_wins"))

    def raise_to(self, rule: Rule, change: Change, fired: FiredRule) -> None:
        """A progress rule's dose: the lowest wins, only one is taken."""
        if rule.cool_down:
            self.cooling.append(rule.id)
        if self.raising is not None and not _lower(change, self.raising):
            self.suppressed.append(Suppressed(rule.id, "lower_wins"))
            return
        if self.raising is not None:
            self.suppress(self.raising, "lower_wins")
        self.raising, self.raising_rule, self.raising_fired = change, rule, fired
        self.fired.append(fired)
        self.notices.extend(rule.notices)

    def declare(self, result: Change | Blocked | None) -> None:
        if isinstance(result, Change) and result.declare:
            self.declared[result.declare[0]] = result.declare[1]


def _lower(change: Change, other: Change) -> bool:
    return rank(change.step, change.dose) < rank(other.step, other.dose)


def settle(picks: list[Pick], mode: Mode) -> None:
    """A reduction on one side never comes with a rise on the other; tied sides move as one."""
    if len(picks) < 2:
        return
    if any(pick.lowers or pick.lock or pick.lowered_by == "stop" for pick in picks):
        for pick in picks:
            _drop(pick, "other_side")
    together = mode == "lockstep" or picks[0].context.step.laterality == "both"
    if together:
        _tie(picks)
        return
    _into_both(picks)
    if mode == "weaker_leads":
        _weaker_leads(picks)


def _drop(pick: Pick, reason: str) -> None:
    if pick.raising is not None:
        pick.suppress(pick.raising, reason)


def _tie(picks: list[Pick]) -> None:
    """All take the lowest reduction; a rise only if every side rises, and then the lowest."""
    for pick in picks:
        pick.tied = True
    downs = [pick for pick in picks if pick.lowers]
    if downs:
        _follow(picks, min(downs, key=lambda p: _rank(p.lowering)))
    elif all(pick.raising is not None for pick in picks):
        lowest = min((pick.raising for pick in picks), key=_rank)
        for pick in picks:
            pick.raising = lowest
    else:
        for pick in picks:
            _drop(pick, "waits_for_side")


def _rank(change: Change | None) -> tuple[tuple[int, ...], ...]:
    return rank(change.step, change.dose) if change else ()


def _follow(picks: list[Pick], leader: Pick) -> None:
    """The other sides go where `leader` goes, never higher than where they are."""
    change = leader.lowering
    if change is None:
        return
    for pick in picks:
        own = pick.context.own
        if pick is not leader and compare(change.step, change.dose, own.step, own.dose) < 0:
            pick.lowering, pick.lowering_rule = change, leader.lowering_rule
            pick.spends = leader.spends
            known = {each.rule for each in pick.fired}
            pick.fired += [each for each in leader.fired if each.rule not in known]


def _into_both(picks: list[Pick]) -> None:
    """Into a step that trains both legs together only as one, at the weaker side's dose."""
    ladder = picks[0].context.state.ladder
    for pick in picks:
        up = pick.raising
        if up is not None and up.step > pick.context.own.step:
            if ladder[up.step].laterality == "both" and not _all_rise_to(picks, up.step):
                _drop(pick, "waits_for_side")
            elif ladder[up.step].laterality == "both":
                pick.tied = True
    for pick in list(picks):
        down = pick.lowering
        falls = down is not None and down.step < pick.context.own.step
        if down is not None and falls and ladder[down.step].laterality == "both":
            _down_into_both(picks, pick, down.step)


def _all_rise_to(picks: list[Pick], step: int) -> bool:
    return all(pick.raising is not None and pick.raising.step == step for pick in picks)


def _down_into_both(picks: list[Pick], pick: Pick, step: int) -> None:
    """All go down together; a side that is lower already sends this one to an "each" step."""
    if any(other.context.own.step < step for other in picks):
        lower = step_down(pick.context, each_only=True)
        if isinstance(lower, Change):
            pick.lowering = lower
        return
    ladder = pick.context.state.ladder[step]
    dose = min((good_dose(p.context.own, step, ladder) for p in picks), key=lambda d: rank(step, d))
    pick.lowering = Change(step, dose, pick.lowering.clamps if pick.lowering else [])
    for each in picks:
        each.tied = True
    _follow(picks, pick)


def _weaker_leads(picks: list[Pick]) -> None:
    """A side rises only as far as the weaker one is, or rises to in the same decision."""
    for pick in picks:
        up = pick.raising
        for other in picks:
            theirs = other.raising or other.lowering
            own = other.context.own
            step, dose = (theirs.step, theirs.dose) if theirs else (own.step, own.dose)
            mine = pick.context.own
            ahead = up is not None and compare(up.step, up.dose, step, dose) > 0
            if (
                ahead
                and other is not pick
                and compare(mine.step, mine.dose, own.step, own.dose) >= 0
            ):
                _drop(pick, "weaker_leads")
