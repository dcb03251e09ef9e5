"""Pages that only the demo has: its people with a sign-in each, and every message that left."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from config.demo import cast, mailbox

type View = Callable[[HttpRequest], HttpResponse]


def demo_only(view: View) -> View:
    """Refuse everywhere but in a demo asked for from this very machine."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not settings.DEMO or request.META.get("REMOTE_ADDR") != "127.0.0.1":
            raise Http404
        return view(request)

    return guarded


@demo_only
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everyone of the demo, with a button that signs in as them."""
    known = set(User.objects.values_list("email", flat=True))
    context = {
        "clinic_name": cast.CLINIC_NAME,
        "password": cast.PASSWORD,
        "staff": cast.STAFF,
        "patients": [person for person in cast.PATIENTS if person.email in known],
        "coming": sum(person.email not in known for person in cast.PATIENTS),
    }
    return render(request, "demo/people.html", context)


@demo_only
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo's people."""
    everyone = {one.email for one in cast.STAFF} | {one.email for one in cast.PATIENTS}
    email = request.POST.get("email", "")
    if email not in everyone:
        raise Http404
    request.session.flush()
    login(request, get_object_or_404(User, email=email), settings.AUTHENTICATION_BACKENDS[0])
    return redirect("home")


@demo_only
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Every message that left the demo, newest first."""
    return render(request, "demo/inbox.html", {"mails": mailbox.mails()})


urlpatterns = [
    path("", people, name="demo-people"),
    path("enter/", enter, name="demo-enter"),
    path("inbox/", inbox, name="demo-inbox"),
]
