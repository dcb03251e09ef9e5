import time, statistics, cProfile, pstats
import pytest
from tests.programs.people import *
from programs.models import *
pytestmark = pytest.mark.django_db
def med(f, n=60):
    xs=[]
    for _ in range(n):
        t=time.process_time(); f(); xs.append((time.process_time()-t)*1000)
    return round(statistics.median(xs),2)
def test_t(now):
    maya = make_person(now)
    later = maya.train_for(now, 12)
    from programs.decisions import changes as c, progress as pr, reading as r
    from programs.decisions.presenters import sentences_of
    from datetime import timedelta
    pid = maya.program.id
    today = later.date()
    with maya.scope():
        p = Program.objects.select_related("patient__clinic").get(id=pid)
        print("changes", med(lambda: c.load_changes(pid, since=later-timedelta(days=29))))
        print("told", med(lambda: r.load_told(pid, 60)))
        print("doses", med(lambda: list(DoseVersion.objects.filter(prescription__program=p).order_by("prescription__position", "side", "number"))))
        j = pr.read_journey(p, today, everything=False)
        print("context", med(lambda: pr.progress_context(j)), "n", len(j.changes))
        print("sentence", med(lambda: sentences_of(j.changes[0])))
        from django.template.loader import render_to_string
        ctx = {"tab": "progress", "progress": pr.progress_context(j)}
        print("render", med(lambda: render_to_string("programs/decisions/progress.html", ctx)))
        pf = cProfile.Profile(); pf.enable()
        for _ in range(50): c.load_changes(pid, since=later-timedelta(days=29))
        pf.disable(); pstats.Stats(pf).sort_stats("tottime").print_stats(14)
