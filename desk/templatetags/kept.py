"""What stands on every page of the desk and is the same for many people: drawn once a process."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from accounts.roles import Actor

register = template.Library()
WAITING = "<!--waiting-->"  # where the number of decisions stands


@register.simple_tag(takes_context=True)
def rail_items(context: dict[str, Any]) -> SafeString:
    """The pages of the acting role, with the current one marked and how many decisions wait."""
    actor: Actor | None = getattr(context.get("request"), "actor", None)
    role = actor.role if actor else ""
    kept = _drawn("desk/_rail_items.html", get_language(), role, context.get("item", ""))
    return mark_safe(kept.replace(WAITING, _count(context.get("waiting"))))  # noqa: S308 (escaped)


@register.simple_tag
def list_of_keys() -> SafeString:
    """The dialog that says which keys do what."""
    return _drawn("desk/_keys.html", get_language())


@lru_cache(maxsize=128)
def _drawn(name: str, _language: str | None, role: str = "", item: str = "") -> SafeString:
    return render_to_string(name, {"role": role, "item": item})


def _count(waiting: int | None) -> str:
    if not waiting:
        return ""
    words = gettext("waiting")
    return format_html('<span class="count">{}<span class="sr"> {}</span></span>', waiting, words)
