"""A program's version: how often its doses were set, the assignment counted as the first."""

from datetime import datetime

from programs.models import DoseVersion, Program


def moments_of(program: Program) -> list[datetime]:
    """When each version began to hold, the first one first: both legs of one change are one."""
    rows = DoseVersion.objects.filter(prescription__program=program)
    return list(rows.order_by("at").values_list("at", flat=True).distinct())
