"""The access matrix: every URL and method, by every actor, against the one policy table."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.access import ANYONE, SIGNED_IN, allowed
from accounts.models import AuditEvent, User
from accounts.roles import Role
from accounts.scope import clinic_scope
from patients.models import Patient
from programs.models import Program
from tests.factories import (
    CareLinkFactory,
    ClinicFactory,
    MembershipFactory,
    PatientAccessFactory,
    PatientFactory,
    UserFactory,
)
from tests.lasting import lasting
from tests.world import World, make_world

METHODS = ("GET", "POST", "DELETE")
CANARY = "Zyxwvut Canarybird"
PASSES = {200, 201, 204, 302, 303, 400, 405, 409, 410, 415, 422}
OPEN_TO_COLLEAGUES = {"patients:patient-cover"}
OBJECTS = {
    "patient_id",
    "program",
    "program_id",
    "session",
    "session_id",
    "decision_id",
    "prescription_id",
    "occurrence_id",
}


@dataclass(frozen=True)
class View:
    name: str
    parameters: tuple[str, ...]

    @property
    def has_object(self) -> bool:
        return bool(OBJECTS & set(self.parameters))


def views(
    patterns: list[Any], names: tuple[str, ...] = (), inherited: tuple[str, ...] = ()
) -> Iterator[View]:
    """Every named URL with the parameters it takes; an unnamed one can have no row: nobody's."""
    for pattern in patterns:
        own = (*inherited, *pattern.pattern.regex.groupindex, *pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            deeper = (*names, pattern.namespace) if pattern.namespace else names
            yield from views(pattern.url_patterns, deeper, own)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield View(":".join((*names, pattern.name)), tuple(dict.fromkeys(own)))


def every_view() -> list[View]:
    return list(views(get_resolver().url_patterns))


def admin(name: str) -> bool:
    return name.startswith("admin:")


Make = Callable[[World], User | None]


def _colleague(world: World) -> User:
    return MembershipFactory.create(clinic=world.clinic).user


def _staff(role: Role) -> Make:
    return lambda world: MembershipFactory.create(clinic=world.clinic, role=role).user


def _stranger(role: Role) -> Make:
    return lambda world: MembershipFactory.create(clinic=ClinicFactory.create(), role=role).user


def _neighbour(world: World) -> User:
    return PatientAccessFactory.create(patient=PatientFactory.create(clinic=world.clinic)).user


def _patient_elsewhere(world: World) -> User:
    return PatientAccessFactory.create(patient=PatientFactory.create()).user


def _disabled(world: World) -> User:
    user = MembershipFactory.create(clinic=world.clinic).user
    CareLinkFactory.create(patient=world.patient, user=user)
    User.objects.filter(id=user.id).update(is_active=False)
    return user


def _revoked(world: World) -> User:
    membership = MembershipFactory.create(clinic=world.clinic)
    CareLinkFactory.create(patient=world.patient, user=membership.user)
    membership.until = membership.since
    membership.save(update_fields=["until"])
    return membership.user


# actor: how they come to be, the role they act in, and what the patient is to them
ACTORS: dict[str, tuple[Make, str, str]] = {
    "nobody": (lambda world: None, "", "other"),
    "this patient": (lambda world: world.patient_user, Role.PATIENT, "own"),
    "another patient of the clinic": (_neighbour, Role.PATIENT, "clinic"),
    "a patient of another clinic": (_patient_elsewhere, Role.PATIENT, "other"),
    "clinician of the care team": (lambda world: world.clinician_user, Role.CLINICIAN, "own"),
    "clinician off the team": (_colleague, Role.CLINICIAN, "clinic"),
    "clinician of another clinic": (_stranger(Role.CLINICIAN), Role.CLINICIAN, "other"),
    "assistant off the team": (_staff(Role.ASSISTANT), Role.ASSISTANT, "clinic"),
    "owner": (_staff(Role.OWNER), Role.OWNER, "clinic"),
    "owner of another clinic": (_stranger(Role.OWNER), Role.OWNER, "other"),
    "library admin": (_staff(Role.LIBRARY_ADMIN), Role.LIBRARY_ADMIN, "clinic"),
    "superuser": (
        lambda world: UserFactory.create(is_staff=True, is_superuser=True),
        "none",
        "other",
    ),
    "disabled user": (_disabled, "", "other"),
    "revoked member": (_revoked, "none", "other"),
}


def expected(view: View, role: str, relation: str) -> set[int] | str:
    """What the policy says: a set of statuses, or "sign in"."""
    who = allowed(view.name)
    if view.name == "readyz":
        return {200, 405, 503}
    if who == ANYONE:
        return PASSES | {404}
    if not role:
        return "sign in"
    if who == SIGNED_IN:
        return PASSES
    if role not in who:
        return {403}
    if view.name in OPEN_TO_COLLEAGUES and relation == "clinic":
        return PASSES
    if view.has_object and relation != "own":
        return {403, 405} if relation == "clinic" else {404, 405}
    return PASSES | ({403, 404} if admin(view.name) else set())


def address(view: View, world: World) -> str:
    known = world.arguments()
    return reverse(view.name, kwargs={name: known[name] for name in view.parameters})


def signed_in(user: User | None) -> Client:
    """A session that has seen its first page, and so remembers whom it acts as."""
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
        client.get(reverse("home"))
    return client


def send(client: Client, method: str, url: str) -> HttpResponse:
    """Make the request, and take back whatever it wrote, on either side."""
    cookies = SimpleCookie(client.cookies)
    with transaction.atomic():
        answer: Any = client.generic(method, url)
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def test_every_url_has_a_row_in_the_policy() -> None:
    assert [view.name for view in every_view() if not allowed(view.name)] == []


def test_the_open_pages_are_these() -> None:
    found = {view.name for view in every_view() if allowed(view.name) == ANYONE}
    assert {name for name in found if not re.match("account_|exercises:|patients:inv", name)} == {
        "home",
        "healthz",
        "readyz",
        "language",
        "programs:shell",
        "programs:help",
        "programs:manifest",
        "programs:worker",
        *(name for name in found if name.startswith("reminders:")),
    }


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with lasting(django_db_blocker, lambda: make_world(CANARY)) as made:
        yield made


@pytest.mark.django_db
@pytest.mark.parametrize("name", ACTORS)
def test_the_policy_decides_for(name: str, world: World) -> None:
    make, role, relation = ACTORS[name]
    client = signed_in(make(world))
    wrong = []
    for view in every_view():
        url = address(view, world)
        for method in METHODS:
            answer = send(client, method, url)
            wrong += faults(view, method, answer, expected(view, role, relation))
    assert wrong == [], "\n".join(wrong)


def faults(view: View, method: str, answer: HttpResponse, wanted: set[int] | str) -> Iterator[str]:
    told = f"{method} {view.name} answers {answer.status_code}"
    if wanted == "sign in":
        onward = answer.headers.get("Location", "")
        if answer.status_code != 401 and not onward.startswith("/sign-in/"):
            yield f"{told}, not sign-in"
    elif answer.status_code not in wanted:
        yield f"{told}, not {sorted(wanted)}"
    if answer.status_code in (401, 403, 404) and CANARY.encode() in answer.content:
        yield f"{told} and tells the name"


def without_numbers(answer: Any) -> bytes:
    """The page without what is new in every answer: the form's token and the request's number."""
    return re.sub(rb'"X-CSRFToken": "\w+"|<span class="num">[\w-]{36}</span>', b"", answer.content)


@pytest.mark.django_db
def test_another_clinics_object_is_told_like_one_that_does_not_exist(world: World) -> None:
    client = Client()
    client.force_login(_stranger(Role.CLINICIAN)(world))
    theirs = client.get(reverse("desk:patient-detail", args=[world.patient.id]))
    nobodys = client.get(reverse("desk:patient-detail", args=[uuid4()]))
    assert theirs.status_code == nobodys.status_code == 404
    assert without_numbers(theirs) == without_numbers(nobodys)


@pytest.mark.django_db
def test_a_denial_changes_nothing_and_is_on_record(world: World) -> None:
    client = Client()
    client.force_login(_colleague(world))
    client.post(reverse("programs:program-end", args=[world.program.id]))
    with clinic_scope(world.clinic.id):
        assert Program.objects.get().status == Program.Status.ACTIVE
    event = AuditEvent.objects.latest("id")
    assert (event.kind, event.route) == ("denial", "programs:program-end")


@pytest.mark.django_db
def test_with_the_applications_filters_off_row_security_lets_nothing_cross(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_to_all = lambda rows, actor: rows.all()  # noqa: E731  a filter, in one line
    for model in (Patient, Program):
        monkeypatch.setattr(model.objects.all().__class__, "visible_to", open_to_all)
    client = signed_in(_stranger(Role.CLINICIAN)(world))
    for view in every_view():
        if view.has_object and Role.CLINICIAN in allowed(view.name):
            answer = send(client, "GET", address(view, world))
            assert CANARY.encode() not in answer.content, view
    page = client.get(reverse("desk:patient-list"))
    assert page.status_code == 200
    assert CANARY.encode() not in page.content


def test_reverse_knows_every_view() -> None:
    """A view whose parameters the world can't fill would be left untried."""
    known = World.PARAMETERS
    missing = {view.name: view.parameters for view in every_view() if set(view.parameters) - known}
    assert missing == {}
