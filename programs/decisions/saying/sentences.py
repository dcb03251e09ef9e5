"""Whole rules: one sentence for the clinician, a few short ones for the patient."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from programs.decisions.saying.actions import CHANGES, Actions
from programs.decisions.saying.amounts import with_unit
from programs.decisions.saying.conditions import Clause
from programs.decisions.saying.numbers import Node, is_number

LEADS: dict[str, Any] = {  # what a rule means to the patient, by its tier
    "stop": gettext_lazy("We stop your program"),
    "regress": gettext_lazy("We make it easier"),
    "deload": gettext_lazy("We make it easier"),
    "hold": gettext_lazy("Your plan stays the same"),
    "progress": gettext_lazy("You get a little more"),
}
ASKED = gettext_lazy("Your clinician may give you a little more")
LADDER = {
    ("progress", "auto"): gettext_lazy("You get the next step"),
    ("progress", "asked"): gettext_lazy("Your clinician may give you the next step"),
}
DRAWN_TOGETHER = (
    (",:", ":"), (",,", ","), (",.", "."), (",;", ";"), (" a el ", " al "), (" de el ", " del "),
)  # fmt: skip
SELF_EVIDENT = {"hold", "repeat"}


class Rule(Actions):
    """A rule with the ruleset around it, for one kind of reader."""

    def __init__(self, ruleset: Mapping[str, Any], rule: Node, audience: Any) -> None:
        super().__init__(ruleset, audience)
        self.rule, self.live_only = rule, rule["tier"] == "progress"
        self.limits: Mapping[str, Any] = ruleset.get("limits", {})

    @property
    def changes(self) -> list[Node]:
        return [each for each in self.rule["then"] if each["do"] in CHANGES]

    @property
    def others(self) -> list[Node]:
        return [each for each in self.rule["then"] if each["do"] not in CHANGES]

    def how_often(self) -> str:
        """Limits of the rule itself, and of all rises."""
        said = ""
        every = self.limits.get("progress_every_days")
        if self.rule["tier"] == "progress" and every:
            days = with_unit(self.number(every), "days")
            said += _("; at most one rise in %(days)s") % {"days": days}
        if "cool_down_days" in self.rule:
            days = with_unit(self.number(self.rule["cool_down_days"]), "days")
            said += _("; at most once in %(days)s") % {"days": days}
        return said + (_("; once until the next session") if "once" in self.rule else "")


def clinician_sentence(ruleset: Mapping[str, Any], rule: Node) -> str:
    """If this is so: that is done. Who approves it stands beside it on the page."""
    voice = Rule(ruleset, rule, "clinician")
    condition = voice.condition(rule["if"]).text
    said = list(voice.actions(rule["then"]))
    done = said[0] if len(said) == 1 else _and(said)
    words = {"condition": condition, "actions": done, "limits": voice.how_often()}
    return tidy(_("If %(condition)s: %(actions)s%(limits)s.") % words)


def _and(said: list[str]) -> str:
    head = "; ".join(said[:-1])
    return pgettext("rule", "%(head)s; and %(tail)s") % {"head": head, "tail": said[-1]}


def patient_sentences(ruleset: Mapping[str, Any], rule: Node) -> str:
    """What happens and when, what that means, and who is told: each a short sentence."""
    voice = Rule(ruleset, rule, "patient")
    others = list(voice.actions(voice.others))
    lead = _lead(voice)
    if not lead:
        lead, others = _capital(others[0]), others[1:]
    said = [_when(voice, lead, rule["if"])]
    change = [voice.change(each) for each in voice.changes if each.get("go") != "up"]
    said += [_("That means %(change)s.") % {"change": each} for each in change]
    if rule["tier"] in LEADS:
        evident = {voice.action({"do": each}) for each in SELF_EVIDENT}
        others = [each for each in others if each not in evident]
    said += [f"{_capital(each)}." for each in others]
    if rule["tier"] == "progress" and voice.limits.get("progress_every_days"):
        days = with_unit(voice.number(voice.limits["progress_every_days"]), "days")
        said.append(_("You get more at most once in %(days)s.") % {"days": days})
    return tidy(" ".join(said))


def _lead(voice: Rule) -> str:
    """The first words; empty where the rule only tells or asks."""
    rule = voice.rule
    asked = "asked" if rule.get("approval", "auto") != "auto" else "auto"
    if any(each["do"] == "ladder" and each["go"] == "up" for each in voice.changes):
        return str(LADDER.get((rule["tier"], asked), LEADS["progress"]))
    if rule["tier"] == "progress" and asked == "asked":
        return str(ASKED)
    return str(LEADS.get(rule["tier"], ""))


def _when(voice: Rule, lead: str, node: Node) -> str:
    """Several things that must all be so stand in a row, each for itself."""
    parts, streak = voice.parts(node), ""
    ends = [each for each in parts if "streak" in each]
    if len(ends) == 1 and len(inner := voice.parts(ends[0]["of"])) > 1:
        streak = _streak(voice, ends[0])
        parts = [*(each for each in parts if each is not ends[0]), *inner]
    if len(parts) == 1:
        either = [voice.condition(each).text for each in parts[0].get("any", parts)]
        condition = pgettext("to the patient", "; or if ").join(either)
        return _("%(lead)s if %(condition)s.") % {"lead": lead, "condition": condition}
    clauses: list[Clause] = voice.clauses(parts)
    row = "; ".join(dict.fromkeys(each.text for each in clauses))
    if streak:
        words = {"lead": lead, "sessions": streak, "row": row}
        return _("%(lead)s when all of this is so %(sessions)s: %(row)s.") % words
    return _("%(lead)s when all of this is so: %(row)s.") % {"lead": lead, "row": row}


def _streak(voice: Rule, node: Node) -> str:
    sessions = voice.number(node["streak"])
    if sessions.value == 1 and is_number(node["streak"]):
        return _("in a session")
    said = _("in %(n)s") if sessions.value == 1 else _("in %(n)s in a row")
    return said % {"n": with_unit(sessions, "sessions")}


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def tidy(words: str) -> str:
    """One mark of punctuation at a time; and what Spanish draws together."""
    for apart, together in DRAWN_TOGETHER:
        words = words.replace(apart, together)
    return words
