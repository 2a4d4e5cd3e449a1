# LABEL: slow
"""Averages, channels, momentum and cycle indicators agree with TA-Lib to 1e-9 of the values' size (at least 1), and are
ready at the same row; those that TA-Lib lacks agree with the plain formula written here with numpy."""
import math
import sys

import indicator_columns as columns

try:
    import numpy as np
    import talib
    from numpy.lib.stride_tricks import sliding_window_view
except ImportError as error:
    print("skipped: %s" % error)
    sys.exit(77)

cases = []  # name, parameters, what gives the outputs, rows left out at the start, tolerance


def case(name, sets, expected, skip=0, tolerance=1e-9):
    for params in sets:
        cases.append((name, params, expected, skip, tolerance))


# ---- numpy formulas ------------------------------------------------------------------------------------------------
def over(values, length, function):
    """function of every window of `length` values as rows; NaN before."""
    return np.r_[np.full(length - 1, np.nan), function(sliding_window_view(values, length))]


def mean(values, length):
    return over(values, length, lambda windows: windows.mean(axis=1))


def rate(values, ago):
    return np.r_[np.full(ago, np.nan), 100 * (values[ago:] - values[:-ago]) / values[:-ago]]


def middle(m, length):
    return (over(m["high"], length, lambda w: w.max(axis=1)) + over(m["low"], length, lambda w: w.min(axis=1))) / 2


def alma(m, period, offset, sigma):
    place = np.arange(period) - offset * (period - 1)
    weights = np.exp(-0.5 * (place / (period / sigma)) ** 2)
    return [over(m["close"], period, lambda w: w @ (weights / weights.sum()))]


def ichimoku(m, conversion, base, span):
    tenkan, kijun = middle(m, conversion), middle(m, base)
    return [tenkan, kijun, (tenkan + kijun) / 2, middle(m, span)]


def kst(m, roc1, roc2, roc3, roc4, smooth1, smooth2, smooth3, smooth4, signal):
    pairs = zip((roc1, roc2, roc3, roc4), (smooth1, smooth2, smooth3, smooth4))
    total = sum((at + 1) * mean(rate(m["close"], roc), smooth) for at, (roc, smooth) in enumerate(pairs))
    return [total, mean(total, signal)]


def fisher(m, period):
    price = (m["high"] + m["low"]) / 2
    low, high = over(price, period, lambda w: w.min(axis=1)), over(price, period, lambda w: w.max(axis=1))
    values, signals, place, value = np.full(len(price), np.nan), np.full(len(price), np.nan), 0.0, 0.0
    for row in range(period - 1, len(price)):
        span = high[row] - low[row]
        place = 0.66 * ((price[row] - low[row]) / span - 0.5 if span > 0 else 0.0) + 0.67 * place
        place = 0.999 if place > 0.99 else -0.999 if place < -0.99 else place
        signals[row], value = value, math.atanh(place) + 0.5 * value
        values[row] = value
    return [values, signals]


def connors(m, period, streak, rank):
    close = m["close"]
    streaks = np.zeros(len(close))
    for row in range(1, len(close)):
        up, down = close[row] > close[row - 1], close[row] < close[row - 1]
        streaks[row] = max(streaks[row - 1], 0) + 1 if up else min(streaks[row - 1], 0) - 1 if down else 0
    returns = np.r_[np.nan, np.diff(close) / close[:-1]]
    ranks = over(returns, rank + 1, lambda w: 100 * (w[:, :-1] < w[:, -1:]).mean(axis=1))
    ranks[: rank + max(period, streak)] = np.nan
    return [(talib.RSI(close, period) + talib.RSI(streaks, streak) + ranks) / 3]


def schaff(m, fast, slow, cycle, factor):
    def place(values):
        values = values[~np.isnan(values)]
        out, last, smooth = np.full(len(values), np.nan), 0.0, None
        for row in range(cycle - 1, len(values)):
            window = values[row - cycle + 1 : row + 1]
            span = window.max() - window.min()
            last = 100 * (values[row] - window.min()) / span if span > 0 else last
            smooth = last if smooth is None else smooth + factor * (last - smooth)
            out[row] = smooth
        return np.r_[np.full(len(m["close"]) - len(values), np.nan), out]

    return [place(place(talib.APO(m["close"], fast, slow, 1)))]


