"""Lighthouse on public pages, what patients see most, and the queue: 100 each, or exit 1."""

import json
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from bench import ground, people
from bench.browser import Browser
from bench.pages import Broken

CATEGORIES = ("performance", "accessibility", "best-practices")
OF_PUBLIC = (*CATEGORIES, "seo")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PACKAGE = "lighthouse@13"


class _Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def _serving() -> Iterator[str]:
    """The app in this process, on a free port of this machine."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
    server.daemon_threads = True
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _measure(
    address: str, out: Path, categories: tuple[str, ...], headers: Path | None = None
) -> dict[str, int]:
    """The score of each of these categories of a page, from 0 to 100; with headers, signed in."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), "")
    command = ["npx", "--yes", PACKAGE, address, "--quiet", "--output=json"]
    command += [f"--output-path={out}", f"--only-categories={','.join(categories)}"]
    command += [f"--extra-headers={headers}"] if headers else []
    command += ["--chrome-flags=--headless=new --no-sandbox --disable-gpu"]
    subprocess.run(command, check=True, env=os.environ | {"CHROME_PATH": browser})  # noqa: S603  as written above
    report = json.loads(out.read_text())
    for name, audit in report["audits"].items():
        if audit["score"] is not None and audit["score"] < 0.9 and not name.endswith("-insight"):
            print(f"  {name}: {audit.get('displayValue', '')} {audit['title']}")
    return {name: round(100 * report["categories"][name]["score"]) for name in categories}


def _pages(trainee: people.Trainee) -> dict[str, str]:
    """The three pages that a patient sees most, the session begun."""
    phone = Browser(trainee.user)
    begin = phone.get(reverse("programs:today")).form("programs:session-start")
    if begin is None:
        raise Broken("today offers no session")
    session = phone.submit(begin).response["Location"]
    pages = {"today": reverse("programs:today"), "session": session}
    return pages | {"progress": reverse("programs:progress")}


def _public() -> dict[str, str]:
    """The library's index and the guide of an exercise, for anyone."""
    guide = reverse("exercises:exercise-detail", args=["standing-curl"])
    return {"index": reverse("exercises:exercise-list"), "guide": guide}


def _told(name: str, scores: dict[str, int]) -> dict[str, int]:
    print(f"{name:10}" + "".join(f"{key} {score:3}  " for key, score in scores.items()))
    return scores


def _headers(user: User, folder: Path) -> Path:
    """A file of the headers by which this person is signed in."""
    client = Client()
    client.force_login(user)
    file = folder / f"{user.id}.json"
    file.write_text(json.dumps({"Cookie": f"session={client.cookies['session'].value}"}))
    return file


def run() -> int:
    """Measure, print a table and a last line of JSON."""
    practice = people.open_practice(timezone.now())
    trainee = people.weeks_behind(practice, people.WEEKS)
    ground.settle()
    found = {}
    with _serving() as base, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        visits = (
            (_public(), OF_PUBLIC, None),
            (_pages(trainee), CATEGORIES, _headers(trainee.user, folder)),
            ({"queue": reverse("desk:caseload")}, CATEGORIES, _headers(practice.user, folder)),
        )
        for pages, categories, headers in visits:
            for page, path in pages.items():
                out = folder / f"{page}.json"
                found[page] = _told(page, _measure(base + path, out, categories, headers))
    print(json.dumps(found))
    return int(any(score < 100 for page in found.values() for score in page.values()))
