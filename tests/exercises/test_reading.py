"""What a patient reads is easy to read, in either language: every text of twenty words or more."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import textstat
from django.conf import settings

from config.management.commands import catalogues

ROOT = Path(settings.BASE_DIR)
CONTENT = ROOT / "exercises" / "content"
LONG, GRADE, EASE = 20, 6.0, 65
# Read by clinicians and clinics alone: the desk, the rules as sentences, the API, the admin.
STAFF = (
    "desk/",
    "patients/members/",
    "programs/caring/",
    "programs/limiting/",
    "programs/prescribing/",
    "programs/decisions/saying/",
    "templates/desk/",
    "templates/patients/join",
    "templates/patients/members",
    "templates/programs/caring/",
    "templates/programs/discharging/",
    "templates/programs/limiting/",
    "templates/programs/prescribing/",
    "templates/programs/templating/",
    "templates/api/",
    "templates/demo/",
)
# Made by staff's pages, read by patients: the sheets of paper.
PAPER = ("desk/handout/home.py", "desk/handout/sheet.py")
STAFF_NOTES = {"note"}  # the ladder's, for whoever prescribes
NAMED = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")

type Pair = tuple[str, str]


def plain(text: str) -> str:
    """The text as it is read, a number or a short name in each gap."""
    return " ".join(NAMED.sub("five", text).replace("%%", "%").split())


def marked() -> Iterator[Pair]:
    """Every message that a page, letter or form of patients shows, in English and Spanish."""
    for message in catalogues.read(catalogues.catalogue(ROOT, "es"), "es"):
        places = [name for name, _ in message.locations]
        if message.id and not all(map(of_staff, places)):
            both = [side if isinstance(side, tuple) else (side,) for side in _sides(message)]
            yield from zip(*both, strict=False)


def of_staff(place: str) -> bool:
    return place.startswith(STAFF) and place not in PAPER


def _sides(message: Any) -> tuple[Any, Any]:
    return message.id, message.string


def shipped() -> Iterator[Pair]:
    """Every text of the library's content."""
    for path in sorted(CONTENT.rglob("*.json")):
        if path.name != "references.json":
            yield from _within(json.loads(path.read_text()))


def _within(part: Any) -> Iterator[Pair]:
    if isinstance(part, dict) and {"en", "es"} <= part.keys():
        yield from _beside(part["en"], part["es"])
    elif isinstance(part, dict):
        for name in part.keys() - STAFF_NOTES:
            yield from _within(part[name])
    elif isinstance(part, list):
        for each in part:
            yield from _within(each)


def _beside(english: Any, spanish: Any) -> Iterator[Pair]:
    if isinstance(english, str):
        yield english, spanish
        return
    keys = english if isinstance(english, dict) else range(len(english))
    for key in keys:
        yield from _beside(english[key], spanish[key])


def long_texts(side: int) -> list[str]:
    texts = {plain(pair[side]) for pair in (*marked(), *shipped())}
    return sorted(text for text in texts if len(text.split()) >= LONG)


def inflesz(text: str) -> float:
    """Szigriszt-Pazos' ease of a Spanish text, which INFLESZ reads by its own scale."""
    words = textstat.lexicon_count(text)
    syllables = textstat.syllable_count(text) / words
    return 206.835 - 62.3 * syllables - words / textstat.sentence_count(text)


def test_english_for_patients_is_at_most_of_the_sixth_grade() -> None:
    textstat.set_lang("en")
    texts = long_texts(0)
    assert len(texts) > 50
    grades = {text: textstat.flesch_kincaid_grade(text) for text in texts}
    assert {text: grade for text, grade in grades.items() if grade > GRADE} == {}


def test_spanish_for_patients_is_easy() -> None:
    textstat.set_lang("es")
    texts = long_texts(1)
    assert len(texts) > 50
    eases = {text: round(inflesz(text), 1) for text in texts}
    assert {text: ease for text, ease in eases.items() if ease < EASE} == {}


def test_the_home_plan_its_paper_and_who_answers_are_among_them() -> None:
    said = {pair[0] for pair in marked()}
    assert {
        "Stop for the day when pain is %(n)s or more of 10.",
        "For %(patient)s, from %(clinician)s, on %(day)s",
        "%(last)s answers meanwhile, usually within one working day.",
    } <= said


def test_a_hard_text_would_be_found() -> None:
    textstat.set_lang("en")
    hard = "Progressive rehabilitation necessitates individually adjusted resistance parameters"
    assert textstat.flesch_kincaid_grade(hard) > GRADE
    textstat.set_lang("es")
    hard = "La rehabilitación progresiva necesita parámetros individualizados de resistencia"
    assert inflesz(hard) < EASE
