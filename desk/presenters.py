"""What the desk's pages show, ready to print: words are translated, numbers have their unit."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class Cell:
    """A number that justifies, its unit beneath, and a tone (bad, caution or none)."""

    value: str
    unit: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A place on the ladder: its name and, for bands, the colour that stands beside it."""

    name: str
    dose: str
    band: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """One action of a row. With post the url takes a form, else it is a link."""

    label: str
    url: str
    post: bool = False
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a rule sentence; a fact is a number or condition that the rule compares."""

    text: str
    fact: bool = False


@dataclass(frozen=True, slots=True)
class Passed:
    """A rule that also fired, and why it did not win."""

    title: str
    why: str


@dataclass(frozen=True, slots=True)
class LogRow:
    """One session of one side; - where nothing was said. fired: the decision rests on it."""

    day: date
    reps: str
    during: str
    after: str
    morning: str
    effort: str
    fired: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a decision was made or is proposed, and what follows if it is accepted."""

    rule: str
    sentence: tuple[Part, ...]
    source: str
    passed: tuple[Passed, ...]
    side: str
    logs: tuple[LogRow, ...]
    note: str
    after: str
    other_side: str
    limit: str


@dataclass(frozen=True, slots=True)
class Row:
    """A patient who needs a decision. kind: locked, flare, ready, stuck or silent."""

    key: str
    kind: str
    name: str
    url: str
    detail: str
    step: Step
    numbers: tuple[Cell, ...]
    spark: SafeString
    change_from: str
    change_to: str
    change_band: str
    note: str
    button: Button
    refuse: Button | None
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class Group:
    kind: str
    label: str
    meaning: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A patient of the caseload with the three numbers."""

    name: str
    url: str
    detail: str
    status: str
    status_words: str
    step: Step | None
    adherence: Cell
    pain: Cell
    last: Cell


@dataclass(frozen=True, slots=True)
class People:
    """A page of the caseload, by name."""

    rows: tuple[Person, ...]
    total: int
    next_url: str
    searched: str


@dataclass(frozen=True, slots=True)
class Caseload:
    today: date
    waiting: int
    oldest: str
    tabs: tuple[Tab, ...]
    groups: tuple[Group, ...]
    people: People


@dataclass(frozen=True, slots=True)
class Made:
    """A decision that was made: by a rule, or by a person."""

    key: str
    day: date
    kind: str
    title: str
    before: str
    after: str
    by: str
    reason: str
    logs: str
    also: str
    undo_url: str
    told: str


@dataclass(frozen=True, slots=True)
class DayOfDecisions:
    """One marker of the chart: what was decided that day, as one popover."""

    target: str
    label: str
    made: tuple[Made, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A step that a rule asks for: accept or refuse. seen is the last fact it was made from."""

    key: str
    before: str
    after: str
    evidence: Evidence
    accept_url: str
    refuse_url: str


@dataclass(frozen=True, slots=True)
class Lock:
    since: datetime
    told: tuple[str, ...]
    patient_phone: str
    clear_url: str


@dataclass(frozen=True, slots=True)
class Dose:
    """The dose of one side, and where its change is posted."""

    side: str
    side_words: str
    step: Step
    change_url: str


@dataclass(frozen=True, slots=True)
class Card:
    """The program beside the chart."""

    title: str
    figure: SafeString
    doses: tuple[Dose, ...]
    tempo: str
    days: str
    status: str
    status_words: str
    pause_url: str
    resume_url: str
    end_url: str


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A row of the numbers behind the chart."""

    day: date
    state: str
    side: str
    reps: str
    during: str
    after: str
    morning: str
    effort: str


@dataclass(frozen=True, slots=True)
class PatientPage:
    patient_id: str
    name: str
    detail: str
    contact: tuple[tuple[str, str], ...]
    invite_url: str
    prescribe_url: str
    card: Card | None
    lock: Lock | None
    proposals: tuple[Proposal, ...]
    chart: SafeString
    marks: SafeString
    days: tuple[DayOfDecisions, ...]
    made: tuple[Made, ...]
    sessions: tuple[SessionRow, ...]
