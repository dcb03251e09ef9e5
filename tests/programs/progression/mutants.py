"""Mutation testing of programs/progression by its own tests: `python -m` this module.

    uv run python -m tests.programs.progression.mutants --sample 600 --seed 1

The mutants are mutmut's. Its own runner picks the tests of a mutant by the functions that they
call; the engine compiles a ruleset once into closures, so here every mutant meets all tests, each
in a forked process that imports the engine anew. No file is changed. Left out: what only explains
(explaining.py, hints of faults, messages of errors, docstrings) and what only types read.
"""

import argparse
import gc
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Iterator
from difflib import unified_diff
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from math import sqrt
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

import hypothesis  # noqa: F401 - here once, not in every forked process
import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper
from mutmut.configuration import config
from mutmut.mutation import file_mutation as mutmut

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
ENGINE = ROOT / "programs" / "progression"
ELSEWHERE = ("properties", "explaining", "commands", "bench", "purity")  # not of the engine itself
PYTEST = (
    "-c/dev/null", f"--rootdir={ROOT}", f"--confcutdir={HERE}", "-xqq", "--tb=no", "-Werror",
    "-pno:cacheprovider", "--assert=plain",
)  # fmt: skip
EXPLAINING = {"Fault", "fault", "ValueError", "TypeError", "KeyError"}
OWN_TESTS = {  # of a module, where its tests have another name
    "checks": "check", "rules": "check", "schema": "shape", "language": "conditions",
    "engine": "record", "settling": "sides", "doses": "ladder", "types": "defaults",
    "unknown": "facts",
}  # fmt: skip
SECONDS, MEMORY = 60, 4 << 30  # of processor time, for tests that take about three; in bytes


class Mutant(NamedTuple):
    """One mutant of a module: its number there, and what stands for what."""

    path: Path
    number: int
    line: int
    module: cst.Module
    old: cst.CSTNode
    new: cst.CSTNode

    @property
    def name(self) -> str:
        return f"{self.path.stem}:{self.line}#{self.number}"

    @property
    def code(self) -> str:
        changed = self.module.deep_replace(self.old, self.new)
        assert isinstance(changed, cst.Module)
        return changed.code

    def diff(self) -> str:
        lines = unified_diff(
            self.module.code.splitlines(), self.code.splitlines(), n=0, lineterm=""
        )
        return "\n".join(f"    {line}" for line in [*lines][3:])


class Visitor(mutmut.MutationVisitor):
    """mutmut's, but decorated functions are mutated too, and explanations are not."""

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.FunctionDef) and node.decorators:
            return False
        return explains(node) or super()._skip_node_and_children(node)


def explains(node: cst.CSTNode) -> bool:
    """True for words: a docstring, a text with a space in it, an assignment to `hint`."""
    if isinstance(node, cst.SimpleString):
        return " " in str(node.evaluated_value)
    if isinstance(node, cst.FormattedString):
        texts = (each.value for each in node.parts if isinstance(each, cst.FormattedStringText))
        return any(" " in text for text in texts)
    if isinstance(node, cst.Assign):
        name = node.targets[0].target
        alias = isinstance(node.value, cst.Subscript | cst.Name | cst.BinaryOperation)
        typed = isinstance(name, cst.Name) and name.value[0].isupper() and alias
        return typed or (isinstance(name, cst.Name) and name.value == "hint")
    return isinstance(node, cst.Expr) and isinstance(node.value, cst.SimpleString)


def touches_words(old: cst.CSTNode, new: cst.CSTNode) -> bool:
    """True if a call of Fault or of an error lost nothing but its words."""
    if not (isinstance(old, cst.Call) and isinstance(new, cst.Call)):
        return False
    name = old.func.attr if isinstance(old.func, cst.Attribute) else old.func
    if not (isinstance(name, cst.Name) and name.value in EXPLAINING):
        return False
    kept = len(old.args) - 1
    return [each.value for each in old.args[:kept]] == [each.value for each in new.args[:kept]]


