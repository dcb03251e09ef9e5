"""The poses that the library starts with; an admin may change any number."""

from .pose import Pose

POSES: dict[str, Pose] = {
    "standing_curl": Pose(
        move="knee",
        range_deg=110,
        view=(-100, -205, 219, 215),
        tile=(-77, -203, 190, 207),
        props=("chair",),
        band="ankles",
        weight=True,
    ),
}