def vigor(m, period):
    def weighted(values):
        return over(values, 4, lambda w: w @ np.array([1, 2, 2, 1]) / 6)

    total = lambda values: over(weighted(values), period, lambda w: w.sum(axis=1))
    value = total(m["close"] - m["open"]) / total(m["high"] - m["low"])
    return [value, weighted(value)]


def choppiness(m, period):
    ranges = over(talib.TRANGE(m["high"], m["low"], m["close"]), period, lambda w: w.sum(axis=1))
    high, low = over(m["high"], period, lambda w: w.max(axis=1)), over(m["low"], period, lambda w: w.min(axis=1))
    return [100 * np.log10(ranges / (high - low)) / math.log10(period)]


# ---- the list ------------------------------------------------------------------------------------------------------
def of_close(function):
    return lambda m, *params: [function(m["close"], *params)]


def of(function, *names):
    def outputs(m, *params):
        made = function(*(m[name] for name in names), *params)
        return list(made) if isinstance(made, tuple) else [made]

    return outputs


def hlc(function):
    return of(function, "high", "low", "close")


PERIODS = [(2,), (3,), (5,), (14,), (64,), (250,)]
for name, function in {"wma": talib.WMA, "dema": talib.DEMA, "tema": talib.TEMA, "trima": talib.TRIMA, "hma": talib.HMA,
                       "wilder_average": talib.RMA, "zlema": talib.ZLEMA, "midpoint": talib.MIDPOINT,
                       "chande_momentum": talib.CMOU, "momentum": talib.MOM, "trix": talib.TRIX}.items():
    case(name, PERIODS, of_close(function))
case("detrended_price", PERIODS[1:], of_close(talib.DPO))
case("kama", [(period, 2, 30) for period, in PERIODS], lambda m, period, fast, slow: [talib.KAMA(m["close"], period)])
case("t3", [(2, 0.7), (5, 0.7), (20, 0.3), (60, 1)], of_close(talib.T3))
case("alma", [(9, 0.85, 6), (1, 0.5, 2), (40, 0.3, 4), (512, 1, 8)], alma)
case("vwma", PERIODS, of(talib.VWMA, "close", "volume"))
case("midprice", PERIODS, of(talib.MIDPRICE, "high", "low"))
case("donchian", PERIODS, of(talib.DONCHIAN, "high", "low"))
case("ichimoku", [(9, 26, 52), (3, 10, 5), (100, 20, 7)], ichimoku)
case("keltner", [(20, 10, 2), (5, 30, 1.5), (14, 14, 3)], hlc(talib.KC))
case("parabolic_sar", [(0.02, 0.2), (0.1, 0.1), (0.3, 0.2), (0.01, 0.9)],
     lambda m, step, most: [talib.SAR(m["high"], m["low"], step, most)])
case("supertrend", [(10, 3), (2, 1), (30, 5.5)],
     hlc(talib.SUPERTREND))
case("linear_regression", PERIODS, lambda m, n: [talib.LINEARREG(m["close"], n), talib.LINEARREG_SLOPE(m["close"], n),
     talib.LINEARREG_INTERCEPT(m["close"], n), talib.LINEARREG_ANGLE(m["close"], n), talib.TSF(m["close"], n)])
case("adx", PERIODS, lambda m, n: [f(m["high"], m["low"], m["close"], n)
                                   for f in (talib.PLUS_DI, talib.MINUS_DI, talib.DX, talib.ADX)])
case("adxr", PERIODS, hlc(talib.ADXR))
FAST_SLOW = [(12, 26), (26, 12), (3, 100), (2, 3)]
case("apo", FAST_SLOW, lambda m, fast, slow: [talib.APO(m["close"], fast, slow, 1)])
case("ppo", FAST_SLOW, lambda m, fast, slow: [talib.PPO(m["close"], fast, slow, 1)])
case("aroon", PERIODS, lambda m, n: [*reversed(talib.AROON(m["high"], m["low"], n)),
                                     talib.AROONOSC(m["high"], m["low"], n)])
case("balance_of_power", [()], of(talib.BOP, "open", "high", "low", "close"))
# A mean of prices near 1e5 rounds by 1e-11, which both divide by 0.015 deviations of less than a tick.
case("cci", PERIODS, hlc(talib.CCI), tolerance=1e-7)
case("stochastic_rsi", [(14, 14, 3), (5, 8, 1), (30, 5, 10)],
     lambda m, n, span, smooth: list(talib.STOCHRSI(m["close"], n, span, smooth, 0)))
