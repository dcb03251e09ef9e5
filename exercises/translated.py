"""Forms of rows whose texts are kept by language: a field for each language, side by side."""

import re
from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.typed import ModelForm
from exercises.models import Ladder, Reference
from exercises.schema import LANGUAGES
from exercises.word_fields import NAMES, with_fields, words_field

LINK = re.compile(r"^(https?://(dx\.)?doi\.org/|doi:)\s*", re.IGNORECASE)
DOI = re.compile(r"10\.[0-9]{4,9}/\S+")


class TranslatedForm(ModelForm):
    """`translated` are the columns that hold a text by language."""

    translated: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.translated:
            for language, words in (getattr(self.instance, name) or {}).items():
                self.initial.setdefault(f"{name}_{language}", words)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in self.translated:
            told = {language: data.get(f"{name}_{language}") for language in LANGUAGES}
            setattr(
                self.instance, name, {language: each for language, each in told.items() if each}
            )
        return data


def translated[F: TranslatedForm](
    name: str, label: Any, rows: int = 0, *, required: bool = True
) -> Callable[[type[F]], type[F]]:
    """Give a form a field for each language of this column."""

    def added(form: type[F]) -> type[F]:
        form.translated = (name, *form.translated)
        fields = {}
        for language in LANGUAGES:
            field = words_field(format_lazy("{}, {}", label, NAMES[language]), language, rows)
            field.required = required
            fields[f"{name}_{language}"] = field
        return with_fields(fields.items())(form)

    return added


def sides(name: str) -> tuple[str, ...]:
    """The fields of a column, for one row of the page."""
    return tuple(f"{name}_{language}" for language in LANGUAGES)


@translated("note", _("What it supports, and what not"), 4)
class ReferenceForm(TranslatedForm):
    """A study by its DOI, whether typed or pasted as a link."""

    class Meta:
        model = Reference
        fields = ("key", "citation", "doi")
        help_texts = {"doi": _("For example 10.1016/j.knee.2014.01.002. A link to it will do.")}

    def clean_doi(self) -> str:
        doi = LINK.sub("", self.cleaned_data["doi"].strip())
        if not DOI.fullmatch(doi):
            raise forms.ValidationError(
                _("A DOI is 10. with four digits or more, a slash, and a name without spaces.")
            )
        return doi


@translated("note", _("Note"), 3, required=False)
@translated("title", _("Title"))
class LadderForm(TranslatedForm):
    class Meta:
        model = Ladder
        fields = ("slug",)
