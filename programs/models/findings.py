"""What is told beside the logs: a patient's further answers, a clinician's entries. Append-only."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import ClinicRow, User
from patients.models import Patient
from programs.models.logging import Session

Value = Decimal | str | bool


class FurtherAnswer(ClinicRow):
    """One answer about a session that its program's rules ask for, by the name of its fact.

    `recalled`: asked later than it should have been known.
    """

    class Name(models.TextChoices):
        SORENESS = "soreness", _("soreness")
        KIND = "soreness_kind", _("joint or muscle")
        LATER = "soreness_later", _("sore later")
        SWELLING = "swelling", _("swelling")

    session = models.ForeignKey(Session, models.PROTECT, related_name="answers")
    name = models.CharField(max_length=16, choices=Name)
    revision = models.PositiveSmallIntegerField(default=0)
    value = models.CharField(max_length=16)
    recalled = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "session", "name", "revision"],
                name="one_answer_per_name_and_revision",
            ),
            models.CheckConstraint(condition=~Q(value=""), name="an_answer_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


class Finding(ClinicRow):
    """What a clinician entered: a test, a quality, a clearance, a restriction, by its name.

    One of `number`, `word` and `flag` holds the value. `on` is the patient's local date of it;
    `note` the reason, where one was asked for. The newest of a name holds.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="findings")
    name = models.CharField(max_length=40)
    number = models.DecimalField(max_digits=8, decimal_places=3, null=True)
    word = models.CharField(max_length=60, blank=True)
    flag = models.BooleanField(null=True)
    on = models.DateField()
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(number__isnull=False, word="", flag=None)
                | (~Q(word="") & Q(number=None, flag=None))
                | Q(number=None, word="", flag__isnull=False),
                name="a_finding_has_one_value",
            ),
        ]
        indexes = [models.Index(fields=["clinic", "patient", "name"], name="findings_of_patient")]

    def __str__(self) -> str:
        return f"{self.name} {self.on}"
