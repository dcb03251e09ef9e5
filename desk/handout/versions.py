"""A program's version: how often its doses were set, the assignment counted as the first."""

from datetime import datetime

from programs.models import DoseVersion, Program


def _moments(program: Program) -> list[datetime]:
    """When doses were set, each moment once: both legs of one change are one version."""
    rows = DoseVersion.objects.filter(prescription__program=program)
    return list(rows.order_by("at").values_list("at", flat=True).distinct())


def version_of(program: Program) -> int:
    """The number that is printed on a sheet; it only grows."""
    return len(_moments(program))


def made_at(program: Program, version: int) -> datetime | None:
    """When this version began to hold; None for a number that never was."""
    moments = _moments(program)
    return moments[version - 1] if 0 < version <= len(moments) else None
