from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from reminders.models import Heartbeat


class Healthy(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> HTTPServer:
    """A web server of one answer, on the port that the check asks."""
    made = HTTPServer(("127.0.0.1", 0), Healthy)
    monkeypatch.setenv("PORT", str(made.server_port))
    return made


def answer_once(server: HTTPServer) -> Thread:
    thread = Thread(target=server.handle_request)
    thread.start()
    return thread


def test_web_is_well_when_it_answers(server: HTTPServer) -> None:
    thread = answer_once(server)
    call_command("healthcheck", "web")
    thread.join()
    server.server_close()


def test_web_is_ill_when_it_answers_an_error(
    server: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Healthy, "status", 500)
    thread = answer_once(server)
    with pytest.raises(CommandError, match="answers 500"):
        call_command("healthcheck", "web")
    thread.join()
    server.server_close()


def test_web_is_ill_when_nothing_answers(server: HTTPServer) -> None:
    server.server_close()
    with pytest.raises(CommandError, match="Nothing answers"):
        call_command("healthcheck", "web")


@pytest.mark.django_db
@pytest.mark.parametrize("service", ["worker", "beat"])
def test_a_service_without_a_heartbeat_is_ill(service: str) -> None:
    with pytest.raises(CommandError, match=f"No heartbeat of {service}"):
        call_command("healthcheck", service)


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "well"), [(80, True), (100, False)])
def test_a_heartbeat_counts_for_a_minute_and_a_half(age: int, well: bool) -> None:
    Heartbeat.objects.create(name="beat", at=timezone.now() - timedelta(seconds=age))
    if well:
        call_command("healthcheck", "beat")
    else:
        with pytest.raises(CommandError):
            call_command("healthcheck", "beat")
