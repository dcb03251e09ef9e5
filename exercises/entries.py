"""What the library's search looks through: a row beside each revision, in folded letters.

The table has no row security on purpose: an index on words can't be used behind it. The search
names the clinics in scope itself, and reads only which revisions match; these are then looked up
where the policy stands. A trigger keeps `state` and `newest` as the revisions are.
"""

from functools import reduce
from operator import add

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models

from exercises.worked_out import WorkedOut

STEMMING = ("english", "spanish", "simple")


def _lexemes(column: str) -> WorkedOut:
    """What the column says by every way of stemming; where it says so is left out."""
    parts = [SearchVector(column, config=config) for config in STEMMING]
    vector = SearchVectorField()
    return WorkedOut(
        expression=models.Func(reduce(add, parts), function="strip", output_field=vector),
        output_field=vector,
        db_persist=True,
    )


class SearchEntry(models.Model):
    """`title`: its names in both languages; `names`: its muscles too; `words`: all that it says.

    `facts` are as the search asks for them ("level:expert"). The rest is copied, so that nothing
    but this row is read to know whether it is found, and where in the list it comes.
    """

    revision = models.OneToOneField(
        "exercises.Revision", models.CASCADE, primary_key=True, related_name="+"
    )
    exercise = models.ForeignKey("exercises.Exercise", models.CASCADE, related_name="+")
    clinic = models.ForeignKey("accounts.Clinic", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=9)
    newest = models.BooleanField(default=True)
    facts = ArrayField(models.CharField(max_length=40), default=list)
    title = models.TextField()
    names = models.TextField()
    words = models.TextField()
    named = _lexemes("names")
    said = _lexemes("words")

    class Meta:
        indexes = [
            GinIndex(fields=["named"], name="search_by_names"),
            GinIndex(fields=["said"], name="search_by_words"),
            GinIndex(fields=["facts"], name="search_by_facts"),
        ]

    def __str__(self) -> str:
        return self.title


class SearchWord(models.Model):
    """Each word that an entry ever had, to know what a slip of the keys was meant to be."""

    word = models.CharField(max_length=40, primary_key=True)

    class Meta:
        indexes = [
            GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="search_by_likeness"),
        ]

    def __str__(self) -> str:
        return self.word
