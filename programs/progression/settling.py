"""What each side came to, and how the sides of one person are settled with each other."""

from typing import Any

from programs.progression.doses import Change, Rank, compare, good_dose, rank, step_down
from programs.progression.facts import Context
from programs.progression.rules import Rule
from programs.progression.types import FiredRule, Missing, Mode, Suppressed


class Move:
    """Where a rule puts a side; a fall spends the `session` that it was judged by."""

    def __init__(self, change: Change, rule: Rule, session: str | None = None) -> None:
        self.change, self.rule, self.session = change, rule, session
        self.place = change[:2]

    @property
    def order(self) -> Rank:
        return rank(*self.place)


class Pick(Context):
    """What one side sees, and what it came to while it is being worked out: `down`, the lowest
    dose that stop, regress, deload and hold asked for so far; and `up`, the lowest of progress."""

    def __init__(self, *seen: Any) -> None:
        super().__init__(*seen)
        self.place = self.own.step, self.dose
        self.fired: tuple[tuple[Rule, FiredRule], ...] = ()
        self.suppressed: tuple[Suppressed, ...] = ()
        self.missing: tuple[Missing, ...] = ()
        self.declared: tuple[tuple[str, int], ...] = ()
        self.down: Move | None = None
        self.up: Move | None = None
        self.held = self.tied = False

    @property
    def lowers(self) -> bool:
        """True if the dose goes down, not only stays."""
        return self.down is not None and self.down.place != self.place

    @property
    def stops(self) -> bool:
        return any(rule.lock or rule.tier == "stop" for rule, _ in self.fired)

    def drop(self, reason: str) -> None:
        """Take back a rise: its rule is no longer fired but suppressed."""
        if self.up is not None:
            dropped, self.up = self.up.rule, None
            self.suppress(Suppressed(dropped.id, reason))
            self.fired = tuple([each for each in self.fired if each[0] is not dropped])

    def suppress(self, why: Suppressed) -> None:
        self.suppressed += (why,)

    def lower_to(self, move: Move) -> None:
        """A safety rule's dose: the lowest wins; one that would leave it higher is recorded."""
        best = self.down
        if best is None or move.order < best.order:
            if best is not None:
                self.suppress(Suppressed(best.rule.id, "lower_wins"))
            self.down = move
        elif best.order < move.order:
            self.suppress(Suppressed(move.rule.id, "lower_wins"))

    def raise_to(self, move: Move, fired: FiredRule) -> None:
        """A progress rule's dose: the lowest wins, only one is taken."""
        if self.up is not None and not move.order < self.up.order:
            self.suppress(Suppressed(move.rule.id, "lower_wins"))
            return
        self.drop("lower_wins")
        self.up = move
        self.fired += ((move.rule, fired),)


def settle(picks: list[Pick], mode: Mode) -> None:
    """A reduction on one side never comes with a rise on the other; tied sides move as one."""
    if len(picks) < 2 or not any(pick.up or pick.down for pick in picks):
        return
    if any(pick.lowers or pick.stops for pick in picks):
        for pick in picks:
            pick.drop("other_side")
    if mode == "lockstep" or picks[0].step.laterality == "both":
        _tie(picks)
        return
    _into_both(picks)
    if mode == "weaker_leads":
        _weaker_leads(picks)


def _tie(picks: list[Pick]) -> None:
    """All take the lowest reduction; a rise only if every side rises, and then the lowest."""
    downs = [pick for pick in picks if pick.lowers]
    rises = [pick.up for pick in picks if pick.up]
    for pick in picks:
        pick.tied = True
        if pick.up and not downs and len(rises) == len(picks):
            lowest = min(rises, key=lambda up: (up.order, repr(up.change)))
            pick.up = Move(lowest.change, pick.up.rule)
        elif not downs:
            pick.drop("waits_for_side")
    _follow_lowest(picks, downs)


def _follow_lowest(picks: list[Pick], falling: list[Pick]) -> None:
    """The sides go where the lowest of `falling` goes, with its reason; none of them higher."""
    falls = [(pick.down, pick.fired) for pick in falling if pick.down]
    if not falls:
        return
    lowest, why = min(falls, key=lambda fall: (fall[0].order, fall[0].rule.id))
    for pick in picks:
        follows = pick.down is None or lowest.order < pick.down.order
        if follows and compare(*lowest.place, *pick.place) < 0:
            pick.down = lowest
            known = {fired.rule for _, fired in pick.fired}
            pick.fired += tuple([each for each in why if each[1].rule not in known])


def _into_both(picks: list[Pick]) -> None:
    """Into a step that trains both legs together only as one, at the weaker side's dose."""
    ladder = picks[0].state.ladder
    rises = {pick.up.change.step if pick.up else None for pick in picks}
    for pick in picks:
        step = pick.up.change.step if pick.up else pick.own.step
        if step > pick.own.step and ladder[step].laterality == "both":
            pick.tied = len(rises) == 1
            if not pick.tied:
                pick.drop("waits_for_side")
    together = [pick for pick in picks if _goes_down_into(picks, pick)]
    for pick in picks if together else ():
        pick.tied = True
    _follow_lowest(picks, together)


def _goes_down_into(picks: list[Pick], pick: Pick) -> bool:
    """Put the side on the two-legged step, at the lower of the good doses there.

    False where it goes to no such step, or a lower side sends it to a step for each leg.
    """
    down, ladder = pick.down, pick.state.ladder
    step = down.change.step if down else pick.own.step
    if not down or step >= pick.own.step or ladder[step].laterality != "both":
        return False
    if any(other.own.step < step for other in picks):
        lower = step_down(pick, each_only=True)
        if isinstance(lower, Change):
            pick.down = Move(lower, down.rule, down.session)
        return False
    doses = (good_dose(each.own, step, ladder[step]) for each in picks)
    dose = min(doses, key=lambda dose: rank(0, dose))
    pick.down = Move(down.change._replace(dose=dose), down.rule, down.session)
    return True


def _weaker_leads(picks: list[Pick]) -> None:
    """A side rises only as far as the weaker one is, or rises to in the same decision."""
    moves = [pick.up or pick.down for pick in picks]
    goals = [move.place if move else pick.place for move, pick in zip(moves, picks, strict=True)]
    for pick in picks:
        for other, goal in zip(picks, goals, strict=True):
            if other is pick or not pick.up or compare(*pick.up.place, *goal) <= 0:
                continue
            if compare(*pick.place, *other.place) >= 0:
                pick.drop("weaker_leads")
