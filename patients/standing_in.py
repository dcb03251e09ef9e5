"""While a clinician is away, a colleague holds a place on the care teams that they are on."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import AuditEvent
from patients.care import Absence, CareLink

STAND_IN = CareLink.Kind.STAND_IN


def begin_standing_in(*, at: datetime, user: UUID | None = None) -> list[UUID]:
    """Give every stand-in of now their places that are missing; returns these patients.

    Safe to repeat: it runs when an absence is entered, when the team changes, and every few
    minutes, as its day begins. `user`: the absences of this person alone. Needs a clinic's scope.
    """
    absences = Absence.objects.select_for_update().filter(since__lte=at, until__gt=at)
    mine = absences.filter(user_id=user) if user else absences
    return [patient for absence in mine for patient in _begin(absence, at)]


def _begin(absence: Absence, at: datetime) -> list[UUID]:
    missing = [
        CareLink(
            clinic_id=absence.clinic_id,
            patient_id=patient,
            user_id=absence.stand_in_id,
            kind=STAND_IN,
            reason=CareLink.Reason.ABSENCE,
            absence=absence,
            since=at,
            until=absence.until,
        )
        for patient in _without_one(absence, at)
    ]
    CareLink.objects.bulk_create(
        missing,
        update_conflicts=True,
        unique_fields=["clinic", "absence", "patient"],
        update_fields=["until"],
    )
    return [link.patient_id for link in missing]


def _without_one(absence: Absence, at: datetime) -> QuerySet[CareLink, UUID]:
    """The patients of who is away without a stand-in; none leaves the team meanwhile."""
    held = absence.links.filter(until__gt=at)
    own = CareLink.objects.filter(user_id=absence.user_id, kind=CareLink.Kind.TEAM, until=None)
    rows = own.select_for_update(no_key=True).exclude(patient__in=held.values("patient"))
    return rows.order_by("patient_id").values_list("patient_id", flat=True)


def note_by_clock(clinic: UUID, patients: list[UUID]) -> None:
    """On record: these patients were opened to a stand-in because a day began."""
    AuditEvent.objects.create(
        clinic_id=clinic,
        kind=AuditEvent.Kind.WRITE,
        route="patients.tasks.follow",
        verbs=["begin_standing_in"],
        patient_ids=patients,
    )
