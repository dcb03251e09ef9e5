"""Writing the library: draft, publish, retire, and loading what Flexion ships."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import AuditEvent
from accounts.roles import Actor
from exercises import figure, shipped
from exercises.models import Exercise, Ladder, LadderStep, Reference, Revision
from exercises.schema import BodyFault, body_faults, figure_faults
from exercises.shipped import Content

State = Revision.State


class NotPossible(Exception):
    """The revision is not in a state that allows this."""


@dataclass(frozen=True)
class Review:
    """Who checked a revision, with credentials, and when; `bio` by language."""

    name: str
    credentials: str
    bio: Mapping[str, str]
    reviewed_on: date
    due_on: date | None = None
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
        faults += figure_faults(content.figure)
        pose = content.figure.get("pose") if isinstance(content.figure, dict) else None
        if pose not in figure.POSES:
            faults.append(f"figure.pose: {pose!r} is not drawn")
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

    `by` is None only for the installation's own command. `imported` marks what an import gave.
    """
    if faults := faults_of(content, whole=False):
        raise BodyFault(faults)
    Exercise.objects.select_for_update().get(pk=exercise.pk)
    revision = _draft_of(exercise)
    for name, value in content.__dict__.items():
        setattr(revision, name, value)
    revision.digest = content.digest
    revision.imported |= imported or {}
    revision.save()
    _note("library.draft", by)
    return revision


@transaction.atomic
def review_revision(
    *, revision: Revision, review: Review, by: Actor | None, at: datetime
) -> Revision:
    """Name who reviewed a draft. Raises NotPossible for what is published: make a new revision."""
    draft = _locked(revision, State.DRAFT)
    draft.reviewer_name, draft.reviewer_credentials = review.name, review.credentials
    draft.reviewer_bio, draft.reviewer_invented = dict(review.bio), review.invented
    draft.reviewed_on, draft.review_due_on = review.reviewed_on, review.due_on
    draft.save()
    _note("library.review", by)
    return draft


@transaction.atomic
def publish_revision(*, revision: Revision, by: Actor | None, at: datetime) -> Revision:
    """Let a draft stand in place of the revision before it. Programs keep theirs."""
    draft = _locked(revision, State.DRAFT)
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
    standing.state, standing.retired_at = State.RETIRED, at
    standing.save(update_fields=["state", "retired_at"])
    _note("library.retire", by)
    return standing


@transaction.atomic
def keep_row(*, row: Exercise | Ladder | LadderStep | Reference, by: Actor | None) -> None:
    """Save a row of the library that changes in place."""
    row.save()
    _note(f"library.{row._meta.model_name}", by)


@transaction.atomic
def drop_step(*, step: LadderStep, by: Actor | None) -> None:
    """Take a step off a ladder. Programs that copied it keep theirs."""
    step.delete()
    _note("library.ladderstep", by)


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
        exercise, _ = Exercise.objects.get_or_create(clinic=None, slug=slug)
        getattr(loaded, _load_one(exercise, content, by, at)).append(slug)
    for ladder in shipped.ladders():
        _load_ladder(ladder)
    return loaded


def _load_one(exercise: Exercise, content: Content, by: Actor | None, at: datetime) -> str:
    rows = Revision.objects.filter(exercise=exercise)
    if rows.filter(digest=content.digest).exists():
        return "unchanged"
    if rows.filter(state=State.DRAFT).exists():
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
    ladder, _ = Ladder.objects.update_or_create(clinic=None, slug=content["slug"], defaults=names)
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
    if draft := rows.filter(state=State.DRAFT).first():
        return draft
    last = rows.order_by("-number").only("number", "imported").first()
    number, imported = (last.number, last.imported) if last else (0, {})
    return Revision(
        exercise=exercise, clinic_id=exercise.clinic_id, number=number + 1, imported=imported
    )


def _locked(revision: Revision, state: str) -> Revision:
    row = Revision.objects.select_for_update().get(pk=revision.pk)
    if row.state != state:
        raise NotPossible(f"{row.state}, not {state}")
    return row


def _note(verb: str, by: Actor | None) -> None:
    """Write the audit row; the installation's own command has no person to name."""
    if by:
        audit.record(by=by, verb=verb)
        return
    audit.Trail(route=verb, verbs=[verb]).write(None, AuditEvent.Kind.WRITE)
