"""Conditions of the rule language as clauses: "the effort is at most 7 and ..."."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from programs.decisions.saying import facts as words
from programs.decisions.saying.amounts import COUNTS, with_unit
from programs.decisions.saying.numbers import Node, Numbers, is_most, is_number, of_family

RELATIONS: dict[str, Any] = {  # of a scale: pain, loads, percent
    "lt": pgettext_lazy("scale", "below %(n)s"),
    "le": pgettext_lazy("scale", "at most %(n)s"),
    "eq": pgettext_lazy("scale", "exactly %(n)s"),
    "ne": pgettext_lazy("scale", "other than %(n)s"),
    "ge": pgettext_lazy("scale", "%(n)s or more"),
    "gt": pgettext_lazy("scale", "above %(n)s"),
}
COUNTED: dict[str, Any] = {  # of things that are counted: sets, days
    "lt": pgettext_lazy("count", "fewer than %(n)s"),
    "gt": pgettext_lazy("count", "more than %(n)s"),
}
PATIENT_RELATIONS: dict[str, Any] = {"le": gettext_lazy("%(n)s or less")}
OPPOSITE = {"lt": "ge", "ge": "lt", "gt": "le", "le": "gt", "eq": "ne", "ne": "eq"}
TESTS = (*RELATIONS, "between")


class Clause(NamedTuple):
    """Words, and how they were joined: "all", "any", or "" for one. `last`: best said last."""

    text: str
    joined: str = ""
    last: bool = False


class Conditions(Numbers):
    """Says conditions; what they compare is said by Numbers."""

    live_only = False

    def condition(self, node: Node) -> Clause:
        """Any condition of the language as one clause."""
        for key in ("all", "any"):
            if key in node:
                return self._several(node, key)
        if "use" in node:
            return self.condition(self.definitions[node["use"]])
        node = plainer(node)
        if "streak" in node:
            return self._streak(node)
        if "not" in node:
            return self._denied(node["not"])
        if "known" in node:
            return Clause(self._known(node["known"], yes=True))
        if "is" in node and ("every" in node or "some" in node):
            return self._of_sets(node)
        return self._count(node) if "count" in node else self._compared(node)

    def parts(self, node: Node) -> list[Node]:
        """The parts of a condition whose every part must be so; definitions opened."""
        if "use" in node and not _is_number_node(self.definitions.get(node["use"])):
            return self.parts(self.definitions[node["use"]])
        if "all" in node:
            return [part for each in node["all"] for part in self.parts(each)]
        return [plainer(node)]

    def _several(self, node: Node, key: str) -> Clause:
        nodes = self.parts(node) if key == "all" else node[key]
        clauses = self.clauses(nodes) if key == "all" else [self.condition(n) for n in nodes]
        clauses.sort(key=lambda clause: clause.last)
        said = list(dict.fromkeys(inside(each, key) for each in clauses))
        if len(said) == 1:
            return clauses[0]
        if key == "all" and clauses[-1].last:
            told = {"head": joined("all", said[:-1]), "tail": said[-1]}
            return Clause(pgettext("rule", "%(head)s, and %(tail)s") % told, key)
        return Clause(joined(key, said), key)

    def clauses(self, nodes: Iterable[Node]) -> list[Clause]:
        """Comparisons of the same fact are said together: above 3 and below 6."""
        tests: dict[str, list[Node]] = {}
        found: list[Node] = []
        for node in nodes:
            fact = node["fact"] if _is_comparison(node) else None
            if fact is None or fact not in tests:
                found.append(node)
            tests.setdefault(str(fact), []).append(node)
        return [
            self._numeric(node["fact"], tests[node["fact"]])
            if _is_comparison(node)
            else self.condition(node)
            for node in found
        ]

    def _streak(self, node: Node) -> Clause:
        sessions, inner = self.number(node["streak"]), self.condition(node["of"])
        words = {"what": inner.text, "n": with_unit(sessions, "sessions")}
        if sessions.value == 1 and is_number(node["streak"]):
            return Clause(_("in the last session %(what)s") % words, inner.joined, last=True)
        return Clause(self._running(one=sessions.value == 1) % words, inner.joined, last=True)

    def _running(self, *, one: bool) -> str:
        """Sessions running; a rise counts only those logged on the day."""
        if self.to_patient:
            return _("in %(n)s %(what)s") if one else _("in %(n)s in a row %(what)s")
        if not self.live_only:
            return _("in %(n)s %(what)s") if one else _("in %(n)s running %(what)s")
        if one:
            return _("in %(n)s, logged on the day, %(what)s")
        return _("in %(n)s running, all logged on the day, %(what)s")

    def _of_sets(self, node: Node) -> Clause:
        said = _("in every set %(what)s") if "every" in node else _("in at least one set %(what)s")
        inner = self.condition(node["is"])
        return Clause(said % {"what": inner.text}, inner.joined, last=True)

    def _count(self, node: Node) -> Clause:
        how = self._tests([node], "sessions", counted=True)
        inner = self.condition(node["count"])
        words = {"n": how, "window": self.window(node["over"]), "what": inner.text}
        return Clause(_("in %(n)s of %(window)s %(what)s") % words, inner.joined, last=True)

    def _denied(self, node: Node) -> Clause:
        """The opposite in plain words where there is one."""
        if "not" in node:
            return self.condition(node["not"])
        if "known" in node:
            return Clause(self._known(node["known"], yes=False))
        if "all" in node or "any" in node:
            key, other = ("all", "any") if "all" in node else ("any", "all")
            return self.condition({other: [{"not": each} for each in node[key]]})
        if turned := _turned(node):
            return self.condition(turned)
        return Clause(_("it is not so that %(what)s") % {"what": self.condition(node).text})

    def _known(self, fact: str, *, yes: bool) -> str:
        if found := self.mine(words.PATIENT_KNOWN, words.KNOWN, fact):
            return str(found[0 if yes else 1])
        said = _("%(fact)s is known") if yes else _("%(fact)s is not known")
        return said % {"fact": self.fact(fact)}

    def _compared(self, node: Node) -> Clause:
        if "value" in node:
            return self._value(node)
        fact = node["fact"]
        asked = [node["is"]] if "is" in node else node.get("in", [])
        said = [self._equal(fact, each) for each in asked]
        clauses = [joined("any", said)] if said else []
        if any(key in node for key in TESTS):
            clauses.append(self._numeric(fact, [node]).text)
        whole = joined("all", clauses or [self._flag(fact, yes=True)])
        return Clause(whole, "any" if len(asked) > 1 else "")

    def _equal(self, fact: str, value: Any) -> str:
        if isinstance(value, bool):
            return self._flag(fact, yes=value)
        if isinstance(value, str):
            found = words.WORDS.get((fact, value))
            told = {"fact": self.fact(fact), "word": value}
            return str(found or _("%(fact)s is “%(word)s”") % told)
        return self._numeric(fact, [{"eq": value}]).text

    def _flag(self, fact: str, *, yes: bool) -> str:
        family, _dot, rest = fact.partition(".")
        found = self.mine(words.PATIENT_FLAGS, words.FLAGS, fact)
        found = found or self.mine(words.PATIENT_FLAGS, words.FLAGS, family)
        if found:
            return str(found[0 if yes else 1]) % {"what": of_family(rest)}
        said = _("%(fact)s: yes") if yes else _("%(fact)s: no")
        return said % {"fact": self.fact(fact)}

    def _numeric(self, fact: str, nodes: list[Node]) -> Clause:
        """A fact's clause with all that is asked of its number."""
        family, _dot, rest = fact.partition(".")
        clause = self.mine(words.PATIENT_CLAUSES, words.CLAUSES, fact)
        if clause is None and family in ("set_over",):
            clause = words.CLAUSES[family]
        unit = self.unit(fact)
        if clause is None:
            clause = _("%(fact)s is %(n)s")
            how = self._tests(nodes, unit, counted=unit in COUNTS, bare=_says_unit(unit))
        else:
            how = self._tests(nodes, unit, counted=unit in COUNTS)
        return Clause(str(clause) % {"fact": self.fact(fact), "n": how, "what": rest})

    def _tests(self, nodes: list[Node], unit: str, *, counted: bool, bare: bool = False) -> str:
        shown = "" if bare else unit
        said = [
            self._relation(key, node[key], shown, counted=counted)
            for node in nodes
            for key in TESTS
            if key in node
        ]
        return joined("all", said)

    def _relation(self, key: str, given: Node, unit: str, *, counted: bool) -> str:
        if key == "between":
            low, high = (self.number(each) for each in given)
            told = {"low": low.text, "high": with_unit(high, unit)}
            return _("from %(low)s to %(high)s") % told
        if key == "ge" and is_most(given):
            return _("the most that the step allows")
        allowed = ""
        if isinstance(given, Mapping) and "least" in given and is_most(given["least"][1]):
            given = given["least"][0]
            allowed = "" if self.to_patient else _(" (or the most that the step allows)")
        said = self.number(given)
        text = with_unit(said, unit)
        table = {**RELATIONS, **COUNTED} if counted and said.value is not None else RELATIONS
        return str(self.mine(PATIENT_RELATIONS, table, key)) % {"n": text} + allowed

    def _value(self, node: Node) -> Clause:
        """A comparison of two numbers that are worked out."""
        special = self._tested_since(node) or self._shown_by_sets(node) or self._rising(node)
        if special:
            return Clause(special)
        left = self.number(node["value"])
        if any(key in node for key in TESTS):
            how = self._tests([node], left.unit, counted=left.unit in COUNTS)
        else:
            values = node.get("in", [node.get("is", True)])
            how = joined("any", [str(self._literal(each)) for each in values])
        return Clause(_("%(fact)s is %(n)s") % {"fact": with_unit(left, left.unit), "n": how})

    def _literal(self, value: Any) -> str:
        if isinstance(value, bool):
            return pgettext("answer", "yes") if value else pgettext("answer", "no")
        return self.number(value).text if is_number(value) else f"“{value}”"

    def _tested_since(self, node: Node) -> str:
        """A test that is newer than the last change of the dose."""
        match node:
            case {"value": {"fact": str(entry)}, "lt": {"fact": "days_since_change"}}:
                said = _("the test is newer than the last change of the dose")
            case {"value": {"fact": str(entry)}, "le": {"fact": "days_since_change"}}:
                said = _("the test is not older than the last change of the dose")
            case _:
                return ""
        if not entry.startswith("entry_days."):
            return ""
        return _("you had a new test") if self.to_patient else said

    def _rising(self, node: Node) -> str:
        """The highest of one window against the highest of another."""
        match node:
            case {"value": {"max": one, "over": now}, "gt": {"max": other, "over": then}}:
                told = {"now": self.window(now), "then": self.window(then)}
                said = _("%(fact)s is higher in %(now)s than in %(then)s (highest values)")
                return said % {**told, "fact": self.fact(one)} if one == other else ""
        return ""

    def _shown_by_sets(self, node: Node) -> str:
        """For the patient: the load that the sets lead to, against the present one."""
        left = node["value"]
        if not self.to_patient or is_number(left) or "use" not in left:
            return ""
        if node.get("gt") == {"fact": "dose.load_kg"}:
            return _("your sets show that you can lift more")
        if node.get("lt") == {"fact": "dose.load_kg"}:
            return _("your sets show that you need less weight")
        return ""


