"""The shape of a revision's words: one Text a language, checked before anything is stored."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

LANGUAGES = ("en", "es")
BAND_COLOURS = ("yellow", "red", "green", "blue")

type Kind = Literal["setup", "movement", "cue", "breathing", "safety"]
KINDS: tuple[str, ...] = get_args(Kind.__value__)


class BodyFault(ValueError):
    """Everything that is wrong with a revision's words, each with its place."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Step:
    """One line of how to do it; `lead` is the part in bold."""

    kind: Kind
    lead: str
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """An exercise in one language. Lists are in the order in which they are shown.

    `variant` and `hint` name it on a tile, `phases` name the three parts of its tempo,
    `movement` says in words what the figure shows.
    """

    name: str
    variant: str
    hint: str
    title: str
    summary: str
    position: str
    what: tuple[str, ...]
    muscles: tuple[str, ...]
    suits: tuple[str, ...]
    benefits: tuple[str, ...]
    benefits_note: str
    steps: tuple[Step, ...]
    easier_how: str
    harder_how: str
    start_caption: str
    end_caption: str
    phases: tuple[str, ...]
    movement: str
    cautions: tuple[str, ...]
    disclaimers: tuple[str, ...]

    def of_kind(self, *kinds: Kind) -> list[Step]:
        """The steps of these kinds, in order."""
        return [step for step in self.steps if step.kind in kinds]


@dataclass(frozen=True, slots=True)
class FigureSpec:
    """Which pose the figure takes, and what is drawn with it. No range: the pose's own."""

    pose: str
    range_deg: int | None = None
    band: str | None = None
    weight: bool = False


@dataclass(frozen=True, slots=True)
class PictureSpec:
    """A clinic's own picture beside the figure, and what it shows in words, by language."""

    id: str
    width: int
    height: int
    alt: Mapping[str, str]


def read_body(body: Any) -> dict[str, Text]:
    """Return the words by language. Raises BodyFault with every fault and its JSON path."""
    if faults := [*body_faults(body)]:
        raise BodyFault(faults)
    return {language: read_text(body[language]) for language in LANGUAGES}


def read_text(words: Mapping[str, Any]) -> Text:
    """Return one language's words, which read_body has checked before."""
    steps = tuple(Step(**step) for step in words["steps"])
    rest: dict[str, Any] = {name: words[name] for name in _names("str")}
    rest |= {name: tuple(words[name]) for name in _names("tuple[str, ...]")}
    return Text(steps=steps, **rest)


def read_figure(figure: Any) -> FigureSpec:
    """Return the figure's pose and props. Raises BodyFault."""
    drawn = without_picture(figure)
    if faults := [*figure_faults(drawn)]:
        raise BodyFault(faults)
    return FigureSpec(**drawn)


def read_picture(figure: Mapping[str, Any]) -> PictureSpec | None:
    """The picture that stands beside the figure, if there is one."""
    return PictureSpec(**figure["picture"]) if figure.get("picture") else None


def without_picture(figure: Any) -> Any:
    """What of a figure is drawn."""
    if not isinstance(figure, dict):
        return figure
    return {name: value for name, value in figure.items() if name != "picture"}


def picture_faults(figure: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a picture: each language says what it shows."""
    picture = figure.get("picture")
    if picture is None:
        return
    if not isinstance(picture, dict) or set(picture) != {each.name for each in fields(PictureSpec)}:
        yield "picture: an object of id, width, height and alt is needed"
        return
    for language in LANGUAGES:
        if not _is_words(picture["alt"].get(language)):
            yield f"picture.alt_{language}: empty"


def body_faults(body: Any, *, whole: bool = True) -> Iterator[str]:
    """Yield what is missing, empty or unknown, by path. A draft (not `whole`) may lack parts."""
    if not isinstance(body, dict) or not (whole or body.keys() & set(LANGUAGES)):
        yield "body: an object with en and es is needed"
        return
    for language in LANGUAGES:
        if whole or language in body:
            yield from _text_faults(body.get(language), language, whole)
    if all(isinstance(body.get(language), dict) for language in LANGUAGES):
        yield from _uneven(body, whole)


def figure_faults(figure: Any) -> Iterator[str]:
    """Yield what is wrong with a figure's pose and props."""
    if not isinstance(figure, dict) or set(figure) - {field.name for field in fields(FigureSpec)}:
        yield "figure: an object of pose, range_deg, band and weight is needed"
        return
    if not re.fullmatch(r"[a-z][a-z_]*", str(figure.get("pose") or "")):
        yield "figure.pose: the name of a pose is needed"
    if not _is_range(figure.get("range_deg")):
        yield "figure.range_deg: 5 to 150 degrees, or nothing"
    if figure.get("band") not in (None, *BAND_COLOURS):
        yield "figure.band: yellow, red, green, blue, or nothing"


def _is_range(value: Any) -> bool:
    return value is None or (type(value) is int and 5 <= value <= 150)


def _text_faults(words: Any, at: str, whole: bool) -> Iterator[str]:
    if not isinstance(words, dict):
        yield f"{at}: missing"
        return
    wanted = {field.name for field in fields(Text)} if whole else set(words)
    yield from _line_faults(words, at, wanted)
    if "phases" in wanted and len(words.get("phases") or ()) != 3:
        yield f"{at}.phases: three are needed"
    if "steps" in wanted:
        yield from _step_faults(words.get("steps"), f"{at}.steps", whole)


def _line_faults(words: Mapping[str, Any], at: str, wanted: set[str]) -> Iterator[str]:
    for name in sorted(set(words) - {field.name for field in fields(Text)}):
        yield f"{at}.{name}: unknown"
    for name in _names("str"):
        if name in wanted and not _is_words(words.get(name)):
            yield f"{at}.{name}: empty"
    for name in _names("tuple[str, ...]"):
        if name in wanted and not _is_list_of_words(words.get(name)):
            yield f"{at}.{name}: a list of texts is needed"


def _step_faults(steps: Any, at: str, whole: bool) -> Iterator[str]:
    if not isinstance(steps, list | tuple) or not steps:
        yield f"{at}: a list of steps is needed"
        return
    for number, step in enumerate(steps):
        if not isinstance(step, dict) or set(step) != {"kind", "lead", "text"}:
            yield f"{at}[{number}]: kind, lead and text are needed"
        elif step["kind"] not in KINDS:
            yield f"{at}[{number}].kind: one of {', '.join(KINDS)}"
        elif not _is_words(step["text"]) or not _is_lead(step["lead"], whole):
            yield f"{at}[{number}]: empty"


def _is_lead(lead: Any, whole: bool) -> bool:
    return _is_words(lead) or (lead == "" and not whole)


def _uneven(body: dict[str, Any], whole: bool) -> Iterator[str]:
    """Each language has the same lines: a caution in one only would be a caution lost."""
    first, second = (body[language] for language in LANGUAGES)
    for name in ("steps", *_names("tuple[str, ...]")):
        lines = [len(each.get(name) or ()) for each in (first, second)]
        if lines[0] != lines[1] and (whole or all(lines)):
            yield f"{name}: {LANGUAGES[0]} and {LANGUAGES[1]} differ in number"


def _names(kind: str) -> list[str]:
    return [field.name for field in fields(Text) if _spelled(field.type) == kind]


def _spelled(kind: Any) -> str:
    return kind.__name__ if isinstance(kind, type) and kind is str else str(kind)


def _is_words(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= 1000


def _is_list_of_words(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(map(_is_words, value))


LINES, LISTS = _names("str"), _names("tuple[str, ...]")  # parts of one text, and of several
