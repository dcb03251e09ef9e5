"""A patient's own data: to read and print, as tables, as JSON. Every one is an export on record."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.access import find_visible
from accounts.audit import Kind
from accounts.requests import ActingRequest
from desk.mine.files import as_archive, as_json
from desk.mine.reading import section
from desk.mine.tables import tables_of
from patients import units
from patients.models import Patient


def _own(request: ActingRequest) -> Patient:
    rows = Patient.objects.select_related("clinic")
    return find_visible(rows, request.actor, id=request.actor.patient_id)


def _exported(request: ActingRequest) -> Patient:
    """The patient, with the export on record: no record, no answer."""
    patient = _own(request)
    verb = "export_own_data"
    audit.record(by=request.actor, verb=verb, patients=[patient.id], kind=Kind.EXPORT)
    return patient


@require_safe
def data(request: ActingRequest) -> HttpResponse:
    """The three ways to have it."""
    context = {"tab": "settings", "clinic_name": _own(request).clinic.name}
    return render(request, "desk/mine/data.html", context)


@require_safe
def data_page(request: ActingRequest) -> HttpResponse:
    """Everything on one page, to read or print."""
    patient = _exported(request)
    units.speak(patient.unit)
    sections = [section(table, patient.time_zone) for table in tables_of(patient)]
    context = {"patient": patient, "sections": sections, "made_at": timezone.now()}
    return _closed(render(request, "desk/mine/page.html", context))


@require_safe
def data_tables(request: ActingRequest) -> HttpResponse:
    """One comma-separated file a table, in a ZIP."""
    packed = as_archive(tables_of(_exported(request)))
    return _file(HttpResponse(packed, content_type="application/zip"), "flexion-data.zip")


@require_safe
def data_json(request: ActingRequest) -> HttpResponse:
    """All of it as one object."""
    written = as_json(tables_of(_exported(request)), timezone.now())
    return _file(HttpResponse(written, content_type="application/json"), "flexion-data.json")


def _file(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return _closed(response)


def _closed(response: HttpResponse) -> HttpResponse:
    """Nothing on the way keeps a copy."""
    response["Cache-Control"] = "no-store"
    return response
