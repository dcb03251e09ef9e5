"""What the desk's pages show, ready to print: words are translated, numbers have their unit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import escape
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

KEPT = 4096  # addresses kept a process


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

    def __str__(self) -> SafeString:
        swatch = f'<i class="swatch {self.band}"></i> ' if self.band else ""
        return mark_safe(f"{swatch}{escape(self.name)}")  # noqa: S308 (escaped)


def columns(cells: Iterable[Cell]) -> SafeString:
    """The numbers of a row beside each other."""
    return mark_safe("".join(map(_column, cells)))  # noqa: S308 (each is escaped)


def _column(cell: Cell) -> str:
    tone = f' class="{cell.tone}"' if cell.tone else ""
    value, unit = escape(cell.value), escape(cell.unit)
    return f'<span class="n"><b{tone}>{value}</b><small>{unit}</small></span>'


@lru_cache(maxsize=KEPT)
def address(view: str, key: UUID | str) -> str:
    """Where a row's page or its answer is; looked up once a process."""
    return reverse(view, args=[key])


@dataclass(frozen=True, slots=True)
class Passed:
    """A rule that also fired, and why it did not win."""

    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a decision was made or is proposed, and what follows if it is accepted."""

    rule: str
    sentence: SafeString
    source: str
    passed: tuple[Passed, ...]
    side: str
    logs: SafeString
    note: str
    after: str
    other_side: str
    limit: str


@dataclass(frozen=True, slots=True)
class Shift:
    """What changes or changed: from, to with its band's colour, and the line beneath."""

    before: str
    after: str
    band: str
    note: str

    def __str__(self) -> SafeString:
        after = f" → {Step(self.after, '', self.band)}" if self.after else ""
        return mark_safe(f"{escape(self.before)}{after}")  # noqa: S308 (escaped)


@dataclass(frozen=True, slots=True)
class Row:
    """A patient who needs a decision; kind: as programs.models.Signal.Kind."""

    key: str
    kind: str
    name: str
    url: str
    detail: str
    step: Step
    numbers: SafeString
    spark: SafeString
    change: Shift
    open_words: str
    accept_url: str
    refuse_url: str
    adjust_url: str
    skip_url: str
    message_url: str
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class Group:
    """A kind with its rows on this page; `count`: how many the queue has of it in all."""

    kind: str
    label: str
    meaning: str
    count: int
    rows: tuple[Row, ...]
    lines: SafeString


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
    numbers: SafeString


@dataclass(frozen=True, slots=True)
class People:
    """A page of the caseload, by name; `lines`: its rows as markup.

    `last`: the id of the last patient, where more follow.
    """

    rows: tuple[Person, ...]
    lines: SafeString
    next_url: str
    last: str
    searched: str


@dataclass(frozen=True, slots=True)
class Caseload:
    today: date
    waiting: int
    oldest: str
    tabs: tuple[Tab, ...]
    choices: tuple[Tab, ...]
    groups: tuple[Group, ...]
    next_url: str
    accepts: bool
    nobody: bool


@dataclass(frozen=True, slots=True)
class Made:
    """A decision that was made: by a rule, or by a person. `by` also says who was told.

    `run` names the side of a proposal that something newer overtook; else it is empty.
    """

    key: str
    day: date
    day_words: str
    kind: str
    title: str
    before: str
    after: str
    by: str
    reason: str
    said: str
    facts: SafeString
    undo_url: str
    run: str = ""

    @property
    def change(self) -> str:
        return f"{self.before} → {self.after}" if self.after else self.before


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
    evidence: SafeString
    accept_url: str
    refuse_url: str


@dataclass(frozen=True, slots=True)
class Lock:
    since: str
    title: str
    lead: str
    told: tuple[str, ...]
    patient_phone: str
    clear_url: str


@dataclass(frozen=True, slots=True)
class Dose:
    """The dose of one side, and where its change is posted."""

    side: str
    side_words: str
    side_name: str
    step: Step
    change_url: str


@dataclass(frozen=True, slots=True)
class PhaseCard:
    """Where a program of several phases stands, and what a clinician may start next."""

    words: str
    over: str
    next: str
    start_url: str


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
    discharge_url: str
    phase: PhaseCard | None


@dataclass(frozen=True, slots=True)
class PatientPage:
    patient_id: str
    name: str
    detail: str
    contact: SafeString
    resisted_url: str
    invite_url: str
    prescribe_url: str
    handout_url: str
    enter_url: str
    card: Card | None
    lock: Lock | None
    proposals: tuple[Proposal, ...]
    chart: SafeString
    marks: SafeString
    reasons: SafeString
    made: tuple[Made, ...]
    ledger: SafeString
    numbers: SafeString
    more: bool
