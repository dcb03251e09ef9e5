"""What a clinician keeps as a template of the clinic."""

from dataclasses import replace
from typing import Any

from programs.models import Template
from programs.prescribing.plan import Changes, TemplateSource, load_source
from programs.templating import services
from programs.templating.keeping import kept
from tests.conftest import NOW
from tests.programs.prescribing.given import Desk

NAME = {"en": "Early ACL", "es": "LCA temprano"}


def save(given: Desk, changes: Changes | None = None, **told: Any) -> Template:
    """The desk's template with these changes, kept under a name."""
    with given.scope():
        return services.save_template(
            kept=kept(given.source, changes or given.changes()),
            by=given.by,
            at=NOW,
            **{"name": NAME} | told,
        )


def reread(given: Desk, template: Template) -> TemplateSource:
    """What the template offers, read from the database."""
    with given.scope():
        return load_source(template=Template.objects.get(id=template.id))


def assign_from(given: Desk, template: Template) -> Any:
    """A program made from a template as it is."""
    given = replace(given, source=reread(given, template))
    return given.assign(given.changes_of_all(acknowledged=True))
