# LABEL: slow
"""Volatility, volume, statistics, price and time indicators agree with TA-Lib, scipy, pandas and numpy's plain forms,
and are ready at the same row. An error is told relative to the expected value, or to the root mean square of the column
where that is larger."""
import sys

import indicator_columns as columns

try:
    import bottleneck
    import numpy as np
    import pandas as pd
    import scipy.linalg
    import scipy.stats
    import talib
except ImportError as error:
    print("skipped: %s" % error)
    sys.exit(77)

LONG = np.longdouble
LN2 = np.log(LONG(2))


class Bars(dict):
    """Columns by name, read when asked for, and what several oracles need."""

    def __init__(self, read):
        self.read = read

    def __missing__(self, name):
        self[name] = self.read(name)
        return self[name]

    def returns(self, name="close"):
        """Of bars 1, 2, ...: to about 1e-17, where a difference of two logarithms of doubles has 1e-15."""
        price = self[name].astype(LONG)
        return np.log1p(np.diff(price) / price[:-1])


def ready(values, rows):
    """With NaN in front, up to `rows` rows."""
    return np.concatenate([np.full(rows - len(values), np.nan), np.asarray(values, dtype=float)])


def windows(values, period):
    return np.lib.stride_tricks.sliding_window_view(values, period)


def mean(values, period):
    return windows(values, period).mean(axis=1)


def total(values, period):
    return windows(values, period).sum(axis=1)


def ema(values, weight, first):
    """Mean of the first `first` values, then weight by weight; from row first - 1 on."""
    values = np.asarray(values, dtype=float)
    seeded = np.concatenate([[values[:first].mean()], values[first:]])
    return pd.Series(seeded).ewm(alpha=weight, adjust=False).mean().to_numpy()


def moments(x, y, period):
    """Sums of products of deviations over windows: two passes, in long double."""
    x, y = windows(x.astype(LONG), period), windows(y.astype(LONG), period)
    x, y = x - x.mean(axis=1, keepdims=True), y - y.mean(axis=1, keepdims=True)
    return (x * y).sum(axis=1), (x * x).sum(axis=1), (y * y).sum(axis=1)


def over(a, b, otherwise=0.0):
    """a / b, `otherwise` where b is 0."""
    a, b = np.broadcast_arrays(np.asarray(a), np.asarray(b))
    return np.where(b == 0, otherwise, a / np.where(b == 0, 1, b))


def correlation(x, y, period):
    both, xx, yy = moments(x, y, period)
    return over(both, np.sqrt(xx) * np.sqrt(yy))


def log_of(a, b):
    return np.log(a.astype(LONG) / b)


def flow(b):
    return over((b["close"] - b["low"]) - (b["high"] - b["close"]), b["high"] - b["low"]) * b["volume"]


def rogers_satchell(b):
    up, down, move = (log_of(b[name], b["open"]) for name in ("high", "low", "close"))
    return up * (up - move) + down * (down - move)


def yang_zhang(b, period):
    gap, move = log_of(b["open"][1:], b["close"][:-1]), log_of(b["close"], b["open"])[1:]
    k = 0.34 / (1.34 + (period + 1) / (period - 1))
    sample = lambda x: windows(x, period).var(axis=1, ddof=1)
    return np.sqrt(sample(gap) + k * sample(move) + (1 - k) * mean(rogers_satchell(b)[1:], period))


def volume_index(b, period, sign):
    counts = np.sign(np.diff(b["volume"])) == sign
    level = np.concatenate([[1.0], np.cumprod(np.where(counts, b["close"][1:] / b["close"][:-1], 1).astype(LONG))])
    return np.log(level[period:] / level[:-period])


def ulcer_index(b, period):
    top = pd.Series(b["close"]).rolling(period).max().to_numpy()[period - 1:]
    return np.sqrt(mean((100 * (b["close"][period - 1:] - top) / top) ** 2, period))


