from desk.queue import KINDS
from programs.models import Signal


def test_the_queue_has_words_for_every_kind_of_signal() -> None:
    assert list(KINDS) == Signal.Kind.values
