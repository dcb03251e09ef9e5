"""The access matrix: every URL and method, by every actor, against the one policy table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.access import ANYONE, SIGNED_IN, allowed
from accounts.models import AuditEvent
from accounts.roles import Role
from patients.middleware import ActingMiddleware
from patients.models import Patient
from programs.models import Program
from tests.actors import ACTORS, Knocking, signed_in, stranger
from tests.lasting import lasting
from tests.methods import METHODS, takes
from tests.world import World, make_world

PAGES = ("GET", "POST")
EVERY_METHOD = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
CANARY = "Zyxwvut Canarybird"  # "canary" is in the patient's name, address, and notes
PASSES = {200, 201, 204, 302, 303, 400, 405, 409, 410, 415, 422}
DENIED = {401, 403, 404}
OF_THE_CLINIC = {"exercises:own-picture"}  # what all its people may see
OPEN_TO_COLLEAGUES = {"patients:patient-cover"}
SHOW_NO_PATIENT = {"patients:patient-cover"}  # a list of reasons, before one may see more
EXPORTS = {
    "handout:print",
    "handout:home",
    "report:print",
    "monitoring:report",
    "desk:patient-text",
}  # what leaves as a file is on record as such
OBJECTS = {
    "patient_id",
    "program",
    "program_id",
    "session",
    "session_id",
    "decision_id",
    "signal_id",
    "prescription_id",
    "phase_id",
    "occurrence_id",
}
# Rows that this transaction added, changed or removed, but for the record and the session.
TOUCHED = """
    select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0), (
        select coalesce(max(id), 0) from accounts_auditevent
    ) from pg_stat_xact_user_tables where relname not in ('accounts_auditevent', 'django_session')
"""


@dataclass(frozen=True)
class View:
    name: str
    parameters: tuple[str, ...]

    @property
    def has_object(self) -> bool:
        return bool(OBJECTS & set(self.parameters))

    @property
    def admin(self) -> bool:
        return self.name.startswith("admin:")

    def address(self, world: World) -> str:
        known = world.arguments()
        return reverse(self.name, kwargs={name: known[name] for name in self.parameters})


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


def expected(view: View, method: str, who: Knocking) -> set[int] | str:
    """What the policy says: a set of statuses, or "sign in"."""
    roles = allowed(view.name)
    if view.name == "readyz":
        return {200, 405, 503}
    if roles == ANYONE:
        return PASSES | {404}
    if not who.role:
        return "sign in"
    if roles != SIGNED_IN and who.role not in roles:
        return {403}
    return _of_the_object(view, method, who)


def _of_the_object(view: View, method: str, who: Knocking) -> set[int]:
    """What those whom the table lets in get."""
    if method not in takes(view.name):
        return {405}
    if view.name in OF_THE_CLINIC:
        return {404} if who.relation == "other" else PASSES
    if view.name in OPEN_TO_COLLEAGUES and who.relation == "clinic" and who.covers:
        return PASSES
    if view.has_object and who.relation != "own":
        return {403} if who.relation == "clinic" else {404}
    return PASSES | ({403, 404} if view.admin else set())


@dataclass
class Answer:
    """What came of one request, all of which is taken back, on either side."""

    status: int
    body: bytes
    onward: str
    wrote: int
    event: tuple[str, str] | None

    @property
    def to_sign_in(self) -> bool:
        return self.status == 401 or self.onward.startswith("/sign-in/")


def told() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED)
        touched, newest = cursor.fetchone()
        return int(touched), int(newest)


def send(client: Client, method: str, url: str, **headers: str) -> Answer:
    cookies, (touched, newest) = SimpleCookie(client.cookies), told()
    event = None
    with transaction.atomic():
        answer: Any = client.generic(method, url, headers=headers)
        if not connection.needs_rollback:  # set where a refusal of nobody took all back
            events = AuditEvent.objects.filter(id__gt=newest).values_list("kind", "route")
            event = events.order_by("-id").first()
        transaction.set_rollback(True)
    client.cookies, wrote = cookies, told()[0] - touched  # which counts what was taken back, too
    return Answer(answer.status_code, answer.content, answer.get("Location", ""), wrote, event)


def faults(view: View, method: str, who: Knocking, answer: Answer) -> Iterator[str]:
    """What is wrong with an answer; each is one line."""
    line, wanted = f"{method} {view.name} answers {answer.status}", expected(view, method, who)
    if wanted == "sign in":
        if not answer.to_sign_in:
            yield f"{line}, not sign-in"
    elif answer.status not in wanted:
        yield f"{line}, not {sorted(wanted)}"
    if answer.status in DENIED or wanted == "sign in":
        if b"canary" in answer.body.lower():
            yield f"{line} and tells of the object"
        if answer.wrote:
            yield f"{line} and changed {answer.wrote} rows"
    if (event := due(view, method, who, answer)) and answer.event != event:
        yield f"{line}, on record as {answer.event}, not {event}"


def due(view: View, method: str, who: Knocking, answer: Answer) -> tuple[str, str] | None:
    """The record that has to stand: of a refusal, and of a patient's page that staff saw."""
    if who.role and answer.status in (403, 404):
        return "denial", view.name
    staff = who.role not in ("", Role.PATIENT) and view.name not in SHOW_NO_PATIENT
    if staff and view.has_object and method == "GET" and answer.status == 200:
        return "export" if view.name in EXPORTS else "read", view.name
    return None


def in_turn(view: int, who: Knocking) -> str:
    """The method that carries htmx's header; of the next URL, and the next actor, the other one."""
    return PAGES[(view + list(ACTORS.values()).index(who)) % 2]


