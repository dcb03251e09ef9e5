"""What a template is called, and which one it follows."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from exercises.schema import LANGUAGES
from programs.models import Template
from programs.prescribing.presenters import template_name
from programs.wording import language

NEW = "new"


class NameForm(forms.Form):
    """A name in the language of the page, and in the others if one likes."""

    def __init__(self, data: Any = None, *, names: Mapping[str, str] | None = None) -> None:
        initial = {f"name_{code}": name for code, name in (names or {}).items()}
        super().__init__(data, initial=initial, label_suffix="")
        for code in sorted(LANGUAGES, key=lambda code: code != language()):
            own = code == language()
            self.fields[f"name_{code}"] = forms.CharField(
                label=_("Name") if own else _in_language(code),
                max_length=80,
                required=own and self.asks_name,
                error_messages={"required": _("Give the template a name.")},
            )

    asks_name = True

    def names(self) -> dict[str, str]:
        """The names that were given, by language; only after is_valid."""
        told = {code: self.cleaned_data[f"name_{code}"] for code in LANGUAGES}
        return {code: name for code, name in told.items() if name}

    def refuse(self, message: str, field: str | None) -> None:
        """Show why it can't be kept, beside its field if it has one."""
        own = f"name_{language()}" if field == "name" else field
        self.add_error(own if own in self.fields else None, message)


class SaveForm(NameForm):
    """A new template of the clinic, or the next version of one of its own."""

    asks_name = False
    follows = forms.ChoiceField(
        label=_("Save it as"),
        help_text=_(
            "Programs that run keep the version they were made from. A next version keeps its name "
            "if you give none."
        ),
    )

    def __init__(self, own: Iterable[Template], data: Any = None, *, key: str = "") -> None:
        named = [(each.key, template_name(each), each) for each in own]
        names: dict[str, str] = next(
            (each.name for found, _name, each in named if found == key), {}
        )
        super().__init__(data, names=names)
        self.initial["follows"] = key if names else NEW
        follows = cast(forms.ChoiceField, self.fields["follows"])
        follows.choices = [(NEW, gettext("A new template"))] + [
            (found, gettext("The next version of %(name)s") % {"name": name})
            for found, name, _each in named
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        named = any(value for name, value in data.items() if name.startswith("name_"))
        if not named and data.get("follows") == NEW:
            self.add_error(f"name_{language()}", gettext("Give the template a name."))
        return data

    def key(self) -> str:
        """The key of the template that this is the next version of, if any; after is_valid."""
        follows: str = self.cleaned_data["follows"]
        return "" if follows == NEW else follows


class PhaseForm(forms.Form):
    """What a template goes on with."""

    other = forms.ChoiceField(
        label=_("Continue with"),
        help_text=_(
            "Its exercises, first doses and weeks become the next phase. The days and the rules "
            "stay those of this template. A clinician starts a phase; nothing else does."
        ),
    )

    def __init__(self, others: Iterable[Template], data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.others = {str(each.id): each for each in others}
        other = cast(forms.ChoiceField, self.fields["other"])
        other.choices = [(key, template_name(each)) for key, each in self.others.items()]

    def chosen(self) -> Template:
        """The template; only after is_valid."""
        return self.others[self.cleaned_data["other"]]


def _in_language(code: str) -> str:
    told = {"language": get_language_info(code)["name_translated"]}
    return gettext("Name in %(language)s") % told
