"""The three pictures of a pose: moving, start and end side by side, and a small tile."""

import re
from decimal import Decimal
from html import escape
from typing import Literal

from .geometry import num
from .marks import centre, label_place, labelled
from .movement import Clock
from .pose import Box, Pose
from .scene import Scene, layers

type Side = Literal["left", "right"]
type Tempo = tuple[int, int, int]

BANDS = ("yellow", "red", "green", "blue")
LABEL_PAST = 11.0
CAPTION_H = 24


def draw(
    pose: Pose,
    *,
    side: Side,
    range_deg: int,
    tempo: Tempo,
    band: str | None = None,
    weight_kg: Decimal | None = None,
    title: str,
    description: str,
    motion: bool = True,
    uid: str,
) -> str:
    """The figure at its start; a tap plays two repetitions of the prescribed movement.

    `tempo` is seconds up, held and down; `uid` a name of letters, digits and underscores,
    once on a page. Raises ValueError for another uid or an unknown band.
    """
    clock = Clock(_checked(uid), tempo) if motion else None
    scene = Scene(pose, range_deg, _known(band), bool(weight_kg), clock=clock)
    picture = _faced(scene, side, pose.view) + _label(scene, side, pose.view)
    return _svg("fig fig-move", pose.view, uid, (title, description), picture)


def draw_still(
    pose: Pose,
    *,
    side: Side,
    range_deg: int,
    band: str | None = None,
    weight_kg: Decimal | None = None,
    title: str,
    description: str,
    start_label: str = "",
    end_label: str = "",
    uid: str,
) -> str:
    """Start and end together, side by side or (lying down) one over the other."""
    x, y, width, height = pose.view
    step = (0, height + CAPTION_H) if width > height * 1.3 else (_spread(pose), 0)
    body = ""
    for part, text in ((0.0, start_label), (1.0, end_label)):
        scene = Scene(pose, range_deg, _known(band), bool(weight_kg), part > 0, part)
        one = _faced(scene, side, pose.view) + _caption(text, pose.view, step[0] == 0)
        one += _label(scene, side, pose.view) if part else ""
        body += f'<g transform="translate({step[0]} {step[1]})">{one}</g>' if part else one
    box = (x, y - CAPTION_H, width + step[0], height + CAPTION_H + step[1])
    return _svg("fig fig-still", box, _checked(uid), (title, description), body)


def draw_both(
    pose: Pose,
    *,
    side: Side,
    range_deg: int,
    tempo: Tempo,
    band: str | None = None,
    weight_kg: Decimal | None = None,
    title: str,
    description: str,
    start_label: str = "",
    end_label: str = "",
    uid: str,
) -> str:
    """The moving figure and the still pair; the style sheet shows the one that is wanted."""
    moving = draw(
        pose,
        side=side,
        range_deg=range_deg,
        tempo=tempo,
        band=band,
        weight_kg=weight_kg,
        title=title,
        description=description,
        uid=uid,
    )
    still = draw_still(
        pose,
        side=side,
        range_deg=range_deg,
        band=band,
        weight_kg=weight_kg,
        title=title,
        description=description,
        start_label=start_label,
        end_label=end_label,
        uid=f"{uid}_s",
    )
    return moving + still


def tile(
    pose: Pose,
    *,
    side: Side,
    range_deg: int,
    band: str | None = None,
    weight_kg: Decimal | None = None,
) -> str:
    """A still thumbnail of the end pose, for beside the exercise's name; it says nothing."""
    scene = Scene(pose, range_deg, _known(band), bool(weight_kg), part=1.0)
    return _svg("fig fig-tile", pose.tile, "", None, _faced(scene, side, pose.tile))


def _svg(css: str, box: Box, uid: str, words: tuple[str, str] | None, picture: str) -> str:
    frame = f'viewBox="{" ".join(map(str, box))}"'
    if words is None:
        return f'<svg class="{css}" {frame} aria-hidden="true">{picture}</svg>'
    named = f'role="img" aria-labelledby="{uid}t {uid}d"'
    title = f'<title id="{uid}t">{escape(words[0])}</title>'
    description = f'<desc id="{uid}d">{escape(words[1])}</desc>'
    return f'<svg class="{css}" id="{uid}" {frame} {named}>{title}{description}{picture}</svg>'


def _faced(scene: Scene, side: Side, box: Box) -> str:
    """Facing right for the right leg, mirrored within its box for the left."""
    if side == "right":
        return layers(scene)
    return f'<g transform="translate({2 * box[0] + box[2]})scale(-1 1)">{layers(scene)}</g>'


def _label(scene: Scene, side: Side, box: Box) -> str:
    """The prescribed angle in words, outside of the mirror so that it can be read."""
    pose = scene.pose
    if not labelled(pose):
        return ""
    x, y = label_place(pose, scene.range_deg, LABEL_PAST)
    before = (x < centre(pose)[0]) == (side == "right")
    x = x if side == "right" else 2 * box[0] + box[2] - x
    anchor = ' text-anchor="end"' if before else ""
    place = f'x="{num(x)}" y="{num(y)}"'
    return f'<text class="f-label" {place}{anchor}>{scene.range_deg}°</text>'


def _caption(text: str, box: Box, small: bool) -> str:
    if not text:
        return ""
    place = f'x="{box[0] + box[2] // 2}" y="{box[1] - 8}"'
    css = "f-caption f-small" if small else "f-caption"
    return f'<text class="{css}" {place} text-anchor="middle">{escape(text)}</text>'


def _spread(pose: Pose) -> int:
    return pose.tile[2] + 6


def _known(band: str | None) -> str | None:
    if band and band not in BANDS:
        raise ValueError(f"no such band: {band!r}")
    return band


def _checked(uid: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", uid):
        raise ValueError(f"not a figure's name: {uid!r}")
    return uid
