"""The moving figure of what one side does now: its range, its tempo, its band or weight."""

from typing import cast

from django.utils.safestring import SafeString, mark_safe

from exercises import figure
from exercises.figure import Side
from programs.logging.plan import PlannedSide
from programs.wording import band_class, language, side_words

FACING = {"left": "left", "right": "right", "both": "right"}


def moving(planned: PlannedSide, uid: str = "figure") -> SafeString:
    """The large picture, still and moving; empty where the library draws no such movement."""
    revision, dose = planned.step.revision, planned.dose
    spec = revision.figure_spec
    pose = figure.POSES.get(spec.pose)
    if pose is None:
        return SafeString("")
    words = revision.body[language()]
    svg = figure.draw_both(
        pose,
        side=_facing(planned),
        range_deg=dose.range_deg or spec.range_deg or pose.range_deg,
        tempo=(dose.up_s, dose.top_s, dose.down_s),
        band=band_class(dose.band_level) or spec.band,
        weight_kg=dose.load_kg if spec.weight else None,
        title=f"{words['name']}, {side_words(planned.side)}",
        description=words["movement"],
        start_label=words["start_caption"],
        end_label=words["end_caption"],
        uid=uid,
    )
    return mark_safe(svg)  # noqa: S308 (exercises.figure escapes the words it is given)


def still(planned: PlannedSide) -> SafeString:
    """The small picture beside the exercise's name."""
    dose, spec = planned.dose, planned.step.revision.figure_spec
    pose = figure.POSES.get(spec.pose)
    if pose is None:
        return SafeString("")
    svg = figure.tile(
        pose,
        side=_facing(planned),
        range_deg=dose.range_deg or spec.range_deg or pose.range_deg,
        band=band_class(dose.band_level) or spec.band,
        weight_kg=dose.load_kg if spec.weight else None,
    )
    return mark_safe(svg)  # noqa: S308 (exercises.figure draws numbers only)


def _facing(planned: PlannedSide) -> Side:
    return cast(Side, FACING[planned.side])
