from desk.queue import KINDS
from programs import queue_database
from programs.models import QueueCount, Signal


def test_the_queue_has_words_for_every_kind_of_signal() -> None:
    assert list(KINDS) == Signal.Kind.values


def test_the_database_ranks_and_counts_the_same_kinds() -> None:
    counted = [field.name for field in QueueCount._meta.fields]
    assert list(queue_database.KINDS) == Signal.Kind.values
    assert set(Signal.Kind.values) <= set(counted)
