from config.storage import lean


def test_a_lean_style_sheet_says_the_same() -> None:
    css = "/* why */\n.a > .b {\n  margin: 0 calc(1px + 2px);\n  color: red;\n}\n"
    assert lean(css) == ".a > .b{margin: 0 calc(1px + 2px);color: red;}"
