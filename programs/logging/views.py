"""The patient's pages: find the object through the person, bind, call one service, answer.

Every form posts to one address, with htmx or without: htmx gets the next card, a plain form is
sent on to the session's page.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import ActingRequest
from accounts.roles import Actor
from patients import units
from patients.models import Patient
from programs.decisions import services as decisions
from programs.limits import green_limit
from programs.logging import asking, ending, presenters, services
from programs.logging.answers import WRONG, Context, htmx_away
from programs.logging.cards import Card, Progress, next_card
from programs.logging.entries import Refused
from programs.logging.forms import (
    BothLegsPlaceForm,
    EffortForm,
    FlagForm,
    PainForm,
    PlaceForm,
    SetForm,
    UsualPainForm,
    faults,
)
from programs.logging.morning_views import check_page
from programs.logging.set_screen import set_context
from programs.logging.starting_views import newest_program
from programs.models import Program, Session, SessionReport, SetLog, Signal
from programs.own import own_session


def _session(request: ActingRequest, session_id: UUID) -> Session:
    session = own_session(request.actor, session_id)
    units.speak(session.program.patient.unit)
    return session


def _patient(actor: Actor) -> Patient:
    return Patient.objects.visible_to(actor).select_related("clinic").get()


@require_safe
def session_detail(request: ActingRequest, session_id: UUID) -> HttpResponse:
    """The next thing to do or to say; `?set=`, `?pain=` and `?effort=` open an earlier answer."""
    session = _session(request, session_id)
    if session.program.status == Program.Status.LOCKED and not session.finished_at:
        return redirect("programs:stop")
    progress = services.load_progress(session)
    if asked := ending.morning_first(session, progress):
        return check_page(request, asked, None, onward=session.id)
    if question := asking.first_question(session, begun=bool(progress.sets)):
        return redirect("programs:session-question", question.session.id)
    return _card(request, progress, _asked(request, progress) or next_card(progress))


def _asked(request: ActingRequest, progress: Progress) -> Card | None:
    """A card that was asked for by address; None where there is none of that name.

    Of a session that is over its sets have a page of their own.
    """
    place, over = request.GET.get("set", "").split("."), progress.session.finished_at
    if over and "effort" in request.GET:
        return Card("effort")
    where = request.GET.get("place", "")
    named = place[0] if len(place) == 3 else request.GET.get("pain", where)
    for exercise in progress.plan.exercises:
        if str(exercise.prescription.id) != named:
            continue
        if len(place) != 3:
            return Card("place" if where else "pain", exercise)
        if over:
            return None
        if (place[1], place[2]) in {(side, str(number)) for side, number in exercise.slots()}:
            return progress.set_card(exercise, place[1], int(place[2]))
    return None


def _card(
    request: ActingRequest,
    progress: Progress,
    card: Card,
    *,
    typed: Mapping[str, Any] | None = None,
    wrong: Mapping[str, str] | None = None,
    stands: SetLog | None = None,
) -> HttpResponse:
    """The card as a page, or as its partial where htmx asked.

    `stands` is the first answer, where a second one differed from it.
    """
    template = presenters.TEMPLATES[card.kind]
    context = _card_context(progress, card, typed, wrong or {})
    if stands:
        for shown in context.values():
            shown["saved"] = presenters.last_saved(progress, differs=stands)
    context["emergency_number"] = progress.session.program.patient.clinic.emergency_number
    part = f"{template}#card" if request.htmx else template
    return render(request, part, context, status=WRONG if wrong else 200)


def _card_context(
    progress: Progress, card: Card, typed: Mapping[str, Any] | None, wrong: Mapping[str, str]
) -> Context:
    if card.kind == "set":
        return {"card": set_context(card, progress, typed, wrong)}
    if card.kind == "effort":
        return {"finish": presenters.finish_context(progress, wrong, before=_felt(progress))}
    if card.exercise:
        place = card.kind == "place"
        during = bool(typed and typed.get("during"))
        pain = presenters.pain_context(card.exercise, progress, wrong, during=during, place=place)
        return {"pain": pain}
    told = _felt(progress)
    return {"done": ending.done_context(progress, told.effort if told else None)}


def _felt(progress: Progress) -> SessionReport | None:
    """The newest word on the effort; none while the session runs."""
    if not progress.session.finished_at:
        return None
    return SessionReport.objects.filter(session=progress.session).order_by("-revision").first()


@require_POST
def set_log(request: ActingRequest, session_id: UUID) -> HttpResponse:
    """Store one set; the answer is the next card."""
    session, form = _session(request, session_id), SetForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(faults(form))
        logged = services.log_set(
            session=session, entry=form.entry(), by=request.actor, at=timezone.now()
        )
    except Refused as error:
        return _set_again(request, session, error.faults)
    if not request.htmx:
        if logged.differs:
            messages.info(request, _("This set was saved before. The first answer stands."))
        return redirect("programs:session-detail", session.id)
    if session.program.status == Program.Status.LOCKED:
        return htmx_away(reverse("programs:stop"))
    stands = logged.row if logged.differs else None
    return _card(request, logged.progress, next_card(logged.progress), stands=stands)


def _set_again(request: ActingRequest, session: Session, wrong: Mapping[str, str]) -> HttpResponse:
    """The same card with what was typed, and each fault beside its field."""
    progress = services.load_progress(session)
    posted = request.POST
    card = next_card(progress)
    for exercise in progress.plan.exercises:
        for side, number in exercise.slots():
            told = (posted.get("prescription"), posted.get("side"), posted.get("number"))
            if told == (str(exercise.prescription.id), side, str(number)):
                card = progress.set_card(exercise, side, number)
    return _card(request, progress, card, typed=posted.dict(), wrong=wrong)


def _onward(request: ActingRequest, session: Session) -> HttpResponse:
    """After an answer: the next card. A redirect, which htmx follows to the partial."""
    url = reverse("programs:session-detail", args=[session.id])
    response = redirect(url)
    response.status_code = 303
    return response


def _corrected(request: ActingRequest, session: Session, where: UUID | None = None) -> HttpResponse:
    """After another word on a session that was over: what was logged; first where it hurt."""
    url = reverse("programs:session-record", args=[session.id])
    if where:
        url = reverse("programs:session-detail", args=[session.id]) + f"?place={where}"
    return htmx_away(url) if request.htmx else redirect(url)


@require_POST
def pain_report(request: ActingRequest, session_id: UUID) -> HttpResponse:
    """Store the pain of one exercise; too much of it ends the session."""
    session = _session(request, session_id)
    form = _pain_form(request)
    if not form.is_valid():
        return _pain_again(request, session, form)
    told = form.told()
    try:
        services.report_pain(session=session, by=request.actor, at=timezone.now(), **told)
    except Refused:
        return _pain_again(request, session, form)
    if request.POST.get("during") and told["pain"] >= presenters.pain_stop(session.program):
        services.break_off(session=session, by=request.actor, at=timezone.now())
        return _onward(request, session)
    if session.finished_at:
        asks = told["pain"] > green_limit(session.program) and not told["place"]
        return _corrected(request, session, told["prescription"] if asks else None)
    return _onward(request, session)


def _pain_form(request: ActingRequest) -> PainForm:
    if request.POST.get("asked") != "place":
        return PainForm(request.POST)
    both = "sides" in request.POST
    return BothLegsPlaceForm(request.POST) if both else PlaceForm(request.POST)


def _pain_again(request: ActingRequest, session: Session, form: forms.Form) -> HttpResponse:
    progress = services.load_progress(session)
    kind = "place" if request.POST.get("asked") == "place" else "pain"
    found = [
        each
        for each in progress.plan.exercises
        if str(each.prescription.id) == request.POST.get("prescription")
    ]
    card = Card(kind, found[0]) if found else next_card(progress)  # type: ignore[arg-type]  # the form knows its kinds
    wrong = faults(form) or {"": _("There is no such exercise in this program.")}
    return _card(request, progress, card, typed=request.POST.dict(), wrong=wrong)


@require_POST
def session_finish(request: ActingRequest, session_id: UUID) -> HttpResponse:
    """Store the effort, end the session, decide what follows."""
    session, form = _session(request, session_id), EffortForm(request.POST)
    if not form.is_valid():
        progress = services.load_progress(session)
        return _card(request, progress, Card("effort"), wrong=faults(form))
    over = session.finished_at is not None
    services.finish_session(
        session=session,
        effort=form.cleaned_data["effort"],
        revision=form.cleaned_data["revision"] or 0,
        by=request.actor,
        at=timezone.now(),
    )
    return _corrected(request, session) if over else _onward(request, session)


@require_http_methods(["GET", "HEAD", "POST"])
def session_hurts(request: ActingRequest, session_id: UUID) -> HttpResponse:
    """Ask for warning signs first; one of them stops everything."""
    session = _session(request, session_id)
    if request.method != "POST":
        return _hurts_page(request, session, {})
    form = FlagForm(request.POST)
    flag = form.cleaned_data["flag"] if form.is_valid() else ""
    if flag == "none":
        return _ask_pain_now(request, session)
    if not ending.is_flag(flag):
        return _hurts_page(request, session, {"flag": _("Tap what is true, or tap that none is.")})
    decisions.report_red_flag(
        program=session.program, flag=flag, session=session, by=request.actor, at=timezone.now()
    )
    stop_url = reverse("programs:stop")
    return htmx_away(stop_url) if request.htmx else redirect(stop_url)


def _hurts_page(request: ActingRequest, session: Session, wrong: Mapping[str, str]) -> HttpResponse:
    number = session.program.patient.clinic.emergency_number
    context = {"hurts": ending.hurts_context(session, "", wrong), "emergency_number": number}
    status = WRONG if wrong else 200
    part = "programs/logging/hurts.html" + ("#card" if request.htmx else "")
    return render(request, part, context, status=status)


def _ask_pain_now(request: ActingRequest, session: Session) -> HttpResponse:
    """It just hurts: how much, in the exercise that is on."""
    progress = services.load_progress(session)
    card = next_card(progress)
    exercise = card.exercise or progress.plan.exercises[-1]
    return _card(request, progress, Card("pain", exercise), typed={"during": "1"})


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: ActingRequest) -> HttpResponse:
    """What to do now. A post says that it was a tap by mistake: that is told, nothing opens."""
    program = newest_program(request.actor)
    if program is None or program.status != Program.Status.LOCKED:
        return redirect("programs:today")
    if request.method == "POST":
        decisions.report_mistake(program=program, by=request.actor, at=timezone.now())
        return redirect("programs:stop")
    flag = program.red_flags.select_related("session").order_by("-at").first()
    if flag is None:
        return redirect("programs:today")
    signal = Signal.objects.filter(program=program, kind=Signal.Kind.LOCKED).first()
    sent = bool(signal and signal.facts.get("mistake_at"))
    context = {"stop": ending.stop_context(program, flag, mistake_sent=sent)}
    return render(request, "programs/logging/stop.html", context)


@require_POST
def usual_pain(request: ActingRequest) -> HttpResponse:
    """The pain of a usual day."""
    form = UsualPainForm(request.POST)
    if not form.is_valid():
        messages.error(request, faults(form)["pain"])
        return redirect("programs:today")
    services.tell_usual_pain(
        patient=_patient(request.actor),
        pain=form.cleaned_data["pain"],
        by=request.actor,
        at=timezone.now(),
    )
    return redirect("programs:today")
