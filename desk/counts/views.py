"""The owner's counts: a page, and the same as a file."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.audit import Kind
from accounts.models import Clinic
from accounts.requests import ActingRequest
from desk.counts.forms import PeriodForm, period
from desk.counts.reading import counts_of
from desk.counts.telling import Months, as_table, shown
from desk.mine.files import as_csv
from programs.calendar import local_day

WRONG = 422


def _read(request: ActingRequest) -> tuple[PeriodForm, Months, str]:
    """The form of the period, what was counted in it, and the period as an address has it."""
    clinic = Clinic.objects.get(id=request.actor.clinic_id)
    today = local_day(timezone.now(), clinic.time_zone)
    form, first, last = period(request.GET, today)
    counted = counts_of(clinic, first, last, today)
    return form, counted, urlencode({"first": f"{first:%Y-%m}", "last": f"{last:%Y-%m}"})


@require_safe
def counts(request: ActingRequest) -> HttpResponse:
    """By month and clinician: patients, sessions, pain, doses, answers. No patient is named."""
    form, counted, months = _read(request)
    context: dict[str, Any] = {
        "form": form,
        "rows": shown(counted),
        "months": months,
        "item": "counts",
    }
    status = WRONG if form.errors else 200
    return render(request, "desk/counts.html", context, status=status)


@require_safe
def counts_csv(request: ActingRequest) -> HttpResponse:
    """The same as comma-separated values; on record as an export."""
    _form, counted, _months = _read(request)
    audit.record(by=request.actor, verb="export_counts", kind=Kind.EXPORT)
    response = HttpResponse(as_csv(as_table(counted)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="flexion-counts.csv"'
    return response
