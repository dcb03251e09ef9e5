"""Check rules, run them on a history from a file, or derive every stored decision again."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from programs.commands import replaying, trying
from programs.commands.shapes import FileError
from programs.progression import RulesetError

FAULTS = (RulesetError, FileError)


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        rules = 'a file, "-" for what comes in, or the name of a shipped ruleset'
        check = what.add_parser("check", help="name every fault of a ruleset")
        check.add_argument("rules", help=rules)
        run = what.add_parser("run", help="decide a history; a line of JSON a decision and side")
        run.add_argument("rules", help=rules)
        run.add_argument("history", help='a file, or "-"')
        run.add_argument("--accept", action="store_true", help="accept every proposal at once")
        run.add_argument("--all", action="store_true", help="also where there is nothing to say")
        replay = what.add_parser("replay", help="derive what is stored again; exit 1 if it differs")
        replay.add_argument("program", nargs="?", help="only this program's id")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            {"check": self._check, "run": self._run, "replay": self._replay}[options["what"]](
                options
            )
        except FAULTS as error:
            self.stderr.write("\n".join(map(str, error.faults)))
            sys.exit(1)
        except (OSError, UnicodeDecodeError, ValueError) as error:
            raise CommandError(str(error)) from error

    def _check(self, options: dict[str, Any]) -> None:
        for line in trying.checked(options["rules"]):
            self.stdout.write(line)

    def _run(self, options: dict[str, Any]) -> None:
        told = (options["rules"], options["history"])
        for line in trying.run(*told, accept_all=options["accept"], everything=options["all"]):
            self.stdout.write(line)

    def _replay(self, options: dict[str, Any]) -> None:
        counts = replaying.Counts()
        for line in replaying.differences(counts, program=options["program"]):
            self.stdout.write(line)
        self.stdout.write(str(counts))
        if counts.different:
            sys.exit(1)
