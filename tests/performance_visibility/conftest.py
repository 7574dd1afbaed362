"""What the tests of performance visibility share: a company's parameters, and charts that are closed again."""

from datetime import date

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

from salesops_lib.parameters import Duties, read_parameters
from salesops_lib.wording import use_currency
from tests.parameters.recipes import COMPANY, folder_of

mpl.use("Agg")

KPIS = """\
  attainment: {label: Attainment, owner: Cleo, target: 1.0, threshold: 0.9}
  hygiene_score: {label: Hygiene, owner: Dana, target: 0.9, threshold: 0.7}
  pipeline_coverage: {label: Coverage, owner: Eli, target: 3.0}
  lead_qualified_rate: {label: Qualified, owner: Flo}
"""


@pytest.fixture(scope="session")
def parameters(tmp_path_factory):
    """A company whose key figures have owners."""
    return read_parameters(folder_of(tmp_path_factory.mktemp("company"), company=COMPANY + KPIS))


@pytest.fixture(scope="session")
def given(parameters):
    """What a report fills in for every description."""
    return {"duties": Duties(parameters, date(2026, 9, 30))}


@pytest.fixture(autouse=True)
def _close_charts():
    yield
    plt.close("all")


@pytest.fixture(autouse=True)
def _dollars():
    use_currency("USD")
