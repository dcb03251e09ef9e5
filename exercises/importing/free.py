"""Rows in the columns of free-exercise-db: names and instructions in English, no figure.

Its force, mechanic, category and images have no place here and are left out.
"""

import re
from collections.abc import Iterator
from typing import Any

from exercises.importing.rows import LONGEST_SLUG, Cells, Row, RowFault, opened

LISTS = ("primaryMuscles", "secondaryMuscles", "instructions")
COLUMNS = ("id", "name", "level", "equipment", *LISTS, "licence", "source")
SOURCE, LICENCE = "free-exercise-db", "Unlicense (public domain)"
LEVELS = ("beginner", "intermediate", "expert")
MUSCLES = {
    name: name.replace(" ", "_")
    for name in (
        "abdominals", "abductors", "adductors", "biceps", "calves", "chest", "forearms", "glutes",
        "hamstrings", "lats", "lower back", "middle back", "neck", "quadriceps", "shoulders",
        "traps", "triceps",
    )
}  # fmt: skip
EQUIPMENT = {
    None: [],
    "": [],
    "body only": [],
    "bands": ["band"],
    "barbell": ["barbell"],
    "cable": ["cable"],
    "dumbbell": ["dumbbell"],
    "e-z curl bar": ["curl_bar"],
    "exercise ball": ["ball"],
    "foam roll": ["foam_roller"],
    "kettlebells": ["kettlebell"],
    "machine": ["gym_machine"],
    "medicine ball": ["medicine_ball"],
    "other": ["other"],
}
RESISTING = {
    "band", "barbell", "cable", "curl_bar", "dumbbell", "gym_machine", "kettlebell",
    "medicine_ball",
}  # fmt: skip


def read_free(cells: Cells) -> Row:
    """Return the row. Raises RowFault with all that is wrong with it."""
    row = opened(cells, LISTS)
    if faults := [*_faults(row)]:
        raise RowFault(faults)
    equipment = EQUIPMENT[row["equipment"]]
    muscles = [MUSCLES[name] for name in (*row["primaryMuscles"], *row["secondaryMuscles"])]
    parts = {
        "body.en.name": row["name"].strip(),
        "body.en.steps": [_step(line) for line in row["instructions"]],
        "muscles": [*dict.fromkeys(muscles)],
        "equipment": equipment,
        "resisted": bool(RESISTING & {*equipment}),
        "level": row["level"],
        "licence": row.get("licence") or LICENCE,
        "origin": f"{row.get('source') or SOURCE}/{row['id']}",
    }
    return Row(_slug(row["id"]), parts)


def _step(line: str) -> dict[str, str]:
    """A line as it stands: which kind it is and what leads it, only a person can tell."""
    return {"kind": "movement", "lead": "", "text": line.strip()}


def _slug(key: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")


def _faults(row: dict[str, Any]) -> Iterator[str]:
    yield from _name_faults(row)
    if row.get("level") not in LEVELS:
        yield f"level: one of {', '.join(LEVELS)}"
    if not isinstance(row.get("equipment"), str | None) or row.get("equipment") not in EQUIPMENT:
        yield f"equipment: {row.get('equipment')!r} is unknown"
    for column in ("primaryMuscles", "secondaryMuscles"):
        yield from _muscle_faults(column, row.get(column))
    yield from _instruction_faults(row.get("instructions"))


def _name_faults(row: dict[str, Any]) -> Iterator[str]:
    key, name = row.get("id"), row.get("name")
    if not isinstance(key, str) or not re.fullmatch("[0-9a-zA-Z_-]+", key) or not _slug(key):
        yield "id: letters, digits, - and _ are needed"
    elif len(_slug(key)) > LONGEST_SLUG:
        yield f"id: longer than {LONGEST_SLUG}"
    if not isinstance(name, str) or not name.strip():
        yield "name: empty"
    for column, most in (("licence", 80), ("source", 100)):
        if not isinstance(row.get(column) or "", str) or len(row.get(column) or "") > most:
            yield f"{column}: a text of at most {most} letters"


def _muscle_faults(column: str, names: Any) -> Iterator[str]:
    if not isinstance(names, list):
        yield f"{column}: a list is needed"
        return
    for name in names:
        if not isinstance(name, str) or name not in MUSCLES:
            yield f"{column}: {name!r} is unknown"


def _instruction_faults(lines: Any) -> Iterator[str]:
    if not isinstance(lines, list) or not lines:
        yield "instructions: there are none"
        return
    for number, line in enumerate(lines, 1):
        if not isinstance(line, str) or not line.strip():
            yield f"instructions: line {number} is empty"
        elif len(line) > 1000:
            yield f"instructions: line {number} is longer than 1000 letters"
