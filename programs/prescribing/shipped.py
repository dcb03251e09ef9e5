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
    there = set(Template.objects.filter(clinic=None).values_list("key", "version"))
    new = [_template(told) for told in bodies if (told["key"], told["version"]) not in there]
    return len(Template.objects.bulk_create(new, ignore_conflicts=True))


def _template(told: dict[str, Any]) -> Template:
    return Template(
        key=told["key"],
        version=told["version"],
        name=told["name"],
        body=told["body"],
        ruleset=load_preset(told["preset"]).raw,
    )
