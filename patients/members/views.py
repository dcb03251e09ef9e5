"""The owner's page of people, and the page that the link in the invitation opens."""

from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.utils import user_pk_to_url_str
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Clinic, Membership, User
from accounts.requests import ActingRequest, AnyRequest
from accounts.roles import Role
from patients.members import services
from patients.members.forms import ROLES, InviteForm, PickForm, RoleForm
from patients.members.services import Refused, Spent

WRONG, GONE = 422, 410
page = require_http_methods(["GET", "HEAD", "POST"])


@page
def people(request: ActingRequest) -> HttpResponse:
    """Who works here and as what: invite, give a role, end one, take an invitation back."""
    do = request.POST.get("do", "")
    form = InviteForm(request.POST if do == "invite" else None, label_suffix="")
    if form.is_valid():
        _refusable(request, form, _invite)
    elif do in ACTS:
        row = (RoleForm if do == "give" else PickForm)(request.POST)
        if row.is_valid():
            _refusable(request, row, ACTS[do])
    if request.method == "POST" and not form.errors:
        return redirect("members:people")
    clinic = Clinic.objects.get(id=request.actor.clinic_id)
    held = Membership.objects.filter(clinic=clinic).select_related("user")
    context = {
        "form": form,
        "clinic": clinic,
        "people": _people(held.filter(until=None).order_by("user__name", "user", "since")),
        "past": held.exclude(until=None).order_by("-until"),
        "invited": services.open_invitations(request.actor, timezone.now()),
        "item": "people",
    }
    status = WRONG if form.errors else 200
    return render(request, "patients/members.html", context, status=status)


def _refusable(request: ActingRequest, form: Any, act: Any) -> None:
    """Do it; what is refused is said at the head of the page, or beside the invitation."""
    try:
        act(request, form.cleaned_data)
    except Refused as refused:
        if isinstance(form, InviteForm):
            form.add_error("email", str(refused))
        else:
            messages.error(request, str(refused))


def _invite(request: ActingRequest, told: dict[str, Any]) -> None:
    token = services.invite_member(**told, by=request.actor, at=timezone.now())
    context = {
        "link": request.build_absolute_uri(reverse("members:join", args=[token])),
        "clinic": Clinic.objects.get(id=request.actor.clinic_id).name,
        "role": told["role"].label,
    }
    get_adapter().send_mail("account/email/staff_invitation", told["email"], context)
    messages.success(request, _("The invitation is on its way to %(email)s.") % told)


def _give(request: ActingRequest, told: dict[str, Any]) -> None:
    services.give_role(**told, by=request.actor, at=timezone.now())


def _end(request: ActingRequest, told: dict[str, Any]) -> None:
    services.end_role(membership=told["row"], by=request.actor, at=timezone.now())


def _withdraw(request: ActingRequest, told: dict[str, Any]) -> None:
    services.withdraw_invitation(invitation=told["row"], by=request.actor, at=timezone.now())


ACTS = {"give": _give, "end": _end, "withdraw": _withdraw}


def _people(held: Any) -> list[dict[str, Any]]:
    """Each person once, with their roles and those that they could be given."""
    found: dict[Any, dict[str, Any]] = {}
    for row in held:
        person = found.setdefault(row.user_id, {"user": row.user, "roles": []})
        person["roles"].append(row)
    for person in found.values():
        roles = {row.role for row in person["roles"]}
        person["more"] = [(value, label) for value, label in ROLES if value not in roles]
    return list(found.values())


@page
def join(request: AnyRequest, token: str) -> HttpResponse:
    """Say who invites to what; the button takes it up and leads to one's password."""
    try:
        invitation = services.find_invitation(token=token, at=timezone.now())
        if request.method == "POST":
            return _to_password(services.join(invitation=invitation, at=timezone.now()))
    except Spent:
        return render(request, "patients/join_spent.html", status=GONE)
    context = {"invitation": invitation, "role": Role(invitation.role).label}
    return render(request, "patients/join.html", context)


def _to_password(user: User) -> HttpResponse:
    """Who has a password signs in with it; who has none sets it, and is signed in by that."""
    if user.has_usable_password():
        return redirect("account_login")
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    return redirect("account_reset_password_from_key", user_pk_to_url_str(user), key)
