"""Makes by-family.json: rates, differences and clustered errors by statsmodels, scipy and numpy, by other ways than ours. `python by-family.py > by-family.json`, then the formatter."""
import json
import sys

import numpy
import scipy
import statsmodels
import statsmodels.api as sm
from scipy import optimize, stats


def congruential(seed):
    while True:
        seed = (1103515245 * seed + 12345) % 2147483648
        yield seed >> 8


def paired(tasks, families, trials):
    source = congruential(777)
    draw = lambda: next(source)
    passes = lambda chance: sum(draw() % 10 < chance for _ in range(trials)) / trials
    rows = []
    for _ in range(tasks):
        family = draw() % families
        rows.append((family, passes(5 if family % 3 == 0 else 8), passes(6 if family % 2 == 0 else 7)))
    return numpy.array([row[0] for row in rows]), numpy.array([row[1] for row in rows]), numpy.array([row[2] for row in rows])


def rated(tasks, families, trials, chances):
    source = congruential(12345)
    draw = lambda: next(source)
    rows = []
    for _ in range(tasks):
        family = draw() % families
        rows.append((family, sum(draw() % 10 < chances[0 if family % 3 == 0 else 1] for _ in range(trials)) / trials))
    return numpy.array([row[0] for row in rows]), numpy.array([row[1] for row in rows])


def jackknife(values, groups):
    names = numpy.unique(groups)
    left = numpy.array([values[groups != name].mean() for name in names])
    return (len(names) - 1) / len(names) * ((left - values.mean()) ** 2).sum()


def worth(values, groups, unit, telling):
    """Independent values that the mean is worth: Kish's design effect, drawn towards a family's size where few of large families tell."""
    n = len(values)
    counts = numpy.unique(groups, return_counts=True)[1]
    size = (counts**2).sum() / n
    most = max(1, 0.75 * (size - 1) * (1 - (telling / len(counts)) ** 4))
    doubt = (most / (telling + most)) ** 2
    return n / (doubt * size + (1 - doubt) * n * jackknife(values, groups) / unit), size


def difference(tasks, families, trials, confidence):
    groups, own, other = paired(tasks, families, trials)
    return {"sample": [tasks, families, trials], **compared(groups, own - other, confidence)}


def rare(families, size, lost, confidence):
    """So many tasks are lost of each family, nothing is won."""
    groups = numpy.repeat(numpy.arange(families), size)
    leads = numpy.array([-1.0 if place < count else 0.0 for count in lost + [0] * (families - len(lost)) for place in range(size)])
    return {"families": families, "size": size, "lost": lost, **compared(groups, leads, confidence)}


def compared(groups, leads, confidence):
    names = numpy.unique(groups)
    telling = sum(bool((leads[groups == name] != 0).any()) for name in names)
    ahead, behind, mean = numpy.maximum(leads, 0).mean(), numpy.maximum(-leads, 0).mean(), leads.mean()
    n, _ = worth(leads, groups, ahead + behind - mean**2, telling)
    seen = (telling / len(names)) ** 4
    df = len(names) - 1

    def score(delta):
        # The nuisance parameter by maximising the likelihood, not by Tango's closed form.
        b, c = ahead * n, behind * n
        low, high = max(0, -delta) + 1e-15, (1 - delta) / 2 - 1e-15
        slope = lambda q: b / (q + delta) + c / q - 2 * (n - b - c) / (1 - 2 * q - delta)
        q = optimize.brentq(slope, low, high, xtol=1e-15, rtol=1e-14) if slope(low) > 0 else low
        variance = (1 - seen) * (2 * q + delta - delta**2) + seen * (ahead + behind - mean**2)
        return (mean - delta) / numpy.sqrt(variance / n)

    # No more than if all families had been won wholly: the exact bound of n of n, by scipy, on [-1, 1]; and than the losses' exact bound allows.
    tail = (1 - confidence) / 2
    won = stats.beta.ppf(tail, len(names), 1) * 2 - 1

    def few(delta, gains, losses):
        lost = min(1, max(0, gains - delta))
        p = 1 - stats.beta.cdf(lost, losses * n + 1, n - losses * n)
        return p if p in (0, 1) else stats.t.cdf(stats.norm.ppf(p), df)

    least = optimize.brentq(lambda delta: few(delta, ahead, behind) - tail, -1, mean, xtol=1e-14)
    most = -optimize.brentq(lambda delta: few(delta, behind, ahead) - tail, -1, -mean, xtol=1e-14)
    t = stats.t.ppf((1 + confidence) / 2, df)
    low = min(won, least, optimize.brentq(lambda delta: score(delta) - t, -0.95, mean, xtol=1e-14))
    high = max(-won, most, optimize.brentq(lambda delta: score(delta) + t, mean, 0.95, xtol=1e-14))
    fit = sm.OLS(leads, numpy.ones(len(leads))).fit(cov_type="cluster", cov_kwds={"groups": groups, "use_correction": True})
    return {
        "confidence": confidence,
        "value": mean,
        "low": low,
        "high": high,
        "above": max(stats.t.sf(score(-0.05), df), stats.binom.pmf(len(names), len(names), 0.95 / 2), few(-0.05, ahead, behind)),
        "statsmodels": float(fit.bse[0] ** 2),
        "telling": [telling, len(names)],
    }


def rate(tasks, families, trials, chances, confidence):
    groups, values = rated(tasks, families, trials, chances)
    names = numpy.unique(groups)
    mean = values.mean()
    telling = min(sum(bool((values[groups == name] > 0).any()) for name in names), sum(bool((values[groups == name] < 1).any()) for name in names))
    n, size = worth(values, groups, mean * (1 - mean), telling)
    p = (1 + confidence) / 2
    units = max(len(values) / size, n * (stats.norm.ppf(p) / stats.t.ppf(p, len(names) - 1)) ** 2)
    low = stats.beta.ppf(1 - p, mean * units, (1 - mean) * units + 1)
    high = stats.beta.ppf(p, mean * units + 1, (1 - mean) * units)
    fit = sm.OLS(values, numpy.ones(len(values))).fit(cov_type="cluster", cov_kwds={"groups": groups, "use_correction": True})
    return {"sample": [tasks, families, trials], "chances": chances, "confidence": confidence, "low": low, "high": high, "statsmodels": float(fit.bse[0] ** 2)}


made = {
    "by": {"numpy": numpy.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__},
    "differences": [difference(60, 8, 3, 0.95), difference(40, 4, 1, 0.95), difference(200, 26, 1, 0.9), difference(57, 40, 1, 0.95), difference(120, 60, 1, 0.95)],
    "rare": [rare(40, 10, [9, 7, 4], 0.9), rare(40, 10, [1, 1, 1, 1], 0.9), rare(40, 10, [10], 0.9), rare(80, 3, [1, 1, 2], 0.95)],
    "rates": [rate(60, 8, 3, [4, 8], 0.95), rate(200, 26, 6, [4, 8], 0.9), rate(240, 12, 1, [9, 10], 0.9), rate(120, 6, 3, [9, 10], 0.95)],
}
json.dump(made, sys.stdout, indent=2)
print()
