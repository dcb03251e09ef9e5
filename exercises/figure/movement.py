"""Where the joints are at each moment: from the start pose to the prescribed end, and when."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import cos, pi

from .geometry import Point, above, along, num, solve, turned
from .joints import joints
from .pose import ARMS, SHANK, THIGH, Pose, elbow_and_wrist, with_hip

REST_S = 1
SAMPLES = 5
HAND, HEAD = 9.8, 15.0
SWING, LIFT = 90, 40
EASED = tuple((1 - cos(pi * k / (SAMPLES - 1))) / 2 for k in range(SAMPLES))
FINE = tuple((1 - cos(pi * k / (2 * SAMPLES))) / 2 for k in range(2 * SAMPLES + 1))


def moment(pose: Pose, range_deg: float, part: float) -> Pose:
    """The pose at a part (0 to 1) of the way to its prescribed end."""
    return _MOVES[pose.move](pose, range_deg, part)


def _knee(pose: Pose, range_deg: float, part: float) -> Pose:
    turn = part * (pose.zero - range_deg - pose.near_shank)
    return replace(pose, near_shank=pose.near_shank + turn, near_foot=pose.near_foot + turn)


def _lean(pose: Pose, range_deg: float, part: float) -> Pose:
    """Everything above the knee turns; hands and face stay above the floor."""
    turn = part * (range_deg + pose.near_thigh)
    moved = with_hip(
        pose,
        turned(pose.hip, pose.knee, turn),
        near_thigh=pose.near_thigh - turn,
        trunk=pose.trunk + turn,
        head=pose.head + turn,
    )
    reach = pose.arm_reach * part - turn
    back = _least(SWING, lambda k: _hand(_arms(moved, reach - k))[1] <= 0)
    up = _least(LIFT, lambda k: _face(replace(moved, neck=-k))[1] <= -HEAD)
    return replace(_arms(moved, reach - back), neck=-up, head=moved.head - up)


def _least(most: int, enough: Callable[[int], bool]) -> int:
    """The fewest degrees that are enough, or the most that a joint gives."""
    return next(filter(enough, range(most)), most)


def _hand(pose: Pose) -> Point:
    _, wrist = elbow_and_wrist(pose.shoulder, pose.near_arm)
    return along(wrist, pose.near_hand, HAND)


def _face(pose: Pose) -> Point:
    centre = above(pose.hip, pose.trunk, pose.head_x, pose.head_up)
    return turned(centre, pose.shoulder, pose.neck)


def _arms(pose: Pose, turn: float) -> Pose:
    angles: dict[str, float] = {name: getattr(pose, name) + turn for name in ARMS}
    return with_hip(pose, pose.hip, **angles)


def _bridge(pose: Pose, range_deg: float, part: float) -> Pose:
    turn = -part * range_deg
    hip = turned(pose.hip, pose.shoulder, turn)
    thigh, shank = solve(hip, pose.ankle, THIGH, SHANK)
    spread = thigh - pose.near_thigh
    return with_hip(
        pose,
        hip,
        trunk=pose.trunk + turn,
        neck=pose.neck - turn,
        near_thigh=thigh,
        near_shank=shank,
        far_thigh=pose.far_thigh + spread,
        far_shank=pose.far_shank + spread,
        far_foot=pose.far_foot + spread,
    )


def _slide(pose: Pose, range_deg: float, part: float) -> Pose:
    start = pose.near_thigh - pose.near_shank
    bend = start + part * (range_deg - start)
    reach_sq = THIGH**2 + SHANK**2 + 2 * THIGH * SHANK * cos(bend * pi / 180)
    drop = pose.ankle[1] - pose.hip_y
    ankle = (pose.hip_x + max(reach_sq - drop**2, 0) ** 0.5, pose.ankle[1])
    thigh, shank = solve(pose.hip, ankle, THIGH, SHANK)
    foot = pose.near_foot + part * pose.foot_turn * min(1, range_deg / pose.range_deg)
    return replace(pose, near_thigh=thigh, near_shank=shank, near_foot=foot)


def _press(pose: Pose, range_deg: float, part: float) -> Pose:
    return pose


_MOVES: dict[str, Callable[[Pose, float, float], Pose]] = {
    "knee": _knee,
    "lean": _lean,
    "bridge": _bridge,
    "slide": _slide,
    "press": _press,
    "joints": joints,
}


@dataclass(frozen=True, slots=True)
class Clock:
    """Two repetitions from a tap on the picture: up, hold, down, then a second of rest.

    Buttons of the page with the ids `<uid>_play` and `<uid>_stop` do the same without script.
    """

    uid: str
    tempo: tuple[int, int, int]

    @property
    def total(self) -> int:
        return sum(self.tempo) + REST_S

    def turn(self, content: str, pivot: Point, angles: Sequence[float]) -> str:
        """The content in a group that turns about a pivot; bare if it never turns."""
        if max(map(abs, angles), default=0) < 0.05:
            return content
        values = [f"{num(angle)} {num(pivot[0])} {num(pivot[1])}" for angle in angles]
        return f"<g>{content}{self._transform('rotate', values)}</g>"

    def shift(self, values: Sequence[str]) -> str:
        """A move of the group around it."""
        return self._transform("translate", values)

    def _transform(self, kind: str, values: Sequence[str]) -> str:
        what = f'attributeName="transform" type="{kind}"'
        return f"<animateTransform {what} {self.timing(values)}/>"

    def change(self, name: str, values: Sequence[str]) -> str:
        """An attribute that passes through the values on the way up, and back."""
        return f'<animate attributeName="{name}" {self.timing(values)}/>'

    def timing(self, values: Sequence[str]) -> str:
        """Eased by splines between two values, by even samples between more."""
        there_and_back = [*values, *reversed(values), values[0]]
        ease = ""
        if len(values) == 2:
            stay, move = "0 0 1 1", ".37 0 .63 1"
            ease = f' calcMode="spline" keySplines="{move};{stay};{move};{stay}"'
        start = f'begin="{self.uid}.click;{self.uid}_play.click" end="{self.uid}_stop.click"'
        span = f'dur="{self.total}s" repeatCount="2" values="{";".join(there_and_back)}"'
        return f'{start} {span} keyTimes="{self._key_times(len(values))}"{ease}'

    def _key_times(self, count: int) -> str:
        up, hold, down = self.tempo
        steps = [k / (count - 1) for k in range(count)]
        seconds = [up * s for s in steps] + [up + hold + down * s for s in steps] + [self.total]
        times = [f"{t / self.total:.3f}".rstrip("0").rstrip(".") for t in seconds]
        return ";".join(t.removeprefix("0") if t.startswith("0.") else t for t in times)


def frames(pose: Pose, range_deg: float) -> tuple[Pose, ...]:
    """The start and the end where one joint turns; even steps in time where several do."""
    many = pose.move in ("bridge", "slide") or pose.root == "both"
    parts = EASED if many else (0.0, 1.0)
    return tuple(moment(pose, range_deg, part) for part in parts)


def changes(values: Sequence[float]) -> list[float]:
    return [value - values[0] for value in values]


def ankle_at(pose: Pose, range_deg: float, part: float = 1.0) -> Point:
    """Where the working ankle is at a part of the movement."""
    return moment(pose, range_deg, part).ankle
