"""A clinic keeps templates of its own: saved in versions, renamed, retired and brought back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.ids import uuid7
from accounts.models import Clinic
from accounts.roles import Actor
from patients.models import Patient
from programs.models import Template
from programs.prescribing.plan import ladders_of, load_sources, unchanged
from programs.prescribing.rules import check_with_ladders
from programs.templating.keeping import Kept, phases_of

MOST_PHASES = 5  # after the first

type Name = Mapping[str, str]  # by language


class NotKept(Exception):
    """The template can't be kept so; nothing was changed. `field` is the field's, if any."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message, self.field = message, field


@transaction.atomic
def save_template(
    *, name: Name, kept: Kept, by: Actor, at: datetime, follows: str = ""
) -> Template:
    """Keep this as a template of the clinic: a new one, or the next version of `follows`, a key.

    No name: that of the version before. The same again changes nothing; the next version of a
    retired one is offered again. Raises NotKept, and RulesetError if the rules have faults or pass
    a limit of the clinic.
    """
    clinic = _lock(by)
    _check(kept, clinic, at)
    own = {each.key: each for each in Template.objects.filter(clinic=clinic).newest()}
    before = own.get(follows)
    if follows and before is None:
        raise NotKept(_("Your clinic has no such template."), "follows")
    wanted = dict(name) or (before.name if before else {})
    same = before or next((each for each in own.values() if _alike(each.name, wanted)), None)
    if same and (same.name, same.body, same.ruleset) == (wanted, kept.body, kept.ruleset):
        return same
    _check_name(wanted, [each for each in own.values() if each is not before])
    return _add(Template(body=kept.body, ruleset=kept.ruleset), before, wanted, by, at)


@transaction.atomic
def rename_template(*, template: Template, name: Name, by: Actor, at: datetime) -> Template:
    """The next version of the template, under another name. The same name changes nothing."""
    clinic = _lock(by)
    before = _newest(template)
    if before.name == name:
        return before
    _check_name(name, Template.objects.filter(clinic=clinic).exclude(key=before.key).newest())
    made = Template(body=before.body, ruleset=before.ruleset, retired_at=before.retired_at)
    return _add(made, before, name, by, at)


@transaction.atomic
def retire_template(*, template: Template, by: Actor, at: datetime) -> bool:
    """Offer it no more; the programs made from it go on. True if it was offered."""
    return _offer(template, at, "retire_template", by)


@transaction.atomic
def bring_back_template(*, template: Template, by: Actor) -> bool:
    """Offer it again. True if it was retired."""
    return _offer(template, None, "bring_back_template", by)


@transaction.atomic
def add_phase(*, template: Template, other: Template, by: Actor, at: datetime) -> Template:
    """The next version, which goes on with what `other` has: its phases, by this one's rules.

    Raises NotKept where there is a newer version, and RulesetError as save_template does.
    """
    after = {
        "name": other.name,
        "weeks": other.body["weeks"],
        "prescriptions": other.body["prescriptions"],
    }
    more = [after, *other.body.get("phases", ())]
    return _go_on(template, [*template.body.get("phases", ()), *more], by, at)


@transaction.atomic
def drop_phase(*, template: Template, by: Actor, at: datetime) -> Template:
    """The next version, without the last phase. Raises NotKept as add_phase does."""
    return _go_on(template, template.body.get("phases", ())[:-1], by, at)


def _go_on(
    template: Template, phases: Sequence[dict[str, Any]], by: Actor, at: datetime
) -> Template:
    clinic = _lock(by)
    if _newest(template).id != template.id:
        raise NotKept(_("There is a newer version. Nothing was changed; look again."))
    if len(phases) > MOST_PHASES:
        raise NotKept(_("A program has six phases at most."))
    body = {name: value for name, value in template.body.items() if name != "phases"}
    if phases:
        body["phases"] = list(phases)
    if body == template.body:
        return template
    _check(Kept(body, template.ruleset), clinic, at)
    made = Template(body=body, ruleset=template.ruleset, retired_at=template.retired_at)
    return _add(made, template, template.name, by, at)


def _lock(by: Actor) -> Clinic:
    """One at a time in a clinic: names and versions are looked at before they are given."""
    return Clinic.objects.select_for_update(no_key=True).get(pk=by.clinic_id)


def _newest(template: Template) -> Template:
    return Template.objects.filter(clinic=template.clinic_id, key=template.key).latest("version")


def _check(kept: Kept, clinic: Clinic, at: datetime) -> None:
    """What assigning it would check, but for what only a patient can tell."""
    first = Template(body=kept.body, ruleset=kept.ruleset)
    for source in load_sources([first, *phases_of(first)]):
        if not source.exercises:
            raise NotKept(_("A template needs an exercise. Add one first."))
        if any(each.start not in each.ticked for each in source.exercises):
            raise NotKept(_("The first step must be one of the ticked steps."))
        ladders = ladders_of(source, unchanged(source, start_on=at.date()))
        check_with_ladders(source.rules, ladders, Patient(clinic=clinic))


def _check_name(name: Name, others: Iterable[Template]) -> None:
    if not name:
        raise NotKept(_("Give the template a name."), "name")
    if any(_alike(each.name, name) for each in others):
        raise NotKept(_("Your clinic has another template of this name."), "name")


def _alike(one: Name, other: Name) -> bool:
    return bool({each.casefold() for each in one.values()} & {e.casefold() for e in other.values()})


def _add(made: Template, before: Template | None, name: Name, by: Actor, at: datetime) -> Template:
    made.clinic_id, made.name, made.by_id, made.at = by.clinic_id, dict(name), by.user_id, at
    made.key = before.key if before else f"own-{uuid7().hex[-12:]}"
    made.version = before.version + 1 if before else 1
    made.save(force_insert=True)
    audit.record(by=by, verb="save_template")
    return made


def _offer(template: Template, retired_at: datetime | None, verb: str, by: Actor) -> bool:
    _lock(by)
    row = _newest(template)
    if bool(row.retired_at) == bool(retired_at):
        return False
    row.retired_at = retired_at
    row.save(update_fields=["retired_at"])
    audit.record(by=by, verb=verb)
    return True
