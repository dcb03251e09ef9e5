"""What a program's rules need beyond the logs: entries, days that were due, answers, set by set."""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from programs.limits import compiled
from programs.models import FurtherAnswer, Program

KEPT = 64
OF_FLAGS = ("if", "all", "any", "not", "is")  # where a fact alone means yes
Node = Mapping[str, Any]


class Entry(NamedTuple):
    """What a clinician may enter. `words`: those that the rules know, of a word."""

    name: str
    kind: Literal["number", "word", "flag"]
    words: tuple[str, ...] = ()


class Needs(NamedTuple):
    """`due_days`: how far back a rule looks at what was due. `set_end`: judged after each set."""

    entries: tuple[Entry, ...]
    due_days: int
    set_end: bool
    asks: frozenset[str]


def needs_of(program: Program) -> Needs:
    """Worked out once a process for each set of rules."""
    return _needs(json.dumps(program.ruleset), compiled(program.ruleset).asks)


@lru_cache(maxsize=KEPT)
def _needs(text: str, asks: frozenset[str]) -> Needs:
    raw = json.loads(text)
    after_sets = [rule for rule in raw["rules"] if "set.end" in rule.get("when", ())]
    given = raw.get("definitions", {})
    return Needs(
        entries=tuple(_entries(raw)),
        due_days=max(_values(raw, "adherence"), default=0),
        set_end=any(_named(rule, given) - {"red_flag"} for rule in after_sets),
        asks=_with_kind(asks & set(FurtherAnswer.Name.values)),
    )


def _with_kind(asks: frozenset[str]) -> frozenset[str]:
    """Where soreness is sorted by joint and muscle it has to be asked for, too."""
    of_kind = {FurtherAnswer.Name.KIND.value}
    return asks | {"soreness"} if asks == of_kind else asks


def _named(rule: Node, definitions: Node) -> set[str]:
    names = {name for name, _node, _key in _facts(rule.get("if"), "if")}
    used = (definitions[name] for name in _values(rule.get("if"), "use", str))
    return names | {name for each in used for name, *_rest in _facts(each, "if")}


def _facts(node: Any, key: str) -> Iterator[tuple[str, Node, str]]:
    """Every fact that is read: its name, the node that reads it, the key under which that is."""
    if isinstance(node, Mapping):
        if node.get("do") == "ask":
            return
        for word in ("fact", "known"):
            if isinstance(node.get(word), str):
                yield node[word], node, key
        for name, each in node.items():
            yield from _facts(each, "number" if name == "of" and "table" in node else name)
    elif isinstance(node, list):
        for each in node:
            yield from _facts(each, key)


def _values(node: Any, wanted: str, kind: type = int) -> Iterator[Any]:
    """The values under a key, wherever it is."""
    for key, each in node.items() if isinstance(node, Mapping) else ():
        if key == wanted and isinstance(each, kind):
            yield each
        yield from _values(each, wanted, kind)
    for each in node if isinstance(node, list) else ():
        yield from _values(each, wanted, kind)


def _entries(raw: Node) -> Iterator[Entry]:
    read: dict[str, list[tuple[Node, str]]] = {}
    for name, node, key in _facts(raw, ""):
        if name.startswith("entry."):
            read.setdefault(name.removeprefix("entry."), []).append((node, key))
        elif name.startswith("entry_days."):
            read.setdefault(name.removeprefix("entry_days."), [])
    for name in sorted(read):
        yield _entry(name, read[name])


def _entry(name: str, read: list[tuple[Node, str]]) -> Entry:
    """A word if it is compared with words, yes or no if it stands alone, else a number."""
    told = [each for node, _key in read for each in (node.get("is"), *node.get("in", ()))]
    words = tuple(dict.fromkeys(each for each in told if isinstance(each, str)))
    if words:
        return Entry(name, "word", words)
    alone = any(len(node) == 1 and "fact" in node and key in OF_FLAGS for node, key in read)
    return Entry(name, "flag" if alone or any(isinstance(t, bool) for t in told) else "number")
