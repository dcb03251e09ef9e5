"""What a public page says, for machines: schema.org as JSON-LD. Nothing that the page doesn't say.

No dose stands here: a machine would take it without the words beside it. A reviewer is named only
where a person has reviewed the page; one that is invented for a demo is none.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from exercises.addresses import Place, exercise_path, in_language, index_path
from exercises.cards import HEIGHT, WIDTH
from exercises.guide import Guide
from exercises.models import Revision
from exercises.rungs import Rung

CONTEXT = "https://schema.org"
_HARMLESS = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})

type Thing = dict[str, Any]


def as_json(thing: Thing) -> SafeString:
    """The data as it may stand within a script element: no character there is markup."""
    text = json.dumps({"@context": CONTEXT} | thing, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(_HARMLESS))  # noqa: S308 (nothing is left that opens a tag)


def data_of_guide(guide: Guide, place: Place) -> Thing:
    """The page of one exercise, and the exercise."""
    text, revision = guide.text, guide.revision
    page = _page(place, "MedicalWebPage", text.title, text.summary) | _review(revision)
    page |= {
        "version": revision.number,
        "datePublished": _day(revision),
        "mainEntity": {"@id": f"{place.address}#exercise"},
        "citation": _sources(guide),
        "breadcrumb": _trail(place, text.name),
    }
    exercise = {
        "@type": "ExercisePlan",
        "@id": f"{place.address}#exercise",
        "name": text.name,
        "description": text.movement,
        "image": place.picture_address,
        "associatedAnatomy": [
            {"@type": "AnatomicalStructure", "name": name} for name in revision.muscle_words
        ],
    }
    return {"@graph": [page, exercise]}


def data_of_library(ladders: Iterable[list[Rung]], place: Place, name: str, about: str) -> Thing:
    """The index: every exercise in the order of the page."""
    rungs = [rung for each in ladders for rung in each]
    listed = [_listed(number, rung, place) for number, rung in enumerate(rungs, 1)]
    contents = {"@type": "ItemList", "itemListElement": listed}
    return _page(place, "CollectionPage", name, about) | {"mainEntity": contents}


def _page(place: Place, kind: str, name: str, about: str) -> Thing:
    return {
        "@type": kind,
        "@id": place.address,
        "url": place.address,
        "name": name,
        "description": about,
        "inLanguage": place.language,
        "isPartOf": {"@type": "WebSite", "name": "Flexion", "url": place.full("/")},
        "primaryImageOfPage": {
            "@type": "ImageObject",
            "url": place.picture_address,
            "width": WIDTH,
            "height": HEIGHT,
        },
    }


def _review(revision: Revision) -> Thing:
    if not revision.reviewed_on or revision.reviewer_invented:
        return {}
    person = {
        "@type": "Person",
        "name": revision.reviewer_name,
        "honorificSuffix": revision.reviewer_credentials,
    }
    return {"lastReviewed": revision.reviewed_on.isoformat(), "reviewedBy": person}


def _sources(guide: Guide) -> list[Thing]:
    """Every article that the page links, by its address."""
    found = {f"https://doi.org/{row['doi']}": row["citation"] for row in guide.sources}
    told = {row["href"]: row["citation"] for study in guide.studies for row in study.sources}
    return [
        {"@type": "ScholarlyArticle", "name": name, "sameAs": address}
        for address, name in (told | found).items()
    ]


def _trail(place: Place, name: str) -> Thing:
    index = place.full(in_language(index_path(), place.language))
    steps = [(gettext("Exercises"), index), (name, place.address)]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": label, "item": address}
            for position, (label, address) in enumerate(steps, 1)
        ],
    }


def _listed(number: int, rung: Rung, place: Place) -> Thing:
    path = exercise_path(rung.revision.exercise.slug)
    address = place.full(in_language(path, place.language))
    return {"@type": "ListItem", "position": number, "name": rung.text.name, "url": address}


def _day(revision: Revision) -> str:
    return revision.published_at.date().isoformat() if revision.published_at else ""
