"""Whom we treat, who may act for them, who treats them, and what they agreed to."""

from collections.abc import Collection
from datetime import date, datetime, time
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models import ClinicRow, Language, User
from accounts.roles import Actor
from patients.care import Absence as Absence
from patients.care import CareLink as CareLink
from patients.care import CaseloadRow as CaseloadRow


class Equipment(models.TextChoices):
    """What a patient may have at home."""

    CHAIR = "chair", _("sturdy chair")
    MAT = "mat", _("mat")
    BAND_YELLOW = "band_yellow", _("yellow band")
    BAND_RED = "band_red", _("red band")
    BAND_GREEN = "band_green", _("green band")
    BAND_BLUE = "band_blue", _("blue band")
    ANKLE_WEIGHT = "ankle_weight", _("ankle weight")
    MACHINE = "machine", _("leg curl machine")
    SLIDER = "slider", _("slider")
    BALL = "ball", _("exercise ball")
    STEP = "step", _("low step or stair")
    ANCHOR = "anchor", _("fixed point near the floor")
    ANKLE_HOLD = "ankle_hold", _("partner or strap for the ankles")


class Channel(models.TextChoices):
    """A way in which a reminder may come."""

    EMAIL = "email", _("Email")
    SMS = "sms", _("Text message")
    PUSH = "push", _("Notification")


def by_email() -> list[str]:
    """How reminders come until a patient says otherwise."""
    return [Channel.EMAIL]


class PatientQuerySet(models.QuerySet["Patient"]):
    def visible_to(self, actor: Actor) -> "PatientQuerySet":
        """The patient themselves, or those on whose care team (or covering for whom) one is."""
        if actor.patient_id is not None:
            return self.filter(clinic_id=actor.clinic_id, id=actor.patient_id)
        if not actor.treats:
            return self.none()
        links = CareLink.objects.holding(user_id=actor.user_id, patient_id=models.OuterRef("id"))
        return self.filter(models.Exists(links), clinic_id=actor.clinic_id)

    def reached_by_access(self, ids: Collection[UUID]) -> dict[UUID, str]:
        """Names of the patients for whom the signed-in person acts, whichever clinic is acting."""
        return dict(self.filter(id__in=ids).values_list("id", "name"))


class ColleaguesQuerySet(PatientQuerySet):
    def visible_to(self, actor: Actor) -> PatientQuerySet:
        """Every patient of a clinic that lets its clinicians cover for one another."""
        own = self.filter(clinic_id=actor.clinic_id, clinic__covering_allowed=True)
        return own if actor.treats else own.none()


class Patient(ClinicRow):
    """One person at one clinic; may have no sign-in (paper only)."""

    class Side(models.TextChoices):
        LEFT = "left", _("left")
        RIGHT = "right", _("right")
        BOTH = "both", _("both")

    class Graft(models.TextChoices):
        NONE = "none", _("none")
        HAMSTRING = "hamstring", _("hamstring graft")
        OTHER = "other", _("other graft")

    class Unit(models.TextChoices):
        KG = "kg", _("kilograms")
        LB = "lb", _("pounds")

    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("email address"), blank=True)
    phone = PhoneNumberField(_("phone"), max_length=20, blank=True)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    affected_side = models.CharField(_("affected side"), max_length=5, choices=Side)
    surgery_date = models.DateField(_("surgery date"), null=True, blank=True)
    graft = models.CharField(_("graft"), max_length=10, choices=Graft, default=Graft.NONE)
    meniscus_repair = models.BooleanField(_("meniscus repair"), default=False)
    resisted_not_before = models.DateField(
        _("no resisted curls before"),
        null=True,
        blank=True,
        help_text=_("Needed after a hamstring graft or a meniscus repair."),
    )
    restrictions = models.TextField(_("restrictions"), max_length=2000, blank=True)
    chart_number = models.CharField(_("chart number"), max_length=40, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.ENGLISH
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    equipment = ArrayField(
        models.CharField(max_length=16, choices=Equipment),
        verbose_name=_("equipment"),
        default=list,
        blank=True,
    )
    unit = models.CharField(_("unit of weight"), max_length=2, choices=Unit, default=Unit.KG)
    reminder_at = models.TimeField(_("reminder time"), default=time(18))
    day_times = ArrayField(
        models.TimeField(null=True),
        verbose_name=_("other times, from Monday on"),
        default=list,
        blank=True,
    )
    channels = ArrayField(
        models.CharField(max_length=5, choices=Channel),
        verbose_name=_("ways in which reminders come, the first one first"),
        default=by_email,
    )
    quiet_from = models.TimeField(_("quiet from"), default=time(21))
    quiet_until = models.TimeField(_("quiet until"), default=time(7))
    created_at = models.DateTimeField(db_default=Now())

    objects = PatientQuerySet.as_manager()
    colleagues = ColleaguesQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="patient_in_clinic"),
            models.CheckConstraint(
                condition=Q(day_times__len=0) | Q(day_times__len=7), name="a_time_for_each_weekday"
            ),
            models.CheckConstraint(
                condition=Q(channels__len__range=(1, 3)), name="a_way_for_reminders"
            ),
            models.CheckConstraint(
                condition=Q(surgery_date=None)
                | Q(birth_date=None)
                | Q(surgery_date__gte=F("birth_date")),
                name="surgery_after_birth",
            ),
        ]
        indexes = [
            models.Index(fields=["clinic", "name", "id"], name="patients_by_name"),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="patients_by_phone"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    @property
    def needs_resisted_date(self) -> bool:
        """After these operations resisted curls wait for a date that the clinician enters."""
        return self.graft == self.Graft.HAMSTRING or self.meniscus_repair

    def resisted_closed(self, day: date) -> bool:
        """As the engine has it: resisted steps wait for their date, or where it is missing."""
        opens = self.resisted_not_before
        return self.needs_resisted_date if opens is None else opens > day


class PatientAccess(ClinicRow):
    """Who may act as this patient: themselves, a parent, a carer."""

    class Kind(models.TextChoices):
        SELF = "self", _("self")
        PARENT = "parent", _("parent")
        CARER = "carer", _("carer")

    user = models.ForeignKey(User, models.PROTECT, related_name="patient_accesses")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="accesses")
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.SELF)
    since = models.DateTimeField(db_default=Now())
    until = models.DateTimeField(null=True, blank=True)
    consented_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "user", "patient"],
                condition=Q(until=None),
                name="one_active_access_per_patient",
            ),
        ]
        indexes = [models.Index(fields=["user"], condition=Q(until=None), name="access_of_user")]

    def __str__(self) -> str:
        return f"{self.kind} {self.patient_id}"


