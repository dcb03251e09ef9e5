"""The desk's lists as markup: ready words in, markup out; every word is escaped here.

A page of the queue is hundreds of words: written here they cost a tenth of what as many template
variables do. What a row repeats is looked up once a page.
"""

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from desk.presenters import DayOfDecisions, Evidence, Made, Passed, Person, Row


class Words(NamedTuple):
    """What stands in every row of the queue."""

    accept: str
    not_now: str
    adjust: str
    skip: str
    back: str
    reply: str
    choose: str
    open: str
    passed: str
    logs: str
    if_accepted: str
    limit: str
    undo: str


def words() -> Words:
    """In the language of the page."""
    return Words(
        gettext("Accept"),
        gettext("Not now"),
        gettext("Adjust"),
        gettext("Skip"),
        gettext("Put back"),
        gettext("Write to them"),
        gettext("Choose"),
        gettext("Open"),
        gettext("Also looked at, and passed over"),
        gettext("Logs that fired it"),
        gettext("If you accept"),
        gettext("Limit"),
        gettext("The patient reads why in plain words. You can undo."),
    )


class Sent(NamedTuple):
    """What every form of the queue carries: `token` against forgery, and where it came from."""

    token: str
    page: str
    skipped: bool = False

    @property
    def fields(self) -> str:
        token, page = escape(self.token), escape(self.page)
        return (
            f'<input type="hidden" name="csrfmiddlewaretoken" value="{token}">'
            f'<input type="hidden" name="next" value="{page}">'
            f"{'<input type="hidden" name="back" value="1">' if self.skipped else ''}"
        )


def queue(rows: Iterable[Row], sent: Sent) -> SafeString:
    """Rows that open on their evidence, with the actions beside them."""
    own, kept = words(), sent.fields
    lines = "".join([_row(row, own, kept, skipped=sent.skipped) for row in rows])
    return mark_safe(f'<ul class="list" data-queue>{lines}</ul>')  # noqa: S308 (escaped)


def _row(row: Row, own: Words, kept: str, *, skipped: bool) -> str:
    change, step = row.change, row.step
    inside = evidence(row.evidence, own) if row.evidence else ""
    return (
        f'<li>{_chosen(row, own)}<details name="decision"><summary class="cols">'
        f'<span class="who"><b>{escape(row.name)}</b><small>{escape(row.detail)}</small></span>'
        f'<span class="what"><b>{step}</b><small>{escape(step.dose)}</small></span>'
        f"{row.numbers}{row.spark}"
        f'<span class="change"><b>{change}</b><small>{escape(change.note)}</small></span></summary>'
        f'<div class="opened">{inside}<p class="foot">'
        f'<a data-do="o" href="{escape(row.url)}">{escape(row.open_words)}</a>'
        f'<a data-do="r" href="{escape(row.message_url)}">{escape(own.reply)}</a></p></div>'
        f'</details><div class="actions">{_actions(row, own, kept, skipped)}</div></li>'
    )


def _chosen(row: Row, own: Words) -> str:
    """The box that takes a proposal into those that are accepted together."""
    if not row.accept_url:
        return ""
    name = f"{escape(own.choose)}: {escape(row.name)}"
    own_box = f'name="decision" value="{escape(row.key)}" form="several" data-do="x"'
    return f'<label class="chosen"><input type="checkbox" {own_box} aria-label="{name}"></label>'


def _actions(row: Row, own: Words, kept: str, skipped: bool) -> str:
    name = f'<span class="sr">, {escape(row.name)}</span>'
    word = own.back if skipped else own.skip
    extra = _form(row.skip_url, f'<button class="btn quiet" data-do="s">{escape(word)}{name}', kept)
    if not row.accept_url:
        way = f'<a class="btn" data-do="a" href="{escape(row.url)}">{escape(own.open)}{name}</a>'
        return f'<span class="extra">{extra}</span><span>{way}</span>'
    adjust = f'<a class="btn quiet" data-do="e" href="{escape(row.adjust_url)}">'
    refuse = f'<button class="btn quiet" data-do="n">{escape(own.not_now)}{name}'
    extra += f"{adjust}{escape(own.adjust)}{name}</a>{_form(row.refuse_url, refuse, kept)}"
    accept = f'<button class="btn" data-do="a">{escape(own.accept)}{name}'
    return f'<span class="extra">{extra}</span><span>{_form(row.accept_url, accept, kept)}</span>'


def _form(address: str, button: str, kept: str) -> str:
    return f'<form method="post" action="{escape(address)}">{kept}{button}</button></form>'


