"""Regenerates promotion-statistics.json: golden values for domain/promotions/paired-*.ts.

    python3 -m venv venv && venv/bin/pip install scipy
    venv/bin/python bench/golden/promotion_statistics.py > bench/golden/promotion-statistics.json

Independent of the product's code: the score interval maximises the multinomial likelihood numerically under the
constraint on the difference instead of using Tango's closed form; p values and quantiles are SciPy's.
"""

import json
import math
import random

from scipy.optimize import brentq, minimize_scalar
from scipy.stats import binomtest, norm, t, ttest_1samp

Z = norm.ppf(0.975)


def constrained_share(better, worse, rows, delta):
    """Maximum likelihood estimate of the share of `worse` rows when (share better - share worse) = delta."""
    concordant = rows - better - worse

    def minus_log_likelihood(p21):
        terms = [(better, p21 + delta), (worse, p21), (concordant, 1 - 2 * p21 - delta)]
        total = 0.0
        for count, share in terms:
            if count == 0:
                continue
            if share <= 0:
                return math.inf
            total -= count * math.log(share)
        return total

    low, high = max(0.0, -delta), (1 - delta) / 2
    if high - low < 1e-15:
        return low
    found = minimize_scalar(minus_log_likelihood, bounds=(low, high), method="bounded", options={"xatol": 1e-14})
    candidates = [(minus_log_likelihood(p), p) for p in (low, high, found.x)]
    return min(candidates)[1]


def statistic(better, worse, rows, delta):
    p21 = constrained_share(better, worse, rows, delta)
    variance = rows * (2 * p21 + delta - delta * delta)
    return (better - worse - rows * delta) / math.sqrt(max(variance, 1e-300))


def interval(better, worse, rows):
    estimate = (better - worse) / rows

    def side(level, low, high):
        at_low, at_high = statistic(better, worse, rows, low) - level, statistic(better, worse, rows, high) - level
        if at_low * at_high > 0:
            return low if abs(at_low) < abs(at_high) else high
        return brentq(lambda delta: statistic(better, worse, rows, delta) - level, low, high, xtol=1e-12)

    edge = 1e-9
    low = -1.0 if estimate <= -1 + edge else side(Z, -1 + edge, estimate)
    high = 1.0 if estimate >= 1 - edge else side(-Z, estimate, 1 - edge)
    return [low, high]


paired = []
for better, worse, rows in [
    (12, 3, 92), (3, 12, 92), (0, 0, 93), (1, 0, 44), (0, 1, 44), (5, 5, 50), (20, 10, 200), (7, 1, 8),
    (40, 25, 365), (150, 120, 1461), (2, 0, 93), (9, 9, 93), (8, 4, 93), (900, 850, 20000),
]:
    paired.append({
        "better": better, "worse": worse, "rows": rows, "interval": interval(better, worse, rows),
        "pValue": binomtest(min(better, worse), better + worse, 0.5).pvalue if better + worse else 1.0,
    })

random.seed(7)
losses = []
for rows in (2, 3, 12, 93, 400):
    first = [round(random.expovariate(2), 6) for _ in range(rows)]
    second = [round(value + random.gauss(0.02, 0.1), 6) for value in first]
    found = ttest_1samp([b - a for a, b in zip(first, second)], 0).confidence_interval(0.95)
    losses.append({"first": first, "second": second, "interval": [found.low, found.high]})

quantiles = [{"degrees": degrees, "quantile": t.ppf(0.975, degrees)} for degrees in (1, 2, 5, 30, 92, 1000)]
print(json.dumps({"paired": paired, "losses": losses, "quantiles": quantiles}, indent=1))
