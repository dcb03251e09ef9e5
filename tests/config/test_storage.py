from pathlib import Path

from django.contrib.staticfiles import finders

from config.storage import WholeSheets, lean, whole


def test_a_lean_style_sheet_says_the_same() -> None:
    css = "/* why */\n.a > .b {\n  margin: 0 calc(1px + 2px);\n}\n.a :hover { top: 0; left: 0 }\n"
    assert lean(css) == ".a > .b{margin:0 calc(1px + 2px)}.a :hover{top:0;left:0}"


def test_a_whole_style_sheet_holds_those_it_imports_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("@layer one, two;\na { top: 0 }\n")
    (tmp_path / "b.css").write_text('@import "a.css";\nb { top: 0 }\n')
    (tmp_path / "c.css").write_text('/* c */\n@import "b.css";\nc { top: 0 }\n')
    assert lean(whole(tmp_path / "c.css")) == "@layer one,two;a{top:0}b{top:0}c{top:0}"


def test_a_sheet_is_found_whole_where_nothing_was_collected() -> None:
    found = finders.find("css/player.css")
    assert isinstance(found, str)
    assert "@import" not in Path(found).read_text()
    assert ".stepper" in Path(found).read_text()


def test_a_finder_of_sheets_finds_nothing_else() -> None:
    assert not WholeSheets().find("js/desk.js")
    assert not WholeSheets().find("css/none.css")
    assert not WholeSheets().find("css/../js/desk.js")
