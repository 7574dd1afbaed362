"""The house: imports point one way, and each kind of file does its one job."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from salesops_lib.measures.tidy import columns_of

ROOT = Path(__file__).parent.parent
LIBRARY = ROOT / "salesops_lib"
AREAS = ("performance_visibility", "rep_comparison", "forecasting", "comp_design", "tool_evaluation", "playbook")
MODULES = sorted(LIBRARY.rglob("*.py"))

LAYERS = {
    "errors": set(),
    "wording": set(),
    "statistics": {"errors"},
    "theme": {"wording"},
    "periods": {"errors"},
    "parameters": {"errors", "periods", "wording"},
    "data": {"errors", "periods", "parameters", "wording"},
    "measures": {"errors", "statistics", "periods", "parameters", "wording", "data"},
    "reporting": {"errors", "periods", "parameters", "wording", "theme", "data", "measures"},
}
"""What each room of the core may import from the others."""

SHARED = {"marks", "phrases", "vocabulary"}
"""What the plots and the words of several topics share."""
WITHOUT_WORDS = {
    "cards": "shown as cards",
    "pay_by_rep": "nobody's pay is shown",
    "forecasting.bookings_by_month": "the history that forecasts learn from",
}
"""Metrics of an area that make no section, and why."""
ON_OTHER_CHAPTERS = {
    "performance_visibility/key_figures/metrics.py": "reads what the chapters say",
    "performance_visibility/changes/restatements/metrics.py": "holds a metric against what it said before",
}
"""Modules that take more of another chapter than its counts, and why."""


def imports_of(path: Path) -> set[str]:
    """Modules of the library that a file imports, wherever in the file it does so."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("salesops_lib"):
            parts = (node.module or "").split(".")
            names = [alias.name for alias in node.names] if len(parts) == 1 else [parts[1]]
            found |= {".".join(["salesops_lib", name, *parts[2:]]) for name in names if name != "__version__"}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("salesops_lib.")}
    return found


def rooms(path: Path) -> set[str]:
    """The rooms of the house that a file imports from; the schemas stand in every room and import nothing."""
    return {name.split(".")[1] for name in imports_of(path) - {"salesops_lib.data.schemas"}}


def test_the_schemas_import_nothing_of_the_library():
    """That is why any room may read them."""
    assert imports_of(LIBRARY / "data" / "schemas.py") == set()


def room_of(path: Path) -> str:
    """The room that a file stands in."""
    return path.relative_to(LIBRARY).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path):
    """Areas import the core; the core imports no area; areas never import one another."""
    here = room_of(path)
    allowed = LAYERS.get(here)
    if here in AREAS:
        allowed = set(LAYERS)
    if allowed is None:  # the command line and the package itself stand above all
        return
    assert rooms(path) - {here} <= allowed


def modules_of(area: str) -> list[Path]:
    """All files of an area but those that only name a folder."""
    return [path for path in sorted((LIBRARY / area).rglob("*.py")) if path.name != "__init__.py"]