case("ultimate_oscillator", [(7, 14, 28), (30, 10, 20), (5, 5, 5)], hlc(talib.ULTOSC))
case("williams_r", PERIODS, hlc(talib.WILLR))
case("tsi", [(25, 13), (5, 3), (2, 40)], of_close(talib.TSI))
case("kst", [(10, 15, 20, 30, 10, 10, 10, 15, 9), (5, 3, 8, 1, 2, 30, 4, 6, 1)], kst)
case("coppock", [(11, 14, 10), (20, 5, 3), (3, 3, 40)],
     lambda m, one, two, smooth: [talib.COPPOCK(m["close"], smooth, one, two)])
case("awesome_oscillator", [(5, 34), (10, 200)], of(talib.AO, "high", "low"))
case("fisher_transform", [(10,), (2,), (50,)], fisher)
case("vortex", PERIODS, hlc(talib.VORTEX))
case("elder_ray", PERIODS, hlc(talib.ERI))
case("connors_rsi", [(3, 2, 100), (5, 10, 20)], connors)
case("schaff_trend_cycle", [(23, 50, 10, 0.5), (5, 12, 4, 0.2)], schaff, tolerance=1e-7)  # places of differences of 1e5
case("relative_vigor", [(10,), (3,), (80,)], vigor)
case("choppiness_index", PERIODS, choppiness)
case("mass_index", [(9, 25), (3, 60)], of(talib.MASSI, "high", "low"))
case("mfi", PERIODS, of(talib.MFI, "high", "low", "close", "volume"))
case("ht_dominant_period", [()], of_close(talib.HT_DCPERIOD))
case("ht_phasor", [()], of(talib.HT_PHASOR, "close"))
case("hilbert_trendline", [()], of_close(talib.HT_TRENDLINE))
# Ours count prices that TA-Lib takes for 0 in the first rows; the two meet when the cycles no longer reach there.
case("ht_dominant_phase", [()], of_close(talib.HT_DCPHASE), skip=100, tolerance=1e-7)  # theirs cancels 1e5
case("ht_sine", [()], of(talib.HT_SINE, "close"), skip=100)
case("ht_trendmode", [()], of_close(talib.HT_TRENDMODE), skip=300)
# Ours start from the price, TA-Lib's from 0.
case("mama", [(0.5, 0.05), (0.8, 0.1), (0.3, 0.02)], of(talib.MAMA, "close"), skip=5000)

LATER = {"adx", "ichimoku", "kst", "relative_vigor"}  # all lines are ready with the last one
failures, compared, worst = 0, 0, {}
with columns.folder() as folder:
    told = lambda name, params: name + (":" + ",".join(map(str, params)) if params else "")
    read = columns.compute([told(name, params) for name, params, *_ in cases], folder)
    if read is None:
        print("skipped: no g++")
        sys.exit(77)
    market = {name: read(name) for name in ("open", "high", "low", "close", "volume")}
    for name, params, function, skip, tolerance in cases:
        theirs_of = function(market, *params)
        outputs = read.outputs[told(name, params)]
        assert len(theirs_of) in (len(outputs), len(outputs) - (name == "parabolic_sar"))  # its side is not TA-Lib's
        for theirs, output in zip(theirs_of, outputs):
            theirs, ours = np.asarray(theirs, float), read(output)
            rows = np.arange(len(ours))
            ready = ~np.isnan(ours) & (rows >= skip)
            scale = np.maximum(np.abs(theirs[ready]), 1.0)
            error = np.max(np.abs(ours[ready] - theirs[ready]) / scale)
            start, theirs_start = np.isnan(ours).sum(), np.isnan(theirs).sum()
            same_start = start == theirs_start or (name in LATER and start > theirs_start) or theirs_start == 0
            compared += 1
            worst[name] = max(worst.get(name, 0.0), error)
            if not (error <= tolerance and same_start):
                failures += 1
                print("%s: error %.3g, first row %d, theirs %d" % (output, error, start, theirs_start))
for name in sorted(worst):
    print("%-22s %.2g" % (name, worst[name]))
print("%d columns of %d indicators compared, %d differ" % (compared, len(worst), failures))
sys.exit(1 if failures or len(worst) < 53 else 0)
