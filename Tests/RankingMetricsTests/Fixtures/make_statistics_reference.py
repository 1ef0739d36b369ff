"""Writes statistics.json: paired tests and tail probabilities as SciPy computes them.

Run: python3 make_statistics_reference.py   (SciPy 1.10 or later, NumPy)
"""

import json
import pathlib

import numpy
import scipy
from scipy import stats

random = numpy.random.default_rng(7)
pairs = []
for name, count, make in [
    ("normal", 17, lambda n: (random.normal(0.3, 1, n), random.normal(0, 1, n))),
    ("two", 2, lambda n: (random.normal(1, 1, n), random.normal(0, 1, n))),
    ("reciprocal ranks, many zeros and ties", 400, lambda n: tuple(
        numpy.where((r := random.integers(1, 30, n)) <= 10, 1 / numpy.log2(1 + r), 0) for _ in range(2))),
    ("hits", 101, lambda n: (
        (random.random(n) < 0.5).astype(float), (random.random(n) < 0.3).astype(float))),
    ("far apart", 60, lambda n: (random.normal(3, 1, n), random.normal(0, 1, n))),
]:
    a, b = make(count)
    wilcoxon = stats.wilcoxon(a, b, zero_method="wilcox", correction=False, method="approx")
    t = stats.ttest_rel(a, b)
    pairs.append({
        "name": name, "a": a.tolist(), "b": b.tolist(),
        "wilcoxonStatistic": float(wilcoxon.statistic), "wilcoxonP": float(wilcoxon.pvalue),
        "t": float(t.statistic), "tP": float(t.pvalue),
    })

student = [[t, nu, float(2 * stats.t.sf(abs(t), nu))]
           for t in (0.0, 0.1, -1.0, 2.5, 8.0, 40.0) for nu in (1, 2, 5, 30, 1000, 31012)]
normal = [[z, float(2 * stats.norm.sf(abs(z)))] for z in (0.0, 0.5, -1.96, 4.0, 10.0)]
beta = [[x, a, b, float(stats.beta.cdf(x, a, b))]
        for x in (0.001, 0.25, 0.5, 0.9) for a, b in ((0.5, 0.5), (1, 3), (17, 2.5), (300, 200))]

out = pathlib.Path(__file__).parent / "statistics.json"
out.write_text(json.dumps({
    "scipy": scipy.__version__, "pairs": pairs, "student": student, "normal": normal, "beta": beta}))
