"""What followed from the logs, why, and who agreed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import ClinicRow, User
from accounts.roles import Actor
from patients.models import Patient
from programs.models.logging import Session
from programs.models.prescribing import DoseVersion, Prescription, Program, Side


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, actor: Actor) -> "DecisionQuerySet":
        """Decisions about the patients that this person may see."""
        return self.filter(program__patient__in=Patient.objects.visible_to(actor))

    def open_proposals(self) -> "DecisionQuerySet":
        """Proposed and neither accepted, refused nor superseded."""
        return self.filter(approval=Decision.Approval.PROPOSE, answer=None)

    def changes(self) -> "DecisionQuerySet":
        """Those that changed a dose, by themselves or by somebody's word."""
        return self.exclude(after=None)


class Decision(ClinicRow):
    """One side's decision with everything needed to replay it and to say it. Append-only.

    `snapshot` holds the state, the history and the instant it was decided on; `trace` the fired
    rules with their facts and logs, what was suppressed, clamped and missing.
    """

    class Kind(models.TextChoices):
        PROGRESS = "progress", _("more")
        HOLD = "hold", _("hold")
        REGRESS = "regress", _("step down")
        DELOAD = "deload", _("lighter")
        STOP = "stop", _("stop")
        OVERRIDE = "override", _("changed by the clinician")
        UNDO = "undo", _("undone")

    class Approval(models.TextChoices):
        AUTO = "auto", _("automatic")
        PROPOSE = "propose", _("asks the clinician")
        CLINICIAN = "clinician", _("by the clinician")

    program = models.ForeignKey(Program, models.PROTECT, related_name="decisions")
    prescription = models.ForeignKey(Prescription, models.PROTECT, related_name="decisions")
    session = models.ForeignKey(Session, models.PROTECT, null=True, related_name="decisions")
    side = models.CharField(max_length=5, choices=Side)
    number = models.PositiveIntegerField()
    trigger = models.CharField(max_length=16)
    kind = models.CharField(max_length=8, choices=Kind)
    approval = models.CharField(max_length=9, choices=Approval)
    before = models.ForeignKey(DoseVersion, models.PROTECT, related_name="+")
    after = models.ForeignKey(DoseVersion, models.PROTECT, null=True, related_name="+")
    proposed = models.JSONField(null=True)
    snapshot = models.JSONField()
    trace = models.JSONField()
    ruleset_hash = models.CharField(max_length=64)
    epoch = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    at = models.DateTimeField()

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="decision_in_clinic"),
            models.UniqueConstraint(
                fields=["clinic", "prescription", "side", "number"],
                name="one_decision_per_number",
            ),
            models.CheckConstraint(
                condition=~Q(approval="propose") | (Q(after=None) & Q(proposed__isnull=False)),
                name="a_proposal_changes_nothing_yet",
            ),
        ]
        indexes = [
            models.Index(
                fields=["clinic", "program", "-at", "-number"], name="decisions_of_program"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.side}"


class Answer(ClinicRow):
    """What became of a proposal. Append-only, one a proposal: the second clinician is told."""

    class Kind(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        SUPERSEDED = "superseded", _("overtaken by something newer")

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="answer")
    kind = models.CharField(max_length=10, choices=Kind)
    dose = models.ForeignKey(DoseVersion, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind="accepted") & Q(dose__isnull=False))
                | (~Q(kind="accepted") & Q(dose=None)),
                name="only_an_accepted_answer_has_a_dose",
            ),
        ]

    def __str__(self) -> str:
        return str(self.kind)


class SignalQuerySet(models.QuerySet["Signal"]):
    def visible_to(self, actor: Actor) -> "SignalQuerySet":
        """Signals of the patients that this person may see."""
        return self.filter(patient__in=Patient.objects.visible_to(actor))


class Signal(ClinicRow):
    """A row of the clinician's queue: why a patient needs a look, and since when."""

    class Kind(models.TextChoices):
        LOCKED = "locked", _("Locked")
        FLARE = "flare", _("Flare")
        READY = "ready", _("Ready")
        STUCK = "stuck", _("Stuck")
        SILENT = "silent", _("Silent")
        UNCLEAR = "unclear", _("Unclear")
        UNREAD = "unread", _("Unread")
        HANDED = "handed", _("Handed over")
        LEFT = "left", _("Left")
        CORRECTED = "corrected", _("Corrected")
        REVISION = "revision", _("New text")
        UNDELIVERED = "undelivered", _("Undelivered")

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="signals")
    program = models.ForeignKey(Program, models.PROTECT, related_name="signals")
    kind = models.CharField(max_length=16, choices=Kind)
    since = models.DateTimeField()
    facts = models.JSONField(default=dict)

    objects = SignalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="signal_in_clinic"),
            models.UniqueConstraint(
                fields=["clinic", "program", "kind"], name="one_signal_per_kind"
            ),
        ]
        indexes = [models.Index(fields=["clinic", "patient"], name="signals_of_patient")]

    def __str__(self) -> str:
        return f"{self.kind} {self.patient_id}"
