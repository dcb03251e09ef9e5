"""Drafts: what a clinician typed for a patient is kept until it is assigned or thrown away."""

import json
from collections.abc import Mapping
from copy import copy
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.http import QueryDict

from accounts import audit
from accounts.prepared import Part, fetch, made
from accounts.roles import Actor
from patients.models import Patient
from programs.models import Draft, Template
from programs.progression import load_ruleset

NOT_TYPED = {"csrfmiddlewaretoken", "preview", "rule", "save", "start_over"}
NOT_TYPED |= {"shown", "find", "look", "add", "move", "remove"}
OWN_PARTS = (Part("d", Draft), Part("t", Template, ("id", "clinic_id", "key", "version", "name")))
OWN = f"""
    select {", ".join(each.columns for each in OWN_PARTS)}
    from programs_draft d join programs_template t on t.id = d.template_id
    where d.patient_id = %(patient)s and d.by_id = %(by)s"""  # noqa: S608 (own words only)
type Told = dict[str, list[str]]


def find_draft(*, patient: Patient, by: Actor) -> Draft | None:
    """This person's own draft for the patient, with its template's name and version."""
    for row in fetch(OWN, {"patient": patient.id, "by": by.user_id}):
        draft, draft.template, _rest = made(row, *OWN_PARTS)
        found: Draft = draft
        return found
    return None


def drafted(template: Template, draft: Draft | None) -> Template:
    """The template with the draft's own plan and rules in it; never to be saved."""
    if draft is None or draft.template.key != template.key:
        return template
    made = copy(template)
    made.body = template.body if draft.body is None else draft.body
    made.ruleset = template.ruleset if draft.ruleset is None else draft.ruleset
    return made


def listed(body: Mapping[str, Any]) -> str:
    """A mark of the exercises of a plan: a page that shows others is out of date."""
    return sha256(json.dumps(body["prescriptions"], sort_keys=True).encode()).hexdigest()[:12]


def fits(told: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    """Whether the page that this was typed on showed these exercises; one without a mark did."""
    (mark,) = told.get("listed") or [""]
    return mark in ("", listed(body))


def typed(data: QueryDict) -> Told:
    """The fields of the page by name, as they were posted."""
    return {name: data.getlist(name) for name in data if name not in NOT_TYPED}


def typed_before(draft: Draft | None, template: Template, *, today: date) -> QueryDict | None:
    """What was typed for this template, as if it were posted now; a first day gone by is today."""
    if draft is None or draft.template.key != template.key or not draft.told:
        return None
    data = QueryDict(mutable=True)
    for name, values in draft.told.items():
        data.setlist(name, values)
    if data.get("start_on", "") < today.isoformat():
        data["start_on"] = today.isoformat()
    return data


@transaction.atomic
def keep_draft(
    *, patient: Patient, template: Template, told: Told, by: Actor, at: datetime
) -> bool:
    """Keep what was typed; the plan and the rules of a draft from the same template stay.

    False, and nothing is kept, where it was typed for other exercises than the draft's.
    """
    draft = own_draft(patient=patient, template=template, by=by, at=at)
    if not fits(told, draft.body or template.body):
        return False
    draft.told = told
    save_draft(draft, by=by, at=at)
    return True


def save_draft(draft: Draft, *, by: Actor, at: datetime) -> None:
    """Write it, and that it was written."""
    draft.at = at
    draft.save()
    audit.record(by=by, verb="keep_draft", patients=[draft.patient_id])


@transaction.atomic
def keep_rules(
    *, patient: Patient, template: Template, ruleset: Mapping[str, Any], by: Actor, at: datetime
) -> None:
    """Keep these rules in the draft. Raises RulesetError if they have a fault."""
    load_ruleset(ruleset)
    draft = own_draft(patient=patient, template=template, by=by, at=at)
    draft.ruleset = dict(ruleset)
    draft.told |= _approvals(draft.told, ruleset)
    save_draft(draft, by=by, at=at)


def _approvals(told: Told, ruleset: Mapping[str, Any]) -> Told:
    """Who decides each rule, as the rules now say it: beside what was typed before they changed."""
    if not told:
        return {}
    return {
        f"approval_{rule['id']}": [rule.get("approval", "auto")]
        for rule in ruleset["rules"]
        if rule["tier"] == "progress"
    }


def own_draft(*, patient: Patient, template: Template, by: Actor, at: datetime) -> Draft:
    """The draft to write to, locked; one from another template starts anew."""
    mine = Draft.objects.filter(patient=patient, by_id=by.user_id).select_related("template")
    mine = mine.select_for_update(of=("self",))
    row = mine.first()
    if row is None:
        new = Draft(clinic_id=patient.clinic_id, patient=patient, by_id=by.user_id, at=at)
        new.template_id = template.pk
        Draft.objects.bulk_create([new], ignore_conflicts=True)  # two may come at once
        row = mine.get()
    if row.template.key != template.key:
        row.told, row.body, row.ruleset = {}, None, None
    row.template_id = template.pk
    return row


@transaction.atomic
def drop_draft(*, patient: Patient, by: Actor) -> None:
    """Throw the draft away; safe where there is none."""
    if Draft.objects.filter(patient=patient, by_id=by.user_id).delete()[0]:
        audit.record(by=by, verb="drop_draft", patients=[patient.id])
