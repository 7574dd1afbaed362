"""Formats of dates in company.yaml: what is wrong with one is said of the format itself."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from salesops_lib.parameters import ColumnMapping


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("%d.%m.%Y %H:%M", ("%d.%m.%Y %H:%M",)),
        (["%m/%d/%Y", "%d-%b-%y"], ("%m/%d/%Y", "%d-%b-%y")),
        ("epoch_ms", ("epoch_ms",)),
        ("%-d/%-m/%Y %I:%M %p", ("%-d/%-m/%Y %I:%M %p",)),
        ("%Y%j", ("%Y%j",)),
        (None, ()),
    ],
)
def test_a_format_that_reads_dates_is_kept(given: object, kept: tuple[str, ...]) -> None:
    """One format or several, times of day, and words for numbers."""
    assert ColumnMapping.model_validate({"column": "x", "date_format": given}).date_format == kept


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("%s", "For seconds since 1970 write `epoch_s`, for milliseconds `epoch_ms`"),
        ("%D.%m.%Y", "`%D.%m.%Y` holds `%D`, which means nothing in a date format here. The day is `%d`"),
        ("%d.%m.%Y %", "ends in `%`"),
        ("%d.%m", "names no year"),
        ("%d.%M.%Y", "names no month. `%M` is the minute. The month is `%m`"),
        ("%m/%m/%Y", "names the month twice"),
        ("%d.%m.%Y %I:%M", "does not say which half of the day"),
        ("epoch", "Did you mean `epoch_"),
        (["%m/%d/%Y", "DD.MM.YYYY"], "`DD.MM.YYYY` is not a date format"),
    ],
)
def test_a_format_that_reads_no_dates_says_what_is_wrong(given: object, said: str) -> None:
    """The sentence speaks of the format, not of the kit or the data."""
    with pytest.raises(ValidationError) as caught:
        ColumnMapping.model_validate({"column": "x", "date_format": given})

    assert said in str(caught.value)
