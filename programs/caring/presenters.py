"""A care team, ready to print."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.roles import Actor, Role, initials_of
from patients.away import last_day
from patients.models import CareLink, Patient
from programs.caring.forms import ColleagueForm, HandOverForm
from programs.wording import day_and_year

TEAM = CareLink.Kind.TEAM


@dataclass(frozen=True)
class Member:
    """Somebody who treats the patient now. `key` names the link to end; "" where it can't be."""

    key: str
    name: str
    initials: str
    role: str
    since: str
    note: str
    own: bool


@dataclass
class Team:
    """The page: who is there, and the forms of who may change it."""

    patient: Patient
    links: Sequence[CareLink]
    members: Sequence[Member]
    guests: Sequence[Member]
    others: Sequence[Membership]
    clinicians: Sequence[Membership]
    may_change: bool
    may_hand: bool
    add_form: ColleagueForm
    hand_form: HandOverForm


def team_page(
    patient: Patient, links: Sequence[CareLink], colleagues: Sequence[Membership], by: Actor
) -> Team:
    """Of one colleague with two roles the choice shows one. `may_change` as may_change_team."""
    roles = {each.user_id: each for each in colleagues}
    team = [link for link in links if link.kind == TEAM]
    on_team = {link.user_id for link in team}
    working = {each.user_id for each in colleagues if each.role == Role.CLINICIAN} & on_team
    treats = by.role == Role.CLINICIAN
    may_change = treats and (not working or by.user_id in working)
    others = [each for each in roles.values() if each.user_id not in on_team]
    clinicians = {each.user_id: each for each in colleagues if each.role == Role.CLINICIAN}
    takers = [each for each in clinicians.values() if each.user_id != by.user_id]
    return Team(
        patient=patient,
        links=team,
        members=[
            _member(link, roles, by, may_change and bool(working - {link.user_id})) for link in team
        ],
        guests=[_guest(link, patient, by) for link in links if link.kind != TEAM],
        others=others,
        clinicians=takers,
        may_change=may_change,
        may_hand=may_change and by.user_id in on_team,
        add_form=ColleagueForm(others, auto_id="id_add_%s"),
        hand_form=HandOverForm(takers, auto_id="id_hand_%s"),
    )


def _member(link: CareLink, roles: dict[UUID, Membership], by: Actor, may_go: bool) -> Member:
    member = roles.get(link.user_id)
    role = str(Role(member.role).label) if member else _("No longer works here")
    note = ""
    if link.handed_by:
        told = {"name": link.handed_by.name, "note": link.note}
        note = _("From %(name)s: %(note)s") % told if link.note else _("From %(name)s") % told
    since = _("since %(day)s") % {"day": day_and_year(localtime(link.since).date())}
    return _made(link, by, role, since, note, str(link.id) if may_go else "")


def _guest(link: CareLink, patient: Patient, by: Actor) -> Member:
    """Who stands in for an absent colleague, or opened the patient for a day."""
    if link.absence:
        day = date_format(last_day(link.absence, patient.clinic.time_zone), "LONG_DAY")
        told = {"name": link.absence.user.name, "day": day}
        return _made(link, by, _("Stands in for %(name)s until %(day)s") % told)
    until = date_format(localtime(link.until), "DAY_AND_TIME") if link.until else ""
    told = {"until": until, "reason": link.get_reason_display()}
    return _made(link, by, _("Covers until %(until)s: %(reason)s") % told)


def _made(
    link: CareLink, by: Actor, role: str, since: str = "", note: str = "", key: str = ""
) -> Member:
    name = link.user.name
    return Member(key, name, initials_of(name), role, since, note, link.user_id == by.user_id)
