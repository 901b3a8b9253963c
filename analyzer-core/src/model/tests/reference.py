"""Prints the table of tests/reference.rs: fits by scipy and scikit-learn of the same values, not binned.

python3 -m venv VENV && VENV/bin/pip install scipy scikit-learn && VENV/bin/python reference.py
"""

import numpy as np
from scipy import stats
from sklearn.mixture import GaussianMixture


def at(quantile, n):
    return [max(1, round(float(quantile((i + 0.5) / n)))) for i in range(n)]


def lcg(n):
    state, values = 1, []
    for _ in range(n):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        values.append(1 + (state >> 33) % 100_000)
    return values


lognormal = lambda mu, sigma: lambda p: np.exp(mu + sigma * stats.norm.ppf(p))
SETS = {  # name: (values, unit)
    "exponential": (at(lambda p: -5000 * np.log1p(-p), 1000), 1),
    "lognormal": (at(lognormal(8, 1.5), 2000), 1),
    "weibull": (at(lambda p: 20_000 * (-np.log1p(-p)) ** (1 / 0.6), 1500), 1),
    "pareto": (at(lambda p: 500 * (1 - p) ** (-1 / 1.3), 1000), 1),
    "mixture": (at(lognormal(5, 0.4), 700) + at(lognormal(9.5, 0.8), 1300), 1),
    "overlapping": (at(lognormal(7, 1.0), 800) + at(lognormal(8.5, 0.5), 800), 1),
    "times": (at(lognormal(18, 1.2), 500), 1e-9),
    "uniform": (lcg(1000), 1),
}


def mixture(x):
    logarithms = np.log(x).reshape(-1, 1)
    best = None
    for seed in range(20):
        gmm = GaussianMixture(2, tol=1e-12, max_iter=20_000, n_init=1, init_params="random_from_data",
                              random_state=seed, reg_covar=1e-9).fit(logarithms)
        if gmm.covariances_.min() > (1 / 128) ** 2 and (best is None or gmm.lower_bound_ > best.lower_bound_):
            best = gmm
    order = np.argsort(best.means_[:, 0])
    weight = best.weights_[order]
    mu, sigma = best.means_[order, 0], np.sqrt(best.covariances_[order, 0, 0])
    cdf = lambda v: sum(w * stats.lognorm.cdf(v, s, scale=np.exp(m)) for w, m, s in zip(weight, mu, sigma))
    logpdf = best.score_samples(logarithms) - logarithms[:, 0]
    return [weight[0], *mu, *sigma], cdf, logpdf.sum()


def family(distribution, arguments, parameters, x):
    frozen = distribution(*arguments)
    return parameters, frozen.cdf, frozen.logpdf(x).sum()


def fits(x):
    mean = stats.expon.fit(x, floc=0)[1]
    sigma, _, median = stats.lognorm.fit(x, floc=0)
    shape, _, scale = stats.weibull_min.fit(x, floc=0)
    tail, _, least = stats.pareto.fit(x, floc=0, fscale=x.min())
    yield "exponential", family(stats.expon, (0, mean), [mean], x)
    yield "lognormal", family(stats.lognorm, (sigma, 0, median), [np.log(median), sigma], x)
    yield "weibull", family(stats.weibull_min, (shape, 0, scale), [shape, scale], x)
    yield "pareto", family(stats.pareto, (tail, 0, least), [least, tail], x)
    yield "lognormal_mixture", mixture(x)


for name, (values, unit) in SETS.items():
    x = np.sort(np.array(values, dtype=float)) * unit
    n = len(x)
    for fitted, (parameters, cdf, ln_l) in fits(x):
        ks = stats.kstest(x, cdf).statistic
        u = np.clip(cdf(x), 1e-12, 1 - 1e-12)
        ranks = np.arange(1, n + 1)
        ad = -n - np.sum((2 * ranks - 1) * (np.log(u) + np.log1p(-u[::-1]))) / n
        text = ", ".join(f"{p:.6g}" if "." in f"{p:.6g}" or "e" in f"{p:.6g}" else f"{p:.6g}.0" for p in parameters)
        print(f'    ("{name}", "{fitted}", &[{text}], {ks:.5f}, {ad:.4f}, {ln_l:.2f}),')