def relative_volume(b, period):
    seen = windows(b["volume"], period)
    away = b["volume"][period - 1:] - seen.mean(axis=1)
    return {"ratio": over(b["volume"][period - 1:], seen.mean(axis=1)), "zscore": over(away, seen.std(axis=1))}


def vwap(b, period):
    volume = total(b["volume"], period)
    close = b["close"][period - 1:]
    return close, np.where(volume == 0, close, over(total(b["vwap"] * b["volume"], period), volume))


def vwap_distance(b, period):
    close, price = vwap(b, period)
    return {"ticks": close - price, "bps": 1e4 * (close - price) / price}


def volume_delta(b, period):
    bought, sold = total(b["buy_volume"], period), total(b["sell_volume"], period)
    return {"lots": bought - sold, "share": over(bought - sold, bought + sold)}


def slope(x, y, period):
    both, xx, _ = moments(x, y, period)
    return over(both, xx)


def half_life(b, period):
    pull = -slope(b["close"][:-1], np.diff(b["close"]), period)
    return np.where(pull > 0, np.minimum(10 * period, LN2 / np.where(pull > 0, pull, 1)), 10 * period)


def hurst(b, period):
    log, lags = np.log(b["close"].astype(LONG)), 2 ** np.arange(5)
    squares = [mean((log[lag:] - log[:-lag])[16 - lag:] ** 2, period) for lag in lags]
    return np.clip(np.polyfit(np.log(lags), np.log(np.array(squares, dtype=float)), 1)[0] / 2, 0, 1)


def rescaled_range(b, period):
    seen = windows(b.returns(), period)
    walk = np.cumsum(seen - seen.mean(axis=1, keepdims=True), axis=1)
    value = (np.maximum(walk.max(axis=1), 0) - np.minimum(walk.min(axis=1), 0)) / seen.std(axis=1)
    return {"value": value, "exponent": np.log(value) / np.log(period / 2)}


def variance_ratio(b, lag, blocks):
    """Lo and MacKinlay's estimators in their terms: the log prices X[0] .. X[n]. Ours waits for lag - 1 bars more."""
    n = lag * blocks
    x = windows(np.log(b["close"].astype(LONG)), n + 1)[lag - 1:]
    drift = (x[:, -1:] - x[:, :1]) / n
    single = ((np.diff(x, axis=1) - drift) ** 2).sum(axis=1) / (n - 1)
    m = lag * (n - lag + 1) * (1 - lag / n)
    ratio = ((x[:, lag:] - x[:, :-lag] - lag * drift) ** 2).sum(axis=1) / m / single
    return {"ratio": ratio, "zscore": np.sqrt(n) * (ratio - 1) / np.sqrt(2 * (2 * lag - 1) * (lag - 1) / (3 * lag))}


def shannon_entropy(b, period, bins):
    """Of our own log returns, whose last bit may say on which side of an edge one lies."""
    seen = windows(b["log_return(period=1)"][1:], period)
    return [scipy.stats.entropy(np.histogram(row, bins)[0], base=bins) for row in seen]


def permutation_entropy(b, period):
    orders = np.argsort(windows(b["close"], 3), axis=1, kind="stable") @ [9, 3, 1]
    held = np.array([total(orders == order, period) for order in np.unique(orders)])
    return scipy.stats.entropy(held, base=6)


def fractional_difference(b, order, threshold):
    weights = [1.0]
    while len(weights) < 1024:
        weights.append(-weights[-1] * (order - len(weights) + 1) / len(weights))
        if abs(weights[-1]) < threshold:
            weights.pop()
            break
    return np.convolve(np.log(b["close"].astype(LONG)), np.array(weights, dtype=LONG), "valid")


