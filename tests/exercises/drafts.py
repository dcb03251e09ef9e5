"""A draft as the editor's form posts it."""

from typing import Any

from django.http import QueryDict

from exercises.forms import RevisionForm
from exercises.models import Revision


def posted(revision: Revision, **changes: Any) -> dict[str, Any]:
    """What the browser would post for this draft, as its page stands."""
    form = RevisionForm(instance=revision)
    sent = {bound.html_name: bound.value() for bound in form}
    sent["exercise"] = str(revision.exercise_id)  # an id as a browser sends it
    sent["beside"] = ",".join(revision.beside)
    for row in (form.steps.management_form, *form.steps):
        sent |= {bound.html_name: bound.value() for bound in row}
    return {name: value for name, value in (sent | changes).items() if value not in (None, False)}


def form_of(revision: Revision, **changes: Any) -> RevisionForm:
    """The form of this draft, posted."""
    data = QueryDict(mutable=True)
    for name, value in posted(revision, **changes).items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return RevisionForm(data, instance=revision)
