"""The moving figure of what one side does now: its range, its tempo, its band or weight.

The drawings are pure, and few at a time: each is made once a process.
"""

from functools import lru_cache
from typing import Any, cast

from django.utils.safestring import SafeString, mark_safe

from exercises import figure
from exercises.figure import Side
from programs.logging.plan import PlannedSide
from programs.wording import band_class, language, side_words

FACING = {"left": "left", "right": "right", "both": "right"}
KEPT = 256


def moving(planned: PlannedSide, uid: str = "figure") -> SafeString:
    """The large picture, still and moving; empty where the library draws no such movement."""
    dose = planned.dose
    words = planned.step.revision.body[language()]
    return _moving(
        planned.step.revision.figure_spec.pose,
        tempo=(dose.up_s, dose.hold_s or dose.top_s, dose.down_s),
        title=f"{words['name']}, {side_words(planned.side)}",
        description=words["movement"],
        start_label=words["start_caption"],
        end_label=words["end_caption"],
        uid=uid,
        **_props(planned),
    )


def still(planned: PlannedSide) -> SafeString:
    """The small picture beside the exercise's name."""
    return _still(planned.step.revision.figure_spec.pose, **_props(planned))


def _props(planned: PlannedSide) -> dict[str, Any]:
    """What is prescribed and drawn: the side, the range, the band or the weight."""
    dose, spec = planned.dose, planned.step.revision.figure_spec
    return {
        "side": cast(Side, FACING[planned.side]),
        "range_deg": dose.range_deg or spec.range_deg,
        "band": band_class(dose.band_level) or spec.band,
        "weight_kg": dose.load_kg if spec.weight else None,
    }


@lru_cache(maxsize=KEPT)
def _moving(name: str, *, range_deg: int | None, **drawn: Any) -> SafeString:
    pose = figure.POSES.get(name)
    if pose is None:
        return SafeString("")
    svg = figure.draw_both(pose, range_deg=range_deg or pose.range_deg, **drawn)
    return mark_safe(svg)  # noqa: S308 (exercises.figure escapes the words it is given)


@lru_cache(maxsize=KEPT)
def _still(name: str, *, range_deg: int | None, **drawn: Any) -> SafeString:
    pose = figure.POSES.get(name)
    if pose is None:
        return SafeString("")
    svg = figure.tile(pose, range_deg=range_deg or pose.range_deg, **drawn)
    return mark_safe(svg)  # noqa: S308 (exercises.figure draws numbers only)
