"""The cards that a phone fills by itself, without a network: the very partials of the pages.

Each is rendered once with a {slot} wherever a page has a value, and holds no person.
"""

from html import unescape
from types import SimpleNamespace
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exercises.models import Revision
from exercises.shipped import red_flags
from programs.logging import following
from programs.logging.presenters import Context, options, pain_meanings, pain_word, scale
from programs.logging.set_screen import count_words
from programs.models import PainReport, Program, SetLog, Side
from programs.wording import BANDS, band_name, language, side_words, tempo_words

SET_FIELDS = ("prescription", "side", "number", "dose", "hold_s", "revision")
SESSION = "/sessions/{session}/"
ASKED = [("asked", "place")]


def blank_cards() -> Context:
    """Every card of a session, by its name in the phone's module."""
    kinds = ("plain", "most", "effort")
    return {
        "sets": {kind: _set(kind) for kind in kinds},
        "pain": _pain(),
        "place": _place(),
        "finish": _finish(),
        "hurts": _hurts(),
    }


def _set(kind: str) -> Context:
    """A set as the dose says, of as many as possible, or one whose effort is asked."""
    tempo = SimpleNamespace(up_s="{up}", hold_s="{top}", down_s="{down}")
    slot = SafeString("{dots}")  # the phone's own, like the figure
    return _card("sets") | {
        "key": "{session}.{prescription}.{side}.{number}",
        "hidden": [(name, f"{{{name}}}") for name in SET_FIELDS],
        "exercise_name": "{name}",
        "side_label": "{Leg}",
        "number": "{number}",
        "total": "{of}",
        "figure": SafeString("{figure}"),
        "dots": [{"label": slot, "current": False, "sets": []}],
        "tempo_label": tempo_words(tempo),
        "pace": "{up} {top} {down}",
        "count_words": count_words(),
        "bands": [{"value": level, "label": band_name(level)} for level in BANDS],
        "band": "{color}",
        "reps": _stepper("reps", _("reps"), low=0 if kind == "most" else 1),
        "weight": _weight(),
        "most": _most() if kind == "most" else None,
        "effort": _scale("effort") if kind == "effort" else None,
        "why": {"text": "{why}"},
        "table": "{table}",
        "skip_reasons": [{"value": v, "label": label} for v, label in SetLog.Skip.choices],
        "rest": {"seconds": "{rest}", "words": _("Shake the leg out.")},
    }


def _pain() -> Context:
    return _card("pain") | {
        "hidden": [(name, f"{{{name}}}") for name in ("prescription", "revision", "during")],
        "exercise_name": "{name}",
        "scale": _scale("pain", zones=True),
        "value": None,
        "stop_from": "{stop}",
        "clinician_name": _("your clinician"),
    }


def _place() -> Context:
    """Which leg and where: asked above the green limit."""
    return _pain() | {
        "hidden": [("prescription", "{prescription}"), ("revision", "{revision}"), *ASKED],
        "ask_place": True,
        "value": "{pain}",
        "word": "{word}",
        "meaning": "{meaning}",
        "sides": options(Side.choices),
        "places": options(PainReport.Place.choices),
    }


def _finish() -> Context:
    hidden = [("revision", "{revision}")]
    return _card("finish") | {"hidden": hidden, "scale": _scale("effort"), "minutes": "{minutes}"}


def _hurts() -> Context:
    listed = red_flags(language())
    return {
        "post_url": f"{SESSION}hurts/",
        "back_url": SESSION,
        "emergencies": [flag["key"] for flag in listed if flag["urgency"] == "emergency"],
        "flags": [flag["key"] for flag in listed if flag["urgency"] != "emergency"],
        "errors": [],
    }


def _card(leads_to: str) -> Context:
    return {
        "post_url": f"{SESSION}{leads_to}/",
        "close_url": "/today/",
        "hurts_url": f"{SESSION}hurts/",
        "bars": [],
        "errors": [],
        "saved": {"text": "{saved}", "sent": False},
    }


def _stepper(
    name: str, unit: str, *, low: int = 0, high: int = 100, step: str = "1", by: str = "1"
) -> Context:
    slot = f"{{{name}}}"
    limits = {"min": low, "max": high, "step": step, "by": by}
    return limits | {"name": name, "value": slot, "planned": slot, "unit": unit, "error": ""}


def _weight() -> Context:
    """The load in the unit of the plan that the phone keeps."""
    made = _stepper("load", "{unit}", step="any", by="{by}")
    return made | {"name": "load_{unit}", "max": "", "from": "{load}"}


def _scale(name: str, *, zones: bool = False) -> Context:
    return scale(Program(ruleset={}), name, f"{name}-legend", zones=zones)


def _most() -> Context:
    one, other = (ngettext("Save %(n)s rep", "Save %(n)s reps", n) % {"n": "{n}"} for n in (1, 2))
    text = _("As many as you can, clean. Aim: %(reps)s.") % {"reps": "{reps}"}
    return {"text": text, "one": one, "other": other}


def blank_words() -> dict[str, Any]:
    """What the phone's module says, in the page's language."""
    return {
        "legs": {side: side_words(side) for side in Side.values},
        "Legs": {side: side_words(side).capitalize() for side in Side.values},
        "sides": {value: str(label).capitalize() for value, label in Side.choices},
        "colors": BANDS,
        "exercise": _("Exercise"),
        "saved": _("Saved on this phone: %(side)s, set %(number)s, %(reps)s reps.") % SAID,
        "skipped": _("Saved on this phone: %(side)s, set %(number)s skipped.") % SAID,
        "follow": {fact: following.slotted(fact, "{aim}", "{unit}") for fact in ("reps", "effort")},
        "names": _names(),
        "pain": [pain_word(value) for value in range(11)],
        "means": pain_meanings(),
        "refused": _refused(),
        "flags": {flag["key"]: _flag(flag) for flag in red_flags("en")},
    }


def _refused() -> dict[str, str]:
    """What an answer was about, by the last word of its address."""
    return {
        "start": _("the start of a session"),
        "sets": _("%(side)s, set %(number)s, %(reps)s reps") % SAID,
        "skipped": _("%(side)s, set %(number)s skipped") % SAID,
        "pain": _("pain %(n)s of 10") % {"n": "{pain}"},
        "finish": _("how hard it felt, %(n)s of 10") % {"n": "{effort}"},
        "hurts": _("a warning sign"),
        "check-in": _("the morning check"),
    }


SAID = {"side": "{leg}", "number": "{number}", "reps": "{reps}"}


def _flag(flag: dict[str, str]) -> tuple[str, bool]:
    """The words of a warning sign, and whether it is an emergency."""
    text = render_to_string("_components/flag.html", {"key": flag["key"]}).strip()
    return unescape(text), flag["urgency"] == "emergency"


def _names() -> dict[str, str]:
    """The names of the exercises that anyone may read, by revision."""
    told = Revision.objects.shown().order_by("id").values_list("id", f"body__{language()}__name")
    return {str(revision): name for revision, name in told}
