"""What the queue posts: put a row away, take it back, accept several at once."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import find_visible
from accounts.requests import ActingRequest
from programs.decisions import services
from programs.decisions.saying.refusals import why_nothing
from programs.models import Decision, Signal


@require_POST
def signal_skip(request: ActingRequest, signal_id: UUID) -> HttpResponse:
    """Out of one's own queue until its facts change; `back` takes it in again."""
    signal = find_visible(Signal.objects, request.actor, id=signal_id)
    back = "back" in request.POST
    if not services.skip_signal(signal=signal, by=request.actor, back=back):
        messages.warning(request, _("It stood so already."))
    elif back:
        messages.success(request, _("It is back in your queue."))
    else:
        again = reverse("programs:signal-skip", args=[signal.id])
        messages.success(
            request, _("Skipped. It comes back when something changes."), extra_tags=again
        )
    return _back(request)


@require_POST
def decisions_accept(request: ActingRequest) -> HttpResponse:
    """Say yes to the chosen proposals; those with something newer are named and left alone."""
    rows = Decision.objects.select_related("program__patient", "before").defer("snapshot")
    chosen = rows.visible_to(request.actor).filter(id__in=_chosen(request))
    done = services.accept_several(decisions=chosen, by=request.actor, at=timezone.now())
    if count := len(done.answers):
        said = ngettext("Accepted %(count)s. ", "Accepted %(count)s. ", count) % {"count": count}
        messages.success(request, said + _("The patients see why."))
    for each in done.left_out:
        told = {"name": each.decision.program.patient.name, "why": why_nothing(each.error)}
        messages.warning(request, _("%(name)s was left out. %(why)s") % told)
    if not (done.answers or done.left_out):
        messages.warning(request, _("Choose at least one proposal."))
    return _back(request)


def _chosen(request: ActingRequest) -> list[UUID]:
    """At most a page of ids; what is none is left out."""
    found = []
    for text in request.POST.getlist("decision")[: services.MOST]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _back(request: ActingRequest) -> HttpResponse:
    onward = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(onward, {request.get_host()})
    return redirect(onward if onward and ours else "desk:caseload")
