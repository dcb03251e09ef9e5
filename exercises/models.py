"""The library: exercises, their revisions that never change once published, and ladders."""

from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from accounts.models import Clinic, User
from exercises import entries as entries
from exercises.querysets import OPEN, RevisionQuerySet
from exercises.schema import LANGUAGES, FigureSpec, Text, read_figure, read_text
from exercises.shipped import words


def page_language() -> str:
    """The language of the page being made, if the library is written in it."""
    short = (get_language() or LANGUAGES[0])[:2]
    return short if short in LANGUAGES else LANGUAGES[0]


class LibraryRow(models.Model):
    """A row of the library: of one clinic, or (no clinic) shipped to all of them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    clinic = models.ForeignKey(
        Clinic, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("clinic")
    )

    class Meta:
        abstract = True


class Exercise(LibraryRow):
    """A movement with an address of its own; what it says stands in its revisions."""

    slug = models.SlugField(_("address"), max_length=60)

    class Meta:
        verbose_name = _("exercise")
        verbose_name_plural = _("exercises")
        ordering: ClassVar[list[str]] = ["slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "slug"], nulls_distinct=False, name="one_exercise_per_slug"
            ),
            models.UniqueConstraint(fields=["clinic", "id"], name="exercise_in_clinic"),
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"), name="exercise_slug_is_plain"
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class Revision(LibraryRow):
    """One edition of an exercise. A draft changes in place; published, it never changes again.

    A draft is sent to review, where it stays until it is published; changed or sent back, it is a
    draft again, and its review is gone. `authors` are all who wrote in it: none of them reviews it.
    What is published without a person (`published_by`) is what Flexion ships, perhaps unreviewed.

    `body` holds the words by language (schema.Text), `figure` a schema.FigureSpec, `beside` the
    slugs shown with it from easier to harder, `sources` copies of references with their notes.
    A draft may still lack a language and its figure. `origin` is the library and the id there of
    what was imported, under its `licence`; `imported` marks each part as the last import gave it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        REVIEW = "review", _("in review")
        PUBLISHED = "published", _("published")
        RETIRED = "retired", _("retired")

    exercise = models.ForeignKey(
        Exercise, models.PROTECT, related_name="revisions", verbose_name=_("exercise")
    )
    number = models.PositiveIntegerField(_("revision"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    body = models.JSONField(_("words by language"))
    figure = models.JSONField(_("figure"), default=dict, blank=True)
    resisted = models.BooleanField(_("works against a resistance"), default=False)
    equipment = ArrayField(
        models.CharField(max_length=16), verbose_name=_("equipment"), default=list, blank=True
    )
    muscles = ArrayField(models.CharField(max_length=16), verbose_name=_("muscles"), default=list)
    beside = ArrayField(
        models.SlugField(max_length=60), verbose_name=_("shown beside"), default=list, blank=True
    )
    sources = models.JSONField(_("references"), default=list, blank=True)
    level = models.CharField(_("level"), max_length=16, blank=True)
    posture = models.CharField(_("position"), max_length=16, blank=True)
    licence = models.CharField(_("license"), max_length=80, blank=True)
    origin = models.CharField(_("comes from"), max_length=200, blank=True)
    imported = models.JSONField(default=dict, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)

    authors = ArrayField(
        models.UUIDField(), verbose_name=_("written by"), default=list, editable=False
    )
    remark = models.TextField(_("what the reviewer asks for"), blank=True, max_length=1000)
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False
    )
    reviewer_name = models.CharField(_("reviewer"), max_length=120, blank=True)
    reviewer_credentials = models.CharField(_("credentials"), max_length=120, blank=True)
    reviewer_bio = models.JSONField(_("short biography by language"), default=dict, blank=True)
    reviewer_invented = models.BooleanField(_("reviewer is invented, for a demo"), default=False)
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)
    review_due_on = models.DateField(_("next review due"), null=True, blank=True)

    created_at = models.DateTimeField(db_default=Now(), editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    published_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False
    )
    retired_at = models.DateTimeField(_("retired"), null=True, editable=False)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering: ClassVar[list[str]] = ["exercise__slug", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["exercise", "number"], name="one_revision_per_number"),
            models.UniqueConstraint(
                fields=["exercise"],
                condition=Q(state="published"),
                name="one_published_revision_per_exercise",
            ),
            models.UniqueConstraint(
                fields=["exercise"],
                condition=Q(state__in=["draft", "review"]),
                name="one_draft_per_exercise",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="revision_numbers_from_1"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "review"], published_at=None, retired_at=None)
                | Q(state="published", published_at__isnull=False, retired_at=None)
                | Q(state="retired", published_at__isnull=False, retired_at__isnull=False),
                name="revision_state_has_its_dates",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "retired"]) | Q(body__has_keys=["en", "es"]),
                name="revision_in_both_languages",
            ),
            models.CheckConstraint(
                condition=Q(body__has_any_keys=["en", "es"]), name="revision_has_words"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "retired"]) | Q(figure__has_key="pose"),
                name="revision_shown_has_a_figure",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_on=None) | ~Q(reviewer_name="") & ~Q(reviewer_credentials=""),
                name="review_names_its_reviewer",
            ),
            models.CheckConstraint(
                condition=Q(review_due_on=None)
                | Q(reviewed_on__isnull=False, review_due_on__gt=F("reviewed_on")),
                name="review_is_due_after_review",
            ),
            models.CheckConstraint(
                condition=~Q(state="draft") | Q(reviewed_on=None), name="a_draft_has_no_review"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(authors__contains=[F("reviewed_by")]),
                name="no_author_reviews_alone",
            ),
            models.CheckConstraint(
                condition=Q(published_by=None)
                | Q(reviewed_on__isnull=False, reviewed_by__isnull=False),
                name="what_a_person_publishes_is_reviewed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exercise.slug} {self.number}"

    @property
    def text(self) -> Text:
        """The words in the language of the page."""
        return self.text_in(page_language())

    def text_in(self, language: str) -> Text:
        """The words in this language."""
        return read_text(self.body[language])

    @property
    def figure_spec(self) -> FigureSpec:
        return read_figure(self.figure)

    @property
    def name(self) -> str:
        """Its name in the language of the page, or in the one that a draft has."""
        words = self.body.get(page_language()) or next(iter(self.body.values()))
        return str(words.get("name") or self.exercise.slug)

    @property
    def reviewed(self) -> bool:
        return self.reviewed_on is not None

    @property
    def is_open(self) -> bool:
        """Whether it is still being written or reviewed."""
        return self.state in OPEN

    @property
    def equipment_words(self) -> list[str]:
        return [words("equipment", key, page_language()) for key in self.equipment]

    @property
    def muscle_words(self) -> list[str]:
        return [words("muscles", key, page_language()) for key in self.muscles]


class LadderQuerySet(models.QuerySet["Ladder"]):
    def usable_by(self, clinic_id: UUID) -> "LadderQuerySet":
        """The shipped ladders and this clinic's own."""
        return self.filter(Q(clinic=None) | Q(clinic_id=clinic_id)).order_by("slug")


class Ladder(LibraryRow):
    """Single steps from easier to harder. A program copies the steps that a clinician ticks."""

    slug = models.SlugField(_("address"), max_length=60)
    title = models.JSONField(_("title by language"))
    note = models.JSONField(_("note by language"), default=dict, blank=True)

    objects = LadderQuerySet.as_manager()

    class Meta:
        verbose_name = _("ladder")
        verbose_name_plural = _("ladders")
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "slug"], nulls_distinct=False, name="one_ladder_per_slug"
            ),
            models.UniqueConstraint(fields=["clinic", "id"], name="ladder_in_clinic"),
        ]

    def __str__(self) -> str:
        return str(self.title.get(page_language(), self.slug))

    @property
    def note_words(self) -> str:
        return str(self.note.get(page_language(), ""))


