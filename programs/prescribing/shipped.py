"""The templates that Flexion ships, for every clinic. Safe to load again."""

import json
from importlib.resources import files
from typing import Any

from programs.models import Template
from programs.progression import load_preset


def load_shipped_templates() -> int:
    """Store the shipped templates that are not there yet; return how many were new."""
    folder = files(__package__) / "templates"
    bodies = [json.loads(file.read_text()) for file in folder.iterdir()]
    return sum(_store(body) for body in bodies)


def _store(told: dict[str, Any]) -> bool:
    _row, new = Template.objects.get_or_create(
        clinic=None,
        key=told["key"],
        version=told["version"],
        defaults={
            "name": told["name"],
            "body": told["body"],
            "ruleset": load_preset(told["preset"]).raw,
        },
    )
    return new
