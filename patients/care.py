"""Who treats a patient: their care team, who covers or stands in for it, and who is away."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import ClinicRow, User
from accounts.roles import Actor


class TimeRange(Func):
    """From an instant until another, which itself is left out."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def visible_to(self, actor: Actor) -> "AbsenceQuerySet":
        """A clinician's own."""
        mine = self.filter(clinic_id=actor.clinic_id, user_id=actor.user_id)
        return mine if actor.treats else self.none()

    def meeting(self, since: datetime, until: datetime | None = None) -> "AbsenceQuerySet":
        """Those that share a moment with this time, as the constraint below reads them.

        One that was called off is empty and meets nothing. Without `until` the time has no end.
        """
        met = self.filter(until__gt=since).filter(until__gt=F("since"))
        return met.filter(since__lt=until) if until else met


class Absence(ClinicRow):
    """A clinician is away, and a colleague stands in for them: whole days of the clinic's zone.

    Ended early, `until` is that moment; called off before it began, it is empty.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="absences")
    stand_in = models.ForeignKey(User, models.PROTECT, related_name="standing_in")
    since = models.DateTimeField()
    until = models.DateTimeField()

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="absence_in_clinic"),
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="absence_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(stand_in=F("user")), name="nobody_stands_in_for_themselves"
            ),
            ExclusionConstraint(
                name="one_absence_at_a_time",
                expressions=[
                    (F("clinic"), RangeOperators.EQUAL),
                    (F("user"), RangeOperators.EQUAL),
                    (TimeRange("since", "until", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"away {self.user_id}"


class CareLinkQuerySet(models.QuerySet["CareLink"]):
    def holding(self, **lookup: Any) -> "CareLinkQuerySet":
        """Links that hold now, by the database's clock."""
        return self.filter(Q(until=None) | Q(until__gt=Now()), **lookup)


class CareLink(ClinicRow):
    """A clinician's place on a patient's care team, or for a time in somebody else's.

    `note` is what `handed_by` wrote to whoever took over. `absence`: whose place a stand-in holds.
    """

    class Kind(models.TextChoices):
        TEAM = "team", _("care team")
        COVERING = "covering", _("covering")
        STAND_IN = "stand_in", _("standing in")

    class Reason(models.TextChoices):
        ABSENCE = "absence", _("colleague is away")
        VISIT = "visit", _("patient is here")
        CALL = "call", _("patient called")

    NOTE = 300

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="care_links")
    user = models.ForeignKey(User, models.PROTECT, related_name="care_links")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.TEAM)
    reason = models.CharField(max_length=8, choices=Reason, blank=True)
    note = models.CharField(max_length=NOTE, blank=True)
    handed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    absence = models.ForeignKey(Absence, models.PROTECT, null=True, related_name="links")
    since = models.DateTimeField(db_default=Now())
    until = models.DateTimeField(null=True, blank=True)

    objects = CareLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="team") | (Q(until__isnull=False) & ~Q(reason="")),
                name="cover_has_reason_and_end",
            ),
            models.CheckConstraint(
                condition=~Q(kind="stand_in") | Q(absence__isnull=False),
                name="a_stand_in_is_for_an_absence",
            ),
            models.UniqueConstraint(
                fields=["clinic", "patient", "user"],
                condition=Q(kind="team", until=None),
                name="one_team_link_per_clinician",
            ),
            models.UniqueConstraint(
                fields=["clinic", "absence", "patient"], name="one_stand_in_per_absence"
            ),
        ]
        indexes = [models.Index(fields=["clinic", "user", "patient"], name="caseload_of_user")]

    def __str__(self) -> str:
        return f"{self.kind} {self.patient_id}"


class CaseloadRow(ClinicRow):
    """A patient among those of one clinician, by name: once for each word that the name has.

    The database keeps these rows (patients.caseload_database), in the transaction of what they are
    made from: care links and the patient's name. `name` is the whole name folded for comparing,
    `key` what follows from one of its words on; `until` the end of a cover.
    """

    KEY = 250  # a letter may fold into two

    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    patient = models.ForeignKey(
        "patients.Patient", models.PROTECT, related_name="+", db_index=False
    )
    key = models.CharField(max_length=KEY, db_collation="C")
    name = models.CharField(max_length=KEY, db_collation="C")
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "user", "patient", "key"], name="one_row_per_word_and_clinician"
            ),
        ]
        indexes = [
            models.Index(fields=["clinic", "user", "key", "patient"], name="caseload_by_word"),
            models.Index(
                fields=["clinic", "user", "name", "patient"],
                name="caseload_by_name",
                condition=Q(key=F("name")),
            ),
            models.Index(fields=["clinic", "patient"], name="caseload_of_patient"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.patient_id}"