class Consent(ClinicRow):
    """What a patient agreed to, in which wording, when, and when they took it back."""

    class Kind(models.TextChoices):
        CARE = "care", _("keeping my training records")
        REMINDERS_EMAIL = "reminders_email", _("reminders by email")
        REMINDERS_SMS = "reminders_sms", _("reminders by text message")
        REMINDERS_PUSH = "reminders_push", _("reminders as notifications")
        TEXTS_DAILY = "texts_daily", _("a text message on every day of training")

        @classmethod
        def to_reminders(cls, channel: str) -> "Consent.Kind":
            """What a patient agrees to who wants to be reminded this way."""
            return cls(f"reminders_{channel}")

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=16, choices=Kind)
    wording = models.CharField(max_length=24)
    language = models.CharField(max_length=2, choices=Language)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "patient", "kind"],
                condition=Q(withdrawn_at=None),
                name="one_standing_consent_per_kind",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_withdrawn_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.patient_id}"


class Standing(models.TextChoices):
    """What a link still opens, and why not."""

    OPEN = "open"
    USED = "used"
    REPLACED = "replaced"
    RUN_OUT = "run_out"
    FORGED = "forged"


class Invitation(ClinicRow):
    """A link that a clinician gives a patient. Only its hash is kept; a button spends it."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="invitations")
    token_hash = models.CharField(max_length=64)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token_hash"], name="one_invitation_per_token"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="invitation_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.patient_id}"

    def standing(self, at: datetime) -> Standing:
        """What this link still opens. Needs the clinic's scope."""
        if self.accepted_at:
            return Standing.USED
        if self.expires_at > at:
            return Standing.OPEN
        newer = Invitation.objects.filter(
            patient_id=self.patient_id, created_at__gt=self.created_at
        )
        return Standing.REPLACED if newer.exists() else Standing.RUN_OUT


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, actor: Actor) -> "MessageQuerySet":
        """The patient's own thread, or those of the patients whom one treats."""
        return self.filter(patient__in=Patient.objects.visible_to(actor))


class Message(ClinicRow):
    """A few words between a patient and their care team. Append-only.

    `key` comes with the form: the same form sent twice is one message.
    """

    MOST = 2000

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="messages")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    from_patient = models.BooleanField()
    body = models.CharField(_("message"), max_length=MOST)
    key = models.UUIDField()
    at = models.DateTimeField()

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "patient", "author", "key"], name="one_message_per_key"
            ),
            models.CheckConstraint(condition=~Q(body=""), name="a_message_says_something"),
        ]
        indexes = [models.Index(fields=["clinic", "patient", "-at"], name="messages_newest")]

    def __str__(self) -> str:
        return f"message {self.id}"


class ThreadRead(ClinicRow):
    """Up to when a person has read a patient's messages; it only moves on."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="thread_reads")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    up_to = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "patient", "user"], name="one_place_per_reader"
            ),
        ]

    def __str__(self) -> str:
        return f"read {self.patient_id}"


class OutcomeScore(ClinicRow):
    """How a patient rates a local day, asked in our own words. Append-only.

    `activity`: one of up to three that the patient named, 0 (not at all) to 10 (with ease).
    `change`: since the start, -5 (much worse) to 5 (much better). The last revision of a day holds.
    """

    class Kind(models.TextChoices):
        ACTIVITY = "activity", _("activity")
        CHANGE = "change", _("change since the start")

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="outcome_scores")
    kind = models.CharField(max_length=8, choices=Kind)
    number = models.PositiveSmallIntegerField(default=0)
    activity = models.CharField(max_length=80, blank=True)
    value = models.SmallIntegerField()
    local_date = models.DateField()
    revision = models.PositiveSmallIntegerField(default=0)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    from_patient = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "patient", "kind", "number", "local_date", "revision"],
                name="one_score_per_day_and_revision",
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind="activity", number__range=(1, 3), value__range=(0, 10)) & ~Q(activity="")
                )
                | Q(kind="change", number=0, activity="", value__range=(-5, 5)),
                name="a_score_fits_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.local_date}"