def cusum_filter(b, threshold_bps):
    up, down, h, rows = 0.0, 0.0, threshold_bps * 1e-4, []
    for change in b.returns().astype(float):
        event, up, down = 0, max(0.0, up + change), min(0.0, down + change)
        if down < -h:
            event, down = -1, 0.0
        elif up > h:
            event, up = 1, 0.0
        rows.append((event, up / h, down / h))
    return dict(zip(("event", "up", "down"), np.array(rows).T))


def kalman_trend(b, tracking):
    """The filter's gains from the Riccati equation of the constant-velocity model, acceleration noise `tracking`."""
    move, seen = np.array([[1.0, 1], [0, 1]]), np.array([[1.0, 0]])
    noise = tracking ** 2 * np.array([[0.25, 0.5], [0.5, 1]])
    expected = scipy.linalg.solve_discrete_are(move.T, seen.T, noise, np.eye(1))
    gain = (expected @ seen.T / (seen @ expected @ seen.T + 1)).ravel()
    state, rows = np.array([b["close"][0], 0.0]), []
    for price in b["close"]:
        state = move @ state
        state = state + (gain if len(rows) != 1 else np.ones(2)) * (price - state[0])
        rows.append(state)
    memory = (4 + tracking - np.sqrt(8 * tracking + tracking ** 2)) / 4
    return dict(zip(("level", "slope"), np.array(rows)[2 + int(3 / (1 - memory)):].T))


def ewma_zscore(b, period):
    x = b["close"].astype(LONG) - b["close"][0]
    weights = (1 - 2 / LONG(period + 1)) ** np.arange(len(x))[::-1]
    first, rows = np.full(period, 1 / LONG(period)), []
    count = min(len(x), period * 60)  # what is older weighs less than e^-100
    for row in range(period - 1, len(x)):
        since = max(period, row - count + 1)
        now = weights[len(x) - 1 - row + since:] * 2 / (period + 1)
        rest = weights[len(x) - 1 - row + period - 1] if row < count else LONG(0)
        seen = np.concatenate([x[:period], x[since:row + 1]])
        share = np.concatenate([first * rest, now])
        centre = (share * seen).sum()
        rows.append((x[row] - centre) / np.sqrt((share * (seen - centre) ** 2).sum()))
    return rows


def session_clock(b):
    since, left = b["since_open_ns"], b["to_close_ns"]
    return {"minutes": since / 60e9, "share": over(since, since + left)}


def circle(share):
    turn = np.exp(2j * np.pi * share)
    return {"sine": turn.imag, "cosine": turn.real}


def drawdown(b, period):
    top = pd.Series(b["close"]).rolling(period).max().to_numpy()
    return {"ticks": b["close"] - top, "percent": 100 * (b["close"] / top - 1)}


def chaikin_volatility(b, period, change):
    average = ema(b["high"] - b["low"], 2 / (period + 1), period)
    return 100 * (average[change:] / average[:-change] - 1)


def ewma_volatility(b, decay):
    return np.sqrt(ema(b.returns() ** 2, 1 - decay, int(1 / (1 - decay) + 0.5)))


def ease_of_movement(b, period):
    middle = (b["high"] + b["low"]) / 2
    return mean(over(np.diff(middle) * (b["high"] - b["low"])[1:], b["volume"][1:]), period)


def zscore(b, period):
    seen = windows(b["close"].astype(LONG), period)
    return over(seen[:, -1] - seen.mean(axis=1), seen.std(axis=1))


def efficiency_ratio(b, period):
    way = total(np.abs(np.diff(b["close"])), period)
    return over(np.abs(b["close"][period:] - b["close"][:-period]), way)


def moved(line, period):
    """The change over `period` bars of a running total that is 0 before the first bar."""
    line = np.concatenate([[0.0], line])
    return line[period:] - line[:-period]


def pandas_of(function):
    return lambda b, period, **more: function(pd.Series(b["close"]).rolling(period), **more).to_numpy()


