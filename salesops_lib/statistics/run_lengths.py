"""Run lengths: after how many months, on average, a chart with these limits speaks, with and without a change.

For choosing limits, and to hold the charts against what is published of them.
"""

from __future__ import annotations

import numpy as np

from salesops_lib.statistics.control_limits import ALLOWANCE, N_NODES, WEIGHT


def ewma_arl(limit: float, *, weight: float = WEIGHT, shift: float = 0.0) -> float:
    """Months until the EWMA first leaves its limits, on average, when months are independent.

    Args:
        limit: Limits to both sides, in standard deviations that the EWMA has in the long run.
        weight: As in ``ewma``.
        shift: How far the true level lies from the usual one, in spreads of one month.

    Source:
        Integral equation of Crowder (1987), Technometrics 29, 401-407; solved at Gauss-Legendre nodes.
    """
    from scipy.stats import norm

    top = limit * np.sqrt(weight / (2 - weight))
    nodes, weights = np.polynomial.legendre.leggauss(N_NODES)
    y = top * nodes
    onward = norm.pdf((y - (1 - weight) * y[:, None]) / weight - shift) * weights * top / weight
    from_nodes = np.linalg.solve(np.eye(N_NODES) - onward, np.ones(N_NODES))
    return float(1 + (norm.pdf(y / weight - shift) * weights * top / weight) @ from_nodes)


def cusum_arl(limit: float, *, allowance: float = ALLOWANCE, shift: float = 0.0) -> float:
    """Months until a one-sided CUSUM first passes its limit, on average, when months are independent.

    Args:
        limit: What the sum must pass.
        allowance: As in ``cusum``.
        shift: How far the true level lies on the side watched, in spreads of one month.

    Source:
        Brook and Evans (1972), Biometrika 59, 539-549; Page's integral equation, solved at Gauss-Legendre nodes.
    """
    from scipy.stats import norm

    nodes, weights = np.polynomial.legendre.leggauss(N_NODES)
    y = np.r_[0.0, limit * (nodes + 1) / 2]
    # The sum may fall to 0 and rest there: a point with a chance of its own beside the nodes.
    onward = np.empty((N_NODES + 1, N_NODES + 1))
    onward[:, 0] = norm.cdf(allowance - y - shift)
    onward[:, 1:] = norm.pdf(y[1:] - y[:, None] + allowance - shift) * weights * limit / 2
    return float(np.linalg.solve(np.eye(N_NODES + 1) - onward, np.ones(N_NODES + 1))[0])
