"""The API's views: find the object through the person, read the body, call one service, tell."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiResponse, PolymorphicProxySerializer, extend_schema
from rest_framework import status
from rest_framework.decorators import api_view
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import audit
from accounts.access import find_visible
from accounts.roles import Actor
from programs.api import serializers as shapes
from programs.calendar import local_day
from programs.logging import services
from programs.logging.entries import Refused, SetEntry
from programs.logging.plan import load_plan
from programs.models import Program, Session

MOST_SETS = 100
KNOWN = OpenApiResponse(shapes.LoggedOut, "It was known already: the first answer stands.")


CLOSED = {
    Program.Status.PAUSED: gettext_lazy("The program is paused."),
    Program.Status.LOCKED: gettext_lazy("The program waits until a clinician clears it."),
    Program.Status.ENDED: gettext_lazy("The program has ended."),
    "too_early": gettext_lazy("The program has not started yet."),
}


class Closed(APIException):
    """The program takes no training now; the code says why in one word, for machines."""

    status_code = status.HTTP_409_CONFLICT

    def __init__(self, why: str) -> None:
        super().__init__(CLOSED[why], code=why)


def _actor(request: Request) -> Actor:
    actor: Actor = request._request.actor  # type: ignore[attr-defined,unused-ignore]  # set by our middleware
    return actor


def _find_session(request: Request, session: UUID) -> Session:
    """The session, with its program: its patient is noted in the audit event."""
    rows = Session.objects.select_related("program__patient__clinic")
    found = find_visible(rows, _actor(request), id=session)
    audit.saw(found.program.patient_id)
    return found


class ProgramList(ListAPIView[Program]):
    """Your own programs as a patient; those of your care team's patients as staff."""

    queryset: ClassVar[QuerySet[Program]] = Program.objects.none()  # type: ignore[misc]  # DRF has it of an instance
    serializer_class = shapes.ProgramOut

    def get_queryset(self) -> QuerySet[Program]:
        return Program.objects.visible_to(_actor(self.request))

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset) or []
        audit.saw(*[row.patient_id for row in page])
        return page


@extend_schema(responses=shapes.ProgramDetailOut)
@api_view(["GET"])
def program_detail(request: Request, program: UUID) -> Response:
    """One program, with the dose that each side of each exercise does now."""
    rows = Program.objects.select_related("patient")
    found = find_visible(rows, _actor(request), id=program)
    audit.saw(found.patient_id)
    day = local_day(timezone.now(), found.patient.time_zone)
    context = {"plan": load_plan(found, day=day)}
    return Response(shapes.ProgramDetailOut(found, context=context).data)


@extend_schema(request=shapes.SessionIn, responses={201: shapes.SessionOut, 200: shapes.SessionOut})
@api_view(["POST"])
def session_start(request: Request) -> Response:
    """Start today's session, or get the one that has been started. 409 where none may start."""
    body = shapes.SessionIn(data=request.data)
    body.is_valid(raise_exception=True)
    told, actor, at = body.validated_data, _actor(request), timezone.now()
    program = find_visible(Program.objects, actor, id=told["program"])
    try:
        session = services.start_session(program=program, slot=told["slot"], by=actor, at=at)
    except services.NotOpen as error:
        raise Closed(error.status) from error
    return _tell(session, 201 if session.received_at == at else 200)


@extend_schema(responses=shapes.SessionOut)
@api_view(["GET"])
def session_detail(request: Request, session: UUID) -> Response:
    """A session as far as it has come, and what is next."""
    return _tell(_find_session(request, session))


@extend_schema(
    request=PolymorphicProxySerializer(
        component_name="SetOrSets",
        serializers=[shapes.SetIn, shapes.SetIn(many=True)],
        resource_type_field_name=None,
        many=False,
    ),
    responses={201: shapes.LoggedOut, 200: KNOWN},
)
@api_view(["POST"])
def set_log(request: Request, session: UUID) -> Response:
    """Log one set, or a list of them: all or none. Safe to send again.

    A list is answered by a list; 201 if any of its sets was new.
    """
    found = _find_session(request, session)
    several = isinstance(request.data, list)
    entries = _read_sets(request.data, several=several)
    logged: list[services.Logged] = []
    for entry in entries:
        try:
            logged.append(_log(found, entry, _actor(request)))
        except Refused as error:
            faults = _by_field(error)
            raise ValidationError([{}] * len(logged) + [faults] if several else faults) from error
    body = shapes.LoggedOut(logged if several else logged[0], many=several)
    return Response(body.data, 201 if any(each.first for each in logged) else 200)


def _read_sets(data: Any, *, several: bool) -> list[SetEntry]:
    rows = data if several else [data]
    if not 1 <= len(rows) <= MOST_SETS:
        raise ValidationError(_("Send 1 to %d sets at once.") % MOST_SETS)
    bodies = [shapes.SetIn(data=row) for row in rows]
    faults: list[Any] = [{} if body.is_valid() else body.errors for body in bodies]
    if any(faults):
        raise ValidationError(faults if several else faults[0])
    return [body.entry() for body in bodies]


def _log(session: Session, entry: SetEntry, by: Actor) -> services.Logged:
    return services.log_set(session=session, entry=entry, by=by, at=timezone.now())


def _by_field(error: Refused) -> dict[str, list[str]]:
    return {name or "non_field_errors": [fault] for name, fault in error.faults.items()}


@extend_schema(request=shapes.PainIn, responses=shapes.SessionOut)
@api_view(["POST"])
def pain_report(request: Request, session: UUID) -> Response:
    """Say the highest pain of one exercise. Safe to send again: the first answer stands."""
    found = _find_session(request, session)
    body = shapes.PainIn(data=request.data)
    body.is_valid(raise_exception=True)
    plan = load_plan(found.program, day=found.local_date)
    if plan.exercise(body.validated_data["prescription"]) is None:
        raise ValidationError({"prescription": [_("There is no such exercise in this program.")]})
    services.report_pain(
        session=found, by=_actor(request), at=timezone.now(), **body.validated_data
    )
    return _tell(found)


@extend_schema(request=shapes.FinishIn, responses=shapes.SessionOut)
@api_view(["POST"])
def session_finish(request: Request, session: UUID) -> Response:
    """End a session; what follows for the dose is decided here. Safe to send again."""
    found = _find_session(request, session)
    body = shapes.FinishIn(data=request.data)
    body.is_valid(raise_exception=True)
    effort = body.validated_data["effort"]
    services.finish_session(session=found, effort=effort, by=_actor(request), at=timezone.now())
    return _tell(found)


def _tell(session: Session, code: int = 200) -> Response:
    return Response(shapes.SessionOut(services.load_progress(session)).data, code)
