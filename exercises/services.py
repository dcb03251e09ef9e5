"""Writing the library: draft, review, publish, retire, and loading what Flexion ships."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import AuditEvent
from accounts.roles import Actor, Role
from exercises import figure, shipped
from exercises.finding import index_revisions
from exercises.imaging import Made
from exercises.models import (
    Exercise,
    Ladder,
    LadderStep,
    LibraryRow,
    Picture,
    Reference,
    Revision,
)
from exercises.querysets import OPEN
from exercises.schema import (
    BodyFault,
    body_faults,
    figure_faults,
    picture_faults,
    read_picture,
    without_picture,
)
from exercises.shipped import Content

State = Revision.State
REMARK = 1000  # letters
REVIEWED = (
    "reviewed_by",
    "reviewer_name",
    "reviewer_credentials",
    "reviewer_bio",
    "reviewer_invented",
    "reviewed_on",
    "review_due_on",
)


class NotPossible(Exception):
    """The revision is not in a state that allows this, or not this person."""


@dataclass(frozen=True)
class Review:
    """What the reviewer is entitled by, and when to look again; `bio` by language."""

    credentials: str
    bio: Mapping[str, str]
    due_on: date
    invented: bool = False


@dataclass(frozen=True)
class Loaded:
    """What loading the shipped library did: slugs published, and those left to a person."""

    published: list[str]
    unchanged: list[str]
    left: list[str]


def faults_of(content: Content, *, whole: bool = True) -> list[str]:
    """Return every fault of the words and the figure, with its place; none means publishable.

    A draft (not `whole`) may lack words, a language and the figure: what it has must be right.
    """
    faults = [*body_faults(content.body, whole=whole)]
    if content.figure or whole:
        faults += figure_faults(without_picture(content.figure))
        pose = content.figure.get("pose") if isinstance(content.figure, dict) else None
        if pose not in figure.POSES:
            faults.append(f"figure.pose: {pose!r} is not drawn")
    if isinstance(content.figure, dict):
        faults += picture_faults(content.figure)
    return faults


@transaction.atomic
def draft_revision(
    *,
    exercise: Exercise,
    content: Content,
    by: Actor | None,
    at: datetime,
    imported: Mapping[str, str] | None = None,
) -> Revision:
    """Write the exercise's draft, in place if there is one. Raises BodyFault.

    A review that was given or asked for is gone. `by` is None only for the installation's own
    command. `imported` marks what an import gave.
    """
    if faults := faults_of(content, whole=False):
        raise BodyFault(faults)
    _check(by, Exercise.objects.select_for_update().get(pk=exercise.pk))
    _check_picture(exercise, content)
    revision = _draft_of(exercise)
    for name, value in content.__dict__.items():
        setattr(revision, name, value)
    revision.digest = content.digest
    revision.imported |= imported or {}
    revision.state = State.DRAFT
    _clear_review(revision)
    if by and by.user_id not in revision.authors:
        revision.authors = [*revision.authors, by.user_id]
    revision.save()
    index_revisions(revision)
    _note("library.draft", by)
    return revision


@transaction.atomic
def start_draft(*, revision: Revision, by: Actor, at: datetime) -> Revision:
    """Draft the next revision from this one, whichever it is: so an older one is brought back.

    Raises NotPossible where a draft is open: nothing that somebody writes is overwritten.
    """
    exercise = Exercise.objects.select_for_update().get(pk=revision.exercise_id)
    _check(by, exercise)
    if exercise.revisions.open().exists():
        raise NotPossible(_("There is a draft already. Finish that one first."))
    return draft_revision(exercise=exercise, content=content_of(revision), by=by, at=at)


@transaction.atomic
def submit_revision(*, revision: Revision, by: Actor, at: datetime) -> Revision:
    """Ask for the review of a draft. Raises BodyFault where it isn't whole yet."""
    draft = _locked(revision, State.DRAFT)
    _check(by, draft)
    if faults := faults_of(content_of(draft)):
        raise BodyFault(faults)
    draft.state, draft.remark = State.REVIEW, ""
    draft.save(update_fields=["state", "remark"])
    _note("library.submit", by)
    return draft


