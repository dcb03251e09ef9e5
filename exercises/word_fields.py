"""The words of a revision as fields of a form: one for each part in each language."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from exercises.differences import PARTS
from exercises.schema import LANGUAGES, LINES, LISTS

LONGEST = 1000  # letters of one text
ROWS = {"summary": 2, "benefits_note": 2, "easier_how": 2, "harder_how": 2, "movement": 3}
NAMES = dict(settings.LANGUAGES)
EACH_LINE = _("One on each line.")
HELP = dict.fromkeys(LISTS, EACH_LINE) | {"phases": _("Three, one on each line: up, hold, down.")}


class LinesField(forms.CharField):
    """Several texts, one on each line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """Each text on one line, whatever breaks it has."""
        return (
            "\n".join(" ".join(each.split()) for each in value)
            if isinstance(value, list)
            else value
        )

    def clean(self, value: Any) -> Any:
        found = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if any(len(line) > LONGEST for line in found):
            told = _("A line has more than %(n)s letters.") % {"n": LONGEST}
            raise forms.ValidationError(told)
        return found


def words_field(label: Any, language: str, rows: int = 0) -> forms.CharField:
    """A text in this language, on several rows of the screen or on one."""
    about = {"lang": language, "spellcheck": "true"}
    area = forms.Textarea(attrs=about | {"rows": rows}) if rows else forms.TextInput(attrs=about)
    return forms.CharField(label=label, required=False, max_length=LONGEST, widget=area)


def with_fields[F: forms.BaseForm](
    fields: Iterable[tuple[str, forms.Field]],
) -> Callable[[type[F]], type[F]]:
    """Give a form these fields, before its own."""
    given = dict(fields)

    def added(form: type[F]) -> type[F]:
        for kept in ("base_fields", "declared_fields"):
            setattr(form, kept, given | getattr(form, kept))
        return form

    return added


def word_fields() -> Iterator[tuple[str, forms.Field]]:
    """Every field with its name: the part and its language."""
    for part in (*LINES, *LISTS):
        for language in LANGUAGES:
            label = format_lazy("{}, {}", PARTS[part], NAMES[language])
            yield f"{part}_{language}", _field(part, label, language)


def stored(body: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What these fields hold for the words of a revision."""
    return {
        f"{part}_{language}": words[part]
        for language, words in body.items()
        for part in (*LINES, *LISTS)
        if part in words
    }


def told(data: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The words that these fields say; a part that nobody wrote is left out."""
    named = {part: data[f"{part}_{language}"] for part in (*LINES, *LISTS)}
    return {part: words for part, words in named.items() if words}


def _field(part: str, label: Any, language: str) -> forms.CharField:
    if part in LINES:
        return words_field(label, language, ROWS.get(part, 0))
    rows = 3 if part == "phases" else 5
    area = forms.Textarea(attrs={"lang": language, "spellcheck": "true", "rows": rows})
    return LinesField(label=label, required=False, widget=area, help_text=HELP[part])
