"""What is in a template, in words; and what differs from one version to the next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, islice
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from exercises.differences import Difference, marked
from programs.models import Prescription, Template
from programs.prescribing.forms import APPROVAL_WORDS
from programs.prescribing.plan import (
    Changes,
    Rung,
    SourceExercise,
    TemplateSource,
    first_of,
    kept_schedule,
    ladders_of,
    load_sources,
    rung_name,
    there,
    unchanged,
)
from programs.prescribing.presenters import later_words, template_name
from programs.prescribing.sentences import rule_title, rule_words, source_words
from programs.progression import load_preset, preset_names
from programs.templating.keeping import phases_of
from programs.wording import dose_words, seconds, tempo_words, weekday_names

FIRST_DOSE, EACH_DOSE = "dose", "each-dose"  # the second is said where the first is the same
ANY_DAY = date(2024, 1, 1)  # what a template offers is the same on each


@dataclass(frozen=True, slots=True)
class ExerciseLine:
    """An exercise of a template: where it starts, with what dose, how far the ladder goes."""

    name: str
    dose: str
    ladder: str


@dataclass(frozen=True, slots=True)
class Later:
    """A phase after the first; its exercises where they are shown."""

    words: str
    exercises: tuple[ExerciseLine, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a template."""

    exercises: tuple[ExerciseLine, ...]
    when: str
    source: str
    later: tuple[Later, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A template in its newest version."""

    name: str
    url: str
    version: str
    saved: str
    contents: Contents


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version with what differs in it from the one before."""

    version: str
    name: str
    saved: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class RuleLine:
    title: str
    sentence: str
    approval: str


def listed(templates: Sequence[Template]) -> list[Listed]:
    """Templates with what is in them, in the order given."""
    return [_listed(source) for source in load_sources(templates)]


def _listed(source: TemplateSource) -> Listed:
    template = source.template
    return Listed(
        name=template_name(template),
        url=reverse("programs:template-detail", args=[template.id]),
        version=version_words(template),
        saved=saved_words(template),
        contents=contents(source),
    )


def version_words(template: Template) -> str:
    return gettext("version %(number)s") % {"number": template.version}


def saved_words(template: Template) -> str:
    """Who saved it and when; nothing of what ships."""
    if template.by is None or template.at is None:
        return ""
    told = {"name": template.by.name, "day": date_format(template.at, "DATE_FORMAT")}
    return gettext("saved by %(name)s, %(day)s") % told


def contents(
    source: TemplateSource, changes: Changes | None = None, ruleset: Any = None
) -> Contents:
    """The exercises with their first doses, the days, where the rules come from, what follows.

    As the template has them, or with these changes and rules.
    """
    later = tuple(Later(later_words(each), ()) for each in source.later)
    source, changes = _there(source, changes)
    return Contents(
        exercises=tuple(map(_line, _started(source, changes))),
        when=f"{_weeks(changes)}, {_days(source, changes)}",
        source=rules_from(ruleset or source.template.ruleset),
        later=later,
    )


def whole(template: Template) -> Contents:
    """The same of one template, with the exercises of every phase."""
    first, *phases = load_sources([template, *phases_of(template)])
    said = contents(first)
    pairs = zip(said.later, phases, strict=True)
    return replace(said, later=tuple(replace(e, exercises=_lines(phase)) for e, phase in pairs))


def _lines(source: TemplateSource) -> tuple[ExerciseLine, ...]:
    return tuple(map(_line, _started(*_there(source, None))))


class Started(NamedTuple):
    """An exercise with the rung it starts at, and its whole ladder."""

    exercise: SourceExercise
    sides: str
    start: Rung
    ladder: list[Rung]


def _there(source: TemplateSource, changes: Changes | None) -> tuple[TemplateSource, Changes]:
    """As it is offered, without an exercise whose first step has gone from the library."""
    if changes is None:
        source = there(source)
    return source, changes or unchanged(source, start_on=ANY_DAY)


def _started(source: TemplateSource, changes: Changes) -> Iterator[Started]:
    ladders = ladders_of(source, changes)
    for each, change, ladder in zip(source.exercises, changes.exercises, ladders, strict=True):
        start = ladder[first_of(ladder, change)]
        yield Started(each, change.sides, start, ladder)


def _line(started: Started) -> ExerciseLine:
    number = len(started.ladder)
    steps = ngettext("ladder of %(n)s step", "ladder of %(n)s steps", number)
    return ExerciseLine(
        name=rung_name(started.start),
        dose=f"{_dose(started.start)}, {_side(started)}",
        ladder=steps % {"n": number},
    )


def _dose(rung: Rung) -> str:
    """Sets and repetitions, with the most that the rules go up to."""
    said, reps = dose_words(rung.entry), rung.bounds.reps
    if not reps or reps.high <= rung.entry.reps:
        return said
    return gettext("%(dose)s, up to %(most)s") % {"dose": said, "most": reps.high}


def _side(started: Started) -> str:
    return str(Prescription.Sides(started.sides).label)


def _weeks(changes: Changes) -> str:
    return ngettext("%(n)s week", "%(n)s weeks", changes.weeks) % {"n": changes.weeks}


def _days(source: TemplateSource, changes: Changes) -> str:
    every = kept_schedule(source.template, changes).get("every_days")
    if every:
        return gettext("every %(n)s days") % {"n": every} if every > 1 else gettext("every day")
    return weekday_names(changes.weekdays)


def rules_from(ruleset: dict[str, Any]) -> str:
    """Where the rules come from, and whether they still are as they were published there."""
    said = source_words(ruleset)
    name = ruleset["id"]
    if name in preset_names() and load_preset(name).raw == ruleset:
        return said
    return gettext("%(source)s, changed by your clinic") % {"source": said}


def rules_of(template: Template) -> list[RuleLine]:
    """Each rule as a sentence, and who decides it."""
    return [
        RuleLine(
            rule_title(template.ruleset, rule["id"]),
            rule_words(template.ruleset, rule["id"]),
            _approval(rule),
        )
        for rule in template.ruleset["rules"]
    ]


def _approval(rule: dict[str, Any]) -> str:
    told = rule.get("approval", "auto") if rule["tier"] == "progress" else ""
    return str(dict(APPROVAL_WORDS).get(told, ""))


def version_lines(versions: Sequence[Template]) -> list[VersionLine]:
    """The versions of a template, the newest first as they come, each beside the one before."""
    later = [phases_of(each) for each in versions]
    sources = load_sources([*versions, *chain.from_iterable(later)])
    phases = iter(sources[len(versions) :])
    facts = [
        {each.key: each for each in _facts(source, list(islice(phases, len(own))))}
        for source, own in zip(sources, later, strict=False)
    ]
    return [
        VersionLine(
            version=version_words(each),
            name=template_name(each),
            saved=saved_words(each),
            differences=tuple(_differences(now, before)) if before else (),
        )
        for each, now, before in zip(versions, facts, [*facts[1:], None], strict=True)
    ]


class Fact(NamedTuple):
    """A part of a template in words; `key` tells it apart from the others."""

    key: str
    label: str
    words: str


def _differences(now: Mapping[str, Fact], before: Mapping[str, Fact]) -> Iterator[Difference]:
    changed = [key for key in {**now, **before} if now.get(key) != before.get(key)]
    for key in changed:
        if key.startswith(EACH_DOSE) and key.replace(EACH_DOSE, FIRST_DOSE) in changed:
            continue
        label = (now.get(key) or before[key]).label
        new, old = (each[key].words if key in each else "" for each in (now, before))
        yield Difference(label, marked(old, new))


def _facts(source: TemplateSource, phases: Sequence[TemplateSource]) -> Iterator[Fact]:
    """All of a template, with its later phases, as labels and words."""
    source, changes = _there(source, None)
    yield Fact("name", gettext("Name"), template_name(source.template))
    yield Fact("weeks", gettext("Weeks"), _weeks(changes))
    yield Fact("days", gettext("Days"), _days(source, changes))
    for number, started in enumerate(_started(source, changes), 1):
        for key, what, words in _exercise_facts(started):
            told = {"number": number, "what": what}
            label = gettext("Exercise %(number)s, %(what)s") % told
            yield Fact(f"{key} {number}", label, words)
    for number, (phase, told) in enumerate(zip(phases, source.later, strict=True), 2):
        lines = "; ".join(f"{each.name} {each.dose}" for each in _lines(phase))
        label = gettext("Phase %(n)s") % {"n": number}
        yield Fact(f"phase {number}", label, f"{later_words(told)}: {lines}")
    ids = [rule["id"] for rule in source.template.ruleset["rules"]]
    for name, rule in zip(ids, rules_of(source.template), strict=True):
        said = f"{rule.sentence} ({rule.approval})" if rule.approval else rule.sentence
        yield Fact(f"rule {name}", gettext("Rule “%(title)s”") % {"title": rule.title}, said)


def _exercise_facts(started: Started) -> Iterator[Fact]:
    start, ladder = started.start, started.ladder
    yield Fact("first", gettext("first step"), f"{started.exercise.title}: {rung_name(start)}")
    yield Fact(FIRST_DOSE, gettext("dose"), _dose(start))
    yield Fact("side", gettext("side"), _side(started))
    yield Fact("tempo", gettext("tempo"), tempo_words(start.entry))
    yield Fact("rest", gettext("rest"), seconds(start.entry.rest_s))
    degrees = start.entry.range_deg
    yield Fact("range", gettext("range"), f"{degrees}°" if degrees else "")
    yield Fact("ladder", gettext("ladder"), "; ".join(rung_name(rung) for rung in ladder))
    steps = [f"{rung_name(rung)} {_dose(rung)}" for rung in ladder]
    yield Fact(EACH_DOSE, gettext("doses of the steps"), "; ".join(steps))
