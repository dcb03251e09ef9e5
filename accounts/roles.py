"""Who is acting: one person, in one role, at one clinic (and, for a patient, for one patient)."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person acts as. A person may hold several; one is acting at a time."""

    PATIENT = "patient", _("Patient")
    CLINICIAN = "clinician", _("Clinician")
    ASSISTANT = "assistant", _("Assistant")
    OWNER = "owner", _("Owner")
    LIBRARY_ADMIN = "library_admin", _("Library admin")
    REVIEWER = "reviewer", _("Reviewer")


LIBRARY_ROLES = (Role.LIBRARY_ADMIN, Role.REVIEWER)
STAFF_ROLES = (Role.CLINICIAN, Role.ASSISTANT, Role.OWNER, *LIBRARY_ROLES)
TREATING_ROLES = (Role.CLINICIAN, Role.ASSISTANT)


PLATFORM = UUID(int=0)  # where those act who keep the shipped library: no clinic has this id


@dataclass(frozen=True)
class Actor:
    """The acting person of a request, task or command; every service asks for one as `by`."""

    user_id: UUID
    name: str
    role: Role
    clinic_id: UUID
    patient_id: UUID | None = None

    @property
    def who(self) -> str:
        """Whom a phone's unsent answers belong to: the person, and the patient they act for."""
        return f"{self.user_id}.{self.patient_id or ''}"

    @property
    def treats(self) -> bool:
        """Whether this role may see patient data at all, as staff."""
        return self.role in TREATING_ROLES

    @property
    def library(self) -> UUID | None:
        """Whose library this person keeps: their clinic's, or (None) the shipped one."""
        return None if self.clinic_id == PLATFORM else self.clinic_id

    @property
    def initials(self) -> str:
        return initials_of(self.name)


def initials_of(name: str) -> str:
    """The first letters of the first two words, as they stand in a person's picture."""
    return "".join(word[0] for word in name.split()[:2]).upper()