class LadderStep(LibraryRow):
    """One step: an exercise, its sides, the dose at which one enters, and how far it may go.

    `entry`: sets, reps, hold_s, up_s, down_s, rest_s, range_deg, load_kg, band_level (null where
    it has none); `isometric` where its hold is what is done, not a stay on the way.
    `bounds`: a pair [lowest, highest] of any of these, and load_step_kg.
    `equipment` is this step's own: it names the colour of its band.
    """

    class Laterality(models.TextChoices):
        EACH = "each", _("each side")
        BOTH = "both", _("both sides together")

    ladder = models.ForeignKey(Ladder, models.CASCADE, related_name="steps")
    key = models.SlugField(_("key"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"))
    exercise = models.ForeignKey(Exercise, models.PROTECT, related_name="+")
    laterality = models.CharField(_("sides"), max_length=4, choices=Laterality)
    entry = models.JSONField(_("entry dose"))
    bounds = models.JSONField(_("bounds"))
    equipment = ArrayField(
        models.CharField(max_length=16), verbose_name=_("equipment"), default=list, blank=True
    )

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering: ClassVar[list[str]] = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["ladder", "key"], name="one_ladder_step_per_key"),
            models.UniqueConstraint(
                fields=["ladder", "position"],
                name="one_ladder_step_per_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(laterality__in=["each", "both"]), name="ladder_step_sides_known"
            ),
            models.CheckConstraint(
                condition=Q(entry__has_keys=["sets", "reps"])
                & Q(bounds__has_keys=["sets", "reps"]),
                name="ladder_step_has_a_dose",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Reference(models.Model):
    """A published source with an honest note of what it does and does not support."""

    key = models.SlugField(_("key"), primary_key=True, max_length=60)
    citation = models.CharField(_("citation"), max_length=200)
    doi = models.CharField(_("DOI"), max_length=80)
    note = models.JSONField(_("what it supports, by language"))

    class Meta:
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        ordering: ClassVar[list[str]] = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["doi"], name="one_reference_per_doi"),
            models.CheckConstraint(
                condition=Q(doi__regex=r"^10\.[0-9]{4,9}/[^ ]+$"), name="reference_doi_is_one"
            ),
        ]

    def __str__(self) -> str:
        return self.citation

    def as_source(self) -> dict[str, object]:
        """The copy that a revision keeps."""
        return {"key": self.key, "citation": self.citation, "doi": self.doi, "note": self.note}


