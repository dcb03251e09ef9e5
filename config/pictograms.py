"""The tag that draws a small picture beside a word; a page has a dozen of them."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """A symbol of img/icons.svg by its name without "i-". Decorative: the word stands beside it."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" viewBox="0 0 24 24"><use href="{}#i-{}"/></svg>',
        css and f" {css}",
        static("img/icons.svg"),
        name,
    )
