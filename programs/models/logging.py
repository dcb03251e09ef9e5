"""What was done and how it felt. Logs are append-only: a correction is the next revision."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import ClinicRow, User
from accounts.roles import Actor
from patients.models import Patient
from programs.models.prescribing import DoseVersion, Prescription, Program, Side

SCALE = (0, 10)


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, actor: Actor) -> "SessionQuerySet":
        """Sessions of the patients that this person may see."""
        return self.filter(program__patient__in=Patient.objects.visible_to(actor))


class Session(ClinicRow):
    """One training of one local day and slot; holds how it ended, not what was done in it."""

    class Source(models.TextChoices):
        LIVE = "live", _("same day")
        BACKFILLED = "backfilled", _("logged later")
        STAFF = "staff", _("entered by staff")

    class Stop(models.TextChoices):
        PAIN = "pain", _("pain")
        RED_FLAG = "red_flag", _("warning sign")
        RULE = "rule", _("a rule of the program")

    program = models.ForeignKey(Program, models.PROTECT, related_name="sessions")
    local_date = models.DateField()
    slot = models.PositiveSmallIntegerField(default=1)
    source = models.CharField(max_length=10, choices=Source, default=Source.LIVE)
    zone = models.CharField(max_length=64)
    planned_sets = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    received_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    stopped = models.CharField(max_length=8, choices=Stop, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="session_in_clinic"),
            models.UniqueConstraint(
                fields=["clinic", "program", "local_date", "slot"],
                name="one_session_per_day_and_slot",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.local_date} {self.slot}"


class SetLog(ClinicRow):
    """One set as it was done. `key` = uuid5(session, prescription, side, number).

    Where another set's load follows this one: `next_kg` as the server worked it out when this
    set arrived, `proposed_kg` as the phone's own table said. `unpublished`: what was done is
    outside the rows of that table, so the load stays and a clinician looks at it.
    """

    class Skip(models.TextChoices):
        TIRED = "tired", _("too tired")
        TIME = "time", _("no time")
        PAIN = "pain", _("it hurts")
        EQUIPMENT = "equipment", _("no equipment")
        OTHER = "other", _("another reason")

    BY_RULE = "rule"  # what nobody taps: the program's rules said to leave the exercise

    key = models.UUIDField()
    revision = models.PositiveSmallIntegerField(default=0)
    session = models.ForeignKey(Session, models.PROTECT, related_name="sets")
    prescription = models.ForeignKey(Prescription, models.PROTECT, related_name="+")
    dose = models.ForeignKey(DoseVersion, models.PROTECT, related_name="+")
    side = models.CharField(max_length=5, choices=Side)
    number = models.PositiveSmallIntegerField()
    reps = models.PositiveSmallIntegerField(_("reps"))
    hold_s = models.PositiveSmallIntegerField(_("hold, s"), default=0)
    load_kg = models.DecimalField(
        _("load, kg"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    band_level = models.PositiveSmallIntegerField(null=True, blank=True)
    skipped = models.CharField(
        max_length=10,
        choices=[*Skip.choices, (BY_RULE, _("a rule of the program"))],
        blank=True,
    )
    effort = models.PositiveSmallIntegerField(_("effort"), null=True, blank=True)
    next_kg = models.DecimalField(
        _("next load, kg"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    proposed_kg = models.DecimalField(
        _("next load by the phone, kg"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    unpublished = models.BooleanField(_("outside the table"), default=False)
    done_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "key", "revision"], name="one_log_per_set_and_revision"
            ),
            models.CheckConstraint(condition=Q(reps__lte=100), name="log_reps_0_100"),
            models.CheckConstraint(condition=Q(number__range=(1, 10)), name="log_set_1_10"),
            models.CheckConstraint(
                condition=Q(load_kg=None) | Q(load_kg__range=(0, 200)), name="log_load_0_200"
            ),
            models.CheckConstraint(
                condition=Q(skipped="") | Q(reps=0), name="a_skipped_set_has_no_reps"
            ),
            models.CheckConstraint(
                condition=Q(effort=None) | Q(effort__range=SCALE), name="set_effort_0_10"
            ),
            models.CheckConstraint(
                condition=Q(next_kg=None) | Q(next_kg__range=(0, 200)), name="next_load_0_200"
            ),
            models.CheckConstraint(
                condition=Q(proposed_kg=None) | Q(proposed_kg__range=(0, 200)),
                name="proposed_load_0_200",
            ),
        ]
        indexes = [models.Index(fields=["clinic", "session"], name="sets_of_session")]

    def __str__(self) -> str:
        return f"{self.side} {self.number}: {self.reps}"


class PainReport(ClinicRow):
    """The highest pain of one exercise, up to the end of its last set (0 to 10)."""

    class Place(models.TextChoices):
        KNEE_FRONT = "knee_front", _("front of the knee")
        KNEE_BACK = "knee_back", _("back of the knee")
        THIGH_BACK = "thigh_back", _("back of the thigh")
        CALF = "calf", _("calf")
        OTHER = "other", _("somewhere else")

    session = models.ForeignKey(Session, models.PROTECT, related_name="pain_reports")
    prescription = models.ForeignKey(Prescription, models.PROTECT, related_name="+")
    revision = models.PositiveSmallIntegerField(default=0)
    pain = models.PositiveSmallIntegerField(_("pain"))
    side = models.CharField(max_length=5, choices=Side, default=Side.BOTH)
    place = models.CharField(max_length=10, choices=Place, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "session", "prescription", "revision"],
                name="one_pain_report_per_exercise",
            ),
            models.CheckConstraint(condition=Q(pain__range=SCALE), name="pain_0_10"),
        ]

    def __str__(self) -> str:
        return f"pain {self.pain}"


class SessionReport(ClinicRow):
    """How hard the session felt (effort, 0 to 10, own wording)."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="reports")
    revision = models.PositiveSmallIntegerField(default=0)
    effort = models.PositiveSmallIntegerField(_("effort"))
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "session", "revision"], name="one_report_per_session"
            ),
            models.CheckConstraint(condition=Q(effort__range=SCALE), name="effort_0_10"),
        ]

    def __str__(self) -> str:
        return f"effort {self.effort}"


