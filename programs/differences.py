"""What differs between two texts, in words: what went and what came, each marked as such."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class Difference:
    """A part that changed; in its words what went and what came is marked."""

    label: str
    words: SafeString


def marked(before: str, now: str) -> SafeString:
    """The words of both, in the order of now, with what went and what came marked as such."""
    old, new = before.split(" "), now.split(" ")
    said: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        went, came = " ".join(old[a:b]), " ".join(new[c:d])
        if kind == "equal":
            said.append(escape(went))
            continue
        said += [format_html("<del>{}</del>", went)] if went else []
        said += [format_html("<ins>{}</ins>", came)] if came else []
    return format_html_join(" ", "{}", ((each,) for each in said))