@transaction.atomic
def review_revision(*, revision: Revision, review: Review, by: Actor, at: datetime) -> Revision:
    """Find a revision fit to be published. Raises NotPossible for whoever wrote in it."""
    seen = _locked(revision, State.REVIEW)
    _check(by, seen, Role.REVIEWER)
    if by.user_id in seen.authors:
        raise NotPossible(_("Who wrote in it can't review it. Ask somebody else."))
    if not review.credentials.strip():
        raise NotPossible(_("A review names what entitles to it."))
    if review.due_on <= at.date():
        raise NotPossible(_("The next review comes after this one."))
    seen.reviewed_by_id, seen.reviewer_name = by.user_id, by.name
    seen.reviewer_credentials, seen.reviewer_bio = review.credentials.strip(), dict(review.bio)
    seen.reviewer_invented = review.invented
    seen.reviewed_on, seen.review_due_on = at.date(), review.due_on
    seen.save(update_fields=REVIEWED)
    _note("library.review", by)
    return seen


@transaction.atomic
def return_revision(*, revision: Revision, remark: str, by: Actor, at: datetime) -> Revision:
    """Send a revision back to whoever writes it, with what is to change."""
    draft = _locked(revision, State.REVIEW)
    _check(by, draft, Role.REVIEWER)
    draft.state, draft.remark = State.DRAFT, remark.strip()[:REMARK]
    _clear_review(draft)
    draft.save(update_fields=["state", "remark", *REVIEWED])
    _note("library.return", by)
    return draft


@transaction.atomic
def publish_revision(*, revision: Revision, by: Actor | None, at: datetime) -> Revision:
    """Let a reviewed revision stand in place of the one before it. Programs keep theirs.

    Only the installation's own command (no `by`) publishes what nobody reviewed. Raises BodyFault
    and NotPossible.
    """
    draft = _locked(revision, *((State.REVIEW,) if by else OPEN))
    _check(by, draft)
    if by and not draft.reviewed:
        raise NotPossible(_("Nobody has reviewed it yet."))
    if faults := faults_of(content_of(draft)):
        raise BodyFault(faults)
    Revision.objects.filter(exercise=draft.exercise, state=State.PUBLISHED).update(
        state=State.RETIRED, retired_at=at
    )
    draft.state, draft.published_at = State.PUBLISHED, at
    draft.published_by_id = by.user_id if by else None
    draft.save(update_fields=["state", "published_at", "published_by"])
    _note("library.publish", by)
    return draft


@transaction.atomic
def retire_revision(*, revision: Revision, by: Actor | None, at: datetime) -> Revision:
    """Take a published revision off the public pages. Programs that use it keep it."""
    standing = _locked(revision, State.PUBLISHED)
    _check(by, standing)
    standing.state, standing.retired_at = State.RETIRED, at
    standing.save(update_fields=["state", "retired_at"])
    _note("library.retire", by)
    return standing


@transaction.atomic
def keep_row(*, row: Exercise | Ladder | LadderStep | Reference, by: Actor | None) -> None:
    """Save a row of the library that changes in place."""
    _check(by, row)
    row.save()
    _note(f"library.{row._meta.model_name}", by)


@transaction.atomic
def drop_step(*, step: LadderStep, by: Actor | None) -> None:
    """Take a step off a ladder. Programs that copied it keep theirs."""
    _check(by, step)
    step.delete()
    _note("library.ladderstep", by)


@transaction.atomic
def add_picture(*, made: Made, by: Actor, at: datetime) -> Picture:
    """Keep a picture for a clinic's own exercises. Raises PermissionDenied to who has no clinic.

    It never changes, so that what was reviewed stays what is shown.
    """
    row = Picture(clinic_id=by.library, width=made.width, height=made.height, at=at)
    _check(by, row)
    if by.library is None:
        raise PermissionDenied
    row.file.save(f"{row.id}.webp", ContentFile(made.data), save=False)
    row.save(force_insert=True)
    _note("library.picture", by)
    return row


def content_of(revision: Revision) -> Content:
    """Return what a revision holds, to draft the next one from."""
    return Content(**{name: getattr(revision, name) for name in Content.__dataclass_fields__})


