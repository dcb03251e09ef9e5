"""From what a sheet says to its PDF: tagged, PDF/UA-1, on one page where it can be."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import typst

from desk.handout.sheet import Sheet
from desk.paper import pdf_of
from exercises.paper import set_in

TEMPLATE = Path(__file__).with_name("sheet.typ")


@dataclass(frozen=True)
class Size:
    """How much stands on the page: letters in pt, a figure in mm, rows of the grid to tick."""

    letters: float
    figure: int
    rows: int
    inset: float
    steps: int  # how many steps of an exercise are written out


SIZES = (
    Size(10.5, 62, 9, 5.5, 8),
    Size(10, 52, 8, 5, 8),
    Size(9.5, 44, 7, 4.5, 6),
    Size(9.5, 30, 8, 4.5, 6),
    Size(9, 27, 7, 4, 6),
    Size(9, 24, 6, 3.5, 4),
    Size(8.5, 20, 5, 3, 3),
    Size(8, 18, 4, 3, 3),
    Size(8, 16, 3, 2.5, 2),
)
MORE = (9, 6, 4, 2)


def as_pdf(sheet: Sheet) -> bytes:
    """The largest print that is one page. Raises TypstError where PDF/UA-1 would not hold."""
    sizes = [size for size in SIZES if sheet.single or size.figure <= 30]
    for size in sizes:
        pages, compiler = _laid_out(sheet, size)
        if pages == 1:
            compiler = _filled(sheet, size) or compiler
            break
    return pdf_of(compiler, sheet.made_at)


def _filled(sheet: Sheet, size: Size) -> typst.Compiler | None:
    """The same with more days to tick, where the page has room for them."""
    for more in MORE:
        pages, compiler = _laid_out(sheet, replace(size, rows=size.rows + more))
        if pages == 1:
            return compiler
    return None


def _laid_out(sheet: Sheet, size: Size) -> tuple[int, typst.Compiler]:
    """How many pages the sheet takes at this size."""
    compiler = set_in(TEMPLATE, data=sheet.told(steps=size.steps), size=asdict(size))
    (pages,) = json.loads(compiler.query("<pages>", field="value"))
    return pages, compiler
