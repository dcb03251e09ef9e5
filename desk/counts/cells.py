"""Counts of a month, and which of them tell too much of one patient. Standard library only."""

from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any, NamedTuple

type Who = tuple[str, str]  # a name, and an id that tells apart two of the same name
SMALL = 5  # patients; of fewer only that there are some is said


class Counts(NamedTuple):
    """What was counted over some programs in a month; the sessions' highest pains, each one.

    `whom`: the patients, each one once. `hours`: from each answered proposal to its answer.
    """

    whom: frozenset[Any] = frozenset()
    due: int = 0
    done: int = 0
    pains: tuple[int, ...] = ()
    raised: int = 0
    lowered: int = 0
    hours: tuple[float, ...] = ()

    @property
    def patients(self) -> int:
        return len(self.whom)

    @property
    def adherence(self) -> int | None:
        """Percent of due sessions that were done."""
        return round(100 * self.done / self.due) if self.due else None

    @property
    def pain(self) -> float | None:
        return median(self.pains) if self.pains else None

    @property
    def highest(self) -> int | None:
        return max(self.pains, default=None)

    @property
    def answered_after(self) -> float | None:
        """Half of the proposals were answered within so many hours."""
        return round(median(self.hours), 1) if self.hours else None


def summed(of: Iterable[Counts]) -> Counts:
    """Several together; a patient of several of them is one."""
    rows = list(of)
    return Counts(
        whom=frozenset().union(*(each.whom for each in rows)),
        due=sum(each.due for each in rows),
        done=sum(each.done for each in rows),
        pains=tuple(pain for each in rows for pain in each.pains),
        raised=sum(each.raised for each in rows),
        lowered=sum(each.lowered for each in rows),
        hours=tuple(hours for each in rows for hours in each.hours),
    )


def hidden(month: Mapping[Who, Counts]) -> set[Who]:
    """Whose rows of a month are left out: small ones, and what would give them away.

    Who knows the total and all rows but one knows that one. So further rows go, the smallest first,
    until what is left out is at least two rows and as many patients as a row must have.
    """
    by_size = sorted(month, key=lambda who: (month[who].patients, who))
    gone = {who for who in by_size if month[who].patients < SMALL}
    for who in by_size:
        few = len(gone) < 2 or summed(month[each] for each in gone).patients < SMALL
        if gone and few:
            gone.add(who)
    return gone
