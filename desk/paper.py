"""What all that is printed shares: its letters, drawings that carry their own ink, its answer."""

import json
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import font_source_sans_pro
import typst
from django.http import HttpResponse

_XMLNS = '<svg xmlns="http://www.w3.org/2000/svg"'


@cache
def fonts() -> typst.Fonts:
    """The letters that are installed with Flexion, so that every machine prints the same."""
    folder = str(files(font_source_sans_pro) / "files")
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


def on_paper(svg: str, ink: str) -> str:
    """A drawing of a page as a document of its own, with these styles in it."""
    return svg.replace("<svg", _XMLNS, 1).replace(">", f"><style>{ink}</style>", 1)


def set_in(template: Path, **told: Any) -> typst.Compiler:
    """A template with what it says, ready to be laid out."""
    given = {name: json.dumps(each) for name, each in told.items()}
    return typst.Compiler(str(template), font_paths=fonts(), sys_inputs=given)


def pdf_of(compiler: typst.Compiler, made_at: datetime) -> bytes:
    """The document as PDF. Raises TypstError where PDF/UA-1 would not hold."""
    whole = made_at.replace(microsecond=0)  # typst takes whole seconds
    made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=whole)
    if not isinstance(made, bytes):
        raise TypeError("one document makes one file")
    return made


def as_pdf(template: Path, told: dict[str, Any], made_at: datetime) -> bytes:
    """What is told as pages of this template. Raises TypstError as pdf_of."""
    return pdf_of(set_in(template, data=told), made_at)


def shown(pdf: bytes, name: str) -> HttpResponse:
    """The answer that the browser shows, and keeps under a name that ends so."""
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="flexion-{name}.pdf"'
    return response
