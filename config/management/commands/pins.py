"""Pin every installed package, direct or not, to its version in pyproject.toml."""

import re
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

BLOCK = re.compile(r"constraint-dependencies = \[.*?\n\]\n", re.DOTALL)
INSTALLERS = {"pip", "setuptools", "wheel", "uv"}


def installed() -> list[str]:
    """Return name==version of every package of this environment, by name."""
    found = {
        re.sub(r"[-_.]+", "-", item.metadata["Name"]).lower(): item.version
        for item in distributions()
    }
    return [f"{name}=={found[name]}" for name in sorted(found.keys() - INSTALLERS)]


def pinned(pyproject: str) -> list[str]:
    """Return what pyproject.toml's text pins."""
    block = BLOCK.search(pyproject)
    return re.findall(r'"([^"]+)"', block.group()) if block else []


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "pyproject.toml"
        lines = "".join(f'    "{pin}",\n' for pin in installed())
        block = f"constraint-dependencies = [\n{lines}]\n"
        path.write_text(BLOCK.sub(block, path.read_text()))
        self.stdout.write(f"{len(installed())} packages pinned")