PERIODS = [{"period": period} for period in (3, 20, 333)]
LONGER = [{"period": period} for period in (5, 50, 200)]
# name: parameters, what is expected of them, and the error that is allowed.
ORACLES = {
    "natr": (PERIODS, lambda b, period: talib.NATR(b["high"], b["low"], b["close"], period), 1e-9),
    "true_range": ([{}], lambda b: talib.TRANGE(b["high"], b["low"], b["close"]), 0),
    "standard_deviation": (PERIODS, lambda b, period: windows(b["close"], period).std(axis=1), 1e-12),
    "variance": (PERIODS, lambda b, period: windows(b["close"], period).var(axis=1), 1e-12),
    "parkinson": (PERIODS, lambda b, period: np.sqrt(
        mean(log_of(b["high"], b["low"]) ** 2, period) / (4 * LN2)), 1e-12),
    "garman_klass": (PERIODS, lambda b, period: np.sqrt(mean(
        log_of(b["high"], b["low"]) ** 2 / 2 - (2 * LN2 - 1) * log_of(b["close"], b["open"]) ** 2, period)), 1e-12),
    "rogers_satchell": (PERIODS, lambda b, period: np.sqrt(np.maximum(mean(rogers_satchell(b), period), 0)), 1e-9),
    "yang_zhang": (PERIODS, yang_zhang, 1e-12),
    "ewma_volatility": ([{"decay": decay} for decay in (0.5, 0.94, 0.99)], ewma_volatility, 1e-12),
    "ulcer_index": (PERIODS, ulcer_index, 1e-12),
    "chaikin_volatility": ([{"period": 10, "change": 10}, {"period": 3, "change": 40}], chaikin_volatility, 1e-11),
    "downside_deviation": ([{"period": 20, "target_bps": 0}, {"period": 5, "target_bps": 0.5}],
                           lambda b, period, target_bps: np.sqrt(
                               mean(np.minimum(b.returns() - target_bps * 1e-4, 0) ** 2, period)), 1e-11),
    "average_range": (PERIODS, lambda b, period: mean(b["high"] - b["low"], period), 1e-14),
    "bollinger_width": ([{"period": 20, "deviations": 2}, {"period": 3, "deviations": 1.5}],
                        lambda b, period, deviations: 200 * deviations * windows(b["close"], period).std(axis=1)
                        / mean(b["close"], period), 1e-12),
    "obv": (PERIODS, lambda b, period: moved(talib.OBV(b["close"], b["volume"]), period)[1:], 0),
    "money_flow_volume": ([{}], flow, 1e-15),
    "accumulation_distribution": (PERIODS, lambda b, period: moved(
        talib.AD(b["high"], b["low"], b["close"], b["volume"]), period), 1e-11),
    "chaikin_money_flow": (PERIODS, lambda b, period: over(total(flow(b), period), total(b["volume"], period)), 1e-12),
    "chaikin_oscillator": ([{"fast": 3, "slow": 10}, {"fast": 60, "slow": 7}], lambda b, fast, slow: talib.ADOSC(
        b["high"], b["low"], b["close"], b["volume"], fast, slow), 1e-10),
    "force_index": (PERIODS, lambda b, period: ema(
        np.diff(b["close"]) * b["volume"][1:], 2 / (period + 1), period), 1e-12),
    "ease_of_movement": (PERIODS, ease_of_movement, 1e-12),
    "volume_oscillator": ([{"fast": 5, "slow": 20}, {"fast": 100, "slow": 2}],
                          lambda b, fast, slow: talib.PPO(b["volume"], fast, slow, 0), 1e-11),
    "relative_volume": (PERIODS, relative_volume, 1e-12),
    "vwap_rolling": (PERIODS, lambda b, period: vwap(b, period)[1], 1e-14),
    "vwap_distance": (PERIODS, vwap_distance, 1e-10),
    "price_volume_trend": (PERIODS, lambda b, period: total(
        np.diff(b["close"]) / b["close"][:-1] * b["volume"][1:], period), 1e-12),
    "negative_volume_index": (LONGER, lambda b, period: volume_index(b, period, -1), 1e-10),
    "positive_volume_index": (LONGER, lambda b, period: volume_index(b, period, 1), 1e-10),
    "volume_delta": (PERIODS, volume_delta, 1e-15),
    "zscore": (PERIODS, zscore, 1e-11),
    "percent_rank": (LONGER, lambda b, period: (pandas_of(lambda seen: seen.rank())(b, period) - 0.5) / period, 1e-14),
    "rolling_median": (LONGER, pandas_of(lambda seen: seen.median()), 0),
    "rolling_quantile": ([{"period": 20, "quantile": 0.9}, {"period": 150, "quantile": 0.05}],
                         pandas_of(lambda seen, quantile: seen.quantile(quantile)), 0),
    "skewness": (LONGER, lambda b, period: scipy.stats.skew(windows(b.returns(), period), axis=1), 1e-11),
    "kurtosis": (LONGER, lambda b, period: scipy.stats.kurtosis(windows(b.returns(), period), axis=1), 1e-11),
    "jarque_bera": (LONGER, lambda b, period: scipy.stats.jarque_bera(
        windows(b.returns().astype(float), period), axis=1).statistic, 1e-11),
    "autocorrelation": ([{"period": 50, "lag": 1}, {"period": 7, "lag": 20}], lambda b, period, lag: correlation(
        b.returns()[lag:], b.returns()[:-lag], period), 1e-11),
    "correlation": (LONGER, lambda b, period: correlation(b["close"], b["reference"], period), 1e-11),
    "volume_correlation": (LONGER, lambda b, period: correlation(b["close"], b["volume"], period), 1e-11),
    "return_correlation": (LONGER, lambda b, period: correlation(b.returns(), b.returns("reference"), period), 1e-11),
    "covariance": (LONGER, lambda b, period: moments(b.returns(), b.returns("reference"), period)[0] / period, 1e-11),
    "beta": (LONGER, lambda b, period: talib.BETA(b["reference"], b["close"], period), 1e-9),
    "r_squared": (LONGER, lambda b, period: correlation(b["close"], np.arange(20000.0), period) ** 2, 1e-11),
    "half_life": (LONGER, half_life, 1e-9),
    "hurst": (LONGER, hurst, 1e-11),
    "rescaled_range": (LONGER, rescaled_range, 1e-11),
    "variance_ratio": ([{"lag": 4, "blocks": 16}, {"lag": 2, "blocks": 5}, {"lag": 20, "blocks": 3}],
                       variance_ratio, 1e-9),
    "shannon_entropy": ([{"period": 50, "bins": 8}, {"period": 20, "bins": 3}], shannon_entropy, 1e-12),
    "permutation_entropy": (LONGER, permutation_entropy, 1e-12),
    "fractional_difference": ([{"order": 0.4, "threshold": 0.001}, {"order": 0.8, "threshold": 0.01}],
                              fractional_difference, 1e-12),
    "cusum_filter": ([{"threshold_bps": 10}, {"threshold_bps": 2}], cusum_filter, 1e-9),
    "kalman_trend": ([{"tracking": tracking} for tracking in (0.05, 0.001, 2)], kalman_trend, 1e-9),
    "efficiency_ratio": (PERIODS, efficiency_ratio, 1e-14),
    "drawdown": (PERIODS, drawdown, 1e-11),
    "rolling_max": (PERIODS, lambda b, period: talib.MAX(b["close"], period), 0),
    "rolling_min": (PERIODS, lambda b, period: talib.MIN(b["close"], period), 0),
    "rolling_argmax": (PERIODS, lambda b, period: bottleneck.move_argmax(b["close"], period), 0),
    "rolling_argmin": (PERIODS, lambda b, period: bottleneck.move_argmin(b["close"], period), 0),
    "log_return": ([{"period": 1}, {"period": 60}], lambda b, period: total(b.returns(), period), 1e-12),
    "ewma_zscore": ([{"period": 5}, {"period": 20}], ewma_zscore, 1e-10),
    "typical_price": ([{}], lambda b: talib.TYPPRICE(b["high"], b["low"], b["close"]), 1e-15),
    "median_price": ([{}], lambda b: talib.MEDPRICE(b["high"], b["low"]), 0),
    "weighted_close": ([{}], lambda b: talib.WCLPRICE(b["high"], b["low"], b["close"]), 0),
    "average_price": ([{}], lambda b: talib.AVGPRICE(b["open"], b["high"], b["low"], b["close"]), 0),
    "mid_price": ([{}], lambda b: (b["bid"] + b["ask"]) / 2, 0),
    "spread_bars": ([{}], lambda b: {"ticks": b["ask"] - b["bid"],
                                     "bps": 2e4 * (b["ask"] - b["bid"]) / (b["ask"] + b["bid"])}, 1e-14),
    "session_clock": ([{}], session_clock, 1e-15),
    "to_close": ([{}], lambda b: b["to_close_ns"] / 60e9, 0),
    "time_of_day": ([{}], lambda b: circle(b["clock_ns"] / 86400e9), 1e-14),
    "day_of_week": ([{}], lambda b: {"day": b["weekday"], **circle(b["weekday"] / 7)}, 1e-14),
}
# TA-Lib beside the two-pass forms above: it takes differences of large sums, hence the tolerance.
TALIB_TOO = {
    "standard_deviation": lambda b, period: talib.STDDEV(b["close"], period),
    "variance": lambda b, period: talib.VAR(b["close"], period),
    "correlation": lambda b, period: talib.CORREL(b["close"], b["reference"], period),
    "volume_correlation": lambda b, period: talib.CORREL(b["close"], b["volume"], period),
}
TALIB_TOLERANCE = 1e-6


