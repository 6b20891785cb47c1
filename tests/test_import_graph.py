"""The import graph of the package: no cycle between files or between rooms, and no import upwards.

A room is a folder or a file directly below the package. The order of the rooms is written down once, in the picture of
CONTRIBUTING.md, and these tests read it from there.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = "plccoach_api"

Graph = Mapping[str, set[str]]
"""The names of modules, each with the modules that it imports."""


def module_of(file: Path, root: Path) -> str:
    return ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def import_graph(root: Path) -> Graph:
    """Reads every import of the package below `root`: also those in functions and for type checkers only."""
    files = {module_of(file, root): file for file in (root / PACKAGE).rglob("*.py")}
    return {module: set(imports_of(module, file, files)) for module, file in files.items()}


def imports_of(module: str, file: Path, files: Mapping[str, Path]) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} has a relative import, which this test does not read"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            if name.split(".")[0] == PACKAGE:
                # The last part names a module, or something inside a module.
                yield name if name in files else name.rpartition(".")[0]


def child_of(package: str, module: str) -> str | None:
    """The file or folder directly below the package that holds the module; None when the module lies elsewhere."""
    if module == package:
        return "__init__"
    return module.removeprefix(f"{package}.").split(".")[0] if module.startswith(f"{package}.") else None


def edges(graph: Graph, package: str) -> Iterator[tuple[str, str, str, str]]:
    """Every import from one child of the package to another: both modules, and both children."""
    for module, imported in sorted(graph.items()):
        for other in sorted(imported):
            child, others = child_of(package, module), child_of(package, other)
            if child and others and child != others:
                yield module, other, child, others


def cycle(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """One cycle, with its first name again at its end; empty when there is none."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for importer, imported in pairs:
        sorter.add(importer, imported)
    try:
        sorter.prepare()
    except CycleError as error:
        # graphlib follows the edges from what is imported to what imports it.
        return list(reversed(error.args[1]))
    return []


def file_cycle(graph: Graph) -> list[str]:
    return cycle((module, other) for module, imported in graph.items() for other in imported)


def room_cycles(graph: Graph) -> list[list[str]]:
    """The cycles between the children of the package, and between those of each package inside it."""
    packages = sorted({module[: dot.start()] for module in graph for dot in re.finditer(r"\.", module)})
    found = (cycle((child, other) for _, _, child, other in edges(graph, package)) for package in packages)
    return [each for each in found if each]


def layers(contributing: str) -> dict[str, int]:
    """The rooms of the picture, each with its layer, counted from the top; `→` stands between two layers."""
    [picture] = re.findall(r"^## The layers\n.*?```\n(.*?)```", contributing, re.DOTALL | re.MULTILINE)
    rows = [line.split("│")[2] for line in picture.splitlines() if line.startswith("│")]
    names = [layer.split("·") for row in rows for layer in row.split("→")]
    return {room.strip(): number for number, layer in enumerate(names) for room in layer}


def missing_rooms(graph: Graph, order: Mapping[str, int]) -> set[str]:
    """Returns the rooms that the picture lacks, and the rooms that only the picture has."""
    return {room for module in graph if (room := child_of(PACKAGE, module))} ^ set(order)


def upward_imports(graph: Graph, order: Mapping[str, int]) -> list[str]:
    """Returns the imports that do not lead to a lower layer. Rooms of one layer may not import each other."""
    return [
        f"{module} imports {other}"
        for module, other, room, others in edges(graph, PACKAGE)
        if order[others] <= order[room]
    ]


@pytest.fixture(scope="module")
def graph() -> Graph:
    return import_graph(ROOT)


@pytest.fixture(scope="module")
def order() -> dict[str, int]:
    return layers((ROOT / "CONTRIBUTING.md").read_text("utf-8"))


def test_no_files_import_each_other_in_a_cycle(graph: Graph) -> None:
    assert file_cycle(graph) == []


def test_no_rooms_import_each_other_in_a_cycle(graph: Graph) -> None:
    assert room_cycles(graph) == []


def test_the_picture_of_the_layers_has_every_room_and_no_other(graph: Graph, order: dict[str, int]) -> None:
    assert missing_rooms(graph, order) == set()


def test_every_import_goes_to_a_lower_layer(graph: Graph, order: dict[str, int]) -> None:
    assert upward_imports(graph, order) == []


Plant = Callable[[dict[str, str]], Graph]


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """Writes a package of these files and reads its graph."""

    def plant(files: dict[str, str]) -> Graph:
        for name, text in files.items():
            file = tmp_path / PACKAGE / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        return import_graph(tmp_path)

    return plant


IMPORTS = {
    "import": "import plccoach_api.{}",
    "from": "from plccoach_api.{} import something",
    "in a function": "def late():\n    from plccoach_api.{} import something",
    "for type checkers": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import plccoach_api.{}",
}


@pytest.mark.parametrize("text", IMPORTS.values(), ids=IMPORTS)
def test_a_planted_cycle_between_files_is_found_in_every_form_of_an_import(plant: Plant, text: str) -> None:
    graph = plant(
        {
            "room/a.py": text.format("room.b"),
            "room/b.py": "from plccoach_api.room import c",
            "room/c.py": text.format("room.a"),
        }
    )

    assert sorted(set(file_cycle(graph))) == ["plccoach_api.room.a", "plccoach_api.room.b", "plccoach_api.room.c"]


@pytest.mark.parametrize("folder", ["", "room/"], ids=["rooms", "folders of a room"])
def test_a_planted_cycle_between_rooms_is_found_even_when_no_files_form_a_cycle(plant: Plant, folder: str) -> None:
    graph = plant(
        {
            f"{folder}upper/a.py": f"import plccoach_api.{folder}lower.a".replace("/", "."),
            f"{folder}upper/b.py": "",
            f"{folder}lower/a.py": "",
            f"{folder}lower/b.py": f"import plccoach_api.{folder}upper.b".replace("/", "."),
        }
    )

    assert file_cycle(graph) == []
    assert [sorted(set(each)) for each in room_cycles(graph)] == [["lower", "upper"]]


PICTURE = """\
## The layers

```
┌──────┬───────────────┐
│ one  │ cli → upper   │
│ two  │ lower · other │
└──────┴───────────────┘
```
"""


def test_the_layers_are_read_from_top_to_bottom_and_from_left_to_right() -> None:
    assert layers(PICTURE) == {"cli": 0, "upper": 1, "lower": 2, "other": 2}


@pytest.mark.parametrize(
    ("importer", "imported"), [("lower", "upper"), ("upper", "cli"), ("lower", "cli"), ("lower", "other")]
)
def test_a_planted_import_that_does_not_lead_to_a_lower_layer_is_found(
    plant: Plant, importer: str, imported: str
) -> None:
    rooms = dict.fromkeys(["cli.py", "upper/a.py", "lower/a.py", "other/a.py"], "")
    down = rooms | {"cli.py": "import plccoach_api.other.a", "upper/a.py": "import plccoach_api.lower.a"}
    up = down | {f"{importer}/b.py": IMPORTS["in a function"].format(imported), f"{imported}/__init__.py": ""}

    assert upward_imports(plant(down), layers(PICTURE)) == []
    assert upward_imports(plant(up), layers(PICTURE)) == [f"plccoach_api.{importer}.b imports plccoach_api.{imported}"]


def test_a_room_that_only_the_package_or_only_the_picture_has_is_found(plant: Plant) -> None:
    assert missing_rooms(plant({"cli.py": "", "attic/a.py": ""}), {"cli": 0, "cellar": 1}) == {"attic", "cellar"}
