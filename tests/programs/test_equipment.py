"""What an exercise needs and what a patient may own are of one list."""

from exercises import shipped
from patients.models import Equipment

NEEDED = {piece for step in shipped.steps() for piece in step["equipment"]}


def test_a_patient_can_own_whatever_a_step_of_the_ladder_needs() -> None:
    assert NEEDED - set(Equipment.values) == set()


def test_the_library_needs_and_names_whatever_a_patient_can_own() -> None:
    assert set(Equipment.values) - NEEDED == set()
    assert set(Equipment.values) - set(shipped.read("vocabulary")["equipment"]) == set()