def picture_place(row: "Picture", name: str) -> str:
    """Where the storage keeps a picture: nobody finds it by a name that they know."""
    return f"pictures/{row.clinic_id}/{name}"


class Picture(LibraryRow):
    """A clinic's own picture as WebP, made anew from what was sent. It never changes.

    Revisions name it, with what it shows in words, beside their figure (schema.PictureSpec).
    """

    file = models.FileField(_("picture"), upload_to=picture_place, max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("picture")
        constraints = [
            models.CheckConstraint(condition=Q(clinic__isnull=False), name="picture_is_of_a_clinic")
        ]

    def __str__(self) -> str:
        return str(self.file)


class LibraryImport(LibraryRow):
    """A file that was checked, and how far taking it in has got.

    `pending`: pairs of a row's number and its cells, those that would change something.
    `changes`: the first of the differences, [id, path, old, new]; no path for a new exercise.
    `faults`: [number, id, what is wrong].
    """

    name = models.CharField(_("file"), max_length=200)
    total = models.PositiveIntegerField(_("rows"))
    pending = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    created = models.PositiveIntegerField(_("created"), default=0)
    updated = models.PositiveIntegerField(_("updated"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    begun_at = models.DateTimeField(_("begun"), null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(begun_at__isnull=False) | Q(created=0, updated=0),
                name="import_begins_before_it_writes",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def done(self) -> int:
        """Rows that are dealt with."""
        return self.total - len(self.pending)

    @property
    def left_out(self) -> int:
        return len({number for number, _key, _fault in self.faults})
