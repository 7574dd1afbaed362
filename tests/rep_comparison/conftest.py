"""Parameters that the rep comparison's tests share: with names, and with codes in their place."""

import pytest

from salesops_lib.parameters import read_parameters, without_people
from tests.parameters.recipes import COMPANY, folder_of


@pytest.fixture(scope="session")
def parameters(tmp_path_factory):
    """A company that shows names."""
    return read_parameters(folder_of(tmp_path_factory.mktemp("named")))


@pytest.fixture(scope="session")
def anonymous(tmp_path_factory):
    """The same company with codes in the place of names, as its reports are given it."""
    folder = folder_of(tmp_path_factory.mktemp("coded"), company=COMPANY + "anonymise: true\n")
    return without_people(read_parameters(folder))
