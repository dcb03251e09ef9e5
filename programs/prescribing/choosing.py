"""The templates that a clinician may start from; of all but one the name is enough."""

from uuid import UUID

from accounts.prepared import prepared
from programs.models import Template

COLUMNS = ("id", "clinic_id", "key", "version", "name", "body", "ruleset")
OFFERED = """
    select distinct on (t.key, t.clinic_id) t.id, t.clinic_id, t.key, t.version, t.name::json,
        case when t.key = %(key)s then t.body::json end,
        case when t.key = %(key)s then t.ruleset::json end
    from programs_template t where t.clinic_id is null or t.clinic_id = %(clinic)s
    order by t.key, t.clinic_id, t.version desc"""


def offered(clinic: UUID, key: str) -> list[Template]:
    """The shipped templates and the clinic's own, each in its newest version, by key.

    Body and rules are read of the one of this `key` alone: they are a hundred times its name.
    """
    with prepared() as cursor:
        cursor.execute(OFFERED, {"clinic": clinic, "key": key})
        return [Template.from_db("default", COLUMNS, row) for row in cursor.fetchall()]
