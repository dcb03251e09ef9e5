from pathlib import Path

from config.storage import lean, whole


def test_a_lean_style_sheet_says_the_same() -> None:
    css = "/* why */\n.a > .b {\n  margin: 0 calc(1px + 2px);\n}\n.a :hover { top: 0; left: 0 }\n"
    assert lean(css) == ".a > .b{margin:0 calc(1px + 2px)}.a :hover{top:0;left:0}"


def test_a_whole_style_sheet_holds_those_it_imports_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("@layer one, two;\na { top: 0 }\n")
    (tmp_path / "b.css").write_text('@import "a.css";\nb { top: 0 }\n')
    (tmp_path / "c.css").write_text('/* c */\n@import "b.css";\nc { top: 0 }\n')
    assert whole(tmp_path / "c.css") == "@layer one,two;a{top:0}b{top:0}c{top:0}"
