"""A program's end that was talked over: why, and what the patient goes on doing."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import ClinicRow, User
from programs.models.prescribing import Program


class Discharge(ClinicRow):
    """Why a program ended, the home plan as the patient reads it, and whom to call. Append-only."""

    class Reason(models.TextChoices):
        GOALS = "goals", _("goals reached")
        STEADY = "steady", _("no further change")
        OTHER_CARE = "other_care", _("goes on with other care")
        WISH = "wish", _("the patient’s wish")
        MEDICAL = "medical", _("a medical reason")
        LOST = "lost", _("no longer comes")

    MOST = 2000

    program = models.ForeignKey(Program, models.PROTECT, related_name="discharges")
    reason = models.CharField(max_length=10, choices=Reason)
    plan = models.TextField(max_length=MOST)
    contact = models.CharField(max_length=200)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "program"], name="one_discharge_per_program"),
            models.CheckConstraint(
                condition=~Q(plan="") & ~Q(contact=""), name="a_discharge_says_what_to_do"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.program_id}"