def evidence(told: Evidence, own: Words) -> SafeString:
    """Why a rule proposes: the rule, the logs, and what follows from a yes."""
    region = f'aria-label="{escape(own.logs)}, {escape(told.side)}"'
    html = (
        f'<div><p class="muted">{escape(told.rule)}</p><p class="say">{told.sentence}</p>'
        f'<p class="second">{escape(told.source)}</p>{_passed(told.passed, own)}</div>'
        f'<div class="scroll" tabindex="0" role="region" {region}>'
        f'<p class="muted">{escape(own.logs)}</p>{told.logs}{_line("second", told.note)}</div>'
    )
    return mark_safe(html + (_foot(told, own) if told.after else ""))  # noqa: S308 (escaped)


def _line(kind: str, said: str) -> str:
    return f'<p class="{kind}">{escape(said)}</p>' if said else ""


def _passed(rules: Iterable[Passed], own: Words) -> str:
    rows = "".join([f"<li>× <b>{escape(r.title)}</b> {escape(r.why)}</li>" for r in rules])
    head = f'<div class="passed"><p>{escape(own.passed)}</p>'
    return f"{head}<ul>{rows}</ul></div>" if rows else ""


def _foot(told: Evidence, own: Words) -> str:
    limit = f"{escape(own.limit)} <b>{escape(told.limit)}</b>" if told.limit else ""
    said = (
        f"{escape(own.if_accepted)} <b>{escape(told.after)}</b>",
        escape(told.other_side),
        limit,
        escape(own.undo),
    )
    return f'<p class="foot">{"".join([f"<span>{each}</span>" for each in said if each])}</p>'


def people(rows: Iterable[Person]) -> SafeString:
    """Patients by name with their three numbers, each the way to their page."""
    none = gettext("no program yet")
    lines = "".join([_person(row, none) for row in rows])
    return mark_safe(f'<ul class="list people">{lines}</ul>')  # noqa: S308 (escaped)


def _person(row: Person, none: str) -> str:
    step = row.step
    where = (
        f"<b>{step}</b><small>{escape(step.dose)}</small>"
        if step
        else f"<small>{escape(none)}</small>"
    )
    tag = f'<span class="tag {escape(row.status)}">{escape(row.status_words)}</span>'
    return (
        f'<li><a class="cols" href="{escape(row.url)}">'
        f'<span class="who"><b>{escape(row.name)}</b><small>{escape(row.detail)}</small></span>'
        f'<span class="what">{where}</span>{row.numbers}<span>{tag}</span></a></li>'
    )


def ledger(made: Iterable[Made], *, undo: bool) -> SafeString:
    """Decisions, each a line that opens on its reason; `undo`: with the way to take one back."""
    word = gettext("Undo")
    items = "".join([_made(each, word if undo else "") for each in made])
    return mark_safe(f'<ul class="ledger">{items}</ul>')  # noqa: S308 (escaped)


def _made(made: Made, undo: str) -> str:
    title = escape(made.title)
    head = f"{title}: <b>{escape(made.after)}</b>" if made.after else title
    return (
        f'<li><details><summary><span class="muted">{escape(made.day_words)}</span>'
        f'<span>{head}</span></summary><div class="more"><p>{escape(made.change)}</p>'
        f'<p class="muted">{escape(made.said)}</p><p class="second">{escape(made.by)}</p></div>'
        f"</details>{_undo(made, undo, f'<span class="sr">: {title}</span>')}</li>"
    )


def _undo(made: Made, word: str, aside: str = "") -> str:
    if not (made.undo_url and word):
        return ""
    return f'<a class="link" href="{escape(made.undo_url)}">{escape(word)}{aside}</a>'


def reasons(days: Iterable[DayOfDecisions], *, undo: bool) -> SafeString:
    """What the chart's marks open: for each day what was decided, and why."""
    word = gettext("Undo") if undo else ""
    return mark_safe("".join([_day(day, word) for day in days]))  # noqa: S308 (escaped)


def _day(day: DayOfDecisions, undo: str) -> str:
    own = f'id="{escape(day.target)}" class="reason" popover aria-label="{escape(day.label)}"'
    return f"<div {own}>{'<hr>'.join([_reason(made, undo) for made in day.made])}</div>"


def _reason(made: Made, undo: str) -> str:
    before = escape(made.before)
    step = f"{before} → <b>{escape(made.after)}</b>" if made.after else before
    head = f"<h3>{escape(made.title)} <span>{escape(made.day_words)}</span></h3>"
    return f"{head}<p>{step}</p>{made.facts}{_undo(made, undo)}"
