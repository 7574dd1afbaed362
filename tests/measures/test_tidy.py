"""Tidy frames: the docstring says the columns, and the frame has them."""

from __future__ import annotations

import inspect

import pandas as pd
import pytest

from salesops_lib.measures.tidy import column_meanings, columns_of, shaped, tidy

TYPES = ["str", "int64", "float64", "bool", "datetime64[us]", "object"]


def wins(rows: pd.DataFrame) -> pd.DataFrame:
    """Deals won.

    One row per rep.

    Args:
        rows: What is returned.

    Returns:
        rep_id (str): Key.
        n_won (int): Deals ``won``, whatever
            their size.
        win_rate (float, 0-1): Share won; missing where nothing closed.
        is_best (bool): The first of all.
        won_on (date): Day of the last one.
        series (list of float): By month (oldest first): one each.

    Errors:
        TypeError: Never.
    """
    return rows


def one_row(**other) -> pd.DataFrame:
    """A row with every column, the last one first."""
    row = {"series": [0.5], "won_on": pd.Timestamp("2026-09-01"), "is_best": True, "win_rate": 0.5, "n_won": 2}
    return pd.DataFrame([row | {"rep_id": "ana"} | other])


def types_of(frame: pd.DataFrame) -> list[str]:
    """The columns' types in order."""
    return [str(dtype) for dtype in frame.dtypes]


def test_columns_stand_in_the_order_of_the_docstring():
    """Whatever order the metric made them in."""
    assert list(tidy(wins)(one_row())) == ["rep_id", "n_won", "win_rate", "is_best", "won_on", "series"]


def test_a_helper_column_is_dropped():
    """What the docstring does not list was for the metric's own use."""
    assert "place" not in tidy(wins)(one_row(place=7))


def test_rows_are_numbered_from_zero():
    """A filtered or sorted frame keeps no trace of where its rows stood."""
    assert list(tidy(wins)(one_row().set_axis([4])).index) == [0]


def test_a_missing_column_is_an_error_that_names_metric_and_columns():
    """It is a fault of the kit, and says where to look."""
    with pytest.raises(TypeError, match=r"`tests\.measures\.test_tidy\.wins` lacks 2 .*: n_won, won_on\."):
        tidy(wins)(one_row().drop(columns=["won_on", "n_won"]))


def test_a_frame_without_rows_lacks_columns_as_one_with_rows_does():
    """Else the fault would be seen only where a company has the rows."""
    with pytest.raises(TypeError, match="n_won"):
        tidy(wins)(one_row().drop(columns="n_won").head(0))


@pytest.mark.parametrize(
    "rows", [pd.DataFrame(), pd.DataFrame([]), one_row().astype(object).head(0)], ids=["nothing", "no rows", "objects"]
)
def test_an_empty_frame_has_the_types_of_the_docstring(rows):
    """Sums, comparisons and joins work on it as on a full one."""
    frame = tidy(wins)(rows)

    assert (list(frame), types_of(frame)) == (list(columns_of(wins)), TYPES)


def test_a_full_frame_has_the_types_of_the_docstring():
    """Also where rows of mixed origin came out as objects."""
    assert types_of(tidy(wins)(one_row().astype(object))) == TYPES


def test_a_column_of_lists_without_a_list_is_one_of_objects():
    """A card without a series has no number in its place."""
    assert types_of(tidy(wins)(one_row(series=float("nan")))) == TYPES


def test_a_count_with_gaps_stays_a_count():
    """A missing number of deals makes no fractions of the others."""
    frame = tidy(wins)(pd.concat([one_row(), one_row(n_won=None)]))

    assert str(frame["n_won"].dtype) == "Int64"
    assert frame["n_won"].isna().tolist() == [False, True]


def test_an_undefined_truth_does_not_become_one():
    """What is neither true nor false stays missing."""
    frame = tidy(wins)(pd.concat([one_row(), one_row(is_best=None)]))

    assert frame["is_best"].isna().tolist() == [False, True]


def test_a_value_that_is_not_of_its_type_is_an_error_that_names_metric_and_column():
    """A word among rates is a fault, not a missing value."""
    with pytest.raises(TypeError, match=r"test_tidy\.wins` holds .* win_rate \(float\)"):
        tidy(wins)(one_row(win_rate="high"))


@pytest.mark.parametrize(("column", "value"), [("n_won", 2.5), ("is_best", "no")])
def test_no_value_is_cut_to_fit_its_type(column, value):
    """Half a deal is not none, and a word is not true."""
    with pytest.raises(TypeError, match=column):
        tidy(wins)(one_row(**{column: value}))


def test_a_metric_without_columns_in_its_docstring_is_an_error():
    """Already where it is written."""

    def undescribed() -> pd.DataFrame:
        """Deals won."""
        return one_row()

    with pytest.raises(TypeError, match=r"undescribed` lists no columns"):
        tidy(undescribed)


def test_the_metric_keeps_its_name_words_and_signature():
    """Reports find plots and words by the name, and fill what the signature declares."""
    tidied = tidy(wins)

    assert (tidied.__name__, tidied.__module__, tidied.__doc__) == ("wins", __name__, wins.__doc__)
    assert inspect.signature(tidied) == inspect.signature(wins)


def test_what_a_frame_says_of_itself_is_kept():
    """Its ``attrs``, for instance the evening it was made."""
    rows = one_row()
    rows.attrs["reported"] = "2026-08"

    assert tidy(wins)(rows).attrs == {"reported": "2026-08"}


def test_a_column_is_read_with_its_type_and_all_of_its_meaning():
    """Lines that go on belong to the column above; readers see no marks of code."""
    assert columns_of(wins)["win_rate"].type == "float"
    assert column_meanings(wins)["n_won"] == "Deals won, whatever their size."


def test_a_table_that_cannot_be_had_has_the_metrics_columns_and_types():
    """A section whose data is absent hands an empty frame on to the next cell."""
    frame = shaped(pd.DataFrame(), wins)

    assert (list(frame), types_of(frame)) == (list(columns_of(wins)), TYPES)
