from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Clinic, Membership, User
from accounts.roles import LIBRARY_ROLES


class Command(BaseCommand):
    help = (
        "Let a person who signs in with EMAIL keep or review a library: the one that ships to all, "
        "or a clinic's own. Safe to run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role", choices=[str(role) for role in LIBRARY_ROLES])
        parser.add_argument("--clinic", type=UUID, help="the clinic's id; none: what ships to all")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].lower(), is_active=True).first()
        clinic = Clinic.objects.filter(id=options["clinic"]).first()
        if user is None or (options["clinic"] and clinic is None):
            raise CommandError("There is no such person, or no such clinic.")
        _row, new = Membership.objects.get_or_create(
            user=user, clinic=clinic, role=options["role"], until=None
        )
        self.stdout.write("given" if new else "held already")
