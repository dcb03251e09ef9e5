"""The templates that a clinician may start from; of all but one the name is enough."""

from uuid import UUID

from accounts.prepared import prepared
from programs.models import Template

FIRST = "standing-curl"  # where nobody asked for another
NOTHING = "from-nothing"  # the template that has no exercise
COLUMNS = ("id", "clinic_id", "key", "version", "name", "body", "ruleset")
OFFERED = """
    select id, clinic_id, key, version, name::json,
        case when key = %(key)s then body::json end,
        case when key = %(key)s then ruleset::json end
    from (
        select distinct on (t.key, t.clinic_id) t.* from programs_template t
        where t.clinic_id is null or t.clinic_id = %(clinic)s
        order by t.key, t.clinic_id, t.version desc) newest
    where retired_at is null or key = %(key)s order by clinic_id is null, key"""


def offered(clinic: UUID, key: str) -> list[Template]:
    """The clinic's own templates, then the shipped ones, each in its newest version, by key.

    What is retired is left out, unless somebody is in the middle of it: unless it has this `key`.
    Body and rules are read of the one of this `key` alone: they are a hundred times its name.
    """
    with prepared() as cursor:
        cursor.execute(OFFERED, {"clinic": clinic, "key": key})
        return [Template.from_db("default", COLUMNS, row) for row in cursor.fetchall()]


def chosen(key: str, templates: list[Template]) -> Template:
    """The template of this key, else the first to offer, which then is read whole."""
    known = {each.key: each for each in templates}
    if found := known.get(key):
        return found
    return Template.objects.get(pk=known.get(FIRST, templates[0]).pk)
