"""How the editor lays out a draft: which fields stand in which group, side by side by language."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from exercises.schema import LANGUAGES

NAMES = ("name", "variant", "hint", "title", "summary", "position")
ABOUT = ("what", "muscles", "suits", "benefits", "benefits_note")
WAYS = ("easier_how", "harder_how")
SHOWN = ("start_caption", "end_caption", "phases", "movement")
FIGURE = _("Figure")
CARE = ("cautions", "disclaimers")


def _rows(*parts: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(f"{part}_{language}" for language in LANGUAGES) for part in parts)


def _group(label: Any, *fields: Any, classes: tuple[str, ...] = ()) -> tuple[Any, dict[str, Any]]:
    return label, {"fields": fields, "classes": classes}


OWN = _group(
    _("Your own picture"),
    "photo_shown",
    ("photo", "photo_off"),
    ("photo_alt_en", "photo_alt_es"),
)
FIELDSETS: Any = (
    _group(None, "exercise"),
    _group(_("Name and summary"), *_rows(*NAMES)),
    _group(_("About it"), *_rows(*ABOUT)),
    _group(_("Easier and harder"), *_rows(*WAYS), classes=("after-steps",)),
    _group(
        FIGURE,
        ("pose", "range_deg", "band", "weight"),
        "preview",
        *_rows(*SHOWN),
        classes=("figure",),
    ),
    _group(_("Cautions"), "resisted", *_rows(*CARE)),
    _group(_("What it needs and works"), "equipment", "muscles", ("level", "posture"), "beside"),
    _group(_("Sources"), "cited", ("origin", "licence")),
)


def fieldsets_of(clinic: UUID | None) -> Any:
    """The groups of fields; a clinic may add its own picture to its own exercises."""
    at = [label for label, _fields in FIELDSETS].index(FIGURE) + 1
    return (*FIELDSETS[:at], OWN, *FIELDSETS[at:]) if clinic else FIELDSETS
