"""What a guide page shows: a revision and its neighbours, with the words that all pages share."""

from dataclasses import dataclass

from django.utils.functional import cached_property

from exercises import shipped
from exercises.dosing import Study, studies_of
from exercises.models import LadderStep, Revision
from exercises.pictures import TEMPO, Photo, Picture, photo, picture, small_picture
from exercises.schema import Step, Text
from exercises.sorting import readers


@dataclass(frozen=True)
class Tile:
    """A neighbour on the way from easier to harder; `here` is the page's own exercise."""

    slug: str
    text: Text
    picture: Picture
    here: bool


@dataclass
class Guide:
    """One page in one language: `revision`, those shown `beside` it, and its first ladder step."""

    revision: Revision
    beside: dict[str, Revision]
    step: LadderStep | None
    language: str

    @cached_property
    def text(self) -> Text:
        return self.revision.text_in(self.language)

    @cached_property
    def picture(self) -> Picture:
        return picture(revision=self.revision, text=self.text, uid="figure", tempo=self.tempo)

    @cached_property
    def photo(self) -> Photo | None:
        return photo(figure=self.revision.figure, language=self.language)

    @cached_property
    def tempo(self) -> tuple[int, int, int]:
        entry = self.step.entry if self.step else {}
        up, hold, down = TEMPO
        return entry.get("up_s", up), entry.get("hold_s", hold), entry.get("down_s", down)

    @cached_property
    def phases(self) -> list[tuple[int, str]]:
        """Seconds and the name of each part of the movement that takes time."""
        return [
            (time, name) for time, name in zip(self.tempo, self.text.phases, strict=True) if time
        ]

    @cached_property
    def how_to(self) -> list[Step]:
        return self.text.of_kind("setup", "movement")

    @cached_property
    def tips(self) -> list[Step]:
        return self.text.of_kind("cue", "breathing", "safety")

    @cached_property
    def tiles(self) -> list[Tile]:
        return [
            self._tile(number, slug, row) for number, (slug, row) in enumerate(self.beside.items())
        ]

    @cached_property
    def sources(self) -> list[dict[str, str]]:
        """The references with the note in the page's language."""
        return [
            source | {"note": source["note"][self.language]} for source in self.revision.sources
        ]

    @cached_property
    def emergencies(self) -> list[str]:
        return _flags(self.language, "emergency")

    @cached_property
    def same_day(self) -> list[str]:
        return _flags(self.language, "same_day")

    @cached_property
    def sorting(self) -> list[dict[str, str]]:
        return readers(self.language)

    @cached_property
    def studies(self) -> list[Study]:
        return studies_of(self.revision, self.language)

    @cached_property
    def service(self) -> list[dict[str, str]]:
        return [row[self.language] for row in shipped.read("guide")["service"]]

    @cached_property
    def not_reviewed(self) -> dict[str, str]:
        words: dict[str, str] = shipped.read("guide")["not_reviewed"][self.language]
        return words

    @cached_property
    def reviewer_bio(self) -> str:
        return str(self.revision.reviewer_bio.get(self.language, ""))

    def _tile(self, number: int, slug: str, row: Revision) -> Tile:
        text = row.text_in(self.language)
        small = small_picture(revision=row, text=text, uid=f"tile{number}")
        return Tile(slug, text, small, here=row.pk == self.revision.pk)


def guide_of(revision: Revision, language: str) -> Guide:
    """The guide of a revision, whose words must be whole."""
    steps = LadderStep.objects.filter(exercise=revision.exercise_id, clinic=revision.clinic_id)
    return Guide(
        revision=revision,
        beside=Revision.objects.for_page(revision.beside),
        step=steps.select_related("ladder").order_by("position").first(),
        language=language,
    )


def _flags(language: str, urgency: str) -> list[str]:
    return [flag["text"] for flag in shipped.red_flags(language) if flag["urgency"] == urgency]
