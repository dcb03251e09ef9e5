"""What a page of the library is asked for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exercises import shipped
from exercises.finding import FACTS, Asked

GROUPS = {"muscle": "muscles", "equipment": "equipment", "level": "levels", "posture": "postures"}


class SearchForm(forms.Form):
    """Words and facts; a fact that isn't known is as if it was not said."""

    q = forms.CharField(label=_("Name, muscle or word"), required=False, max_length=100)
    muscle = forms.ChoiceField(label=_("Muscle"), required=False)
    equipment = forms.ChoiceField(label=_("Equipment"), required=False)
    level = forms.ChoiceField(label=_("Level"), required=False)
    posture = forms.ChoiceField(label=_("Position"), required=False)

    def __init__(self, data: Any, language: str) -> None:
        super().__init__(data)
        self.fields["q"].widget.input_type = "search"
        for name, group in GROUPS.items():
            keys = shipped.read("vocabulary")[group]
            named = sorted((shipped.words(group, key, language), key) for key in keys)
            choices = [("", _("any")), *((key, words) for words, key in named)]
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # it is a choice

    @property
    def asked(self) -> Asked:
        self.is_valid()
        told = self.cleaned_data
        facts = {name: told.get(name, "") for name in FACTS}
        return Asked(words=told.get("q", ""), **facts)

    @property
    def facts(self) -> list[forms.BoundField]:
        return [self[name] for name in FACTS]

    @property
    def narrowed(self) -> bool:
        """Whether a fact was chosen."""
        return any(field.value() for field in self.facts)
