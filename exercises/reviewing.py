"""Where a revision stands on its way to the public, who took part, and what may come next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from accounts.models import User
from accounts.roles import Actor, Role
from exercises.models import Revision
from exercises.review_form import ReviewForm, offered
from exercises.services import content_of, faults_of
from exercises.usage import patients_using

State = Revision.State


@dataclass
class Panel:
    """One revision as this person may go on with it."""

    revision: Revision
    by: Actor
    today: date

    @cached_property
    def authors(self) -> list[str]:
        return _told(self.revision.authors, _names_of(self.revision.authors))

    @cached_property
    def standing(self) -> Revision | None:
        """The revision that is public now."""
        return self.revision.exercise.revisions.filter(state=State.PUBLISHED).first()

    @cached_property
    def patients(self) -> int:
        return patients_using(self.revision.exercise)

    @cached_property
    def lacks(self) -> list[str]:
        """What an open revision still needs before it may be published."""
        return faults_of(content_of(self.revision)) if self.revision.is_open else []

    @property
    def edits(self) -> bool:
        """Whether this person writes and publishes, and doesn't only review."""
        return self.by.role == Role.LIBRARY_ADMIN

    @property
    def wrote(self) -> bool:
        return self.by.user_id in self.revision.authors

    @property
    def waits(self) -> bool:
        """Whether a review was asked for and not yet given."""
        return self.revision.state == State.REVIEW and not self.revision.reviewed

    @cached_property
    def drafted(self) -> Revision | None:
        """The open revision of the exercise, if another than this one."""
        return self.revision.exercise.revisions.open().exclude(pk=self.revision.pk).first()

    @cached_property
    def form(self) -> ReviewForm:
        mine = Revision.objects.filter(reviewed_by=self.by.user_id)
        return ReviewForm(initial=offered(mine.order_by("-reviewed_on").first(), self.today))


@dataclass(frozen=True, slots=True)
class Edition:
    """A revision in the history of its exercise."""

    revision: Revision
    authors: list[str]


def history(revision: Revision) -> list[Edition]:
    """Every revision of the exercise, the newest first."""
    rows = list(revision.exercise.revisions.select_related("published_by").order_by("-number"))
    names = _names_of([user for row in rows for user in row.authors])
    return [Edition(row, _told(row.authors, names)) for row in rows]


def _names_of(users: Sequence[UUID]) -> dict[UUID, str]:
    return {user.id: str(user) for user in User.objects.filter(id__in=users)}


def _told(users: Sequence[UUID], names: Mapping[UUID, str]) -> list[str]:
    return [names[user] for user in users if user in names]
