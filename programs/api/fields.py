"""Fields that take exactly their type, and bodies that take exactly their fields."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


class Body(serializers.Serializer[Any]):
    """A body whose unknown fields are faults, not ignored."""

    def to_internal_value(self, data: Any) -> Any:
        faults: dict[str, Any] = {}
        if isinstance(data, dict):
            unknown = sorted(set(data) - set(self.fields))
            faults = {str(name): [_("There is no such field.")] for name in unknown}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            told: Any = error.detail
            raise serializers.ValidationError({**told, **faults}) from None
        if faults:
            raise serializers.ValidationError(faults)
        return value


class Id(serializers.UUIDField):
    """An id, as text."""

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        found: UUID = super().to_internal_value(data)
        return found


class Whole(serializers.IntegerField):
    """A whole number; neither text nor true nor 3.0 is one."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return data


class Instant(serializers.DateTimeField):
    """An instant with its offset from UTC, of this century."""

    default_error_messages = {
        "naive": _("Give the offset from UTC."),
        "too_early": _("That is too long ago."),
    }

    def enforce_timezone(self, value: datetime) -> datetime:
        if value.tzinfo is None:
            self.fail("naive")
        instant = super().enforce_timezone(value)
        if instant < EARLIEST:
            self.fail("too_early")
        return instant


@extend_schema_field({"type": "number", "minimum": 0, "maximum": 200, "nullable": True})
class Kilograms(serializers.DecimalField):
    """A load in kilograms, two decimals at most, 0 to 200."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=5, decimal_places=2, min_value=0, max_value=200, **options)

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return super().to_internal_value(data)

    def to_representation(self, value: Any) -> Any:
        return None if value is None else float(value)
