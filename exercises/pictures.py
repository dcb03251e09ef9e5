"""An exercise's figure as safe markup: the pose and props of a revision, in its own words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from exercises import figure
from exercises.models import Revision
from exercises.paper import on_paper
from exercises.schema import FigureSpec, Text, read_picture

TEMPO = (2, 1, 3)
DRAWN_LOAD = Decimal("0.5")
TONES = settings.BASE_DIR / "static" / "css" / "figure.css"
ACCENT = (  # as in base.css, which a file of its own does not see
    ":root{color-scheme:light dark;--accent:oklch(.497 .0823 202)}"
    "@supports (color:light-dark(red,red)){:root{"
    "--accent:light-dark(oklch(.497 .0823 202),oklch(.758 .099 195))}}"
)
KEPT = 256  # drawings kept a process: the same words and numbers give the same picture


@dataclass(frozen=True)
class Picture:
    """The moving figure at its start and the same one at its end, in one frame. `uid` names both.

    The movement starts by a tap on the figure or on an element with the id `{uid}_play`.
    `wide` is a lying body, whose pair a narrow screen shows one over the other.
    """

    uid: str
    moving: SafeString
    end: SafeString
    wide: bool


def picture(*, revision: Revision, text: Text, uid: str, tempo: tuple[int, int, int]) -> Picture:
    """The large picture of a page: start and end beside each other."""
    pose = figure.POSES[revision.figure_spec.pose]
    return _picture(replace(pose, tile=pose.view), revision.figure_spec, text, uid, tempo)


def small_picture(*, revision: Revision, text: Text, uid: str) -> Picture:
    """The picture of a tile: the end, which gives way to the moving figure."""
    pose = figure.POSES[revision.figure_spec.pose]
    return _picture(replace(pose, view=pose.tile), revision.figure_spec, text, uid, TEMPO)


def thumbnail(*, revision: Revision) -> SafeString:
    """The end of the movement, small and silent, for beside the exercise's name."""
    spec = revision.figure_spec
    return _end(figure.POSES[spec.pose], spec)


@dataclass(frozen=True, slots=True)
class Photo:
    """A clinic's own picture beside the figure, as a page shows it."""

    url: str
    width: int
    height: int
    alt: str


def photo(*, figure: Mapping[str, Any], language: str) -> Photo | None:
    """The picture that stands beside this figure of a revision, if there is one."""
    spec = read_picture(figure)
    if spec is None:
        return None
    url = reverse("exercises:own-picture", args=[spec.id])
    return Photo(url, spec.width, spec.height, spec.alt[language])


def sketch(spec: FigureSpec) -> Picture:
    """The picture of a pose that is being chosen, named as the pose is."""
    pose, words = figure.POSES[spec.pose], spec.pose.replace("_", " ")
    moving = _moving(pose, spec, words, words, "sketch", TEMPO)
    return Picture("sketch", moving, _end(pose, spec), _is_wide(pose))


def tile_alone(*, revision: Revision) -> str:
    """The thumbnail as a file of its own: in the tones of the pages, in either theme."""
    return on_paper(thumbnail(revision=revision), _tones())


@lru_cache(maxsize=1)
def _tones() -> str:
    return f"{ACCENT}{TONES.read_text(encoding='utf-8')}"


def _picture(
    pose: figure.Pose, spec: FigureSpec, text: Text, uid: str, tempo: tuple[int, int, int]
) -> Picture:
    moving = _moving(pose, spec, text.name, text.movement, uid, tempo)
    return Picture(uid, moving, _end(pose, spec), _is_wide(pose))


def _is_wide(pose: figure.Pose) -> bool:
    return pose.view[2] > pose.view[3] * 1.2


@lru_cache(maxsize=KEPT)
def _moving(
    pose: figure.Pose,
    spec: FigureSpec,
    title: str,
    description: str,
    uid: str,
    tempo: tuple[int, int, int],
) -> SafeString:
    moving = figure.draw(
        pose,
        side="right",
        range_deg=spec.range_deg or pose.range_deg,
        tempo=tempo,
        band=spec.band,
        weight_kg=DRAWN_LOAD if spec.weight else None,
        title=title,
        description=description,
        uid=uid,
    )
    return _drawn(moving)


@lru_cache(maxsize=KEPT)
def _end(pose: figure.Pose, spec: FigureSpec) -> SafeString:
    end = figure.tile(
        pose,
        side="right",
        range_deg=spec.range_deg or pose.range_deg,
        band=spec.band,
        weight_kg=DRAWN_LOAD if spec.weight else None,
    )
    return _drawn(end)


def _drawn(svg: str) -> SafeString:
    return mark_safe(svg)  # noqa: S308 (exercises.figure escapes the words it is given)
