"""Rules and histories from files, checked and run. Nothing here needs a database."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from programs.commands.histories import read_history
from programs.commands.lines import is_news
from programs.commands.playing import play
from programs.progression import Ruleset, load_preset, load_ruleset, preset_names


def read_text(name: str) -> str:
    """The text of a file, or what comes in for "-"."""
    return sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")


def read_rules(name: str) -> Ruleset:
    """The ruleset of a file, of what comes in, or shipped. Raises RulesetError, OSError."""
    shipped = name in preset_names() and not Path(name).exists()
    return load_preset(name) if shipped else load_ruleset(read_text(name))


def checked(rules: str) -> Iterator[str]:
    """What there is to say of rules without a fault. Raises RulesetError, OSError."""
    ruleset = read_rules(rules)
    yield f"ok: {ruleset.id}, {len(ruleset.rules)} rules"
    if ruleset.unpublished:
        yield "warning: something in it is derived or unverified; a clinician must know before use"


def run(
    rules: str, history: str, *, accept_all: bool = False, everything: bool = False
) -> Iterator[str]:
    """The decisions of a history as JSON lines. Raises RulesetError, FileError, OSError."""
    ruleset = read_rules(rules)
    told = read_history(read_text(history), ruleset)
    for line in play(ruleset, told, accept_all=accept_all):
        if everything or is_news(line):
            yield json.dumps(line)
