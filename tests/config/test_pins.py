from pathlib import Path

from django.conf import settings

from config.management.commands import pins


def test_what_is_installed_is_what_is_pinned() -> None:
    text = (Path(settings.BASE_DIR) / "pyproject.toml").read_text()
    assert pins.pinned(text) == pins.installed()
