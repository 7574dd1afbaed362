"""The demo company, drawn part by part when first asked for.

Quillmere is an invented maker of software for small and large firms. Its data runs from 1 October 2023 to
2 October 2026. The same seed gives the same company, and each part draws from random numbers of its own.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from salesops_lib.data.demo import tools
from salesops_lib.data.demo.arrow import keys
from salesops_lib.data.demo.days import Array, Columns
from salesops_lib.data.demo.deals import Business, do_business
from salesops_lib.data.demo.demand import leads
from salesops_lib.data.demo.events import history
from salesops_lib.data.demo.market import EUR_RATE
from salesops_lib.data.demo.people import Staff, hire_staff
from salesops_lib.data.demo.truths import DemoTruths


class DemoCompany:
    """One company of a seed and a size.

    Args:
        seed: Same seed, same company.
        n_reps: People in sales at the end of the data, managers and specialists included.
        truths: Effects planted in the data.
    """

    def __init__(self, seed: int, n_reps: int, truths: DemoTruths) -> None:
        self.seed, self.n_reps, self.truths = seed, n_reps, truths

    @cached_property
    def staff(self) -> Staff:
        """The people."""
        return hire_staff(self.seed, self.n_reps)

    @cached_property
    def all_leads(self) -> Columns:
        """The leads, including those from before the data that only serve to open deals."""
        return leads(self.seed, self.staff, self.truths)

    @cached_property
    def business(self) -> Business:
        """Deals, accounts and customers."""
        return do_business(self.seed, self.staff, self.all_leads, self.truths)

    @cached_property
    def states(self) -> Columns:
        """The stage history, amounts in cents of the deal's own currency."""
        deals = self.business.deals
        rows = history(self.seed, deals, self.business.journeys)
        in_euros = deals["is_eur"][rows["deal"]]
        return {
            **rows,
            "amount": np.where(in_euros, np.rint(rows["amount"] / EUR_RATE).astype(np.int64), rows["amount"]),
        }

    @cached_property
    def seats(self) -> Columns:
        """Seats of tools."""
        return tools.tool_seats(self.staff, self.truths)

    @cached_property
    def deal_keys(self) -> Array:
        """Keys of the deals, in the order of creation."""
        return np.array(keys("D", len(self.business.deals["day"]), 6))

    @cached_property
    def account_keys(self) -> Array:
        """Keys of the accounts."""
        return np.array(keys("A", len(self.business.accounts["size"]), 6))
