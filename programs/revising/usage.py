"""How many patients a change of the library would reach."""

from accounts.models import Clinic
from accounts.scope import clinic_scope
from exercises.models import Exercise
from programs.models import PrescriptionStep, Program


def patients_using(exercise: Exercise) -> int:
    """Patients whose program is not over and has this exercise: of all clinics, as one number.

    Whoever asks edits the library, and sees no patient: the clinics' rows are open for the one
    statement that counts.
    """
    own = exercise.clinic_id
    clinics = [own] if own else list(Clinic.objects.values_list("id", flat=True))
    with clinic_scope(*clinics):
        steps = PrescriptionStep.objects.filter(revision__exercise=exercise)
        running = steps.exclude(prescription__program__status=Program.Status.ENDED)
        return running.values("prescription__program__patient").distinct().count()
