"""tickfold features --bars: a CSV of bars gives TA-Lib's values, and what is wrong with a file is named with its place."""
import csv
import gzip
import json
import math
import os
import re
import pathlib
import subprocess
import sys
import tempfile

try:
    import numpy as np
    import talib
except ImportError as error:
    print("skipped: %s" % error)
    sys.exit(77)

TICKFOLD = os.environ.get("TICKFOLD", "build/release/tickfold")


def run(*words, code=0):
    done = subprocess.run([TICKFOLD, "features", "--quiet", *map(str, words)], capture_output=True, text=True)
    assert done.returncode == code, (words, done.returncode, done.stdout[-800:], done.stderr[-1500:])
    return done.stderr if code else done.stdout


def read(path):
    rows = list(csv.reader(open(path)))
    cells = {name: [row[at] for row in rows[1:]] for at, name in enumerate(rows[0])}
    return rows[0], cells


def numbers(cells):
    return np.array([float(cell) if cell else math.nan for cell in cells])


random = np.random.default_rng(7)
count = 5000
close = np.round(100 + np.cumsum(random.normal(0, 0.2, count)), 2)
open_ = np.concatenate([close[:1], close[:-1]])
high = np.round(np.maximum(open_, close) + random.exponential(0.1, count), 2)
low = np.round(np.minimum(open_, close) - random.exponential(0.1, count), 2)
volume = random.integers(1, 500, count)
time = 1398902400 + 60 * np.arange(count)