def defined_in(path: Path) -> set[str]:
    """Names of the functions that a file defines."""
    return {node.name for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("area", AREAS)
def test_plots_and_words_never_import_metrics(area):
    """They take frames; what is computed is computed in one place. Of their area they import what all share."""
    for path in modules_of(area):
        if path.stem in {"plots", "narrative", *SHARED}:
            inside = {module for module in imports_of(path) if module.startswith(f"salesops_lib.{area}")}
            assert {module.rpartition(".")[2] for module in inside} <= SHARED, path


@pytest.mark.parametrize("area", [area for area in AREAS if (LIBRARY / area / "vocabulary.py").exists()])
def test_words_of_verdicts_are_written_once(area):
    """Plots and sentences look for the constant: a word changed in the metric alone would lose them their rows."""
    words = {node.value for node in ast.walk(ast.parse((LIBRARY / area / "vocabulary.py").read_text()))
             if isinstance(node, ast.Constant) and " " in str(node.value)}  # fmt: skip
    for path in modules_of(area):
        if path.stem != "vocabulary":
            nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
            compared = [each for node in nodes if isinstance(node, ast.Compare) for each in ast.walk(node)]
            keys = [key for node in nodes if isinstance(node, ast.Dict) for key in node.keys]
            written = {each.value for each in [*compared, *keys] if isinstance(each, ast.Constant)}
            assert not words & written, path


@pytest.mark.parametrize("area", AREAS)
def test_only_plots_draw(area):
    """No metric and no sentence touches matplotlib."""
    for path in modules_of(area):
        if path.stem not in {"plots", "marks"}:
            text = path.read_text(encoding="utf-8")
            assert "matplotlib" not in text, path
            assert "seaborn" not in text, path


@pytest.mark.parametrize("area", AREAS)
def test_a_metric_has_its_words_in_its_own_folder(area):
    """What finds plots, words and tables looks nowhere else."""
    package = importlib.import_module(f"salesops_lib.{area}")
    for name in package.__all__:
        if not {name, f"{area}.{name}"} & set(WITHOUT_WORDS):
            folder = ROOT.joinpath(*getattr(package, name).__module__.split(".")[:-1])
            assert f"describe_{name}" in defined_in(folder / "narrative.py"), folder


@pytest.mark.parametrize("area", AREAS)
def test_a_metric_is_tidy(area):
    """What holds its frame to its docstring stands on the function itself."""
    package = importlib.import_module(f"salesops_lib.{area}")
    for name in package.__all__:
        path = ROOT.joinpath(*getattr(package, name).__module__.split(".")).with_suffix(".py")
        body = ast.parse(path.read_text(encoding="utf-8")).body
        metric = next(node for node in body if isinstance(node, ast.FunctionDef) and node.name == name)
        assert "tidy" in {ast.unparse(each) for each in metric.decorator_list}, name


@pytest.mark.parametrize("area", AREAS)
def test_no_list_repeats_the_columns_of_a_docstring(area):
    """Neither written out nor put together: a column added in the docstring would have to be added there too."""
    package = importlib.import_module(f"salesops_lib.{area}")
    said = {name: list(columns_of(getattr(package, name))) for name in package.__all__}
    for path in modules_of(area):
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        kept = [list(value) for value in vars(module).values() if isinstance(value, list | tuple | dict)]
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        written = [node.elts for node in nodes if isinstance(node, ast.List | ast.Tuple)]
        lists = [*kept, *([getattr(each, "value", None) for each in one] for one in written)]
        assert not [name for name, columns in said.items() if columns in lists], path


@pytest.mark.parametrize("area", AREAS)
def test_plots_words_and_tables_stand_beside_their_metric(area):
    """None of them rhymes with a metric of another folder; ``describe_parts`` rhymes with ``parts_of``."""
    for path in modules_of(area):
        if path.stem in {"plots", "narrative"}:
            beside = set().union(*(defined_in(other) for other in path.parent.glob("*.py")))
            shown = {
                name.split("_", 1)[1] for name in defined_in(path) if name.startswith(("plot_", "describe_", "table_"))
            }
            assert shown <= beside | {name.removesuffix("_of") for name in beside}, path


@pytest.mark.parametrize("area", ["performance_visibility", "rep_comparison"])
def test_a_chapter_takes_of_another_only_its_counts(area):
    """A chapter's metrics, plots and words are its own; what a second one needs is counted beside them."""
    for path in modules_of(area):
        chapter = path.relative_to(LIBRARY / area).parts[0]
        if path.parent != LIBRARY / area and str(path.relative_to(LIBRARY)) not in ON_OTHER_CHAPTERS:
            for module in imports_of(path):
                _library, room, *inside = module.split(".")
                is_elsewhere = room == area and inside[0] != chapter
                assert not (is_elsewhere and inside[-1] in {"metrics", "plots", "narrative"}), (path, module)


@pytest.mark.parametrize("area", AREAS)
def test_folders_of_an_area_hand_nothing_on(area):
    """A name is imported from where it is written; the area alone lists its metrics."""
    for path in (LIBRARY / area).rglob("*/__init__.py"):
        assert not imports_of(path), path


def test_statistics_know_numbers_only():
    """No company, no engine, no parameter: what they import of the library is told above, and Ibis is not among the rest."""
    for path in (LIBRARY / "statistics").glob("*.py"):
        assert "ibis" not in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_asks_the_clock_but_the_run_itself(path):
    """`as_of` is data. Only how long a run took may be measured."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    asks = {call for call in calls if call.split(".")[-1] in {"today", "utcnow", "now"}}
    assert not asks, f"{path}: {asks}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_the_company_chooses_has_no_second_default(path):
    """A call that forgets `confidence` or `min_closed` is an error, not another truth than company.yaml's."""
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef):
            given = function.args
            usual = given.args[len(given.args) - len(given.defaults) :]
            usual += [each for each, default in zip(given.kwonlyargs, given.kw_defaults, strict=True) if default]
            assert not {"confidence", "min_closed"} & {each.arg for each in usual}, function.name


def test_importing_the_package_alone_stays_light():
    """No pandas, matplotlib, duckdb or ibis until something needs them."""
    code = (
        "import sys, salesops_lib, salesops_lib.errors, salesops_lib.wording, salesops_lib.cli;"
        "heavy = {'pandas', 'matplotlib', 'duckdb', 'ibis', 'papermill', 'nbconvert'} & set(sys.modules);"
        "print(sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_the_project_names_no_machine_and_no_workplace():
    """No absolute path of a machine and no registry's host in what a stranger clones."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    ).stdout.split("\n")  # fmt: skip
    marks = ["/wo" + "rk/", "/ro" + "ot/", "/opt/" + "pypi", "pypi." + "org", "python" + "hosted"]
    for name in filter(None, listed):
        path = ROOT / name
        if path.is_file() and path.suffix not in {".png", ".parquet", ".xlsx"}:
            text = path.read_text(encoding="utf-8", errors="ignore")
            assert not [mark for mark in marks if mark in text], name


_TAG = re.compile(
    r"</?(div|p|td|tr|th|table|span|section|a|li|ul|ol|h[1-6]|dl|dt|dd|pre|svg|img|body|html|details)\b[^<]*>"
)
_MARKUP_BY_HAND = {
    "reporting/blocks/block.py": "the wrapper that JupyterLab needs",
    "reporting/notebooks/parts.py": "moves headings of blocks that are markup already",
}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_markup_is_written_in_templates(path):
    """Templates escape by themselves; text put together by hand forgets to once."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    found = [node.value for node in texts if id(node) not in docstrings and _TAG.search(node.value)]
    assert not found or str(path.relative_to(LIBRARY)) in _MARKUP_BY_HAND, found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_known_of_a_company_goes_with_it(path):
    """`Crm.remember` is the one door: a cache elsewhere keeps a company and its database alive in JupyterLab."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    keepers = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any("cache" in ast.unparse(each) for each in node.decorator_list)
        and "Crm" in ast.unparse(node.args)
    ]
    assert not keepers
    assert "WeakKeyDictionary" not in ast.unparse(tree)
