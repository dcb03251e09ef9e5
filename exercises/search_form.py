"""What a page of the library is asked for."""

from operator import itemgetter
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exercises import shipped
from exercises.finding import FACTS, Asked
from exercises.models import page_language


def _any_of(label: Any, group: str) -> forms.ChoiceField:
    """One value of a group of the vocabulary, by its name in the language of the page, or any."""

    def named() -> list[tuple[str, Any]]:
        names = sorted(shipped.choices(group, page_language()), key=itemgetter(1))
        return [("", _("any")), *names]

    return forms.ChoiceField(label=label, required=False, choices=named)


class SearchForm(forms.Form):
    """Words and facts; a fact that isn't known is as if it was not said."""

    q = forms.CharField(
        label=_("Name, muscle or word"), required=False, max_length=100, widget=forms.SearchInput
    )
    muscle = _any_of(_("Muscle"), "muscles")
    equipment = _any_of(_("Equipment"), "equipment")
    level = _any_of(_("Level"), "levels")
    posture = _any_of(_("Position"), "postures")

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
