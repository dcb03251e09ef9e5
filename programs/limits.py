"""Numbers of a program's own rules that its pages show."""

from programs.models import Program

GREEN = 3  # where a program's rules say nothing


def parameter(program: Program, name: str, default: int) -> int:
    """A number of the program's own rules."""
    return int(program.ruleset.get("parameters", {}).get(name, {}).get("value", default))


def green_limit(program: Program) -> int:
    """Pain above this asks which side and where (0 to 10)."""
    return parameter(program, "pain_ok", parameter(program, "pain_safe", GREEN))
