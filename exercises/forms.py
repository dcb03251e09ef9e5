"""The form by which a draft is edited: what a revision holds, part by part."""

import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exercises import figure, services, shipped
from exercises.importing.files import LARGEST, LARGEST_MB, FileFault, read_file
from exercises.models import LibraryImport, Reference, Revision
from exercises.schema import in_order
from exercises.shipped import Content

FACTS = ("resisted", "beside", "licence", "origin")


class Pretty(json.JSONEncoder):
    """Lets a person read the words they edit: one line each, letters as they are."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options | {"indent": 2, "ensure_ascii": False})


def _choices(group: str) -> list[tuple[str, str]]:
    return [(key, names["en"]) for key, names in shipped.read("vocabulary")[group].items()]


def _words(label: Any) -> forms.JSONField:
    area = forms.Textarea(attrs={"rows": 30, "cols": 100, "spellcheck": "true"})
    return forms.JSONField(label=label, encoder=Pretty, widget=area, required=False)


def _choice(label: Any, choices: Iterable[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", "-"), *choices])


class RevisionForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """A draft. Its `content` is what the service checks and writes."""

    body_en = _words(_("Words in English"))
    body_es = _words(_("Words in Spanish"))
    pose = _choice(_("Pose"), [(name, name) for name in figure.POSES])
    range_deg = forms.IntegerField(
        label=_("Range, degrees"), required=False, min_value=5, max_value=150
    )
    band = _choice(_("Band"), [(colour, colour) for colour in figure.BANDS])
    weight = forms.BooleanField(label=_("Ankle weight is drawn"), required=False)
    equipment = forms.MultipleChoiceField(
        label=_("Equipment"),
        required=False,
        choices=_choices("equipment"),
        widget=forms.CheckboxSelectMultiple,
    )
    muscles = forms.MultipleChoiceField(
        label=_("Muscles"), choices=_choices("muscles"), widget=forms.CheckboxSelectMultiple
    )
    level = _choice(_("Level"), _choices("levels"))
    posture = _choice(_("Position"), _choices("postures"))
    cited = forms.ModelMultipleChoiceField(
        label=_("References"), required=False, queryset=Reference.objects.all()
    )

    class Meta:
        model = Revision
        fields = ("exercise", *FACTS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "exercise" not in self.fields:  # opened for reading
            return
        if not self.instance._state.adding:
            self.initial.update(self._stored())
            self.fields["exercise"].disabled = True

    def _stored(self) -> dict[str, Any]:
        row, drawn = self.instance, self.instance.figure
        return {
            "body_en": in_order(row.body["en"]) if "en" in row.body else None,
            "body_es": in_order(row.body["es"]) if "es" in row.body else None,
            **{name: drawn.get(name) for name in ("pose", "range_deg", "band", "weight")},
            "cited": [source["key"] for source in row.sources],
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            for fault in services.faults_of(self.content(), whole=False):
                self.add_error(self._field_of(fault), fault)
        return data

    def content(self) -> Content:
        """What the form says the revision should hold."""
        data = self.cleaned_data
        words = {"en": data["body_en"], "es": data["body_es"]}
        names = (*FACTS, "equipment", "muscles", "level", "posture")
        return Content(
            body={language: each for language, each in words.items() if each is not None},
            figure=self._figure() if data["pose"] else {},
            sources=[reference.as_source() for reference in data["cited"]],
            **{name: data[name] for name in names},
        )

    def _figure(self) -> dict[str, Any]:
        data = self.cleaned_data
        given = {name: data[name] for name in ("pose", "range_deg", "weight")}
        return given | {"band": data["band"] or None}

    @staticmethod
    def _field_of(fault: str) -> str | None:
        place = fault.partition(":")[0].partition(".")[0]
        places = {"body": "body_en", "en": "body_en", "es": "body_es", "figure": "pose"}
        return places.get(place)


class ImportForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """A library's file; its `rows` are what it holds."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A JSON file of free-exercise-db, or JSON or CSV that was exported here."),
    )

    class Meta:
        model = LibraryImport
        fields = ()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than %(n)s MB.") % {"n": LARGEST_MB})
        try:
            self.rows = read_file(file.read())
        except FileFault as fault:
            raise forms.ValidationError(str(fault)) from fault
        return file
