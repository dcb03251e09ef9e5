"""The body as seen from behind, or (lying on its side) from the front: the same parts.

Limbs are points (t along the bone, f to the right of it); trunk parts (x, height above the hip).
"""

from dataclasses import replace

from .body import Body, shape

SIDE = shape("-8,6.4 -3,10.2 8,12.2 17,12 12,7.4 2,5.6 -6,4.2")
FROM_BEHIND = Body(
    thigh=shape("4,8.4 14,10.6 28,9 42,6.6 50,5.6 55,4 55,-4 50,-5.6 42,-6.4 28,-8 14,-9 4,-8"),
    shank=shape(
        "-5,4.6 4,5.6 14,7.2 24,6 38,3.8 50,3 52,0 50,-3 38,-3.8 24,-5.8 14,-6.8 4,-5.4 -5,-4.4"
    ),
    short=shape("-9,6 -4,9.4 6,11.2 21,11.4 22.6,8 22.6,-8 21,-11.4 6,-11.2 -4,-9.4 -9,-6"),
    pelvis=shape("-16.6,3 -17.6,-4 -15,-10 -5,-11.6 5,-11.6 15,-10 17.6,-4 16.6,3 0,5"),
    shirt=shape(
        "-16.2,-3 -15.6,8 -14.6,18 -16,30 -18.4,42 -21,51 -17,57.6 -8,60.4 0,61 8,60.4 17,57.6 "
        "21,51 18.4,42 16,30 14.6,18 15.6,8 16.2,-3 0,-5"
    ),
    neck=shape("-5,57 -4.8,64 -4.6,70 0,72 4.6,70 4.8,64 5,57 0,55"),
    head=shape("0,-13 7,-10.6 9.6,-4 9,3 6.4,9.6 0,13 -6.4,9.6 -9,3 -9.6,-4 -7,-10.6"),
    hair=shape("0,-14.8 8,-12 11,-4.6 10,3 7,8.4 0,10 -7,8.4 -10,3 -11,-4.6 -8,-12"),
    ears=((-9.6, 1.4), (9.6, 1.4)),
    ear_width=2,
    shoe="M-5.4-3C-6.6 1-6.4 5-6 6.4-5.6 7.6-4.6 8-3.4 8H3.4C4.6 8 5.6 7.6 6 6.4 "
    "6.4 5 6.6 1 5.4-3z",
    lit={"side": (SIDE, True)},
)
FROM_FRONT = replace(
    FROM_BEHIND,
    hair=shape(
        "0,-14.8 8,-12 11,-4.6 9.6,0 7.6,-5.4 3,-8.4 -4,-8.2 -7.8,-5 -9.6,0 -11,-4.6 -8,-12"
    ),
    lit={"side": (tuple((t, -f) for t, f in SIDE), True)},
)
