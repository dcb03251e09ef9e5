"""The invitation: made at the desk, opened on a phone, accepted with a code and a consent."""

from datetime import timedelta

import segno
from allauth.account.adapter import get_adapter
from allauth.core.internal.ratelimit import get_ip
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import texting, texts
from accounts.access import find_visible
from accounts.models import Clinic
from accounts.requests import ActingRequest, AnyRequest
from accounts.roles import Role
from accounts.scope import clinic_scope
from patients import acting, codes, services
from patients.forms import ConsentForm
from patients.models import Invitation, Patient, Standing

page = require_http_methods(["GET", "HEAD", "POST"])


@require_POST
def patient_invite(request: ActingRequest, patient_id: str) -> HttpResponse:
    """Make a fresh invitation and show its link and QR code, once."""
    patient = find_visible(Patient.objects, request.actor, id=patient_id)
    if not patient.email and not _by_text(patient, patient.clinic):
        messages.error(
            request,
            _("Enter an email address or a phone number first: the code goes there."),
        )
        return redirect("desk:patient-detail", patient.id)
    token = services.invite_patient(patient=patient, by=request.actor, at=timezone.now())
    link = request.build_absolute_uri(reverse("patients:invitation-open", args=[token]))
    return render(request, "patients/desk_invited.html", _invited(patient, link))


def qr_code(link: str) -> SafeString:
    """The link as a drawing that a camera reads."""
    drawn = segno.make_qr(link, error="m").svg_inline(
        scale=4, svgclass="qr-code", lineclass="qr-line", omitsize=True
    )
    return SafeString(drawn)


def _invited(patient: Patient, link: str) -> dict[str, object]:
    return {
        "patient_name": patient.name,
        "first_name": patient.first_name,
        "email": patient.email,
        "phone": patient.phone if _by_text(patient, patient.clinic) else "",
        "link": link,
        "qr": qr_code(link),
        "expires_on": timezone.now() + timedelta(days=services.INVITATION_DAYS),
        "patient_url": reverse("desk:patient-detail", args=[patient.id]),
        "item": "patients",
    }


def _by_text(patient: Patient, clinic: Clinic) -> bool:
    """Whether a code may go to this patient by text."""
    return bool(texts.are_on() and patient.phone) and texting.reaches(patient.phone, [clinic])


@page
def invitation_open(request: AnyRequest, token: str) -> HttpResponse:
    """Show the invitation; a button asks for the code, and only the consent spends the link."""
    try:
        invitation = services.find_invitation(token=token, at=timezone.now())
    except services.InvitationSpent as spent:
        return _closed(request, spent)
    _speak_as(request, invitation)
    patient = invitation.patient
    by_text = _by_text(patient, invitation.clinic)
    ways = [way for way, given in (("email", patient.email), ("text", by_text)) if given]
    if request.method == "POST" and ways:
        asked = request.POST.get("by")
        return _ask_for_code(request, invitation, token, asked if asked in ways else ways[0])
    context = {
        "clinic_name": invitation.clinic.name,
        "first_name": patient.first_name,
        "ways": ways,
    }
    return render(request, "patients/invitation.html", context)


def _speak_as(request: AnyRequest, invitation: Invitation) -> None:
    """Speak the patient's language, unless the person has chosen one."""
    if not request.user.is_authenticated and "language" not in request.COOKIES:
        translation.activate(invitation.patient.language)


def _ask_for_code(
    request: AnyRequest, invitation: Invitation, token: str, way: str
) -> HttpResponse:
    onward = reverse("patients:invitation-accept", args=[token])
    user, patient = request.user, invitation.patient
    if user.is_authenticated and services.is_invited(user=user, invitation=invitation):
        return redirect(onward)
    logout(request)  # whoever was signed in here is not the invited one
    by_text = way == "text"
    codes.begin(
        request=request,
        user=services.user_for_invitation(invitation=invitation, by_text=by_text),
        email=None if by_text else patient.email.lower(),
        phone=patient.phone.as_e164 if by_text else None,
        clinics=[patient.clinic_id],
        asked_by="link",
    )
    return redirect(reverse("account_confirm_login_code") + f"?next={onward}")


def _closed(request: AnyRequest, spent: services.InvitationSpent) -> HttpResponse:
    """Say why a link opens nothing; lead on whom it did open, and send who asks a fresh one."""
    invitation = spent.invitation
    if invitation and request.user.is_authenticated:
        mine = [each.patient_id for each in acting.choices(request.user)]
        if invitation.patient_id in mine:
            acts = request.actor and request.actor.patient_id == invitation.patient_id
            return redirect("programs:today" if acts else "patients:acting-choose")
    renewable = spent.standing in (Standing.RUN_OUT, Standing.REPLACED)
    if invitation and renewable and request.method == "POST":
        _send_anew(request, invitation)
        return redirect(request.path + "?sent=1")
    if invitation:
        _speak_as(request, invitation)
    context = {"why": spent.standing, "renewable": renewable, "sent": "sent" in request.GET}
    status = 404 if spent.standing == Standing.FORGED else 410
    return render(request, "patients/invitation_spent.html", context, status=status)


def _send_anew(request: AnyRequest, invitation: Invitation) -> None:
    """Make and send a fresh link, unless one just went; the page says the same either way."""
    patient, now = invitation.patient, timezone.now()
    with clinic_scope(invitation.clinic_id), translation.override(patient.language):
        if not (patient.email or _by_text(patient, invitation.clinic)):
            return
        token = services.renew_invitation(invitation=invitation, at=now)
        link = request.build_absolute_uri(reverse("patients:invitation-open", args=[token or "-"]))
        if not token:
            return
        if patient.email:
            get_adapter().send_mail("account/email/invitation", patient.email, {"link": link})
        elif texting.may_ask(
            number=patient.phone, address=get_ip(request), clinics=[patient.clinic_id], at=now
        ):
            body = render_to_string("account/texts/invitation.txt", {"link": link})
            texting.send(number=patient.phone, body=body.strip())


@page
def invitation_accept(request: ActingRequest, token: str) -> HttpResponse:
    """Ask for consent, zone and reminder time on one screen; this spends the link."""
    try:
        invitation = services.find_invitation(token=token, at=timezone.now())
        user, patient = request.user, invitation.patient
        if not (user.is_authenticated and services.is_invited(user=user, invitation=invitation)):
            return redirect("patients:invitation-open", token)
        form = ConsentForm(
            request.POST or None,
            by_email=bool(patient.email),
            initial={"reminder_at": patient.reminder_at, "time_zone": patient.time_zone},
        )
        if request.method == "POST" and form.is_valid():
            return _accepted(request, invitation, form)
    except services.InvitationSpent as spent:
        return _closed(request, spent)
    context = {"form": form, "clinic_name": invitation.clinic.name}
    status = 422 if form.errors else 200
    return render(request, "patients/consent.html", context, status=status)


def _accepted(request: ActingRequest, invitation: Invitation, form: ConsentForm) -> HttpResponse:
    access = services.accept_invitation(
        invitation=invitation,
        user=request.user,
        reminders=form.cleaned_data.get("reminders", False),
        reminder_at=form.cleaned_data["reminder_at"],
        time_zone=form.cleaned_data["time_zone"],
        at=timezone.now(),
    )
    clinic = invitation.clinic
    choice = acting.Choice(Role.PATIENT, clinic.id, clinic.name, access.patient_id)
    acting.act_as(request.session, choice, of=len(acting.choices(request.user)))
    return redirect("programs:today")
