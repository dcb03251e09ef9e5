"""What all that is printed shares: pages made of a template, and the answer that shows them."""

from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.http import HttpResponse

from exercises.paper import set_in


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
