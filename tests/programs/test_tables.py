"""Tables and facts as markup."""

from programs.tables import Row, facts, table


def test_a_rows_first_cell_is_its_head() -> None:
    made = table("numbers", ["day", "reps"], [Row("Mon", ("12",))])
    assert '<th scope="row">Mon</th><td>12</td>' in made
    assert made.startswith('<table class="numbers"><thead><tr><th scope="col">day</th>')


def test_a_marked_row_says_why_to_those_who_listen() -> None:
    made = table("numbers", ["day"], [Row("Mon", (), "fired", "counted")])
    assert '<tr class="fired"><th scope="row">Mon<span class="sr">, counted</span></th>' in made


def test_a_table_without_rows_says_so() -> None:
    made = table("numbers", ["day", "reps"], [], empty="Nothing yet.")
    assert '<td colspan="2" class="words">Nothing yet.</td>' in made


def test_every_word_is_escaped() -> None:
    made = table("x", ["<a>"], [Row("<b>", ("<c>",), aside="<d>")], empty="<e>")
    made += facts([("<f>", "<g>")])
    assert not any(f"<{letter}>" in made for letter in "abcdefg")
    assert made.count("&lt;") == 6
