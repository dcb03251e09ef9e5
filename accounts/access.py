"""The policy: who may open which page. One table, enforced for every request; no row, no entry.

The table decides by role. Which *objects* a person sees is decided by the querysets'
`visible_to`: another clinic's object is not found, one of the same clinic is refused.
"""

from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404

from accounts.roles import LIBRARY_ROLES, Actor, Role


class VisibleRows[M: Model](Protocol):
    """A queryset (or its manager) that knows what an actor may see."""

    def visible_to(self, actor: Actor) -> QuerySet[M]: ...

    def filter(self, *args: Any, **kwargs: Any) -> QuerySet[M]: ...


ANYONE = frozenset[str]({"anyone"})
SIGNED_IN = frozenset[str](Role)
PATIENT = frozenset[str]({Role.PATIENT})
CLINICIAN = frozenset[str]({Role.CLINICIAN})
TREATING = frozenset[str]({Role.CLINICIAN, Role.ASSISTANT})
OWNER = frozenset[str]({Role.OWNER})
LIBRARY = frozenset[str](LIBRARY_ROLES)

POLICY: dict[str, frozenset[str]] = {
    # the way in
    "home": ANYONE,
    "healthz": ANYONE,
    "readyz": ANYONE,
    "metrics": ANYONE,  # who holds its token
    "language": ANYONE,
    "account_login": ANYONE,
    "account_logout": ANYONE,
    "account_request_login_code": ANYONE,
    "account_confirm_login_code": ANYONE,
    "account_reset_password": ANYONE,
    "account_reset_password_done": ANYONE,
    "account_reset_password_from_key": ANYONE,
    "account_reset_password_from_key_done": ANYONE,
    "account_inactive": ANYONE,
    "account_signup": ANYONE,
    "patients:acting-choose": SIGNED_IN,
    # the demo's own pages, which exist nowhere else
    "demo-people": ANYONE,
    "demo-enter": ANYONE,
    "demo-inbox": ANYONE,
    # the public library
    "exercises:exercise-list": ANYONE,
    "exercises:exercise-detail": ANYONE,
    "exercises:exercise-picture": ANYONE,
    "exercises:exercise-tile": ANYONE,
    "exercises:library-picture": ANYONE,
    "robots": ANYONE,
    "sitemap": ANYONE,
    # a clinic's own pictures, of that clinic's people
    "exercises:own-picture": SIGNED_IN,
    # the patient's phone
    "programs:worker": ANYONE,
    "programs:shell": ANYONE,
    "programs:help": ANYONE,
    "programs:picture": ANYONE,
    "programs:manifest": ANYONE,
    "patients:invitation-open": ANYONE,
    "patients:invitation-accept": ANYONE,
    "members:join": ANYONE,
    "patients:settings": PATIENT,
    "patients:settings-unit": PATIENT,
    "patients:settings-equipment": PATIENT,
    "patients:settings-place": PATIENT,
    "reminders:preferences": PATIENT,
    "reminders:device": PATIENT,
    "feed:settings": PATIENT,
    "programs:leave": PATIENT,
    "mydata:data": PATIENT,
    "mydata:page": PATIENT,
    "mydata:tables": PATIENT,
    "mydata:json": PATIENT,
    "programs:today": PATIENT,
    "programs:not-today": PATIENT,
    "programs:install-dismiss": PATIENT,
    "programs:session-start": PATIENT,
    "programs:session-detail": PATIENT,
    "programs:set-log": PATIENT,
    "programs:pain-report": PATIENT,
    "programs:session-finish": PATIENT,
    "programs:session-hurts": PATIENT,
    "programs:stop": PATIENT,
    "programs:check-in": PATIENT,
    "programs:session-question": PATIENT,
    "programs:usual-pain": PATIENT,
    "programs:past-list": PATIENT,
    "programs:past-log": PATIENT,
    "programs:session-record": PATIENT,
    "programs:session-note": PATIENT,
    "programs:set-correct": PATIENT,
    "programs:set-note": PATIENT,
    "programs:progress": PATIENT,
    "programs:decision-detail": PATIENT,
    "programs:messages": PATIENT,
    "programs:outcomes": PATIENT,
    # the desk
    "desk:caseload": TREATING,
    "desk:patient-list": TREATING,
    "desk:patient-detail": TREATING,
    "desk:patient-text": TREATING,
    "report:print": TREATING,
    "monitoring:page": TREATING,
    "monitoring:episode": TREATING,
    "monitoring:timer": TREATING,
    "monitoring:time": TREATING,
    "monitoring:contact": TREATING,
    "monitoring:report": TREATING,
    "handout:print": TREATING,
    "handout:home": TREATING,
    "handout:enter": TREATING,
    "handout:open": PATIENT | TREATING,
    "patients:away": CLINICIAN,
    "patients:patient-create": CLINICIAN,
    "patients:patient-invite": TREATING,
    "patients:patient-cover": CLINICIAN,
    "programs:patient-messages": TREATING,
    "programs:patient-outcomes": TREATING,
    "programs:patient-team": TREATING,
    "reminders:patient": TREATING,
    "reminders:digest": CLINICIAN,
    "programs:program-assign": CLINICIAN,
    "programs:program-fan": CLINICIAN,
    "programs:program-exercises": CLINICIAN,
    "programs:program-rule": CLINICIAN,
    "programs:template-save": CLINICIAN,
    "programs:template-list": CLINICIAN,
    "programs:template-detail": CLINICIAN,
    "programs:phase-start": CLINICIAN,
    "programs:program-pause": CLINICIAN,
    "programs:program-resume": CLINICIAN,
    "programs:program-end": CLINICIAN,
    "programs:program-discharge": CLINICIAN,
    "programs:program-clear": CLINICIAN,
    "programs:finding-enter": CLINICIAN,
    "programs:resisted-date": CLINICIAN,
    "programs:dose-change": TREATING,
    "programs:decision-accept": CLINICIAN,
    "programs:decision-refuse": CLINICIAN,
    "programs:decisions-accept": CLINICIAN,
    "programs:signal-skip": TREATING,
    "programs:revision-compare": TREATING,
    "programs:revision-accept": CLINICIAN,
    "programs:decision-undo": CLINICIAN,
    # the owner's pages
    "programs:clinic-limits": OWNER,
    "members:people": OWNER,
    "counts:page": OWNER,
    "counts:file": OWNER,
    # the links in messages
    "reminders:occurrence-open": PATIENT | TREATING | OWNER,
    "reminders:later": ANYONE,
    "reminders:stop": ANYONE,
    # what providers tell back: their signature is the permission
    "hooks:text-answer": ANYONE,
    "hooks:text-status": ANYONE,
    "hooks:mail-event": ANYONE,
    "feed:file": ANYONE,
    # the API: the same people as the pages
    "api:schema": SIGNED_IN,
    "api:docs": SIGNED_IN,
    "api:program-list": PATIENT | TREATING,
    "api:program-detail": PATIENT | TREATING,
    "api:session-start": PATIENT,
    "api:session-detail": PATIENT | TREATING,
    "api:set-log": PATIENT,
    "api:pain-report": PATIENT,
    "api:session-finish": PATIENT,
}
# The library's editor is the Django admin: every one of its pages has the same answer.
PREFIXES: dict[str, frozenset[str]] = {"admin:": LIBRARY}
# Who has several to act for and hasn't chosen is asked, except where the link itself chooses.
CHOOSES = frozenset({"reminders:occurrence-open"})


def allowed(view_name: str) -> frozenset[str]:
    """Return who may open the view; an unlisted view is nobody's."""
    for prefix, roles in PREFIXES.items():
        if view_name.startswith(prefix):
            return roles
    return POLICY.get(view_name, frozenset())


def find_visible[M: Model](rows: "VisibleRows[M]", actor: Actor, **lookup: Any) -> M:
    """Return the one row that the actor may see; `lookup` names it by what is unique.

    Raises PermissionDenied for a row of the actor's own clinic that isn't theirs, and Http404 for
    everything else: of another clinic's row one does not even learn that it exists.
    """
    for found in rows.visible_to(actor).filter(**lookup):
        return found
    if rows.filter(clinic_id=actor.clinic_id, **lookup).exists():
        raise PermissionDenied
    raise Http404
