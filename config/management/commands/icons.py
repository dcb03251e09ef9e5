"""Draw the app's icons into static/img."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.icons import ICONS, icon


class Command(BaseCommand):
    help = "Draw the app's icons into static/img; the same numbers give the same pixels."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, shape in ICONS.items():
            made = icon(*shape)
            (settings.BASE_DIR / "static" / "img" / name).write_bytes(made)
            self.stdout.write(f"{name} {len(made)}")
