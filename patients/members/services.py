"""Invite a person to a clinic's staff, let them join, give a role, end one. All on record."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import audit
from accounts.changes import changed
from accounts.links import Links, Unreadable
from accounts.models import Membership, StaffInvitation, User
from accounts.roles import Actor, Role
from accounts.scope import clinic_scope
from patients.services import spoken_here

DAYS = 7
GIVEN = (Role.CLINICIAN, Role.ASSISTANT, Role.OWNER)  # the library is not one clinic's to open
_links = Links("staff-invitation")


class Refused(Exception):
    """It can't be so; the words say why."""


class Spent(Exception):
    """The link opens nothing: used, taken back, run out, or not whole."""


@transaction.atomic
def invite_member(*, email: str, name: str, role: Role, by: Actor, at: datetime) -> str:
    """Make a link for this address and return its token; earlier ones for the role stop working.

    `email` in lower case. Nothing is told of whether it is known: who holds it decides by the link.
    Raises Refused where they have the role here already.
    """
    held = Membership.objects.active().filter(clinic_id=by.clinic_id, role=role)
    if held.filter(user__email=email).exists():
        raise Refused(_("This person has the role already."))
    open_invitations(by, at).filter(email=email, role=role).update(expires_at=at)
    token, kept = _links.new(by.clinic_id)
    StaffInvitation.objects.create(
        clinic_id=by.clinic_id,
        email=email,
        name=name,
        role=role,
        token_hash=kept,
        by_id=by.user_id,
        at=at,
        expires_at=at + timedelta(days=DAYS),
    )
    audit.record(by=by, verb="invite_member")
    return token


def open_invitations(by: Actor, at: datetime) -> QuerySet[StaffInvitation]:
    """Of the clinic: those that still let somebody in."""
    rows = StaffInvitation.objects.filter(clinic_id=by.clinic_id, accepted_at=None)
    return rows.filter(expires_at__gt=at).order_by("at")


@transaction.atomic
def withdraw_invitation(*, invitation: UUID, by: Actor, at: datetime) -> None:
    """Stop a link from working; one that doesn't any more stays as it is."""
    if open_invitations(by, at).filter(id=invitation).update(expires_at=at):
        audit.record(by=by, verb="withdraw_invitation")


def find_invitation(*, token: str, at: datetime) -> StaffInvitation:
    """The open invitation of this token, with its clinic, which the token names. Raises Spent."""
    try:
        clinic, kept = _links.read(token)
    except Unreadable as error:
        raise Spent from error
    with clinic_scope(clinic):
        rows = StaffInvitation.objects.select_related("clinic").filter(accepted_at=None)
        found = rows.filter(token_hash=kept, expires_at__gt=at).first()
    if found is None:
        raise Spent
    return found


def join(*, invitation: StaffInvitation, at: datetime) -> User:
    """Take up the role: the link came to the address, so who used it holds it. Raises Spent.

    A known person keeps their name and password; a new one has none yet.
    """
    with clinic_scope(invitation.clinic_id):
        mine = StaffInvitation.objects.filter(id=invitation.id, accepted_at=None)
        if not mine.filter(expires_at__gt=at).update(accepted_at=at):
            raise Spent
        user = User.objects.filter(email=invitation.email).first()
        if user and not user.is_active:
            raise Spent
        user = user or User.objects.create_user(
            invitation.email, name=invitation.name, language=spoken_here()
        )
        role = Role(invitation.role)
        _open(user.id, invitation.clinic_id, role, at)
        by = Actor(user.id, user.name, role, invitation.clinic_id)
        audit.record(by=by, verb="join_clinic")
        return user


def _open(user: UUID, clinic: UUID, role: Role, at: datetime) -> bool:
    """Give the role from now on; False where it is held."""
    row = Membership(user_id=user, clinic_id=clinic, role=role, since=at)
    Membership.objects.bulk_create([row], ignore_conflicts=True)
    changed(kind="member", subject=user, clinic=clinic)
    return Membership.objects.filter(id=row.id).exists()


@transaction.atomic
def give_role(*, user: UUID, role: Role, by: Actor, at: datetime) -> None:
    """Give a further role to somebody who works here; given already, it stays as it is.

    Raises Refused for anybody else: they are invited.
    """
    if not Membership.objects.active().filter(user=user, clinic_id=by.clinic_id).exists():
        raise Refused(_("This person doesn’t work here any more. Invite them."))
    if _open(user, by.clinic_id, role, at):
        audit.record(by=by, verb="give_role")


@transaction.atomic
def end_role(*, membership: UUID, by: Actor, at: datetime) -> None:
    """End a role: their very next page no longer has it. Ended once, it stays so.

    Raises Refused for the last owner.
    """
    here = Membership.objects.active().filter(clinic_id=by.clinic_id)
    owners = set(
        here.select_for_update(of=("self",)).filter(role=Role.OWNER).values_list("id", flat=True)
    )
    if owners == {membership}:
        raise Refused(_("Somebody has to be the owner. Give the role to another person first."))
    row = Membership.objects.filter(clinic_id=by.clinic_id, id=membership, until=None).first()
    if row:
        row.until = max(at, row.since)
        row.save(update_fields=["until"])
        changed(kind="member", subject=row.user_id, clinic=by.clinic_id)
        audit.record(by=by, verb="end_role")
