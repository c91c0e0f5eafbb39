"""Regenerates monitoring-statistics.json: golden values for domain/monitoring/{distributions,psi,quality}.ts.

    python3 -m venv venv && venv/bin/pip install scipy
    venv/bin/python bench/golden/monitoring_statistics.py > bench/golden/monitoring-statistics.json

Independent of the product's code: quantiles, tests, intervals and percentiles are SciPy's and NumPy's; the stability
index is a sum of SciPy's relative entropies (`rel_entr`) in both directions over shares binned by NumPy.
"""

import json
import random

import numpy
from scipy.special import rel_entr
from scipy.stats import binomtest, chi2, t

random.seed(11)


def filled(counts):
    shares = numpy.asarray(counts, dtype=float) / sum(counts)
    smallest = shares[shares > 0].min()
    return numpy.where(shares == 0, smallest / 1e6 if smallest <= 0.0001 else 0.0001, shares)


def stability(reference, current):
    r, c = filled(reference), filled(current)
    # (c - r) ln(c / r) = c ln(c / r) + r ln(r / c)
    return float(rel_entr(c, r).sum() + rel_entr(r, c).sum())


indices = []
for reference, current in [
    ([9, 9, 9, 9, 9, 9, 9, 9, 9, 11], [3, 4, 9, 12, 15, 18, 12, 9, 6, 4]),
    ([92, 0, 8], [80, 12, 0]),
    ([1, 1], [1, 1]),
    ([20000, 1, 0, 79999], [25000, 0, 3, 74997]),
    ([5, 5, 5, 5], [0, 0, 0, 20]),
]:
    indices.append({"reference": reference, "current": current, "psi": stability(reference, current)})
for n, m in [(69, 92), (366, 90), (4000, 100000)]:
    first = [random.gauss(8, 4) for _ in range(n)]
    second = [random.gauss(9, 5) for _ in range(m if m < 1000 else 1000)]
    edges = numpy.quantile(first, [i / 10 for i in range(1, 10)])
    bins = [-numpy.inf, *edges, numpy.inf]
    reference, current = numpy.histogram(first, bins)[0].tolist(), numpy.histogram(second, bins)[0].tolist()
    indices.append({"reference": reference, "current": current, "psi": stability(reference, current)})

quantiles = [
    {"tail": tail, "degrees": degrees, "quantile": float(chi2.isf(tail, degrees))}
    for tail in (0.05, 0.01, 0.0025, 0.05 / 3, 0.9)
    for degrees in (1, 2, 4, 9, 49, 300)
]
tails = [
    {"x": x, "degrees": degrees, "tail": float(chi2.sf(x, degrees))}
    for x, degrees in [(0.1, 1), (3.84, 1), (9.0, 9), (16.9, 9), (60.0, 9), (300.0, 300), (410.0, 300)]
]

shares = []
for hits, rows, share in [
    (53, 92, 0.65), (54, 92, 0.65), (62, 92, 0.65), (0, 20, 0.5), (20, 20, 0.5), (1, 40, 0.3), (77, 92, 0.65),
    (650, 1000, 0.65), (57600, 100000, 0.58), (9, 10, 0.2),
]:
    test = binomtest(hits, rows, share)
    found = test.proportion_ci(0.95, method="wilson")
    shares.append({"hits": hits, "rows": rows, "share": share, "pValue": test.pvalue, "interval": [found.low, found.high]})

percentiles = []
for count in (1, 2, 7, 92, 1000):
    values = sorted(round(random.expovariate(0.3), 4) for _ in range(count))
    percentiles.append({
        "values": values,
        "found": [{"share": s, "value": float(numpy.percentile(values, 100 * s))} for s in (0, 0.5, 0.95, 0.99, 1)],
    })

means = []
for rows in (2, 20, 92):
    labels = [random.randint(0, 1) for _ in range(rows)]
    answers = [round(min(0.99, max(0.01, random.gauss(0.35 + 0.3 * label, 0.2))), 4) for label in labels]
    losses = [(label - answer) ** 2 for label, answer in zip(labels, answers)]
    half = t.ppf(0.975, rows - 1) * numpy.std(losses, ddof=1) / rows**0.5
    centre = float(numpy.mean(losses))
    means.append({"labels": labels, "answers": answers, "brier": centre, "interval": [centre - half, centre + half]})

print(json.dumps({
    "indices": indices, "quantiles": quantiles, "tails": tails, "shares": shares,
    "percentiles": percentiles, "means": means,
}, indent=1))
