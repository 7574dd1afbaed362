"""Words for accuracy: does the model beat the benchmark, by how much, and do its intervals hold?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesops_lib.forecasting.phrases import TOO_SHORT
from salesops_lib.wording import Finding, Status, capital, count, number, percent

LEAST_ORIGINS = 3
"""Origins that the longest horizon named in a title has at least."""
FEW_ORIGINS = 12
"""Past month-ends below which no method is preferred to the usual one."""
COVERAGE = (0.7, 0.9)
"""Share of months inside the 80% interval that is close enough."""
NOTHING_CAME = Finding(
    "The error of the forecast cannot be told",
    "An error is a share of what was booked, and nothing was booked in the months on which the forecast was tested.",
    is_headline=False,
)


def describe_accuracy_by_method(rows: pd.DataFrame) -> Finding:
    """Say whether the model beats what anyone would do without one, and what the report therefore shows."""
    if rows.empty:
        return TOO_SHORT
    if rows["wape_rate"].isna().all():
        return NOTHING_CAME
    model, rival, used = (
        rows[picked].iloc[0] for picked in (rows["method"] == "chosen", rows["is_benchmark"], rows["is_used_now"])
    )
    text = (
        f"From {count(model['n_origins'], 'past month-end')}, with only what was known then, the model erred by "
        f"**{percent(model['wape_rate'], 1)}** of bookings over up to twelve months ahead and "
        f"{percent(model['near_wape_rate'], 1)} over the first three; {rival['name']} erred by "
        f"**{percent(rival['wape_rate'], 1)}** and {percent(rival['near_wape_rate'], 1)}. "
        f"The model came closer from {int(model['n_better'])} of the {int(model['n_origins'])}. "
        f"{_bias(rows[rows['is_shown']].iloc[0])} {_used(used, model)}"
    )
    beats, is_tested = bool(model["is_shown"]), model["n_origins"] >= FEW_ORIGINS
    status: Status = "watch" if not beats else "good" if is_tested else "note"
    return Finding(_title(model, rival), text.strip(), status, is_headline=not beats)


def _title(model: Any, rival: Any) -> str:
    if not model["is_shown"]:
        return f"No model beats {rival['name']}, so the report shows {rival['name']}"
    whole = [percent(row["wape_rate"]) for row in (model, rival)]
    exact = [percent(row["wape_rate"], 1) for row in (model, rival)]
    ours, theirs = exact if whole[0] == whole[1] else whole
    return f"The forecast is off by {ours}; {rival['name']} by {theirs}"


def _bias(shown: Any) -> str:
    bias = shown["forecast_bias_rate"]
    if pd.isna(bias) or abs(bias) < 0.005:
        return "Too high and too low balanced out."
    side = "high" if bias > 0 else "low"
    return f"On the whole it was too {side} by {percent(abs(bias), 1)}; it is not corrected for that."


def _used(used: Any, model: Any) -> str:
    if not model["is_shown"]:
        return ""
    start = f"The forecast now is made by {used['name']}"
    if model["n_origins"] < FEW_ORIGINS:
        return (
            f"{start}; {int(model['n_origins'])} month-ends are too few to prefer another, or to be sure of this one."
        )
    return f"{start}; no other method's past error is lower by a tenth or more."


def describe_accuracy_by_horizon(rows: pd.DataFrame) -> Finding:
    """Say how the error grows with the months ahead and whether the intervals held."""
    if rows.empty:
        return TOO_SHORT
    shown = rows[rows["is_shown"]]
    told = shown.dropna(subset="wape_rate")
    if told.empty:
        return NOTHING_CAME
    tested = told[told["n_origins"] >= min(LEAST_ORIGINS, int(told["n_origins"].max()))]
    first, last = tested.iloc[0], tested.iloc[-1]
    n, inside = int(shown["n_intervals"].sum()), float((shown["covered_rate"] * shown["n_intervals"]).sum())
    share = inside / n if n else float("nan")
    title = (
        f"One month ahead the forecast is off by {percent(first['wape_rate'])}, "
        f"{_months(last['n_months_ahead'])} ahead by {percent(last['wape_rate'])}"
    )
    text = (
        f"{capital(_months(first['n_months_ahead']))} ahead the error was **{percent(first['wape_rate'], 1)}** "
        f"({count(first['n_origins'], 'origin')}), {_months(last['n_months_ahead'])} ahead "
        f"**{percent(last['wape_rate'], 1)}** ({count(last['n_origins'], 'origin')})"
        f"{_beside_usual(rows, first, last)}. "
        f"{_covered(inside, n)} {_rival(rows, shown)} {_untested(shown)}"
    )
    return Finding(title, text.strip(), _status(share, n), is_headline=False)


def _beside_usual(rows: pd.DataFrame, first: Any, last: Any) -> str:
    """The errors in units of the usual change; nothing where bookings have never changed."""
    if pd.isna(first["mase"]) or pd.isna(last["mase"]):
        return ""
    scaled = f"{number(first['mase'], 2)} and {number(last['mase'], 2)} times"
    return f"; that is {scaled} the usual change from {_scale(rows)}"


def _months(n: Any) -> str:
    words = {1: "one month", 12: "twelve months"}
    return words.get(int(n), f"{int(n)} months")


def _scale(rows: pd.DataFrame) -> str:
    # last_year is the benchmark exactly where the history holds two seasons, which is where MASE is scaled by it.
    return "the same month a year before" if (rows["method"] == "last_year").any() else "month to month"


def _covered(inside: float, n: int) -> str:
    if not n:
        return "There are too few origins yet to test the intervals."
    return (
        f"The 80% interval held {round(inside)} of {n} months (**{percent(inside / n)}**); forecasts of neighbouring "
        "months err together, so this share is itself uncertain."
    )


def _status(share: float, n: int) -> Status:
    if not n:
        return "note"
    return "good" if COVERAGE[0] <= share <= COVERAGE[1] else "watch" if share < COVERAGE[0] else "note"


def _rival(rows: pd.DataFrame, shown: pd.DataFrame) -> str:
    others = rows[~rows["is_shown"]]
    if others.empty:
        return ""
    pairs = shown.merge(others, on="n_months_ahead", suffixes=("", "_other"))
    better = int((pairs["wape_rate"] < pairs["wape_rate_other"]).sum())
    return f"It erred less than {others['name'].iloc[0]} at {better} of {len(pairs)} horizons."


def _untested(shown: pd.DataFrame) -> str:
    longest = int(shown["n_months_ahead"].max())
    return f"Beyond {_months(longest)} nothing could be tested yet." if longest < 12 else ""