def plainer(node: Node) -> Node:
    """A value that is just a fact is that fact."""
    value = node.get("value")
    if not isinstance(value, Mapping) or "fact" not in value:
        return node
    if any(isinstance(each, Mapping) and "fact" in each for each in node.values() if each != value):
        return node
    rest = {key: each for key, each in node.items() if key != "value"}
    return {"fact": value["fact"], **rest}


def _is_comparison(node: Node) -> bool:
    return "fact" in node and len(node) > 1 and {"fact", *TESTS}.issuperset(node)


def _is_number_node(node: Node) -> bool:
    keys = {"param", "adherence", "plus", "minus", "times", "divided", "least", "greatest", "table"}
    return is_number(node) or bool(keys & set(node or ()))


def _says_unit(unit: str) -> bool:
    """A fact that is called "the number of sets" has its unit in its name."""
    return unit in ("sets", "reps", "sessions", "level", "points")


def _turned(node: Node) -> Node:
    """The same comparison the other way round, if it is a single one."""
    keys = [key for key in node if key not in ("fact", "value", "count", "over")]
    if not isinstance(node, Mapping) or len(keys) > 1 or "streak" in node:
        return None
    rest = {key: node[key] for key in node if key not in keys}
    if keys and keys[0] in OPPOSITE:
        return {**rest, OPPOSITE[keys[0]]: node[keys[0]]}
    yes = node.get("is", True)
    return {**rest, "is": not yes} if "fact" in node and isinstance(yes, bool) else None


def joined(key: str, said: list[str]) -> str:
    """A, B and C; or A, or B, or C."""
    if len(said) < 2:
        return "".join(said)
    if key == "any":
        return pgettext("rule", ", or ").join(said)
    head = ", ".join(said[:-1])
    return pgettext("rule", "%(head)s and %(tail)s") % {"head": head, "tail": said[-1]}


def inside(clause: Clause, key: str) -> str:
    """A clause as a part of a longer one: brackets where it could be misread."""
    if clause.joined == "all" and (clause.last or key == "all"):
        return clause.text
    if not clause.joined or (clause.joined == key and not clause.last):
        return clause.text
    return f"({clause.text})"
