"""What stands on every page of the desk and is the same for many people: drawn once a process."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag(takes_context=True)
def rail_items(context: dict[str, Any]) -> SafeString:
    """The pages of the acting role, with the current one marked and how many decisions wait."""
    actor = getattr(context.get("request"), "actor", None)
    told = actor.role if actor else "", context.get("item", ""), context.get("waiting") or 0
    return _rail_items(get_language(), *told)


@lru_cache(maxsize=512)
def _rail_items(_language: str | None, role: str, item: str, waiting: int) -> SafeString:
    told = {"role": role, "item": item, "waiting": waiting}
    return render_to_string("desk/_rail_items.html", told)


@register.simple_tag
def list_of_keys() -> SafeString:
    """The dialog that says which keys do what."""
    return _list_of_keys(get_language())


@lru_cache(maxsize=16)
def _list_of_keys(_language: str | None) -> SafeString:
    return render_to_string("desk/_keys.html")
