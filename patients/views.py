"""Pages about people: add and cover (desk), settings (patient), and who acts."""

from allauth.account import views as account
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import find_visible
from accounts.models import Clinic
from accounts.requests import ActingRequest, AnyRequest
from accounts.roles import Role
from accounts.scope import clinic_scope
from patients import acting, services
from patients.forms import CoverForm, PatientForm
from patients.models import Patient

page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def home(request: AnyRequest) -> HttpResponse:
    """Send each person to where their day starts; a visitor to the public guide."""
    if request.actor is None:
        signed_in = request.user.is_authenticated
        return redirect("patients:acting-choose" if signed_in else "exercises:exercise-list")
    if request.actor.role == Role.PATIENT:
        return redirect("programs:today")
    if request.actor.role == Role.OWNER:
        return redirect("programs:clinic-limits")
    return redirect("desk:caseload" if request.actor.treats else "admin:index")


@page
def sign_out(request: AnyRequest) -> HttpResponse:
    """Ask, then end the session; what browsers cached of it goes, what waits on a phone stays."""
    response: HttpResponse = account.logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"cache"'
    return response


@page
def acting_choose(request: ActingRequest) -> HttpResponse:
    """Choose who trains now, or in which role to work."""
    choices = acting.choices(request.user)
    if request.method == "POST":
        chosen = [choice for choice in choices if choice.value == request.POST.get("choice")]
        if chosen:
            acting.act_as(request.session, chosen[0], of=len(choices))
            return redirect(_onward(request, request.POST.get("next", "")) or "home")
        messages.error(request, _("Choose one from the list."))
    context = {
        "choices": _named(choices),
        "acting": request.session.get(acting.KEY),
        "next": request.GET.get("next", ""),
        "patients": any(choice.patient_id for choice in choices),
    }
    return render(request, "patients/acting.html", context)


def _onward(request: AnyRequest, address: str) -> str:
    """The address if it is one of ours, else ''."""
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    return address if ours else ""


def _named(choices: list[acting.Choice]) -> list[dict[str, str]]:
    """The choices with the patients' names, where the person acts for patients."""
    ids = [choice.patient_id for choice in choices if choice.patient_id]
    with clinic_scope(*{choice.clinic_id for choice in choices}):
        names = Patient.objects.reached_by_access(ids)
    return [
        {
            "value": choice.value,
            "title": names[choice.patient_id] if choice.patient_id else str(choice.role.label),
            "detail": choice.clinic,
        }
        for choice in choices
    ]


@page
def patient_create(request: ActingRequest) -> HttpResponse:
    """Add a patient to one's caseload, then prescribe."""
    zone = Clinic.objects.get(id=request.actor.clinic_id).time_zone
    form = PatientForm(request.POST or None, initial={"time_zone": zone})
    if request.method == "POST" and form.is_valid():
        patient = services.create_patient(
            fields=form.cleaned_data, by=request.actor, at=timezone.now()
        )
        return redirect("programs:program-assign", patient.id)
    status = 422 if form.errors else 200
    context = {"form": form, "item": "patients"}
    return render(request, "patients/desk_new.html", context, status=status)


@page
def patient_cover(request: ActingRequest, patient_id: str) -> HttpResponse:
    """Open a colleague's patient for a day, with a reason."""
    patient = find_visible(Patient.colleagues, request.actor, id=patient_id)
    form = CoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        services.cover_patient(patient=patient, reason=reason, by=request.actor, at=timezone.now())
        return redirect("desk:patient-detail", patient.id)
    context = {"form": form, "patient_id": patient.id, "item": "patients"}
    return render(request, "patients/desk_cover.html", context)


@require_POST
def language(request: AnyRequest) -> HttpResponse:
    """Choose the language of this browser; a signed-in person's choice is kept with them."""
    response = redirect(_onward(request, request.POST.get("next", "/")) or "/")
    code = request.POST.get("language", "")
    if translation.check_for_language(code):
        response.set_cookie("language", code, max_age=365 * 24 * 3600, samesite="Lax")
        if request.user.is_authenticated:
            services.choose_language(user=request.user, language=code)
    return response
