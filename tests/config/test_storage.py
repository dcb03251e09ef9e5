import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders

from config.storage import WholeSheets, lean

IMPORTED = re.compile(r"""\bfrom\s*["']\./([\w.-]+)["']|\bimport\s*\(?["']\./([\w.-]+)["']""")


def lean_of(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text)
    return lean(folder / name)


def test_a_lean_style_sheet_says_the_same(tmp_path: Path) -> None:
    css = "/* why */\n.a > .b {\n  margin: 0 calc(1px + 2px);\n}\n.a :hover { top: 0; left: 0 }\n"
    assert lean_of(tmp_path, "a.css", css) == (
        ".a>.b{margin:0 calc(1px + 2px)}.a :hover{top:0;left:0}"
    )


@pytest.mark.parametrize(
    "css",
    [
        "a{color:light-dark(#fff,oklch(.2 .012 226))}",
        "a{color:red;& :hover{top:0}&:hover{top:1px}}",
        "@media (width>=48rem){a{inset:auto 0 calc(.75rem + env(x))}}",
        "@layer reset,tokens;.a :is(th,td):first-child{background:color-mix(in oklab,red 4%)}",
    ],
)
def test_what_is_short_already_stays_as_it_is(tmp_path: Path, css: str) -> None:
    assert lean_of(tmp_path, "a.css", css) == css


def test_a_lean_script_keeps_what_only_looks_like_a_comment(tmp_path: Path) -> None:
    js = 'const a = /[/]\\/(\\w+) "/g; // why\n/** @type {x} */ const b = `// ${a}  /* c */`;'
    assert lean_of(tmp_path, "a.js", js) == (
        'const a=/[/]\\/(\\w+) "/g;const b=`// ${a}  /* c */`;'
    )


def test_a_template_literal_within_another_is_refused(tmp_path: Path) -> None:
    assert lean_of(tmp_path, "a.js", "f(`${a} ${b}`, `c`)") == "f(`${a} ${b}`,`c`)"
    with pytest.raises(ValueError, match=r"a\.js"):
        lean_of(tmp_path, "a.js", "f(`${a} ${b ? `c  d` : e}`)")


def test_a_whole_style_sheet_holds_those_it_imports_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("@layer one, two;\na { top: 0 }\n")
    (tmp_path / "b.css").write_text('@import "a.css";\nb { top: 0 }\n')
    (tmp_path / "c.css").write_text('/* c */\n@import "b.css";\nc { top: 0 }\n')
    assert lean(tmp_path / "c.css") == "@layer one,two;a{top:0}b{top:0}c{top:0}"


def test_every_collected_script_of_ours_is_a_module_still(collected: Path) -> None:
    scripts = sorted((collected / "js").glob("*.js"))
    assert len(scripts) >= 30
    for script in scripts:
        told = subprocess.run(
            ["node", "--check", "--input-type=module"],
            input=script.read_text(),
            capture_output=True,
            text=True,
        )
        assert told.stderr == "", script.name


def test_collected_scripts_ask_for_hashed_names_alone(collected: Path, settings: Any) -> None:
    made = [each for each in (collected / "js").glob("*.js") if each.name.count(".") == 2]
    asked = [name for each in made for pair in IMPORTED.findall(each.read_text()) for name in pair]
    assert "./" + next(filter(None, asked))
    assert [name for name in filter(None, asked) if name.count(".") != 2] == []


def test_a_sheet_is_found_whole_where_nothing_was_collected() -> None:
    found = finders.find("css/player.css")
    assert isinstance(found, str)
    assert "@import" not in Path(found).read_text()
    assert ".stepper" in Path(found).read_text()


def test_a_finder_of_sheets_finds_nothing_else() -> None:
    assert not WholeSheets().find("js/desk.js")
    assert not WholeSheets().find("css/none.css")
    assert not WholeSheets().find("css/../js/desk.js")
