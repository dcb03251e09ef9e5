"""Flexion's addresses, and the reference: a signed-in view with an empty body."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from config import urls


def reference(request: HttpRequest) -> HttpResponse:
    """What every page pays: session, person, acting role, row security. Open to the signed-in."""
    return HttpResponse()


urlpatterns = [path("reference/", reference, name="reference"), path("", include(urls))]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
