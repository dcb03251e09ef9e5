"""From what the evidence says to its PDF: tagged, PDF/UA-1."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from desk.paper import fonts, pdf_of

TEMPLATE = Path(__file__).with_name("evidence.typ")


def as_pdf(told: dict[str, Any], made_at: datetime) -> bytes:
    """The evidence as pages of A4. Raises TypstError where PDF/UA-1 would not hold."""
    given = {"data": json.dumps(told)}
    compiler = typst.Compiler(str(TEMPLATE), font_paths=fonts(), sys_inputs=given)
    return pdf_of(compiler, made_at)