with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    bars, out = folder / "bars.csv", folder / "out.csv"

    def write(path, names, rows, delimiter=","):
        text = "\n".join(delimiter.join(map(str, line)) for line in [names, *rows]) + "\n"
        path.write_text(text)

    rows = list(zip(time, open_, high, low, close, volume))
    write(bars, ["Time", "Open", "HIGH", "low", "Close", "Volume"], rows)

    # TA-Lib's values, ready at the same row.
    wanted = "ema:period=20|50,sma:period=20,rsi:period=14,atr:period=14,macd:fast=12;slow=26,signal=9,bollinger:period=20;deviations=2"
    summary = json.loads(run("--bars", bars, "--set", wanted, "--out", out, "--json"))
    assert summary["schema"] == "tickfold.features/1" and summary["bars"] == count, summary
    header, ours = read(out)
    assert header[0] == "time" and ours["time"] == [str(at) for at in time]
    macd = talib.MACD(close, 12, 26, 9)
    bands = talib.BBANDS(close, 20, 2, 2, 0)
    theirs = {"ema(period=20)": talib.EMA(close, 20), "ema(period=50)": talib.EMA(close, 50), "sma(period=20)": talib.SMA(close, 20),
              "rsi(period=14)": talib.RSI(close, 14), "atr(period=14)": talib.ATR(high, low, close, 14)}
    theirs.update({"macd(fast=12,slow=26,signal=9)." + name: line for name, line in zip(("macd", "signal", "histogram"), macd)})
    theirs.update({"bollinger(period=20,deviations=2)." + name: line for name, line in zip(("upper", "middle", "lower"), bands)})
    for name, values in theirs.items():
        mine = numbers(ours[name])
        assert np.array_equal(np.isnan(mine), np.isnan(values)), name + ": other rows are ready"
        ready = ~np.isnan(values)
        error = np.max(np.abs(mine - values)[ready] / np.maximum(1, np.abs(values[ready])))
        assert error < 1e-9, (name, error)
    lanes = {lane["name"]: lane for lane in summary["features"]}
    assert lanes["sma(period=20)"]["ready"] == count - 19
    assert abs(lanes["sma(period=20)"]["max"] - np.nanmax(theirs["sma(period=20)"])) < 1e-9

    # Order and case of the columns, delimiter, packing, quotes, date and time in two columns change nothing.
    def same(path):
        other = folder / "other.csv"
        run("--bars", path, "--set", wanted, "--out", other)
        names, columns = read(other)
        assert names[1:] == header[1:] and all(columns[name] == ours[name] for name in names[1:]), path
        return columns

    turned = folder / "turned.csv"
    write(turned, ["CLOSE", "low", "note", "High", "open"], zip(close, low, ["x"] * count, high, open_), ";")
    other = folder / "other.csv"
    run("--bars", turned, "--set", wanted, "--out", other)
    names, columns = read(other)
    assert names == ["row"] + header[1:] and columns["row"] == [str(row + 1) for row in range(count)]
    assert all(columns[name] == ours[name] for name in header[1:])
    packed = folder / "packed.csv.gz"
    packed.write_bytes(gzip.compress(bars.read_bytes()))
    assert same(packed)["time"] == ours["time"]
    iso = [np.datetime64(int(at), "s") for at in time]
    split = folder / "split.csv"
    write(split, ["<DATE>", "<TIME>", "<OPEN>", "<HIGH>", "<LOW>", "<CLOSE>"],
          zip([str(at)[:10].replace("-", ".") for at in iso], [str(at)[11:] for at in iso], open_, high, low, close), "\t")
    assert same(split)["time"][1] == "2014.05.01 00:01:00"
    quoted = folder / "quoted.csv"
    write(quoted, ['"time"', '"Open"', '"High"', '"Low"', '"Close"'],
          zip(['"%sZ"' % at for at in iso], ['"%s"' % at for at in open_], high, low, close))
    assert same(quoted)["time"][1] == "2014-05-01T00:01:00Z"

    # Without open, high and low they are the close.
    alone = folder / "alone.csv"
    write(alone, ["close"], ([at] for at in close))
    run("--bars", alone, "--set", "atr", "--out", other)
    mine, values = numbers(read(other)[1]["atr(period=14)"]), talib.ATR(close, close, close, 14)
    assert np.nanmax(np.abs(mine - values)) < 1e-9

    # `all` takes what the file has the columns for; what it has not is refused by name.
    every = json.loads(run("--bars", bars, "--set", "all", "--json"))
    assert len(every["features"]) > len(theirs)
    assert any(lane["name"] == "rsi(period=14)" for lane in every["features"])
    message = run("--bars", bars, "--set", "rsi,quote_imbalance", code=64)
    assert '"quote_imbalance": lacks ticks' in message and "--store" in message, message
    message = run("--bars", bars, "--set", "rsi,emma", code=64)
    assert "character 5" in message and re.search(r"did you mean [^?]*\bema\b", message), message
    message = run("--bars", bars, "--set", "ema:period=0", code=64)
    assert "character 12" in message and "period must lie in [1, 100000] bars" in message, message

    # A file's faults are named with line and column, and leave nothing behind.
    def fault(name, lines, *parts):
        path, result = folder / name, folder / ("result_" + name)
        path.write_text("\n".join(lines) + "\n")
        message = run("--bars", path, "--set", "atr", "--out", result, code=65)
        for part in (str(path), *parts):
            assert part in message, (name, part, message)
        assert not result.exists()

    good = ["time,open,high,low,close", "2014-05-01,1,2,0.5,1.5", "2014-05-02,1,2,0.5,1.5"]
    fault("word.csv", good + ["2014-05-03,1,two,0.5,1.5"], ":4, column high", '"two" is no number')
    fault("empty.csv", good + ["2014-05-03,1,2,,1.5"], ":4, column low", "the cell is empty")
    fault("nan.csv", good + ["2014-05-03,1,2,nan,1.5"], ":4, column low", "no finite number")
    fault("short.csv", good + ["2014-05-03,1,2,0.5"], ":4", "the row has 4 cells, the header 5")
    fault("long.csv", good + ["2014-05-03,1,2,0.5,1.5,9"], ":4", "more cells than the header")
    fault("back.csv", good + ["2014-05-01,1,2,0.5,1.5"], ":4, column time", "lies before the row above")
    fault("time.csv", good + ["yesterday,1,2,0.5,1.5"], ":4, column time", "bad time")
    fault("twice.csv", ["time,close,Close", "1,2,3"], ":1, column Close", "twice")
    fault("none.csv", ["time,price", "1,2"], ":1", "no column `close`", "time, price")
    fault("header.csv", good[:1], "no rows")
    (folder / "void.csv").write_text("")
    assert "void.csv" in run("--bars", folder / "void.csv", "--set", "atr", code=65)
    run("--bars", folder / "missing.csv", "--set", "atr", code=66)
    assert "--set LIST is missing" in run("--bars", bars, code=64)
    assert "give one of" in run("--set", "rsi", code=64)
    left = [name for name in os.listdir(folder) if name.startswith(".part")]
    assert not left, left
print("%d columns agree with TA-Lib" % len(theirs))
