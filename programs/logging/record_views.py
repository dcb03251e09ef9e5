"""What was logged in a session, and how it is put right. Plain forms, each on a page of its own."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import ActingRequest
from patients import units
from programs.logging.answers import WRONG
from programs.logging.correcting import (
    CorrectionForm,
    NoteForm,
    Place,
    correct_set,
    find_place,
    note_form,
    write_note,
)
from programs.logging.entries import Refused
from programs.logging.presenters import name_of
from programs.logging.record import (
    Record,
    load_record,
    record_context,
    set_history,
    set_label,
    set_words,
)
from programs.own import own_session


def _record(request: ActingRequest, session_id: UUID) -> Record:
    session = own_session(request.actor, session_id)
    units.speak(session.program.patient.unit)
    return load_record(session, timezone.now())


@require_safe
def session_record(request: ActingRequest, session_id: UUID) -> HttpResponse:
    """Every set of a session with what stood there before, the ratings, and a note."""
    record = _record(request, session_id)
    return _record_page(request, record, note_form(record, None))


def _record_page(request: ActingRequest, record: Record, form: NoteForm) -> HttpResponse:
    context = {
        "tab": "progress",
        "record": record_context(record),
        "form": form,
        "note_url": reverse("programs:session-note", args=[record.session.id]),
        "emergency_number": record.session.program.patient.clinic.emergency_number,
    }
    status = WRONG if form.errors else 200
    return render(request, "programs/logging/record.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def set_correct(request: ActingRequest, session_id: UUID, set_key: UUID) -> HttpResponse:
    """One set once more: what stands is the first word, what is sent the next."""
    record = _record(request, session_id)
    place = _place(record, set_key)
    if place.still_to_do:
        return redirect("programs:session-detail", session_id)
    form = CorrectionForm(request.POST if request.method == "POST" else None, place)
    if not form.is_valid():
        return _set_page(request, place, form, note_form(record, set_key))
    entry = place.entry(form.cleaned_data)
    try:
        logged = correct_set(place=place, entry=entry, by=request.actor, at=timezone.now())
    except Refused as error:
        for name, words in error.faults.items():
            form.add_error(name if name in form.fields else None, words)
        return _set_page(request, place, form, note_form(record, set_key))
    if logged.differs:
        messages.info(request, _("This set was changed before. Please look at it once more."))
        return redirect("programs:set-correct", session_id, set_key)
    messages.success(request, _("Saved."))
    return redirect("programs:session-record", session_id)


def _place(record: Record, key: UUID) -> Place:
    place = find_place(record, key)
    if place is None:
        raise Http404
    return place


def _set_page(
    request: ActingRequest, place: Place, form: CorrectionForm, note: NoteForm
) -> HttpResponse:
    record, key = place.record, place.key
    history = [
        {"text": set_words(row), "when": record.when(row.received_at)}
        for row in set_history(record, key)
    ]
    context = {
        "tab": "progress",
        "name": name_of(record.slots[key][0].sides[0]),
        "label": set_label(place.side, place.number),
        "form": form,
        "note": note,
        "history": history,
        "back_url": reverse("programs:session-record", args=[record.session.id]),
        "note_url": reverse("programs:set-note", args=[record.session.id, key]),
        "emergency_number": record.session.program.patient.clinic.emergency_number,
    }
    status = WRONG if form.errors or note.errors else 200
    return render(request, "programs/logging/correct.html", context, status=status)


@require_POST
def session_note(request: ActingRequest, session_id: UUID) -> HttpResponse:
    """A note about the session."""
    record = _record(request, session_id)
    form = note_form(record, None, request.POST)
    if not form.is_valid():
        return _record_page(request, record, form)
    return _noted(request, record, None, form)


@require_POST
def set_note(request: ActingRequest, session_id: UUID, set_key: UUID) -> HttpResponse:
    """A note about one set."""
    record = _record(request, session_id)
    place, form = _place(record, set_key), note_form(record, set_key, request.POST)
    if place.still_to_do:
        return redirect("programs:session-detail", session_id)
    if not form.is_valid():
        return _set_page(request, place, CorrectionForm(None, place), form)
    return _noted(request, record, set_key, form)


def _noted(
    request: ActingRequest, record: Record, key: UUID | None, form: NoteForm
) -> HttpResponse:
    write_note(
        session=record.session,
        key=key,
        text=form.cleaned_data["text"],
        revision=form.cleaned_data["revision"] or 0,
        by=request.actor,
        at=timezone.now(),
    )
    messages.success(request, _("Your care team sees the note."))
    return redirect("programs:session-record", record.session.id)
