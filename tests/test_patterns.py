"""Every regular expression of the package takes time in proportion to its input, also on hostile input."""

import ast
import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, pairwise
from pathlib import Path
from time import process_time
from types import ModuleType
from typing import Any, Final

import pytest

import plccoach_api
from plccoach_api.rules import texts

_LENGTH: Final = 1_000
# A linear pattern takes about 0.05 ms, a quadratic one 0.5 to 10 ms.
_FAST_SECONDS: Final = 0.00015
# With a text eight times as long, a linear pattern takes eight times as long, and a quadratic one 64 times.
_LONGER: Final = 8
_MAX_RATIO: Final = 24.0
_METHODS: Final = {"compile", "search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split"}
# Modules that make patterns while they run, from parts that are tested here or escaped.
_MADE_LATER: Final = {
    *("commands.users", "corpus.readers.pdf.streams", "coach.generation.model_text.reference_marks", "rules.searching")
}
Pattern = re.Pattern[Any]
# The standard library publishes no parser of patterns.
parser: Any = importlib.import_module("re._parser")


def modules() -> Iterator[ModuleType]:
    for info in pkgutil.walk_packages(plccoach_api.__path__, "plccoach_api."):
        if not info.name.endswith(("__main__", "reading_child", "settings.aws")):
            yield importlib.import_module(info.name)


def patterns_in(value: object, depth: int = 3) -> Iterator[Pattern]:
    """Yields a pattern, and those in a container or in the attributes of an object."""
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, dict):
        for each in value.values():
            yield from patterns_in(each, depth - 1)
    elif depth and isinstance(value, tuple | list | set | frozenset):
        for each in value:
            yield from patterns_in(each, depth - 1)


def nodes_of(module: ModuleType) -> list[ast.AST]:
    return list(ast.walk(ast.parse(Path(module.__file__ or "").read_text("utf-8"))))


def calls_of_re(nodes: Iterable[ast.AST]) -> Iterator[ast.Call]:
    for node in nodes:
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in _METHODS
        ):
            yield node


def evaluated(node: ast.expr, module: ModuleType) -> Any:
    return eval(compile(ast.Expression(node), "a pattern", "eval"), vars(module))


def uses(nodes: Iterable[ast.AST]) -> dict[str, set[str]]:
    """Returns the methods that a module calls on each name, such as {"_HEADING": {"sub"}}."""
    found: dict[str, set[str]] = defaultdict(set)
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in _METHODS:
            found[node.value.id].add(node.attr)
    return found


def all_patterns() -> tuple[dict[tuple[Any, int, bool], str], set[str]]:
    """Returns the patterns, each with the place where it stands, and the modules with one that cannot be read here.

    The key says whether the pattern is only matched at the beginning of a text.
    """
    found: dict[tuple[Any, int, bool], str] = {}
    unread: set[str] = set()
    for module in modules():
        name = module.__name__.removeprefix("plccoach_api.")
        nodes = nodes_of(module)
        methods = uses(nodes)
        for attribute, value in vars(module).items():
            for pattern in patterns_in(value):
                anchored = bool(methods[attribute]) and methods[attribute] <= {"match", "fullmatch"}
                found[pattern.pattern, pattern.flags, anchored] = f"{name}.{attribute}"
        for call in calls_of_re(nodes):
            if isinstance(call.func, ast.Attribute) and call.func.attr == "compile":
                continue
            try:
                pattern = re.compile(evaluated(call.args[0], module))
            except NameError:
                unread.add(name)
                continue
            method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            found[pattern.pattern, pattern.flags, method in {"match", "fullmatch"}] = f"{name}:{call.lineno}"
    return found, unread


def letters(tree: Any) -> Iterator[str]:
    """Yields a character for each literal, range and class of a parsed pattern."""
    for kind, value in tree:
        match str(kind), value:
            case (("LITERAL" | "NOT_LITERAL"), int()):
                yield chr(value)
            case "RANGE", (low, _):
                yield chr(low)
            case "CATEGORY", category:
                yield {"CATEGORY_DIGIT": "7", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a"}.get(str(category), "-")
            case "IN", parts:
                yield from letters(parts)
            case "ANY", _:
                yield "a"
            case _, tuple() | list() | parser.SubPattern():
                yield from letters_in(value)
            case _:
                pass


def letters_in(value: Any) -> Iterator[str]:
    if isinstance(value, parser.SubPattern):
        yield from letters(value)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from letters_in(each)


def hostile(pattern: Pattern, length: int) -> Iterator[Any]:
    own = list(dict.fromkeys(islice(letters(parser.parse(pattern.pattern, pattern.flags)), 400)))[:14]
    own = list(dict.fromkeys([*own, "a", " ", "\n"]))
    units = [*own, *(first + second for first, second in pairwise(own))]
    for unit in units:
        text = (unit * length)[:length] + "\x00"
        yield text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text


def seconds(run: Callable[[Any], object], text: Any) -> float:
    started = process_time()
    run(text)
    return process_time() - started


def is_linear(pattern: Pattern, *, anchored: bool) -> bool:
    def run(text: Any) -> object:
        return pattern.fullmatch(text) if anchored else sum(1 for _ in pattern.finditer(text))

    for number, short in enumerate(hostile(pattern, _LENGTH)):
        if seconds(run, short) < _FAST_SECONDS:
            continue
        long = next(islice(hostile(pattern, _LONGER * _LENGTH), number, None))
        # A busy machine is slow too, so the fastest of several runs counts: one fast run is enough.
        fast = min(seconds(run, short) for _ in range(3))
        if fast >= _FAST_SECONDS and all(seconds(run, long) > _MAX_RATIO * fast for _ in range(3)):
            return False
    return True


def test_every_pattern_is_linear() -> None:
    found, unread = all_patterns()
    assert len(found) > 200
    assert unread <= _MADE_LATER
    slow = {
        place
        for (text, flags, anchored), place in found.items()
        if not is_linear(re.compile(text, flags), anchored=anchored)
    }
    assert slow == set()


@pytest.mark.parametrize("name", ["QUESTION", "TITLE", "NAME", "EMAIL", "NO_NUL", "PRINTABLE_ASCII"])
def test_every_pattern_of_a_text_that_clients_send_is_linear(name: str) -> None:
    assert is_linear(re.compile(getattr(texts, name)), anchored=False)


@pytest.mark.slow
@pytest.mark.parametrize("pattern", [r"\s+$", r"^(\s*)#", r"<[^>]*>"])
def test_a_quadratic_pattern_is_found(pattern: str) -> None:
    assert not is_linear(re.compile(pattern, re.MULTILINE if "^" in pattern else 0), anchored=False)
