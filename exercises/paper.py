"""What is set in type: its letters, templates that are told what to say, figures in own ink."""

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import font_source_sans_pro
import typst

_XMLNS = '<svg xmlns="http://www.w3.org/2000/svg"'

_LINES = ".f-chair,.f-seat,.f-bench,.f-strap,.f-mat,.f-slider,.f-floor,.f-dots,.f-seam,.f-arrow"
FIGURE_INK = (
    ".f-skin{fill:#b5c1c3}.f-ear{fill:#a5b3b6}.f-far{fill:#d5dcdd}.f-farshoe{fill:#c3cccd}"
    ".f-farshort{fill:#9aa7ab}.f-shirt{fill:#8b9da3}.f-sleeve{fill:#7d9097}.f-short{fill:#5b6f76}"
    ".f-hair{fill:#47585e}.f-leg{fill:#0b5a5e}.f-shoe{fill:#06393d}.f-ham{fill:#2f8a8a}"
    ".f-range{fill:#e6eeee}.f-shadow{fill:#e4e4e4}.f-ball{fill:#cfc6b6}.f-weight{fill:#22292c}"
    f"{_LINES}{{fill:none;stroke:#8f8575;stroke-width:2.6;stroke-linecap:round;"
    "stroke-linejoin:round}"
    ".f-seat,.f-mat{stroke-width:4.4}.f-bench{stroke-width:6}.f-strap{stroke:#22292c}"
    ".f-slider{stroke:#22292c}.f-floor{stroke:#8f8575;stroke-width:1.6}"
    ".f-dots,.f-arrow{stroke:#0b5a5e}.f-dots{stroke-width:1.8;stroke-dasharray:.1 5}"
    ".f-seam{stroke:#e8efee;stroke-width:1.3}"
    ".f-yellow,.f-yellow-far{fill:#d9a913}.f-red,.f-red-far{fill:#b02e25}"
    ".f-green,.f-green-far{fill:#2f7a41}.f-blue,.f-blue-far{fill:#2b5a9b}"
)


@cache
def fonts() -> typst.Fonts:
    """The letters that are installed with Flexion, so that every machine prints the same."""
    folder = str(files(font_source_sans_pro) / "files")
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


def on_paper(svg: str, ink: str = FIGURE_INK) -> str:
    """A drawing of a page as a document of its own, with these styles in it."""
    return svg.replace("<svg", _XMLNS, 1).replace(">", f"><style>{ink}</style>", 1)


def set_in(template: Path, **told: Any) -> typst.Compiler:
    """A template with what it says, ready to be laid out."""
    given = {name: json.dumps(each) for name, each in told.items()}
    return typst.Compiler(str(template), font_paths=fonts(), sys_inputs=given)