class CheckIn(ClinicRow):
    """The next morning: better, same or worse than usual, and pain if given."""

    class Feel(models.TextChoices):
        BETTER = "better", _("better")
        SAME = "same", _("same")
        WORSE = "worse", _("worse")

    session = models.ForeignKey(Session, models.PROTECT, related_name="check_ins")
    revision = models.PositiveSmallIntegerField(default=0)
    feel = models.CharField(max_length=6, choices=Feel)
    pain = models.PositiveSmallIntegerField(_("pain"), null=True, blank=True)
    swelling = models.BooleanField(_("swelling"), null=True, blank=True)
    recalled = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "session", "revision"], name="one_check_in_per_session"
            ),
            models.CheckConstraint(
                condition=Q(pain=None) | Q(pain__range=SCALE), name="morning_pain_0_10"
            ),
        ]

    def __str__(self) -> str:
        return str(self.feel)


class SessionNote(ClinicRow):
    """A patient's own words to the care team about a session, or about one set of it by its key.

    A change is the next revision; an empty text takes the note back.
    """

    MOST = 500

    session = models.ForeignKey(Session, models.PROTECT, related_name="notes")
    set_key = models.UUIDField(null=True, blank=True)
    revision = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(_("note"), max_length=MOST, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "session", "set_key", "revision"],
                nulls_distinct=False,
                name="one_note_per_place_and_revision",
            ),
            models.CheckConstraint(
                condition=Q(revision__gt=0) | ~Q(text=""), name="a_first_note_says_something"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class UsualPain(ClinicRow):
    """The pain a patient usually has, asked at first open and every 28 days, or told to staff."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="usual_pains")
    pain = models.PositiveSmallIntegerField(_("usual pain"))
    from_patient = models.BooleanField(default=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pain__range=SCALE), name="usual_pain_0_10"),
        ]
        indexes = [models.Index(fields=["clinic", "patient", "-at"], name="usual_pain_newest")]

    def __str__(self) -> str:
        return f"usually {self.pain}"


class NotToday(ClinicRow):
    """A patient's word that they won't train on a due day, and why. Append-only; the newest holds.

    `back_on`: for an illness or time away, the day on which sessions are due again.
    """

    class Reason(models.TextChoices):
        PAIN = "pain", _("It hurts")
        TIME = "time", _("No time")
        TIRED = "tired", _("Too tired")
        ILL = "ill", _("I am ill")
        EQUIPMENT = "equipment", _("I don’t have my things here")
        AWAY = "away", _("I am away")
        OTHER = "other", _("Something else")

    program = models.ForeignKey(Program, models.PROTECT, related_name="not_todays")
    local_date = models.DateField()
    reason = models.CharField(max_length=9, choices=Reason)
    back_on = models.DateField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "program", "local_date", "reason", "back_on"],
                nulls_distinct=False,
                name="one_not_today_per_reason",
            ),
            models.CheckConstraint(
                condition=Q(back_on=None) | Q(back_on__gt=models.F("local_date")),
                name="back_after_not_today",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.local_date} {self.reason}"


class RedFlag(ClinicRow):
    """A warning sign the patient reported; the program stays locked until it is cleared."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="red_flags")
    session = models.ForeignKey(Session, models.PROTECT, null=True, related_name="red_flags")
    flag = models.CharField(max_length=24)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="red_flag_in_clinic"),
        ]
        indexes = [models.Index(fields=["clinic", "program"], name="red_flags_of_program")]

    def __str__(self) -> str:
        return self.flag


class Clearance(ClinicRow):
    """A clinician's word that the program may go on after a red flag, with the reason."""

    red_flag = models.ForeignKey(RedFlag, models.PROTECT, related_name="clearances")
    reason = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "red_flag"], name="one_clearance_per_flag"),
            models.CheckConstraint(condition=~Q(reason=""), name="clearance_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"cleared {self.red_flag_id}"
