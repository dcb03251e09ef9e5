"""How to do it, step by step: a row a step, in every language beside each other."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.typed import BaseFormSet
from exercises.schema import LANGUAGES
from exercises.word_fields import words_field

KINDS = (
    ("setup", _("Setting up")),
    ("movement", _("Movement")),
    ("cue", _("Good form")),
    ("breathing", _("Breathing")),
    ("safety", _("Stay safe")),
)
MOST = 30


class StepForm(forms.Form):
    """One step. `lead` is the part in bold."""

    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, initial="movement")
    lead_en = words_field(_("Lead, English"), "en")
    text_en = words_field(_("Text, English"), "en", rows=2)
    lead_es = words_field(_("Lead, Spanish"), "es")
    text_es = words_field(_("Text, Spanish"), "es", rows=2)

    def words(self, language: str) -> dict[str, str]:
        data = self.cleaned_data
        given = {part: data[f"{part}_{language}"] for part in ("lead", "text")}
        return {"kind": data["kind"]} | given

    @property
    def is_empty(self) -> bool:
        return not any(words for name, words in self.cleaned_data.items() if "_" in name)


class BaseSteps(BaseFormSet):
    """The steps of a draft, in the order of their numbers."""

    @property
    def rows(self) -> list[StepForm]:
        """Those that say something, in order."""
        return [form for form in self.ordered_forms if not form.is_empty]

    def words(self, language: str) -> list[dict[str, str]]:
        """The steps in this language; none where no step is written in it."""
        told = [form.words(language) for form in self.rows]
        return told if any(step["lead"] or step["text"] for step in told) else []


STEPS = forms.formset_factory(
    StepForm, BaseSteps, extra=2, can_order=True, can_delete=True, max_num=MOST
)


def stored_steps(body: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the rows hold for the words of a revision."""
    columns = [body.get(language, {}).get("steps", []) for language in LANGUAGES]
    rows: list[dict[str, Any]] = [{} for _row in max(columns, key=len)]
    for language, steps in zip(LANGUAGES, columns, strict=True):
        for row, step in zip(rows, steps, strict=False):
            row.setdefault("kind", step["kind"])
            row |= {f"{part}_{language}": step[part] for part in ("lead", "text")}
    return rows
