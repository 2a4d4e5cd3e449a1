# LABEL: slow
"""The indicators agree with TA-Lib to 1e-9 of the values' size, and are ready at the same row."""
import os
import sys

import indicator_columns as columns

try:
    import numpy as np
    import talib
except ImportError as error:
    print("skipped: %s" % error)
    sys.exit(77)


def expected(name, params, bars):
    close = bars["close"]
    if name == "atr":
        return {"": talib.ATR(bars["high"], bars["low"], close, int(params["period"]))}
    if name == "macd":
        lines = talib.MACD(close, int(params["fast"]), int(params["slow"]), int(params["signal"]))
        return dict(zip((".macd", ".signal", ".histogram"), lines))
    if name == "bollinger":
        deviations = float(params["deviations"])
        upper, middle, lower = talib.BBANDS(close, int(params["period"]), deviations, deviations, 0)
        return {".upper": upper, ".middle": middle, ".lower": lower, ".percent_b": (close - lower) / (upper - lower)}
    function = {"ema": talib.EMA, "sma": talib.SMA, "rsi": talib.RSI, "roc": talib.ROC}.get(name)
    return {"": function(close, int(params["period"]))} if function else {}


failures, compared, worst = 0, 0, 0.0
with columns.folder() as folder:
    program = columns.build("g++", folder)
    if program is None:
        print("skipped: no g++")
        sys.exit(77)
    columns.run(program, folder)
    read = lambda name: np.fromfile(os.path.join(folder, name + ".f64"))
    bars = {name: read(name) for name in ("open", "high", "low", "close")}
    instances = sorted({name[: name.index(")") + 1] for name in os.listdir(folder) if "(" in name})
    for instance in instances:
        name, text = instance[:-1].split("(")
        params = dict(pair.split("=") for pair in text.split(","))
        for output, theirs in expected(name, params, bars).items():
            ours = read(instance + output)
            # Differences of prices are judged by the size of what was subtracted: relative to the largest value, at least 1.
            scale = np.maximum(np.abs(theirs), 1.0)
            tolerance = 1e-9 if output != ".percent_b" else 1e-6  # their variance cancels: 1e10 * 2^-53 / variance
            ready = ~np.isnan(theirs)
            error = np.max(np.abs(ours[ready] - theirs[ready]) / scale[ready])
            same_start = np.array_equal(np.isnan(ours), np.isnan(theirs))
            compared += 1
            if output != ".percent_b":
                worst = max(worst, error)
            if not (error <= tolerance and same_start):
                failures += 1
                print("%s%s: error %.3g, same rows ready: %s" % (instance, output, error, same_start))
print("%d columns compared, largest error %.3g, %d differ" % (compared, worst, failures))
sys.exit(1 if failures or compared < 50 else 0)
