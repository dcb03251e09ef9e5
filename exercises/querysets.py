"""Reads of revisions, each named for its use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from datetime import date

    from exercises.models import Revision

OPEN = ("draft", "review")  # states of a revision that may still change


class RevisionQuerySet(models.QuerySet["Revision"]):
    def published(self) -> RevisionQuerySet:
        """The revisions that stand now, at most one an exercise."""
        return self.filter(state="published").select_related("exercise")

    def public(self) -> RevisionQuerySet:
        """What anyone may read: published, and of no clinic."""
        return self.published().filter(clinic=None)

    def shown(self) -> RevisionQuerySet:
        """Every revision that anyone may have seen: of no clinic, and published once."""
        return self.filter(clinic=None).exclude(state__in=OPEN)

    def open(self) -> RevisionQuerySet:
        """Those being written or reviewed, at most one an exercise."""
        return self.filter(state__in=OPEN)

    def due_by(self, day: date) -> RevisionQuerySet:
        """What stands and is to be reviewed again by this day; the oldest first."""
        rows = self.published().filter(review_due_on__lte=day)
        return rows.order_by("review_due_on", "exercise__slug")

    def never_reviewed(self) -> RevisionQuerySet:
        """What stands and nobody has reviewed."""
        return self.published().filter(reviewed_on=None)

    def newest(self) -> RevisionQuerySet:
        """The latest revision of each exercise of no clinic, whatever its state."""
        found = self.filter(clinic=None).order_by("exercise__slug", "-number")
        return found.distinct("exercise__slug").select_related("exercise")

    def newest_by_slug(self) -> dict[str, Revision]:
        return {row.exercise.slug: row for row in self.newest()}

    def for_page(self, slugs: list[str]) -> dict[str, Revision]:
        """Public revisions by slug, in the order asked for; those that don't stand are left out."""
        found = {row.exercise.slug: row for row in self.public().filter(exercise__slug__in=slugs)}
        return {slug: found[slug] for slug in slugs if slug in found}
