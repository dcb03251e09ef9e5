"""What search engines ask for first: the sitemap and robots.txt."""

from django.conf import settings
from django.contrib.sitemaps.views import sitemap as of_pages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from exercises.addresses import index_path
from exercises.sitemap import PublicPages

DAY = 24 * 3600


@require_safe
@cache_control(public=True, max_age=DAY)
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """Every public page in every language."""
    return of_pages(request, {"pages": PublicPages})


@require_safe
@cache_control(public=True, max_age=DAY)
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines read the public library and nothing else."""
    open_paths = ["/$", index_path(), settings.STATIC_URL]
    pages = request.build_absolute_uri(reverse("sitemap"))
    lines = ["User-agent: *", *(f"Allow: {path}" for path in open_paths), "Disallow: /"]
    lines += ["", f"Sitemap: {pages}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
