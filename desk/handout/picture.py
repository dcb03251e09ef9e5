"""A figure for paper: one still picture whose tones are its own, dark enough for a grey print."""

from desk.paper import on_paper
from programs.logging.figures import still
from programs.logging.plan import PlannedSide

LINES = ".f-chair,.f-seat,.f-bench,.f-strap,.f-mat,.f-slider,.f-floor,.f-dots,.f-seam,.f-arrow"
STYLE = (
    ".f-skin{fill:#b5c1c3}.f-ear{fill:#a5b3b6}.f-far{fill:#d5dcdd}.f-farshoe{fill:#c3cccd}"
    ".f-farshort{fill:#9aa7ab}.f-shirt{fill:#8b9da3}.f-sleeve{fill:#7d9097}.f-short{fill:#5b6f76}"
    ".f-hair{fill:#47585e}.f-leg{fill:#0b5a5e}.f-shoe{fill:#06393d}.f-ham{fill:#2f8a8a}"
    ".f-range{fill:#e6eeee}.f-shadow{fill:#e4e4e4}.f-ball{fill:#cfc6b6}.f-weight{fill:#22292c}"
    f"{LINES}{{fill:none;stroke:#8f8575;stroke-width:2.6;stroke-linecap:round;"
    "stroke-linejoin:round}"
    ".f-seat,.f-mat{stroke-width:4.4}.f-bench{stroke-width:6}.f-strap{stroke:#22292c}"
    ".f-slider{stroke:#22292c}.f-floor{stroke:#8f8575;stroke-width:1.6}"
    ".f-dots,.f-arrow{stroke:#0b5a5e}.f-dots{stroke-width:1.8;stroke-dasharray:.1 5}"
    ".f-seam{stroke:#e8efee;stroke-width:1.3}"
    ".f-yellow,.f-yellow-far{fill:#d9a913}.f-red,.f-red-far{fill:#b02e25}"
    ".f-green,.f-green-far{fill:#2f7a41}.f-blue,.f-blue-far{fill:#2b5a9b}"
)


def printed(planned: PlannedSide) -> str:
    """The end of the movement as prescribed; an empty frame where the library draws none."""
    drawn = still(planned) or '<svg viewBox="0 0 100 100"></svg>'
    return on_paper(drawn, STYLE)
