"""A patient's care team: who is on it, who joins it, leaves it, or gives their place to another."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.models import Membership
from accounts.roles import TREATING_ROLES, Actor, Role
from patients.care import CareLink
from patients.models import Patient
from patients.standing_in import begin_standing_in

TEAM, STAND_IN = CareLink.Kind.TEAM, CareLink.Kind.STAND_IN


class NotOfTheClinic(Exception):
    """Whoever was named doesn't treat patients at this clinic (any more), or not in that role."""


class NotOnTheTeam(Exception):
    """Only a clinician on the care team may change it, and hand over a place on it."""


class LastOne(Exception):
    """Without this person no clinician would be left."""


def colleagues_of(clinic: UUID) -> QuerySet[Membership]:
    """Who treats patients at this clinic, with their names."""
    rows = Membership.objects.active().filter(clinic_id=clinic, role__in=TREATING_ROLES)
    return rows.select_related("user").order_by("user__name", "user_id")


def clinicians_of(clinic: UUID) -> QuerySet[Membership]:
    """Those of them who are clinicians."""
    return colleagues_of(clinic).filter(role=Role.CLINICIAN)


def team_of(patient: Patient) -> QuerySet[CareLink]:
    """The care team, then who opened the patient for a time; the longest there first."""
    rows = CareLink.objects.holding(patient=patient)
    people = rows.select_related("user", "handed_by", "absence__user")
    return people.order_by("-kind", "since", "id")


def clinicians_on(patient: Patient) -> QuerySet[CareLink]:
    """The places on the team of clinicians who still work here; the longest there first."""
    links = CareLink.objects.filter(patient=patient, kind=TEAM, until=None)
    working = clinicians_of(patient.clinic_id).values("user")
    return links.filter(user__in=working).order_by("since", "id")


def may_change_team(patient: Patient, actor: Actor) -> bool:
    """Whether this person is a clinician on the care team.

    While no clinician of the clinic is left on it: whether they are one who sees the patient, as
    whoever covers does. They add themselves, or another.
    """
    if actor.role != Role.CLINICIAN:
        return False
    left = set(clinicians_on(patient).values_list("user_id", flat=True))
    if left:
        return actor.user_id in left
    return Patient.objects.visible_to(actor).filter(id=patient.id).exists()


@transaction.atomic
def add_to_team(*, patient: Patient, user: UUID, by: Actor, at: datetime) -> bool:
    """Put a colleague on the care team; False where they are on it already.

    Raises NotOnTheTeam and NotOfTheClinic.
    """
    _check(patient, user, by, TREATING_ROLES)
    _link, new = _joined(patient, user, at)
    if new:
        audit.record(by=by, verb="add_to_team", patients=[patient.id])
    return new


@transaction.atomic
def remove_from_team(*, patient: Patient, user: UUID, by: Actor, at: datetime) -> bool:
    """Take somebody off the care team, oneself too; False where they are not on it.

    Raises NotOnTheTeam, and LastOne: a clinician of the clinic always stays.
    """
    _lock(patient, by)
    if not _left(patient, user, at):
        return False
    if not clinicians_on(patient).exists():
        raise LastOne
    audit.record(by=by, verb="remove_from_team", patients=[patient.id])
    return True


@transaction.atomic
def give_place(*, patient: Patient, to: UUID, note: str, by: Actor, at: datetime) -> CareLink:
    """A colleague takes one's own place on the care team, at once.

    Raises NotOnTheTeam and NotOfTheClinic.
    """
    if to == by.user_id:
        raise NotOfTheClinic
    _check(patient, to, by, [Role.CLINICIAN])
    if not _left(patient, by.user_id, at):
        raise NotOnTheTeam
    link, _new = _joined(patient, to, at)
    link.note, link.handed_by_id = note, by.user_id
    link.save(update_fields=["note", "handed_by"])
    audit.record(by=by, verb="hand_over", patients=[patient.id])
    return link


def _check(patient: Patient, user: UUID, by: Actor, roles: Iterable[Role]) -> None:
    _lock(patient, by)
    if not colleagues_of(patient.clinic_id).filter(user=user, role__in=roles).exists():
        raise NotOfTheClinic


def _lock(patient: Patient, by: Actor) -> None:
    """One change of a team at a time."""
    Patient.objects.select_for_update(no_key=True).get(id=patient.id)
    if not may_change_team(patient, by):
        raise NotOnTheTeam


def _joined(patient: Patient, user: UUID, at: datetime) -> tuple[CareLink, bool]:
    """Their place on the team; while they are away their stand-in treats this patient too."""
    link, new = CareLink.objects.get_or_create(
        clinic_id=patient.clinic_id,
        patient=patient,
        user_id=user,
        kind=TEAM,
        until=None,
        defaults={"since": at},
    )
    if new:
        begin_standing_in(user=user, at=at)
    return link, new


def _left(patient: Patient, user: UUID, at: datetime) -> int:
    """End their place, then that of who stands in for them, which nobody gives anew after it."""
    links = CareLink.objects.filter(patient=patient)
    ended = links.filter(kind=TEAM, user=user, until=None).update(until=at)
    links.filter(kind=STAND_IN, absence__user=user, until__gt=at).update(until=at)
    return ended