def text(params, between):
    return ",".join("%s=%s" % pair for pair in params.items()).join(between) if params else ""


def error_of(ours, theirs):
    """The largest error; infinite where the rows that are ready differ."""
    theirs = ready(theirs, len(ours))
    if not np.array_equal(np.isnan(ours), np.isnan(theirs)):
        return np.inf
    seen = ~np.isnan(theirs)
    size = np.maximum(np.abs(theirs[seen]), np.sqrt(np.mean(theirs[seen] ** 2)))
    return np.max(over(np.abs(ours[seen] - theirs[seen]), size))


instances = [name + text(params, (":", "")) for name, (sets, _, _) in ORACLES.items() for params in sets]
failures, compared = 0, 0
with columns.folder() as folder:
    read = columns.compute(instances, folder)
    if read is None:
        print("skipped: no g++")
        sys.exit(77)
    bars = Bars(read)
    for name, (sets, expected, tolerance) in ORACLES.items():
        worst, too = 0.0, 0.0
        for params in sets:
            values = expected(bars, **params)
            column = name + text(params, ("(", ")"))
            for output, theirs in (values.items() if isinstance(values, dict) else [("", values)]):
                error = error_of(read(column + (output and "." + output)), theirs)
                compared, worst = compared + 1, max(worst, error)
                if not error <= tolerance:
                    failures += 1
                    print("%s %s: error %.3g, allowed %.3g" % (column, output, error, tolerance))
            if name in TALIB_TOO:
                error = error_of(read(column), TALIB_TOO[name](bars, **params))
                compared, too = compared + 1, max(too, error)
                if not error <= TALIB_TOLERANCE:
                    failures += 1
                    print("%s: error against TA-Lib %.3g, allowed %.3g" % (column, error, TALIB_TOLERANCE))
        print("%-26s %.2g%s" % (name, worst, ", TA-Lib %.2g" % too if too else ""))
print("%d columns compared, %d differ" % (compared, failures))
sys.exit(1 if failures or compared < 150 else 0)
