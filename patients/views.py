"""Pages about people: add and invite (desk), accept and choose (patient), and who acts."""

from datetime import timedelta

import segno
from allauth.account import views as account
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.access import find_visible
from accounts.requests import ActingRequest, AnyRequest
from accounts.roles import Role
from accounts.scope import clinic_scope
from patients import acting, services
from patients.forms import ConsentForm, CoverForm, PatientForm, SettingsForm
from patients.models import Consent, Invitation, Patient

page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def home(request: AnyRequest) -> HttpResponse:
    """Send each person to where their day starts; a visitor to the public guide."""
    if request.actor is None:
        signed_in = request.user.is_authenticated
        return redirect("patients:acting-choose" if signed_in else "exercises:exercise-list")
    if request.actor.role == Role.PATIENT:
        return redirect("programs:today")
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
            acting.act_as(request.session, chosen[0])
            return redirect("home")
        messages.error(request, _("Choose one from the list."))
    context = {"choices": _named(choices), "acting": request.session.get(acting.KEY)}
    return render(request, "patients/acting.html", context)


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
    form = PatientForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        patient = services.create_patient(
            fields=form.cleaned_data, by=request.actor, at=timezone.now()
        )
        return redirect("programs:program-assign", patient.id)
    status = 422 if form.errors else 200
    context = {"form": form, "item": "patients"}
    return render(request, "patients/desk_new.html", context, status=status)


@require_POST
def patient_invite(request: ActingRequest, patient_id: str) -> HttpResponse:
    """Make a fresh invitation and show its link and QR code, once."""
    patient = find_visible(Patient.objects, request.actor, id=patient_id)
    if not patient.email:
        messages.error(request, _("Enter an email address first: the code goes there."))
        return redirect("desk:patient-detail", patient.id)
    token = services.invite_patient(patient=patient, by=request.actor, at=timezone.now())
    link = request.build_absolute_uri(reverse("patients:invitation-open", args=[token]))
    return render(request, "patients/desk_invited.html", _invited(patient, link))


def _invited(patient: Patient, link: str) -> dict[str, object]:
    code = segno.make_qr(link, error="m").svg_inline(
        scale=4, svgclass="qr-code", lineclass="qr-line", omitsize=True
    )
    return {
        "patient_name": patient.name,
        "first_name": patient.first_name,
        "email": patient.email,
        "link": link,
        "qr": mark_safe(code),  # noqa: S308  the library's own drawing of our own address
        "expires_on": timezone.now() + timedelta(days=services.INVITATION_DAYS),
        "patient_url": reverse("desk:patient-detail", args=[patient.id]),
        "item": "patients",
    }


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


@page
def invitation_open(request: AnyRequest, token: str) -> HttpResponse:
    """Show the invitation; a button asks for the code, and only the consent spends the link."""
    try:
        invitation = services.find_invitation(token=token, at=timezone.now())
    except services.InvitationSpent:
        return render(request, "patients/invitation_spent.html", status=410)
    if not request.user.is_authenticated:
        translation.activate(invitation.patient.language)
    if request.method == "POST":
        return _ask_for_code(request, invitation, token)
    context = {"clinic_name": invitation.clinic.name, "first_name": invitation.patient.first_name}
    return render(request, "patients/invitation.html", context)


def _ask_for_code(request: AnyRequest, invitation: Invitation, token: str) -> HttpResponse:
    onward = reverse("patients:invitation-accept", args=[token])
    user = services.user_for_invitation(invitation=invitation)
    if request.user.is_authenticated and request.user.pk == user.pk:
        return redirect(onward)
    LoginCodeVerificationProcess.initiate(
        request=request, user=user, email=invitation.patient.email.lower()
    )
    return redirect(reverse("account_confirm_login_code") + f"?next={onward}")


@page
def invitation_accept(request: ActingRequest, token: str) -> HttpResponse:
    """Ask for consent and the reminder time; this spends the link."""
    try:
        invitation = services.find_invitation(token=token, at=timezone.now())
        if not request.user.is_authenticated:
            return redirect("patients:invitation-open", token)
        form = ConsentForm(
            request.POST or None, initial={"reminder_at": invitation.patient.reminder_at}
        )
        if request.method == "POST" and form.is_valid():
            return _accepted(request, invitation, form)
    except services.InvitationSpent:
        return render(request, "patients/invitation_spent.html", status=410)
    context = {"form": form, "clinic_name": invitation.clinic.name}
    status = 422 if form.errors else 200
    return render(request, "patients/consent.html", context, status=status)


def _accepted(request: ActingRequest, invitation: Invitation, form: ConsentForm) -> HttpResponse:
    access = services.accept_invitation(
        invitation=invitation,
        user=request.user,
        reminders=form.cleaned_data["reminders"],
        reminder_at=form.cleaned_data["reminder_at"],
        at=timezone.now(),
    )
    clinic = invitation.clinic
    acting.act_as(
        request.session, acting.Choice(Role.PATIENT, clinic.id, clinic.name, access.patient_id)
    )
    return redirect("programs:today")


@page
def settings(request: ActingRequest) -> HttpResponse:
    """The patient's own settings: reminders, time zone, language."""
    patient = find_visible(Patient.objects, request.actor, id=request.actor.patient_id)
    audit.saw(patient.id)
    wanted = patient.consents.filter(kind=Consent.Kind.REMINDERS_EMAIL, withdrawn_at=None).exists()
    form = SettingsForm(request.POST or None, instance=patient, initial={"reminders": wanted})
    if request.method == "POST" and form.is_valid():
        services.change_settings(
            patient=patient, fields=form.cleaned_data, by=request.actor, at=timezone.now()
        )
        messages.success(request, _("Saved."))
        return redirect("patients:settings")
    status = 422 if form.errors else 200
    context = {"form": form, "tab": "settings", "email": request.user.email}
    return render(request, "patients/settings.html", context, status=status)


@require_POST
def language(request: AnyRequest) -> HttpResponse:
    """Choose the language of this browser; a signed-in person's choice is kept with them."""
    onward = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(onward, {request.get_host()}, request.is_secure()):
        onward = "/"
    response = redirect(onward)
    code = request.POST.get("language", "")
    if translation.check_for_language(code):
        response.set_cookie("language", code, max_age=365 * 24 * 3600, samesite="Lax")
        if request.user.is_authenticated:
            services.choose_language(user=request.user, language=code)
    return response
