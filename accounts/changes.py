"""Telling the rest of the product that something happened, in the writer's own transaction."""

from uuid import UUID

from accounts.models import Change


def changed(*, kind: str, subject: UUID, clinic: UUID) -> None:
    """Leave a row for whoever plans by it (reminders); it commits with the write itself."""
    Change.objects.create(kind=kind, subject=subject, clinic_id=clinic)
