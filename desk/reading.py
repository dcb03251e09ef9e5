"""A patient's program read whole: what its page, its text and its report are made from."""

from django.utils import timezone

from desk import queries, training
from desk.patient import patient_page
from desk.presenters import PatientPage
from desk.rows import StoryRow
from desk.story import Told, names_of
from programs.calendar import local_day

RECENT, EVERYTHING = 8, 2000  # decisions
SESSIONS = 12  # rows of the table behind the chart: four weeks of three days


def read_page(found: StoryRow, most: int, *, clinician: bool) -> tuple[Told, PatientPage, int]:
    """The program's rows, the page with its newest `most` decisions, and how many there were."""
    program, steps = found.program, found.steps
    sessions = training.sessions_of(program)
    told = Told(
        program=program,
        closed=found.closed,
        steps=steps,
        doses=queries.doses_of(program),
        sessions=[training.in_short(each) for each in sessions],
        names=names_of(steps),
        today=local_day(timezone.now(), program.patient.time_zone),
        phases=found.phases,
    )
    decisions = queries.decisions_of(program, told.doses, most)
    shown = training.shown_of(sessions, decisions, max(most, SESSIONS))
    page = patient_page(
        told, decisions, shown, found.flags, joined=found.joined, clinician=clinician
    )
    return told, page, len(decisions)