def tried(world: World, who: Knocking) -> Iterator[str]:
    """The faults of every URL under the methods of pages, one of them with htmx's header."""
    client = knocking(world, who)
    for number, view in enumerate(every_view()):
        htmx = "" if view.admin else in_turn(number, who)
        for method in PAGES:
            headers = {"hx_request": "true"} if method == htmx else {}
            answer = send(client, method, view.address(world), **headers)
            yield from faults(view, method, who, answer)


def tried_twice(world: World, who: Knocking, methods: tuple[str, ...]) -> Iterator[str]:
    """The faults of every URL under these methods, those of pages with and without the header."""
    client = knocking(world, who)
    for view in every_view():
        url = view.address(world)
        for method in methods:
            answer = send(client, method, url)
            yield from faults(view, method, who, answer)
            if method in PAGES and not view.admin:
                part = send(client, method, url, hx_request="true")
                yield from faults(view, method, who, part)
                if (part.status in DENIED or part.to_sign_in) != (
                    answer.status in DENIED or answer.to_sign_in
                ):
                    yield f"{method} {view.name} answers htmx {part.status}, else {answer.status}"


def knocking(world: World, who: Knocking) -> Client:
    role = who.role if who.relation != "other" else ""
    return signed_in(who.make(world), role, world.clinic.id)


def test_every_url_has_a_row_in_the_policy() -> None:
    assert [view.name for view in every_view() if not allowed(view.name)] == []


def test_every_url_says_its_methods_and_no_row_is_left_over() -> None:
    names = {view.name for view in every_view() if not view.admin}
    assert names == set(METHODS)


def test_the_open_pages_are_these() -> None:
    found = {view.name for view in every_view() if allowed(view.name) == ANYONE}
    assert {
        name
        for name in found
        if not re.match("account_|exercises:|patients:inv|members:join", name)
    } == {
        "home",
        "healthz",
        "readyz",
        "metrics",
        "language",
        "robots",
        "sitemap",
        "programs:shell",
        "programs:help",
        "programs:picture",
        "programs:manifest",
        "programs:worker",
        "feed:file",
        *(name for name in found if name.startswith(("reminders:", "hooks:"))),
    }


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with lasting(django_db_blocker, lambda: make_world(CANARY)) as made:
        yield made


QUICK = ("this patient", "clinician off the team", "clinician of another clinic")
EVERYBODY = [
    name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in ACTORS
]


@pytest.mark.django_db
@pytest.mark.parametrize("name", EVERYBODY)
def test_the_policy_decides_for(name: str, world: World) -> None:
    wrong = list(tried(world, ACTORS[name]))
    assert wrong == [], "\n".join(wrong)


@pytest.mark.nightly
@pytest.mark.django_db
@pytest.mark.parametrize("name", ACTORS)
def test_the_policy_decides_every_method_for(name: str, world: World) -> None:
    wrong = list(tried_twice(world, ACTORS[name], EVERY_METHOD))
    assert wrong == [], "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("name", METHODS)
def test_a_url_takes_the_methods_of_its_row_and_no_other(name: str, world: World) -> None:
    """As somebody who may; a page of allauth looks at the method after the person."""
    view = next(view for view in every_view() if view.name == name)
    roles = allowed(name)
    who = next(
        each
        for each in ACTORS.values()
        if (each.relation == "own" or not view.has_object)
        and (roles == ANYONE or each.role in roles)
    )
    client = Client() if roles == ANYONE else signed_in(who.make(world))
    statuses = {method: send(client, method, view.address(world)).status for method in EVERY_METHOD}
    assert {method for method, status in statuses.items() if status != 405} == takes(name)


def without_guard(monkeypatch: pytest.MonkeyPatch, guard: str) -> None:
    if guard == "the table of roles":
        monkeypatch.setattr(ActingMiddleware, "process_view", lambda *_: None)
    else:
        rows = {"patients": Patient, "programs": Program}[guard].objects.all().__class__
        monkeypatch.setattr(rows, "visible_to", lambda rows, actor: rows.all())


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("guard", ["the table of roles", "patients", "programs"])
def test_without_a_guard_the_matrix_is_red(
    guard: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_guard(monkeypatch, guard)
    who = ACTORS["owner" if guard == "the table of roles" else "clinician off the team"]
    assert any(tried(world, who))


def without_numbers(answer: HttpResponse) -> bytes:
    """The page without what is new in every answer: the form's token and the request's number."""
    return re.sub(rb'"X-CSRFToken": "\w+"|<span class="num">[\w-]{36}</span>', b"", answer.content)


@pytest.mark.django_db
def test_another_clinics_object_is_told_like_one_that_does_not_exist(world: World) -> None:
    client: Any = signed_in(stranger(Role.CLINICIAN)(world))
    theirs = client.get(reverse("desk:patient-detail", args=[world.patient.id]))
    nobodys = client.get(reverse("desk:patient-detail", args=[uuid4()]))
    assert theirs.status_code == nobodys.status_code == 404
    assert without_numbers(theirs) == without_numbers(nobodys)


@pytest.mark.django_db
def test_with_the_applications_filters_off_row_security_lets_nothing_cross(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for guard in ("patients", "programs"):
        without_guard(monkeypatch, guard)
    client = signed_in(stranger(Role.CLINICIAN)(world))
    for view in every_view():
        if view.has_object and Role.CLINICIAN in allowed(view.name):
            assert b"canary" not in send(client, "GET", view.address(world)).body.lower(), view
    page = send(client, "GET", reverse("desk:patient-list"))
    assert page.status == 200
    assert b"canary" not in page.body.lower()


def test_reverse_knows_every_view() -> None:
    """A view whose parameters the world can't fill would be left untried."""
    known = World.PARAMETERS
    missing = {view.name: view.parameters for view in every_view() if set(view.parameters) - known}
    assert missing == {}
