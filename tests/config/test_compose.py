import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from config import embedded, processes

CHECKOUT = Path(__file__).resolve().parents[2]
COMPOSE = (CHECKOUT / "docker-compose.yml").read_text()
DOCKERFILE = (CHECKOUT / "Dockerfile").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE)["services"]
OURS = ["migrate", "web", "worker", "beat"]
THEIRS = ["postgres", "valkey", "mail"]
STAYING = [name for name in SERVICES if name != "migrate"]
NOT_SETTINGS = {"PORT", "REMAP_SIGTERM"}  # read by gunicorn and by Celery themselves


def settings_read() -> set[str]:
    """The variables that settings.py and celery.py ask the environment for."""
    text = "".join(
        (CHECKOUT / "config" / name).read_text() for name in ("settings.py", "celery.py")
    )
    return set(re.findall(r'(?:environ\.get|flag|listed)\(\s*"(\w+)"', text))


def asked_of_the_user() -> dict[str, str]:
    """What docker-compose.yml takes from .env, with its default or ''."""
    return dict(re.findall(r"\$\{(\w+):[-?]([^}]*)\}", COMPOSE))


def explained() -> set[str]:
    text = (CHECKOUT / ".env.example").read_text()
    return set(re.findall(r"^#?([A-Z_]+)=", text, re.MULTILINE))


def test_the_services_are_the_parts_of_flexion() -> None:
    assert sorted(SERVICES) == sorted(OURS + THEIRS)


@pytest.mark.parametrize("name", OURS)
def test_a_service_sets_only_what_settings_read(name: str) -> None:
    assert set(SERVICES[name]["environment"]) <= settings_read() | NOT_SETTINGS


def test_the_example_explains_every_variable_and_no_other() -> None:
    assert explained() == settings_read() | set(asked_of_the_user()) | {"PORT"}


def test_no_secret_has_a_default() -> None:
    secret = {name for name in asked_of_the_user() if re.search("PASSWORD|SECRET", name)}
    assert len(secret) == 6
    assert not re.findall(r"\$\{\w*(?:PASSWORD|SECRET)\w*:-[^}]", COMPOSE)


@pytest.mark.parametrize(
    ("variable", "holder"),
    [("DATABASE_OWNER_URL", "migrate"), ("DATABASE_PLANNER_URL", "worker")],
)
def test_one_service_alone_has_the_login(variable: str, holder: str) -> None:
    assert [name for name in OURS if variable in SERVICES[name]["environment"]] == [holder]


@pytest.mark.parametrize("name", THEIRS)
def test_an_image_is_pinned_to_one_version(name: str) -> None:
    assert re.search(r":v?\d+\.\d+(\.\d+)?(-\w+)?$", SERVICES[name]["image"])


def test_every_base_image_is_pinned_to_one_version() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert bases
    assert all(re.search(r":\d+\.\d+\.\d+-\w+", base) for base in bases)


@pytest.mark.parametrize("name", STAYING)
def test_a_service_that_stays_has_a_health_check(name: str) -> None:
    check = SERVICES[name]["healthcheck"]
    assert check["test"][0] == "CMD"
    assert {"interval", "timeout", "retries", "start_period"} <= set(check)


@pytest.mark.parametrize("name", OURS)
def test_a_service_of_ours_is_not_root_and_gains_nothing(name: str) -> None:
    service = SERVICES[name]
    assert service["user"].split(":")[0] not in {"0", "root"}
    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"] is True
    assert re.search(rf"^USER {service['user']}$", DOCKERFILE, re.MULTILINE)


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_a_service_waits_for_the_migrations(name: str) -> None:
    after = SERVICES[name]["depends_on"]
    assert after["migrate"] == {"condition": "service_completed_successfully"}


def test_the_image_leaves_the_dev_group_out() -> None:
    syncs = re.findall(r"uv sync.*", DOCKERFILE)
    assert syncs == ["uv sync --no-dev"]


def test_the_image_serves_by_the_same_command_as_compose() -> None:
    command = re.search(r"^CMD (\[.*?\])", DOCKERFILE, re.DOTALL | re.MULTILINE)
    assert command
    assert yaml.safe_load(command[1].replace("\\\n", "")) == SERVICES["web"]["command"]


def test_nothing_listens_beyond_this_machine() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


# Every service by its own command


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.Servers]:
    started = embedded.start(tmp_path_factory.mktemp("compose"), durable=False)
    yield started
    embedded.stop(started)


@pytest.fixture(scope="module")
def environments(servers: embedded.Servers) -> dict[str, dict[str, str]]:
    """What each service would get, with the embedded servers in the place of the containers'."""
    port = str(free_port())
    here = servers.environ() | {
        "SECRET_KEY": "only for this test, and long enough to be taken as a key",
        "TICK_SECONDS": "1",
        "PORT": port,
    }
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    found = {}
    for name in OURS:
        written = {
            key: re.sub(r"\$\{\w+:[-?]([^}]*)\}", r"\1", str(value))
            for key, value in SERVICES[name]["environment"].items()
        }
        mine = {key: value for key, value in here.items() if key in written}
        bind = {"GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{port}"}
        found[name] = written | mine | bind | {"PATH": path}
    return found


def run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False
    )


def healthy(name: str, environment: dict[str, str]) -> bool:
    return run(SERVICES[name]["healthcheck"]["test"][1:], environment).returncode == 0


def end(process: subprocess.Popen[bytes]) -> int:
    process.send_signal(signal.SIGTERM)
    try:
        return process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise


@pytest.mark.slow
def test_every_service_comes_up_by_its_own_command_and_ends_when_told(
    environments: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    migrated = run(SERVICES["migrate"]["command"], environments["migrate"])
    assert migrated.returncode == 0, migrated.stderr
    names = ["web", "worker", "beat"]
    assert not [name for name in names if healthy(name, environments[name])]
    started = {}
    for name in names:
        command = shlex.join(SERVICES[name]["command"]).replace("/tmp/", f"{tmp_path}/")  # noqa: S108  the path inside its container
        with (tmp_path / name).open("wb") as log:
            started[name] = subprocess.Popen(
                shlex.split(command), cwd=CHECKOUT, env=environments[name],
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
    try:
        for name in names:
            up = processes.wait_until(lambda name=name: healthy(name, environments[name]), 60)
            assert up, (tmp_path / name).read_text()
    finally:
        codes = {name: end(process) for name, process in started.items()}
    assert codes["web"] == 0
