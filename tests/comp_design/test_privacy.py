"""Nobody's pay on a page: no frame shown has a person in it, and no person is named in what is written."""

import re
from functools import cache
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from salesops_lib import comp_design
from tests.comp_design.recipes import SEPTEMBER, company_of
from tests.comp_design.test_metrics import CLIFF, MANAGERS, MIXED, SOLD, TEAMS, frame_of
from tests.comp_design.test_narrative import METRICS, finding_of

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "04_comp_design.ipynb"
ROOT = NOTEBOOK.parents[1]


def cells_of(notebook):
    """Source of every code cell."""
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("name", METRICS)
def test_no_frame_that_is_shown_holds_a_person(name):
    """Neither a rep's id nor a name, in any column, header or sentence."""
    frame = frame_of(getattr(comp_design, name), MIXED, CLIFF)
    text = f"{frame.to_csv()} {finding_of(name, frame)}"
    assert "rep_id" not in frame.columns
    people = [*SOLD, *MANAGERS]
    assert not [who for who in people if re.search(rf"\b{who}\b", text, re.IGNORECASE)]


@cache
def odd_company():
    """Amounts such that no two sums are the same by chance."""
    sold = {who: amount + 0.37 * place + 111.11 * place**2 for place, (who, amount) in enumerate(SOLD.items())}
    return company_of(sold, team_of=TEAMS, managers=MANAGERS, quota=103_457.19)


@pytest.mark.parametrize("name", [name for name in METRICS if name not in ("worked_example", "pay_spread")])
def test_no_amount_of_pay_that_is_shown_is_one_persons(name):
    """No sum of a team, band or quarter is what one person earned; the spread has three people on either side."""
    people = frame_of(comp_design.pay_by_rep, crm=odd_company())
    columns = ["individual_amount", "team_amount", "incentive_amount"]
    own = {float(amount) for column in columns for amount in people[column] if amount}
    frame = frame_of(getattr(comp_design, name), MIXED, CLIFF, crm=odd_company())
    amounts = frame[[column for column in frame if column.endswith("_amount")]].select_dtypes("float")
    assert own
    assert not own & set(amounts.to_numpy().ravel().tolist())


def test_pay_by_rep_cannot_become_a_section():
    """It has no words, no plot and no table view; `run.section` refuses it."""
    from salesops_lib.reporting.run.companions import triple_of

    with pytest.raises(TypeError, match="describe_pay_by_rep"):
        triple_of(comp_design.pay_by_rep)
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "salesops_lib" / "comp_design").rglob("*.py")]
    assert any("def plot_pay_by_team" in text for text in texts)
    assert not any(re.search(r"def (plot|describe|table)_pay_by_rep", text) for text in texts)


def test_the_notebook_never_asks_for_pay_by_rep():
    """Not even in a cell whose output is not shown."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    assert not [source for source in cells_of(notebook) if "pay_by_rep" in source or "sellers" in source]


@pytest.mark.slow
def test_neither_the_executed_notebook_nor_its_page_names_a_person(tmp_path, demo_crm):
    """On the demo company: no rep's id or name in any output, table or page. Owners of actions are roles."""
    import papermill

    from salesops_lib.reporting.notebooks.page import convert_notebook

    done = tmp_path / NOTEBOOK.name
    papermill.execute_notebook(
        NOTEBOOK, done, {"period": SEPTEMBER.label, "parameters": str(ROOT / "parameters")}, progress_bar=False
    )
    page = convert_notebook(done, pack=[], previous_href=None)
    outputs = "\n".join(str(cell.get("outputs", "")) for cell in nbformat.read(done, as_version=4).cells)
    written = "\n".join([outputs, page.html, *page.tables.values()])
    reps: pd.DataFrame = demo_crm.fetch(demo_crm.reps.select("rep_id", "name"))
    found = [who for who in [*reps["rep_id"], *reps["name"]] if re.search(rf"\b{re.escape(who)}\b", written)]
    assert not page.failures
    assert not found
