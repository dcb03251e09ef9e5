"""The request as views get it: with the acting person and htmx's details, for type checks."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from accounts.roles import Actor


class AnyRequest(HttpRequest):
    """A request of a page that is open to anyone: perhaps nobody acts."""

    actor: Actor | None
    htmx: HtmxDetails
    failed: bool


class ActingRequest(AnyRequest):
    """A request that the policy let through: somebody acts."""

    actor: Actor
    user: User
