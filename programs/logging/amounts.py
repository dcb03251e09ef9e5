"""How much is prescribed, as the patient reads it: legs that do the same are said together."""

from django.utils.translation import gettext as _

from programs.logging.plan import PlannedExercise, PlannedSide
from programs.wording import side_words


def by_step(exercise: PlannedExercise) -> list[list[PlannedSide]]:
    """The legs that stand on one step together: two steps are two things to do, and to have."""
    found: dict[int, list[PlannedSide]] = {}
    for each in exercise.sides:
        found.setdefault(each.step.position, []).append(each)
    return list(found.values())


def dose_label(legs: list[PlannedSide]) -> str:
    if len({_amount(each) for each in legs}) > 1:
        return ". ".join(f"{side_words(e.side).capitalize()}: {_amount(e)}" for e in legs)
    side = side_words("each" if len(legs) > 1 else legs[0].side)
    return f"{_amount(legs[0])}, {side}"


def _amount(planned: PlannedSide) -> str:
    """3 sets of 8; where they differ, each: 4 sets: 10, 6, 6+, 6+."""
    each = [f"{aim.reps}+" if aim.max_reps else str(aim.reps) for aim in planned.aims]
    if len(set(each)) == 1:
        return _("%(sets)s sets of %(reps)s") % {"sets": len(each), "reps": each[0]}
    return _("%(sets)s sets: %(reps)s") % {"sets": len(each), "reps": ", ".join(each)}
