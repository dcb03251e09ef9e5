"""The moving exercise figure: a pose and a prescription in, inline SVG out.

Pure: the standard library only. Texts come translated from the caller and are escaped here.
Colours are classes (static/css/figure.css); movement is SMIL, started by a tap on the picture.
"""

from .drawing import BANDS, Side, draw, draw_both, draw_still, tile
from .lying import OFF_FEET
from .movement import ankle_at
from .pose import Pose
from .poses import CURLS
from .upright import ON_FEET

POSES = CURLS | OFF_FEET | ON_FEET

__all__ = [
    "BANDS",
    "POSES",
    "Pose",
    "Side",
    "ankle_at",
    "draw",
    "draw_both",
    "draw_still",
    "tile",
]
