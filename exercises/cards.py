"""The picture beside a link to a public page: its title, a line, and figures, as a PNG."""

from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext

from exercises.guide import Guide
from exercises.paper import on_paper, set_in
from exercises.pictures import thumbnail
from exercises.rungs import Rung

TEMPLATE = Path(__file__).with_name("card.typ")
WIDTH, HEIGHT = 1200, 630
KEPT = 128  # a process: the same words and figures give the same picture


def card_of_guide(guide: Guide) -> bytes:
    """The picture of one exercise's page."""
    figures = (str(thumbnail(revision=guide.revision)),)
    return _card(guide.text.title, guide.text.summary, guide.language, figures)


def card_of_library(rungs: list[Rung], language: str) -> bytes:
    """The picture of the index: four figures from the way from easier to harder."""
    few = rungs[:: max(1, len(rungs) // 4)][:4]
    figures = tuple(str(rung.picture) for rung in few)
    return _card(gettext("Exercises"), about_library(), language, figures)


def about_library() -> str:
    """What the index is, in a line."""
    return gettext(
        "Moves for your knee and hip, from gentle to hard. "
        "Each has a figure that moves, steps, cautions and sources."
    )


@lru_cache(maxsize=KEPT)
def _card(title: str, text: str, language: str, figures: tuple[str, ...]) -> bytes:
    drawn = [on_paper(each) for each in figures]
    told = {"title": title, "text": text, "lang": language, "figures": drawn}
    made = set_in(TEMPLATE, data=told).compile(format="png", ppi=72)
    if not isinstance(made, bytes):
        raise TypeError("one page makes one picture")
    return made
