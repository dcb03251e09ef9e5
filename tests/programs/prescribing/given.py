"""A library, its templates, and a patient to prescribe for."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from accounts.roles import Actor
from accounts.scope import clinic_scope
from exercises import shipped
from exercises.finding import index_revisions
from exercises.models import Exercise, Ladder, LadderStep, Revision
from patients.models import Patient
from programs.models import Program, Template
from programs.prescribing import services
from programs.prescribing.plan import Changes, TemplateSource, load_source, unchanged
from programs.prescribing.shipped import load_shipped_templates
from tests.conftest import NOW
from tests.factories import PatientFactory, clinician_for

START = date(2026, 11, 25)


@dataclass
class Desk:
    """A clinician, a patient of theirs, and the template they start from."""

    patient: Patient
    by: Actor
    source: TemplateSource

    def scope(self) -> Any:
        return clinic_scope(self.patient.clinic_id, user=self.by.user_id)

    def changes(self, **exercise: Any) -> Changes:
        """The template's own sentence with these words changed."""
        plain = unchanged(self.source, start_on=START)
        return replace(plain, exercises=(replace(plain.exercises[0], **exercise),))

    def changes_of_all(self, **whole: Any) -> Changes:
        """The template as it is, with these changed beside the exercises."""
        return replace(unchanged(self.source, start_on=START), **whole)

    def assign(self, changes: Changes | None = None) -> Program:
        with self.scope():
            return services.assign_program(
                patient=self.patient,
                source=self.source,
                changes=changes or self.changes(),
                by=self.by,
                at=NOW,
            )


def desk(template: str = "standing-curl", **patient: Any) -> Desk:
    """Load the library and its templates; a patient with a clinician on their care team."""
    load_library()
    load_shipped_templates()
    row = PatientFactory.create(**patient)
    source = load_source(template=Template.objects.get(key=template))
    return Desk(row, clinician_for(row), source)


def load_library() -> None:
    """The shipped exercises and their ladders as published rows; see `make_searchable`."""
    contents = shipped.exercises()
    exercises = {row.slug: row for row in Exercise.objects.bulk_create(map(_exercise, contents))}
    Revision.objects.bulk_create(
        Revision(
            exercise=exercises[slug],
            number=1,
            state=Revision.State.PUBLISHED,
            published_at=NOW,
            **content.__dict__,
        )
        for slug, content in contents.items()
    )
    told = {row["slug"]: row for row in shipped.ladders()}
    ladders = Ladder.objects.bulk_create(
        Ladder(slug=slug, title=row["title"], note=row["note"]) for slug, row in told.items()
    )
    LadderStep.objects.bulk_create(
        LadderStep(
            ladder=ladder,
            position=position,
            **step | {"exercise": exercises[step["exercise"]]},
        )
        for ladder in ladders
        for position, step in enumerate(told[ladder.slug]["steps"])
    )


def make_searchable() -> None:
    """Let a search find what was loaded: that costs more than the loading."""
    index_revisions(*Revision.objects.all())


def _exercise(slug: str) -> Exercise:
    return Exercise(slug=slug)
