"""Templates, programs and doses: what a clinician prescribes."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from accounts.models import Clinic, ClinicRow, User
from accounts.roles import Actor
from exercises.models import Revision
from patients.models import Patient


class Side(models.TextChoices):
    """Each side has its own dose, history and epoch; `both` is for two-legged steps."""

    LEFT = "left", _("left")
    RIGHT = "right", _("right")
    BOTH = "both", _("both")


class TemplateQuerySet(models.QuerySet["Template"]):
    def visible_to(self, actor: Actor) -> "TemplateQuerySet":
        """What ships, and what this person's clinic has made."""
        return self.filter(Q(clinic=None) | Q(clinic=actor.clinic_id))

    def newest(self) -> "TemplateQuerySet":
        """The newest version of each, by key."""
        return self.order_by("key", "clinic", "-version").distinct("key", "clinic")


class Template(models.Model):
    """A program to start from: shipped (no clinic) or a clinic's own. Body as in load_templates.

    A version is never changed. The newest one of a key says whether it is still offered.
    `body["phases"]`: what follows the first phase, each with name, weeks and prescriptions.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    clinic = models.ForeignKey(Clinic, models.PROTECT, null=True, related_name="+")
    key = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    name = models.JSONField()
    body = models.JSONField()
    ruleset = models.JSONField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "key", "version"],
                nulls_distinct=False,
                name="one_template_per_key_and_version",
            ),
            models.CheckConstraint(
                condition=Q(clinic=None, by=None, at=None, retired_at=None)
                | Q(clinic__isnull=False, by__isnull=False, at__isnull=False),
                name="a_clinics_template_was_saved_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Draft(ClinicRow):
    """What one clinician has typed for one patient and not assigned yet; it changes in place.

    `told`: the page's fields by name, a list of values each. `body` and `ruleset`: the plan and the
    rules where they are no longer the template's.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    template = models.ForeignKey(Template, models.PROTECT, related_name="+")
    told = models.JSONField(default=dict)
    body = models.JSONField(null=True)
    ruleset = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "patient", "by"], name="one_draft_per_person_and_patient"
            )
        ]

    def __str__(self) -> str:
        return f"draft {self.id}"


class ProgramQuerySet(models.QuerySet["Program"]):
    def visible_to(self, actor: Actor) -> "ProgramQuerySet":
        """Programs of the patients that this person may see."""
        return self.filter(patient__in=Patient.objects.visible_to(actor))

    def running(self) -> "ProgramQuerySet":
        """Not ended: active, paused or locked."""
        return self.exclude(status=Program.Status.ENDED)


class Program(ClinicRow):
    """A patient's program: its days, its rules, and whether it runs.

    `schedule`: what its rules say beside the weekdays (every_days, weeks, times_a_day,
    not_before_days), as a ruleset writes it. `lead`: whose name the patient reads, at first who
    assigned it. `acknowledged_at`: when who assigned it said that they
    know that parts of its rules are not published as such; null where all of them are.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        LOCKED = "locked", _("locked")
        ENDED = "ended", _("ended")

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="programs")
    template = models.ForeignKey(Template, models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=6, choices=Status, default=Status.ACTIVE)
    start_on = models.DateField(_("starts on"))
    end_on = models.DateField(_("last day"))
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("days"))
    schedule = models.JSONField(default=dict)
    ruleset = models.JSONField()
    ruleset_hash = models.CharField(max_length=64)
    assigned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    lead = models.ForeignKey(User, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)

    objects = ProgramQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="program_in_clinic"),
            models.UniqueConstraint(
                fields=["clinic", "patient"],
                condition=~Q(status="ended"),
                name="one_running_program_per_patient",
            ),
            models.CheckConstraint(
                condition=Q(end_on__gte=F("start_on")), name="program_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(weekdays__len__range=(1, 7))
                & Q(weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6]),
                name="program_days_are_weekdays",
            ),
        ]
        indexes = [models.Index(fields=["clinic", "patient"], name="programs_of_patient")]

    def __str__(self) -> str:
        return f"{self.status} {self.id}"


class Interruption(ClinicRow):
    """Local days on which nothing is due: a pause, a rest, or a lock after a red flag."""

    class Kind(models.TextChoices):
        PAUSE = "pause", _("pause")
        REST = "rest", _("rest")
        LOCK = "lock", _("lock")

    program = models.ForeignKey(Program, models.PROTECT, related_name="interruptions")
    kind = models.CharField(max_length=5, choices=Kind)
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "program", "kind"],
                condition=Q(last_day=None),
                name="one_open_interruption_per_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first_day}"


class PhaseQuerySet(models.QuerySet["Phase"]):
    def visible_to(self, actor: Actor) -> "PhaseQuerySet":
        """Phases of the patients that this person may see."""
        return self.filter(program__patient__in=Patient.objects.visible_to(actor))


class Phase(ClinicRow):
    """A stretch of a program; one by default. `start_on` None: the first starts with the program,
    any other when a clinician starts it.

    `planned`: what a later one will prescribe, as a template's body has it.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="phases")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=80, blank=True)
    weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    start_on = models.DateField(null=True, blank=True)
    planned = models.JSONField(null=True, blank=True)

    objects = PhaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="phase_in_clinic"),
            models.UniqueConstraint(
                fields=["clinic", "program", "position"], name="one_phase_per_position"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.name}"


