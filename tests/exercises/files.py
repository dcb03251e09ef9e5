"""Small files of exercises in the columns of free-exercise-db."""

import json
from pathlib import Path
from typing import Any

AIR_BIKE: dict[str, Any] = {
    "name": "Air Bike",
    "force": "pull",
    "level": "beginner",
    "mechanic": "compound",
    "equipment": "body only",
    "primaryMuscles": ["abdominals"],
    "secondaryMuscles": ["glutes"],
    "instructions": ["Lie flat on the floor.", "Pedal slowly."],
    "category": "strength",
    "images": ["Air_Bike/0.jpg"],
    "id": "Air_Bike",
}


def an_exercise(key: str = "Air_Bike", **changes: Any) -> dict[str, Any]:
    return AIR_BIKE | {"id": key} | changes


def data_of(*rows: Any) -> bytes:
    return json.dumps(rows or [AIR_BIKE]).encode()


def a_file(folder: Path, *rows: Any) -> str:
    path = folder / "exercises.json"
    path.write_bytes(data_of(*rows))
    return str(path)