def mutants() -> Iterator[Mutant]:
    """All of them, in order."""
    for path in sorted(ENGINE.glob("*.py")):
        if config().should_mutate(path):
            code = path.read_text("utf-8")
            wrapper = MetadataWrapper(cst.parse_module(code))
            visitor = Visitor(
                mutmut.mutation_operators, mutmut.get_ignored_lines(str(path), code, wrapper)
            )
            wrapper.visit(visitor)
            places = wrapper.resolve(mutmut.PositionProvider)
            for number, each in enumerate(visitor.mutations):
                old, new = each.original_node, each.mutated_node
                if not touches_words(old, new):
                    line = places[old].start.line
                    yield Mutant(path, number, line, wrapper.module, old, new)


class Finder(MetaPathFinder):
    """Finds one module of the engine with other code."""

    def __init__(self, path: Path, code: str) -> None:
        self.name, self.path, self.code = f"programs.progression.{path.stem}", path, code

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        return spec_from_file_location(fullname, self.path, loader=Loader(self))


class Loader(SourceFileLoader):
    def __init__(self, found: Finder) -> None:
        super().__init__(found.name, str(found.path))
        self.text = found.code

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.text, self.path, "exec", dont_inherit=True)


def files(mutant: Mutant | None) -> list[str]:
    """The files of tests: first the mutated module's own, last the presets."""
    found = [*sorted(HERE.glob("test_*.py")), *sorted(HERE.glob("presets/test_*.py"))]
    module = mutant.path.stem if mutant else ""
    found.sort(key=lambda path: path.stem[5:] != OWN_TESTS.get(module, module))
    return [str(path) for path in found if not path.stem[5:].startswith(ELSEWHERE)]


def run_tests(mutant: Mutant | None) -> int:
    """In a forked process: 0 if every test passes. File by file, as most mutants die early."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    if mutant is None:
        return int(pytest.main([*PYTEST, *files(None)]))
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    sys.meta_path.insert(0, Finder(mutant.path, mutant.code))
    return int(any(pytest.main([*PYTEST, each]) for each in files(mutant)))


def start(mutant: Mutant | None) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        code = run_tests(mutant)
    finally:
        os._exit(code)


def ended(status: int) -> str:
    if os.WIFSIGNALED(status):
        return "timeout" if os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL) else "killed"
    return "killed" if os.WEXITSTATUS(status) else "survived"


def judge(chosen: list[Mutant], processes: int) -> Iterator[tuple[Mutant, str]]:
    """Each mutant with how it ended, as they end."""
    waiting, running = chosen[::-1], dict[int, Mutant]()
    while waiting or running:
        while waiting and len(running) < processes:
            mutant = waiting.pop()
            running[start(mutant)] = mutant
        child, status = os.wait()
        yield running.pop(child), ended(status)


def wilson(share: float, n: int) -> tuple[float, float]:
    """The 95 % interval of a share of n."""
    z = 1.96
    middle = share + z * z / (2 * n)
    reach = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (middle - reach) / (1 + z * z / n), (middle + reach) / (1 + z * z / n)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def asked() -> argparse.Namespace:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sample", type=int, default=0, help="how many (0: all)")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--only", default="", help="mutants whose name begins so, e.g. doses:70")
    return options.parse_args()


def main() -> None:
    options, began = asked(), time.monotonic()
    _, status, used = os.wait4(start(None), 0)
    if status:
        raise SystemExit("the tests fail on the engine as it is")
    say(f"the tests alone: {used.ru_utime + used.ru_stime:.1f} s")
    every = [each for each in mutants() if each.name.startswith(options.only)]
    size = min(options.sample or len(every), len(every))
    gc.freeze()  # the trees of the mutants: no forked process looks through them again
    counts = {"killed": 0, "timeout": 0, "survived": 0}
    chosen = random.Random(options.seed).sample(every, size)
    for mutant, end in judge(chosen, options.processes):
        counts[end] += 1
        if end != "killed":
            say(f"{end} {mutant.name} [{sum(counts.values())}]\n{mutant.diff()}")
    share = 1 - counts["survived"] / size
    low, high = wilson(share, size)
    say(f"seed {options.seed}: {size} of {len(every)} mutants, {counts}")
    say(f"{share:.1%} killed, 95 % interval {low:.1%} to {high:.1%}; "
        f"{time.monotonic() - began:.0f} s")  # fmt: skip


if __name__ == "__main__":
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.chdir(ROOT)
    main()
