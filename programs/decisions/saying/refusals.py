"""Why a clinician's word changed nothing, in words."""

from django.utils.translation import gettext, gettext_lazy

from programs.decisions.answering import Answered, Stale
from programs.models import Answer

STALE = {
    "locked": gettext_lazy("The program is locked after a warning sign. Nothing was changed."),
    "paused": gettext_lazy("The program is paused. Nothing was changed."),
    "ended": gettext_lazy("The program has ended. Nothing was changed."),
    "new_fact": gettext_lazy("Something newer was logged since. Nothing was changed; look again."),
    "dose_changed": gettext_lazy("The dose has changed since. Nothing was changed; look again."),
    "resisted_date": gettext_lazy("Resisted steps are not allowed yet. Nothing was changed."),
    "clinic_limit": gettext_lazy(
        "The load would rise by more than your clinic now allows. Nothing was changed; "
        "give a smaller one by hand."
    ),
    "phase_over": gettext_lazy("This exercise’s phase is over. Nothing was changed."),
    "newer_decision": gettext_lazy("There is a newer decision. Nothing was changed; look again."),
}


def why_nothing(error: Stale | Answered) -> str:
    """What is newer, or who was faster."""
    if isinstance(error, Stale):
        return str(STALE.get(error.reason, STALE["newer_decision"]))
    answer = error.answer
    if answer.kind == Answer.Kind.SUPERSEDED or answer.by is None:
        return str(STALE["new_fact"])
    told = {"name": answer.by.name, "answer": answer.get_kind_display()}
    return gettext("%(name)s was faster: %(answer)s.") % told