@transaction.atomic
def load_shipped_library(*, by: Actor | None = None, at: datetime) -> Loaded:
    """Publish the shipped exercises, references and ladder. Safe to run again at any time.

    Content that was loaded before is left alone, whatever became of it. New content of a later
    release replaces what was shipped, but only becomes a draft where a person had published.
    """
    loaded = Loaded([], [], [])
    _load_references()
    for slug, content in shipped.exercises().items():
        exercise, _new = Exercise.objects.get_or_create(clinic=None, slug=slug)
        getattr(loaded, _load_one(exercise, content, by, at)).append(slug)
    for ladder in shipped.ladders():
        _load_ladder(ladder)
    return loaded


def _load_one(exercise: Exercise, content: Content, by: Actor | None, at: datetime) -> str:
    rows = Revision.objects.filter(exercise=exercise)
    if rows.filter(digest=content.digest).exists():
        return "unchanged"
    if rows.open().exists():
        return "left"
    ours = not rows.filter(state=State.PUBLISHED, published_by__isnull=False).exists()
    draft = draft_revision(exercise=exercise, content=content, by=by, at=at)
    if not ours:
        return "left"
    publish_revision(revision=draft, by=None, at=at)
    return "published"


def _load_references() -> None:
    for key, source in shipped.read("references").items():
        Reference.objects.update_or_create(key=key, defaults=source)


def _load_ladder(content: dict[str, Any]) -> None:
    names = {name: content[name] for name in ("title", "note")}
    ladder, _new = Ladder.objects.update_or_create(
        clinic=None, slug=content["slug"], defaults=names
    )
    slugs = dict(Exercise.objects.filter(clinic=None).values_list("slug", "id"))
    for position, step in enumerate(content["steps"]):
        exercise: UUID = slugs[step["exercise"]]
        rest = {name: value for name, value in step.items() if name not in ("key", "exercise")}
        defaults = rest | {"exercise_id": exercise, "position": position}
        LadderStep.objects.update_or_create(ladder=ladder, key=step["key"], defaults=defaults)
    keys = [step["key"] for step in content["steps"]]
    ladder.steps.exclude(key__in=keys).delete()


def _draft_of(exercise: Exercise) -> Revision:
    rows = Revision.objects.filter(exercise=exercise)
    if draft := rows.open().first():
        return draft
    last = rows.order_by("-number").only("number", "imported").first()
    number, imported = (last.number, last.imported) if last else (0, {})
    return Revision(
        exercise=exercise, clinic_id=exercise.clinic_id, number=number + 1, imported=imported
    )


def _check(by: Actor | None, row: LibraryRow | Reference, *roles: Role) -> None:
    """Raise PermissionDenied where the row is another library's, or the role doesn't do this."""
    whose = getattr(row, "clinic_id", None)  # references ship to all
    if by and (by.library != whose or by.role not in (Role.LIBRARY_ADMIN, *roles)):
        raise PermissionDenied


def _check_picture(exercise: Exercise, content: Content) -> None:
    """Raise PermissionDenied where the picture is not of the exercise's own clinic."""
    picture = read_picture(content.figure)
    if picture and not Picture.objects.filter(pk=picture.id, clinic=exercise.clinic_id).exists():
        raise PermissionDenied


def _clear_review(revision: Revision) -> None:
    revision.reviewed_by_id = revision.reviewed_on = revision.review_due_on = None
    revision.reviewer_name = revision.reviewer_credentials = ""
    revision.reviewer_bio, revision.reviewer_invented = {}, False


def _locked(revision: Revision, *states: str) -> Revision:
    row = Revision.objects.select_for_update(of=("self",)).get(pk=revision.pk)
    if row.state not in states:
        raise NotPossible(
            _("It is %(state)s: that can't be done now.") % {"state": row.get_state_display()}
        )
    return row


def _note(verb: str, by: Actor | None) -> None:
    """Write the audit row; the installation's own command has no person to name."""
    if by:
        audit.record(by=by, verb=verb)
        return
    audit.Trail(route=verb, verbs=[verb]).write(None, AuditEvent.Kind.WRITE)
