"""What each side came to, and how the sides of one person are settled with each other."""

from programs.progression.doses import Change, Rank, compare, good_dose, rank, step_down
from programs.progression.facts import Context
from programs.progression.rules import Rule
from programs.progression.types import FiredRule, Missing, Mode, Suppressed


class Pick:
    """What one side came to, while it is being worked out."""

    __slots__ = (
        "context", "declared", "fired", "held", "lowering", "lowering_rule", "missing", "own",
        "raising", "raising_rule", "spends", "suppressed", "tied",
    )  # fmt: skip

    def __init__(self, context: Context) -> None:
        self.context, self.own = context, context.own
        self.fired: list[tuple[Rule, FiredRule]] = []
        self.suppressed: list[Suppressed] = []
        self.missing: list[Missing] = []
        self.declared: dict[str, int] = {}
        self.lowering: Change | None = None  # of stop, regress, deload, hold: the lowest so far
        self.lowering_rule: Rule | None = None
        self.raising: Change | None = None
        self.raising_rule: Rule | None = None
        self.spends: str | None = None
        self.held = self.tied = False

    @property
    def rule(self) -> Rule | None:
        return self.lowering_rule if self.raising is None else self.raising_rule

    @property
    def lowers(self) -> bool:
        """True if the dose goes down, not only stays."""
        return self.lowering is not None and self.lowering[:2] != (self.own.step, self.own.dose)

    @property
    def stops(self) -> bool:
        return any(rule.lock or rule.tier == "stop" for rule, _ in self.fired)

    def drop(self, reason: str) -> None:
        """Take back a rise: its rule is no longer fired but suppressed."""
        if self.raising is not None and self.raising_rule is not None:
            self.suppressed.append(Suppressed(self.raising_rule.id, reason))
            self.fired = [each for each in self.fired if each[0] is not self.raising_rule]
            self.raising = self.raising_rule = None

    def lower_to(self, rule: Rule, change: Change, session: str | None) -> None:
        """A safety rule's dose: the lowest wins; one that would leave it higher is recorded."""
        best, best_rule = self.lowering, self.lowering_rule
        if best is None or best_rule is None or _is_lower(change, best):
            if best_rule is not None:
                self.suppressed.append(Suppressed(best_rule.id, "lower_wins"))
            self.lowering, self.lowering_rule, self.spends = change, rule, session
        elif _is_lower(best, change):
            self.suppressed.append(Suppressed(rule.id, "lower_wins"))

    def raise_to(self, rule: Rule, change: Change, fired: FiredRule) -> None:
        """A progress rule's dose: the lowest wins, only one is taken."""
        if self.raising is not None and not _is_lower(change, self.raising):
            self.suppressed.append(Suppressed(rule.id, "lower_wins"))
            return
        self.drop("lower_wins")
        self.raising, self.raising_rule = change, rule
        self.fired.append((rule, fired))


def _is_lower(change: Change, other: Change) -> bool:
    return rank(change.step, change.dose) < rank(other.step, other.dose)


def settle(picks: list[Pick], mode: Mode) -> None:
    """A reduction on one side never comes with a rise on the other; tied sides move as one."""
    if len(picks) < 2 or not any(pick.raising or pick.lowering for pick in picks):
        return
    if any(pick.lowers or pick.stops for pick in picks):
        for pick in picks:
            pick.drop("other_side")
    if mode == "lockstep" or picks[0].context.step.laterality == "both":
        _tie(picks)
        return
    _into_both(picks)
    if mode == "weaker_leads":
        _weaker_leads(picks)


def _tie(picks: list[Pick]) -> None:
    """All take the lowest reduction; a rise only if every side rises, and then the lowest."""
    downs = [pick for pick in picks if pick.lowers]
    rises = [pick.raising for pick in picks if pick.raising is not None]
    for pick in picks:
        pick.tied = True
        if not downs and len(rises) == len(picks):
            pick.raising = min(rises, key=lambda up: (_rank(up), repr(up)))
        elif not downs:
            pick.drop("waits_for_side")
    if downs:
        _follow_lowest(picks, downs)


def _rank(change: Change | None) -> Rank:
    return rank(change.step, change.dose) if change else ()


def _follow_lowest(picks: list[Pick], downs: list[Pick]) -> None:
    """The sides go where the lowest of `downs` goes, with its reason; none of them higher."""
    leader = min(downs, key=lambda pick: (_rank(pick.lowering), pick.rule.id if pick.rule else ""))
    change = leader.lowering
    for pick in picks:
        own = pick.own
        if change is None or (pick.lowering and not _is_lower(change, pick.lowering)):
            continue
        if compare(change.step, change.dose, own.step, own.dose) < 0:
            pick.lowering, pick.lowering_rule = change, leader.lowering_rule
            pick.spends = leader.spends
            known = {fired.rule for _, fired in pick.fired}
            pick.fired += [each for each in leader.fired if each[1].rule not in known]


def _into_both(picks: list[Pick]) -> None:
    """Into a step that trains both legs together only as one, at the weaker side's dose."""
    ladder = picks[0].context.state.ladder
    rises = {pick.raising.step if pick.raising else None for pick in picks}
    for pick in picks:
        up = pick.raising
        if up and up.step > pick.own.step and ladder[up.step].laterality == "both":
            pick.tied = len(rises) == 1
            if not pick.tied:
                pick.drop("waits_for_side")
    together = [pick for pick in picks if _goes_down_into(picks, pick)]
    if together:
        for pick in picks:
            pick.tied = True
        _follow_lowest(picks, together)


def _goes_down_into(picks: list[Pick], pick: Pick) -> bool:
    """Put the side on the two-legged step, at the lower of the good doses there.

    False where it goes to no such step, or a lower side sends it to a step for each leg.
    """
    down, ladder = pick.lowering, pick.context.state.ladder
    if not down or down.step >= pick.own.step or ladder[down.step].laterality != "both":
        return False
    if any(other.own.step < down.step for other in picks):
        lower = step_down(pick.context, each_only=True)
        pick.lowering = lower if isinstance(lower, Change) else down
        return False
    doses = (good_dose(each.own, down.step, ladder[down.step]) for each in picks)
    pick.lowering = down._replace(dose=min(doses, key=lambda dose: rank(0, dose)))
    return True


def _weaker_leads(picks: list[Pick]) -> None:
    """A side rises only as far as the weaker one is, or rises to in the same decision."""
    goals = [
        pick.raising or pick.lowering or Change(pick.own.step, pick.own.dose) for pick in picks
    ]
    for pick in picks:
        mine, up = pick.own, pick.raising
        for other, goal in zip(picks, goals, strict=True):
            own = other.own
            if other is pick or not up or compare(up.step, up.dose, goal.step, goal.dose) <= 0:
                continue
            if compare(mine.step, mine.dose, own.step, own.dose) >= 0:
                pick.drop("weaker_leads")
