"""A figure for paper: one still picture whose tones are its own, dark enough for a grey print."""

from exercises.paper import on_paper
from programs.logging.figures import still
from programs.logging.plan import PlannedSide


def printed(planned: PlannedSide) -> str:
    """The end of the movement as prescribed; an empty frame where the library draws none."""
    return on_paper(still(planned) or '<svg viewBox="0 0 100 100"></svg>')
