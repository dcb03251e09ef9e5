"""The moving figure of what one side does now: its range, its tempo, its band or weight.

The drawings are pure, and few at a time: each is made once a process.
"""

from decimal import Decimal
from functools import lru_cache
from typing import Any, cast
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from exercises import figure
from exercises.figure import Side
from exercises.models import Revision
from programs.logging.plan import PlannedSide
from programs.wording import band_class, language, side_words

FACING = {"left": "left", "right": "right", "both": "right"}
KEPT = 256


def moving(planned: PlannedSide, uid: str = "figure") -> SafeString:
    """The large picture, still and moving; empty where the library draws no such movement."""
    return drawn(planned.step.revision, uid=uid, **_seen(planned))


def _seen(planned: PlannedSide) -> dict[str, Any]:
    """What of a dose the large picture shows."""
    dose = planned.dose
    tempo = (dose.up_s, dose.hold_s or dose.top_s, dose.down_s)
    told = {"side": planned.side, "tempo": tempo, "range_deg": dose.range_deg}
    return told | {"band": dose.band_level, "load_kg": dose.load_kg}


def address(planned: PlannedSide) -> str:
    """Where a phone gets the same picture without saying whose it is, to keep it."""
    seen = {name: value for name, value in _seen(planned).items() if value is not None}
    seen["tempo"] = ".".join(map(str, seen["tempo"]))
    place = reverse("programs:picture", args=[language(), planned.step.revision_id])
    return f"{place}?{urlencode(seen)}"


def drawn(
    revision: Revision,
    *,
    side: str,
    tempo: tuple[int, int, int],
    range_deg: int | None,
    band: int | None,
    load_kg: Decimal | None,
    uid: str = "figure",
) -> SafeString:
    """The large picture of a movement of the library, done like this."""
    words = revision.body[language()]
    return _moving(
        revision.figure_spec.pose,
        tempo=tempo,
        title=f"{words['name']}, {side_words(side)}",
        description=words["movement"],
        start_label=words["start_caption"],
        end_label=words["end_caption"],
        uid=uid,
        **_props(revision, side, range_deg, band, load_kg),
    )


def still(planned: PlannedSide) -> SafeString:
    """The small picture beside the exercise's name."""
    dose, revision = planned.dose, planned.step.revision
    props = _props(revision, planned.side, dose.range_deg, dose.band_level, dose.load_kg)
    return _still(revision.figure_spec.pose, **props)


def _props(
    revision: Revision, side: str, range_deg: int | None, band: int | None, load_kg: Decimal | None
) -> dict[str, Any]:
    """What is prescribed and drawn: the side, the range, the band or the weight."""
    spec = revision.figure_spec
    return {
        "side": cast(Side, FACING[side]),
        "range_deg": range_deg or spec.range_deg,
        "band": band_class(band) or spec.band,
        "weight_kg": load_kg if spec.weight else None,
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
