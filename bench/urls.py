"""Flexion's addresses, and the reference: a signed-in view with an empty body."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from accounts.access import POLICY, SIGNED_IN
from config import urls

POLICY["reference"] = SIGNED_IN


def reference(request: HttpRequest) -> HttpResponse:
    """What every page pays: session, person, acting role, row security."""
    return HttpResponse()


urlpatterns = [path("reference/", reference, name="reference"), path("", include(urls))]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