class PrescriptionQuerySet(models.QuerySet["Prescription"]):
    def visible_to(self, actor: Actor) -> "PrescriptionQuerySet":
        """Prescriptions of the patients that this person may see."""
        return self.filter(program__patient__in=Patient.objects.visible_to(actor))


class Prescription(ClinicRow):
    """One exercise of a phase: its own ladder of steps, and which sides train it."""

    class Sides(models.TextChoices):
        LEFT = "left", _("left leg")
        RIGHT = "right", _("right leg")
        EACH = "each", _("each leg")

    program = models.ForeignKey(Program, models.PROTECT, related_name="prescriptions")
    phase = models.ForeignKey(Phase, models.PROTECT, related_name="prescriptions")
    position = models.PositiveSmallIntegerField(default=0)
    sides = models.CharField(max_length=5, choices=Sides, default=Sides.EACH)

    objects = PrescriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="prescription_in_clinic"),
            models.UniqueConstraint(
                fields=["clinic", "phase", "position"], name="one_prescription_per_position"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.sides}"


class PrescriptionStep(ClinicRow):
    """A rung of the program's own ladder: a pinned revision with its entry dose and bounds.

    `entry` and `bounds` have the shape of programs.progression's Dose and Bounds.
    """

    class Laterality(models.TextChoices):
        EACH = "each", _("each side")
        BOTH = "both", _("both sides together")

    prescription = models.ForeignKey(Prescription, models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    laterality = models.CharField(max_length=4, choices=Laterality)
    entry = models.JSONField()
    bounds = models.JSONField()
    equipment = ArrayField(models.CharField(max_length=16), default=list)
    resisted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "prescription", "position"], name="one_step_per_position"
            ),
        ]
        ordering: ClassVar[list[str]] = ["position"]

    def __str__(self) -> str:
        return f"{self.position} {self.revision_id}"


class DoseVersionQuerySet(models.QuerySet["DoseVersion"]):
    def current(self) -> "DoseVersionQuerySet":
        """The newest version of each prescription and side."""
        return self.order_by("prescription_id", "side", "-number").distinct(
            "prescription_id", "side"
        )


class DoseVersion(ClinicRow):
    """One side's dose from a moment on. Append-only: a change is the next number."""

    prescription = models.ForeignKey(Prescription, models.PROTECT, related_name="doses")
    side = models.CharField(max_length=5, choices=Side)
    number = models.PositiveIntegerField()
    step = models.PositiveSmallIntegerField(_("step"))
    sets = models.PositiveSmallIntegerField(
        _("sets"), validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    reps = models.PositiveSmallIntegerField(
        _("reps"), validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    hold_s = models.PositiveSmallIntegerField(_("hold, s"), default=0)
    up_s = models.PositiveSmallIntegerField(_("up, s"), default=2)
    top_s = models.PositiveSmallIntegerField(_("at the top, s"), default=1)
    down_s = models.PositiveSmallIntegerField(_("down, s"), default=3)
    rest_s = models.PositiveSmallIntegerField(_("rest, s"), default=60)
    load_kg = models.DecimalField(
        _("load, kg"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    band_level = models.PositiveSmallIntegerField(_("band level"), null=True, blank=True)
    range_deg = models.PositiveSmallIntegerField(_("range, degrees"), null=True, blank=True)
    at = models.DateTimeField()

    objects = DoseVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="dose_in_clinic"),
            models.UniqueConstraint(
                fields=["clinic", "prescription", "side", "number"],
                name="one_dose_version_per_number",
            ),
            models.CheckConstraint(condition=Q(sets__range=(1, 10)), name="dose_sets_1_10"),
            models.CheckConstraint(condition=Q(reps__range=(1, 50)), name="dose_reps_1_50"),
            models.CheckConstraint(
                condition=Q(load_kg=None) | Q(load_kg__range=(0, 200)), name="dose_load_0_200"
            ),
            models.CheckConstraint(
                condition=Q(range_deg=None) | Q(range_deg__range=(5, 150)),
                name="dose_range_5_150",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.sets} x {self.reps}"
