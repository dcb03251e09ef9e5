"""The forms of the editor: a draft part by part, its figure and picture, an import."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.typed import ModelForm
from exercises import figure, services, shipped, word_fields
from exercises.imaging import Made, PictureFault, made_of
from exercises.importing.files import LARGEST, LARGEST_MB, FileFault, read_file
from exercises.models import LibraryImport, Picture, Reference, Revision, page_language
from exercises.schema import LANGUAGES, read_picture
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
        return [*none, *shipped.choices(group, page_language())]

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


class PhotoForm(forms.Form):
    """A clinic's own picture, and what it shows in each language."""

    photo = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_("JPEG, PNG or WebP. Place and camera are taken out of it."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    photo_alt_en = word_fields.words_field(_("What it shows, English"), "en", rows=2)
    photo_alt_es = word_fields.words_field(_("What it shows, Spanish"), "es", rows=2)
    photo_off = forms.BooleanField(label=_("Show no picture"), required=False)

    def clean_photo(self) -> Made | None:
        file = self.cleaned_data["photo"]
        if file is None:
            return None
        try:
            return made_of(file)
        except PictureFault as fault:
            raise forms.ValidationError(str(fault)) from fault

    def alt(self) -> dict[str, str]:
        return {language: self.cleaned_data[f"photo_alt_{language}"] for language in LANGUAGES}


@word_fields.with_fields(word_fields.word_fields())
class RevisionForm(FigureForm, PhotoForm, ModelForm):
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
        alt = photo.alt if (photo := read_picture(drawn)) else {}
        told = {f"photo_alt_{language}": words for language, words in alt.items()}
        return word_fields.stored(row.body) | shown | cited | told

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

    def content(self, added: Picture | None = None) -> Content:
        """What the form says the revision should hold, with a picture that was `added` for it."""
        data, row = self.cleaned_data, self.instance
        cited = {reference.key: reference.as_source() for reference in data["cited"]}
        kept = [source["key"] for source in row.sources]
        return Content(
            body={language: words for language in LANGUAGES if (words := self._words(language))},
            figure=self.spec() | self._photo(added),
            sources=[cited[key] for key in _as_kept(cited, kept)],
            equipment=_as_kept(data["equipment"], row.equipment),
            muscles=_as_kept(data["muscles"], row.muscles),
            **{name: data[name] for name in (*FACTS, "level", "posture")},
        )

    def _photo(self, added: Picture | None) -> dict[str, Any]:
        """The picture that is new, else the one that stands, as long as it is to be shown."""
        if self.cleaned_data["photo_off"]:
            return {}
        if added:
            given = {"id": str(added.pk), "width": added.width, "height": added.height}
        elif stands := read_picture(self.instance.figure):
            given = {"id": stands.id, "width": stands.width, "height": stands.height}
        elif made := self.cleaned_data.get("photo"):  # being checked, not kept yet
            given = {"id": "", "width": made.width, "height": made.height}
        else:
            return {}
        return {"picture": given | {"alt": self.alt()}}

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
        if path.startswith("picture."):
            self.add_error(
                f"photo_{path.removeprefix('picture.')}", _("Say in words what it shows.")
            )
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


class ImportForm(ModelForm):
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
