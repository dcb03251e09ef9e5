"""Short names of rules and of their numbers; a rule of an unknown name is called by its tier."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TITLES: dict[str, Any] = {
    "red_flag": pgettext_lazy("rule", "Stop"),
    "pain_down": _("Step down"),
    "above_limit": _("Step down"),
    "hold": _("Hold"),
    "morning": _("After a bad morning"),
    "worse_week": _("After a worse week"),
    "acceptable": _("Pain that is allowed"),
    "pain_rising": _("Pain is rising"),
    "gap": _("After a gap"),
    "long_gap": _("After a long gap"),
    "more": _("More"),
    "more_reps": _("More reps"),
    "more_load": _("More load"),
    "two_for_two": _("More load"),
    "heavier": _("More load"),
    "lighter": _("Less load"),
    "test_higher": _("More load after a test"),
    "test_lower": _("Less load after a test"),
    "test_due": _("Time for a test"),
    "next_step": _("Next step"),
    "simpler": _("Simpler"),
    "too_easy": _("Too easy"),
    "unpublished": _("Not published"),
    "ask": _("Questions"),
    "persists": _("Soreness that stays"),
    "persists_and_later": _("Soreness that stays, and later"),
    "gone": _("Soreness that goes"),
    "later": _("Soreness later on"),
    "week_2": _("Week 2"),
    "week_3": _("Week 3"),
    "week_4": _("Week 4"),
    "week_5": _("Week 5"),
}
TIERS: dict[str, Any] = {
    "stop": pgettext_lazy("rule", "Stop"),
    "regress": _("Step down"),
    "deload": _("Lighter"),
    "hold": _("Hold"),
    "progress": _("More"),
    "info": _("Note"),
}
NUMBERS: dict[str, Any] = {
    "pain_down": _("Pain that steps down"),
    "pain_ok": _("Pain that is fine"),
    "pain_allowed": _("Pain that is allowed"),
    "pain_safe": _("Pain that is safe"),
    "sore_sessions": _("Sore sessions running"),
    "effort_ok": _("Highest effort"),
    "effort_least": _("Lowest effort"),
    "good_sessions": _("Good sessions running"),
    "sessions": _("Sessions running"),
    "over_sessions": _("Sessions above the goal"),
    "under_sessions": _("Sessions below the goal"),
    "reps_bottom": _("Lowest reps"),
    "reps_top": _("Most reps"),
    "reps_step": _("Reps a step"),
    "reps_over": _("Reps over the goal"),
    "sets_bottom": _("Fewest sets"),
    "sets_top": _("Most sets"),
    "gap_days": _("Days of a gap"),
    "long_gap_days": _("Days of a long gap"),
    "progress_every_days": _("Days between rises"),
    "stage_days": _("Days between stages"),
    "retest_days": _("Days between tests"),
    "rest_after_persisting": _("Days of rest after soreness that stays"),
    "rest_after_later": _("Days of rest after soreness later on"),
    "percent": _("Percent more load"),
    "less_percent": _("Percent less load"),
    "week_3_reps": _("Reps in week 3"),
    "week_4_reps": _("Reps in week 4"),
    "more": _("Which published raise: 0 the smaller, 1 the larger"),
    "less": _("Which published reduction: 0 the smaller, 1 the larger"),
}


def number_words(name: str) -> str:
    """The name of a rule's number."""
    return str(NUMBERS.get(name, name.replace("_", " ")))


def rule_title(ruleset: Mapping[str, Any], rule_id: str) -> str:
    """The short name of a rule."""
    if rule_id in TITLES:
        return str(TITLES[rule_id])
    tier = next((rule["tier"] for rule in ruleset["rules"] if rule["id"] == rule_id), "info")
    return f"{TIERS[tier]}: {rule_id.replace('_', ' ')}"


def title_of(rule_id: str) -> str:
    """The same where only the id is known."""
    return str(TITLES.get(rule_id) or rule_id.replace("_", " "))
