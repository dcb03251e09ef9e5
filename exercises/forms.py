"""The forms of the editor: a draft part by part, its figure, a ladder, a reference, an import."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exercises import figure, services, shipped, word_fields
from exercises.importing.files import LARGEST, LARGEST_MB, FileFault, read_file
from exercises.models import LibraryImport, Reference, Revision, page_language
from exercises.schema import LANGUAGES
from exercises.shipped import Content
from exercises.stale import shown_before, stale_parts, stale_steps
from exercises.step_form import STEPS, stored_steps

type Choices = Callable[[], list[tuple[str, str]]]

FACTS = ("resisted", "beside", "licence", "origin")
LISTED = ("equipment", "muscles", "level", "posture")
STEP_FAULT = re.compile(r"(\w\w)\.steps\[(\d+)\]")


def _named(group: str, *none: tuple[str, str]) -> Choices:
    """The names of a group of the vocabulary, in the language of the page."""

    def names() -> list[tuple[str, str]]:
        language = page_language()
        return [
            *none,
            *((key, told[language]) for key, told in shipped.read("vocabulary")[group].items()),
        ]

    return names


def _one_of(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=choices)


def _some_of(label: Any, group: str, *, required: bool) -> forms.MultipleChoiceField:
    boxes = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(
        label=label, required=required, choices=_named(group), widget=boxes
    )


NONE = ("", "-")


class FigureForm(forms.Form):
    """How the figure stands and moves, and with what."""

    pose = _one_of(_("Pose"), [NONE, *((name, name.replace("_", " ")) for name in figure.POSES)])
    range_deg = forms.IntegerField(
        label=_("Range, degrees"), required=False, min_value=5, max_value=150
    )
    band = _one_of(_("Band"), [NONE, *((colour, colour) for colour in figure.BANDS)])
    weight = forms.BooleanField(label=_("Ankle weight is drawn"), required=False)

    def spec(self) -> dict[str, Any]:
        """What a revision keeps of it; nothing without a pose."""
        data = self.cleaned_data
        given = {name: data[name] for name in ("pose", "range_deg", "weight")}
        return given | {"band": data["band"] or None} if data["pose"] else {}


@word_fields.with_fields(word_fields.word_fields())
class RevisionForm(FigureForm, forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """A draft. Its `content` is what the service checks and writes."""

    equipment = _some_of(_("Equipment"), "equipment", required=False)
    muscles = _some_of(_("Muscles"), "muscles", required=True)
    level = _one_of(_("Level"), _named("levels", NONE))
    posture = _one_of(_("Position"), _named("postures", NONE))
    cited = forms.ModelMultipleChoiceField(
        label=_("References"),
        required=False,
        queryset=Reference.objects.all(),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Revision
        fields = ("exercise", *FACTS, *LISTED)
        help_texts = {
            "resisted": _(
                "Locks it after a hamstring graft or a meniscus repair, until the day that the "
                "patient's clinician enters."
            ),
            "beside": _("Addresses of exercises from easier to harder, commas between them."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "exercise" not in self.fields:  # opened for reading
            return
        body = self.instance.body or {}
        self.steps: Any = STEPS(self.data if self.is_bound else None, initial=stored_steps(body))
        if not self.instance._state.adding:
            self.initial.update(self._stored())
            self.fields["exercise"].disabled = True
            self._mark(body)

    def _stored(self) -> dict[str, Any]:
        row, drawn = self.instance, self.instance.figure
        shown = {name: drawn.get(name) for name in ("pose", "range_deg", "band", "weight")}
        cited = {"cited": [source["key"] for source in row.sources]}
        return word_fields.stored(row.body) | shown | cited

    def _mark(self, body: Mapping[str, Any]) -> None:
        """Say beside each translation that it lags, or isn't there."""
        first, *others = LANGUAGES
        before = shown_before(self.instance)
        lags = stale_parts(before.body, body) if before else set()
        for name, field in self.fields.items():
            part, _line, language = name.rpartition("_")
            if name in lags and before:
                _tell(field, _("The English changed since revision %(n)s.") % {"n": before.number})
            elif (
                language in others
                and self.initial.get(f"{part}_{first}")
                and not self.initial.get(name)
            ):
                _tell(field, _("Not translated yet."))
        for form, lag in zip(
            self.steps, stale_steps(before.body, body) if before else (), strict=False
        ):
            form.lags = before if lag else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.steps.is_valid():
            self.add_error(None, _("The steps have faults: each is named beside its step."))
        if not self.errors:
            for fault in services.faults_of(self.content(), whole=False):
                self._place(fault)
        return data

    def content(self) -> Content:
        """What the form says the revision should hold."""
        data, row = self.cleaned_data, self.instance
        cited = {reference.key: reference.as_source() for reference in data["cited"]}
        kept = [source["key"] for source in row.sources]
        return Content(
            body={language: words for language in LANGUAGES if (words := self._words(language))},
            figure=self.spec(),
            sources=[cited[key] for key in _as_kept(cited, kept)],
            equipment=_as_kept(data["equipment"], row.equipment),
            muscles=_as_kept(data["muscles"], row.muscles),
            **{name: data[name] for name in (*FACTS, "level", "posture")},
        )

    def _words(self, language: str) -> dict[str, Any]:
        steps = self.steps.words(language)
        return word_fields.told(self.cleaned_data, language) | ({"steps": steps} if steps else {})

    def _place(self, fault: str) -> None:
        """Say what is wrong beside the field or the step that it is wrong with."""
        path, _colon, words = fault.partition(": ")
        if found := STEP_FAULT.match(path):
            self.steps.rows[int(found[2])].add_error(f"text_{found[1]}", words)
            self.add_error(None, _("The steps have faults: each is named beside its step."))
            return
        language, _dot, part = path.partition(".")
        own = next(
            (name for name in (f"{part}_{language}", part, f"{path}_es") if name in self.fields),
            None,
        )
        self.add_error(own, words if own else fault)


def _tell(field: forms.Field, words: Any) -> None:
    field.help_text = f"{words} {field.help_text}".strip()
    field.widget.attrs["class"] = "lags"


def _as_kept(chosen: Iterable[str], kept: list[str]) -> list[str]:
    """What is chosen, in the order in which it was kept, what is new after that."""
    names = list(chosen)
    return [
        *(name for name in kept if name in names),
        *(name for name in names if name not in kept),
    ]


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
