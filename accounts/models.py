"""People who sign in, clinics, who works where, and the record of who did what."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from accounts import emergencies
from accounts.ids import uuid7
from accounts.roles import STAFF_ROLES, Role


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    SPANISH = "es", "Español"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str | None, password: str | None = None, **fields: Any) -> "User":
        """Create a person who signs in with this address; no password means codes only.

        Without an address, `phone` is needed: codes then go there by text.
        """
        user = self.model(email=self.normalize_email(email).lower() or None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str, **fields: Any) -> "User":
        """Create an operator of the installation (who sees no patient data)."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def signing_in_by_code(self, *, email: str = "", phone: str = "") -> "User | None":
        """Return who is reached there and works at no clinic: staff need more than a code.

        One statement, whether somebody is reached or nobody.
        """
        reached = Q(email=email) if email else Q(phone=phone)
        staff = Membership.objects.filter(user=OuterRef("id"), until=None)
        return self.filter(reached, ~Exists(staff), is_active=True).first()

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in; what they may do follows from memberships and patient access."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(_("email address"), unique=True, null=True, blank=True)
    phone = PhoneNumberField(_("phone"), unique=True, null=True, blank=True, max_length=20)
    phone_proven_at = models.DateTimeField(null=True, blank=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.ENGLISH
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("operator"), default=False)
    date_joined = models.DateTimeField(_("joined"), db_default=Now())

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="user_email_in_lower_case"
            ),
            models.CheckConstraint(
                condition=Q(email__isnull=False) | Q(phone__isnull=False),
                name="user_can_be_reached",
            ),
            models.CheckConstraint(
                condition=Q(phone_proven_at=None) | Q(phone__isnull=False),
                name="a_proven_phone_is_there",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or str(self.phone)

    def get_full_name(self) -> str:
        return self.name


class Clinic(models.Model):
    """A practice: its people, its patients, and the limits no program may pass."""

    class Approval(models.TextChoices):
        """Which steps up the ladder a person has to approve, whatever a program's rules say."""

        EVERY = "every", _("Every step up the ladder")
        RESISTED = "resisted", _("Only steps to exercises against resistance")
        RULES = "rules", _("Nothing beyond what a program’s own rules ask")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    country = models.CharField(_("country"), max_length=2, default="US")
    own_emergency_number = models.CharField(
        _("emergency number, where it is another than the country’s"), max_length=16, blank=True
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    largest_step_percent = models.PositiveSmallIntegerField(
        _("largest step of load, percent"), default=15
    )
    pain_limit = models.PositiveSmallIntegerField(_("highest pain limit, 0 to 10"), default=5)
    approval = models.CharField(
        _("steps up that a person approves"),
        max_length=8,
        choices=Approval,
        default=Approval.EVERY,
    )
    limits_set_at = models.DateTimeField(null=True, editable=False)
    limits_set_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+"
    )
    covering_allowed = models.BooleanField(_("clinicians may cover for one another"), default=True)
    text_countries = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("countries that text messages may go to"),
        help_text=_("Two letters each; none means the installation's own list."),
        default=list,
        blank=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pain_limit__lte=10), name="clinic_pain_limit_0_10"),
            models.CheckConstraint(
                condition=Q(largest_step_percent__range=(1, 100)), name="clinic_step_1_100"
            ),
            models.CheckConstraint(
                condition=Q(approval__in=["every", "resisted", "rules"]),
                name="clinic_approval_is_known",
            ),
            models.CheckConstraint(
                condition=Q(limits_set_at=None, limits_set_by=None)
                | Q(limits_set_at__isnull=False, limits_set_by__isnull=False),
                name="clinic_limits_set_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(country__regex="^[A-Z]{2}$"), name="clinic_country_two_letters"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def emergency_number(self) -> str:
        """Whom to call here in an emergency."""
        return self.own_emergency_number or emergencies.number_of(self.country)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> "MembershipQuerySet":
        """Memberships that hold now."""
        return self.filter(until=None, user__is_active=True)


class Membership(models.Model):
    """One person's role at one clinic, from a moment until another.

    Without a clinic: one of those who keep or review the library that ships to all.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    clinic = models.ForeignKey(Clinic, models.PROTECT, null=True, related_name="memberships")
    role = models.CharField(_("role"), max_length=16, choices=Role)
    since = models.DateTimeField(_("since"), db_default=Now())
    until = models.DateTimeField(_("until"), null=True, blank=True)
    digest = models.BooleanField(_("a message every working day, if somebody waits"), default=True)

    objects: ClassVar[models.Manager["Membership"]] = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "clinic", "role"],
                condition=Q(until=None),
                nulls_distinct=False,
                name="one_active_membership_per_role",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[str(role) for role in STAFF_ROLES]),
                name="membership_is_a_staff_role",
            ),
            models.CheckConstraint(
                condition=Q(clinic__isnull=False) | Q(role__in=["library_admin", "reviewer"]),
                name="only_the_library_has_no_clinic",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="membership_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class ClinicRow(models.Model):
    """A row that belongs to one clinic: row security shows it to that clinic alone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class StaffInvitation(ClinicRow):
    """A link by which a person takes up a role at a clinic. Only its hash is kept; used once."""

    email = models.EmailField(_("email address"))
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=16, choices=Role)
    token_hash = models.CharField(max_length=64)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token_hash"], name="one_staff_invitation_per_token"),
            models.CheckConstraint(
                condition=Q(role__in=["clinician", "assistant", "owner"]),
                name="staff_are_invited_to_a_clinics_role",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gte=F("at")), name="staff_invitation_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.id}"


class AuditEvent(models.Model):
    """Who looked at or changed whose data, when, and by which page. Holds ids, never values."""

    class Kind(models.TextChoices):
        READ = "read", _("read")
        WRITE = "write", _("write")
        EXPORT = "export", _("export")
        DENIAL = "denial", _("denial")
        EMERGENCY = "emergency", _("emergency access")

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    clinic_id = models.UUIDField(null=True)
    actor_id = models.UUIDField(null=True)
    role = models.CharField(max_length=16, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    route = models.CharField(max_length=80)
    verbs = ArrayField(models.CharField(max_length=40), default=list)
    patient_ids = ArrayField(models.UUIDField(), default=list)
    request_id = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["clinic_id", "-id"], name="audit_of_clinic")]

    def __str__(self) -> str:
        return f"{self.kind} {self.route}"


class TextAskedQuerySet(models.QuerySet["TextAsked"]):
    def beyond_a_cap(self, mine: "TextAsked") -> bool:
        """Whether one more, like this, would pass a cap; those that stand are of the last day."""
        asked = self.aggregate(
            number=Count("id", filter=Q(number=mine.number)),
            address=Count("id", filter=Q(address=mine.address)),
            clinic=Count("id", filter=Q(clinics__overlap=mine.clinics)),
            all=Count("id"),
        )
        return any(asked[of] >= most for of, most in settings.SMS_DAILY.items())


class TextAsked(models.Model):
    """A code by text that somebody asked for in the last day, counted against the caps."""

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    clinics = ArrayField(models.UUIDField(), default=list)
    at = models.DateTimeField()

    objects = TextAskedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["at"], name="texts_asked_by_age")]

    def __str__(self) -> str:
        return f"text {self.id}"


class Change(models.Model):
    """The outbox of facts that others plan by; whoever consumes a row deletes it."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=32)
    subject = models.UUIDField()
    clinic_id = models.UUIDField()
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
