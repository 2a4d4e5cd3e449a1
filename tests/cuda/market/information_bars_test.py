"""Imbalance and runs bars of tickfold against the formulas of Lopez de Prado (2018, chapter 2) written out plainly, and those
formulas against mlfinpy where it is installed.

mlfinpy estimates differently, so its bars are not ours; the plain version below takes either estimate and must give mlfinpy's
bars with mlfinpy's, and tickfold's with ours:
- its EWMA sees the last `window` values only, and with fewer of them takes alpha from their number; ours sees all;
- its expected number of ticks is an EWMA over the last `num_prev_bars` bars only, its first value a plain constant; bounds as ours;
- a bar closes above the threshold there, at or above it in the book and here (never on a sum of 0);
- runs: it waits for `exp_num_ticks_init` buys and as many sells, we for that many ticks in all;
- once its array is shorter than the expected ticks it never closes a bar again in that batch; ours keeps its last estimate;
- it never closes the last bar; a trading day's end does here."""
import csv, importlib.util, os, pathlib, random, subprocess, sys, tempfile, types

TICKFOLD = os.environ.get("TICKFOLD", "build/release/tickfold")
SIZE, SPAN_BARS, SPAN_TICKS, LEAST, MOST = 60, 5, 300, 20, 200


def made_trades(count=12000, seed=5):
    dice, time, px, lean, trades = random.Random(seed), 1_700_000_000_000_000_000, 10000, 0, []
    for row in range(count):
        if row % 400 == 0:
            lean = dice.choice((-0.3, 0, 0.3))
        time += dice.randint(1, 3) * 1_000_000
        px += dice.choice((-1, 0, 0, 1)) if dice.random() > abs(lean) else (1 if lean > 0 else -1)
        trades.append((time, px, dice.randint(1, 9)))
    return trades


class Ours:
    """Weights (1 - alpha)^k over all values so far."""
    def __init__(self, span): self.keep, self.sum, self.weight = 1 - 2 / (span + 1), 0.0, 0.0
    def add(self, value): self.sum, self.weight = self.sum * self.keep + value, self.weight * self.keep + 1
    def mean(self, window=None): return self.sum / self.weight if self.weight else 0.0


class Theirs:
    """mlfinpy's: the last `window` values, alpha from their number while there are fewer."""
    def __init__(self, span, fixed_alpha=False): self.span, self.values, self.fixed = span, [], fixed_alpha
    def add(self, value): self.values.append(value)
    def mean(self):
        values = self.values[-self.span:]
        keep = 1 - 2 / ((self.span if self.fixed else len(values)) + 1)
        total = weight = 0.0
        for value in values:
            total, weight = total * keep + value, weight * keep + 1
        return total / weight


def weight_of(kind, px, lots):
    return 1.0 if kind.startswith("tick") else float(lots) if kind.startswith("volume") else lots * (px * 0.01)


def plain_bars(kind, trades, theirs):
    """Rows (0-based) of the trades that close a bar."""
    make = (lambda: Theirs(SPAN_TICKS)) if theirs else (lambda: Ours(SPAN_TICKS))
    length, share = (Theirs(SPAN_BARS, True), Theirs(SPAN_BARS, True)) if theirs else (Ours(SPAN_BARS), Ours(SPAN_BARS))
    runs, all_, buy, sell = kind.endswith("runs"), make(), make(), make()
    above = (lambda value, bound: value > bound) if theirs else (lambda value, bound: value >= bound and value > 0)
    expected, imbalance, per_buy, per_sell, p, sign, last, closes = SIZE, None, None, None, None, 0, None, []
    ticks = buys = theta = bought = sold = seen = seen_buys = seen_sells = 0
    for row, (_, px, lots) in enumerate(trades):
        sign = sign if last is None or px == last else 1 if px > last else -1
        last, w = px, weight_of(kind, px, lots)
        ticks, seen, theta = ticks + 1, seen + 1, theta + sign * w
        all_.add(sign * w)
        if sign > 0: buy.add(w); bought += w; buys += 1; seen_buys += 1
        if sign < 0: sell.add(w); sold += w; seen_sells += 1
        if runs:
            if p is None and (min(seen_buys, seen_sells) if theirs else seen) >= SIZE:
                per_buy, per_sell, p = buy.mean(), sell.mean(), buys / ticks
            closed = p is not None and above(max(bought, sold), expected * max(p * per_buy, (1 - p) * per_sell))
        else:
            if imbalance is None and seen >= SIZE: imbalance = all_.mean()
            closed = imbalance is not None and above(abs(theta), expected * abs(imbalance))
        if closed:
            closes.append(row)
            length.add(ticks)
            expected = min(max(length.mean(), LEAST), MOST)
            share.add(buys / ticks)
            imbalance, p = all_.mean(), share.mean()
            if runs: per_buy, per_sell = buy.mean(), sell.mean()
            ticks = buys = theta = bought = sold = 0
    return closes


def mlfinpy_bars(kind, trades):
    """Rows that close a bar; None without mlfinpy or what it needs."""
    if "mlfinpy" not in sys.modules:
        found = importlib.util.find_spec("mlfinpy")
        if not found or not importlib.util.find_spec("pandas"):
            return None
        for package in ("mlfinpy", "mlfinpy.data_structure", "mlfinpy.util"):  # bare: their __init__ asks for much more
            sys.modules[package] = types.ModuleType(package)
            sys.modules[package].__path__ = [str(pathlib.Path(found.submodule_search_locations[0], *package.split(".")[1:]))]
    plain = lambda *words, **named: words[0] if words and callable(words[0]) else lambda body: body  # noqa: E731
    sys.modules.setdefault("numba", types.SimpleNamespace(njit=plain, jit=plain, prange=range))  # it only compiles loops
    from mlfinpy.data_structure.imbalance_bars import EMAImbalanceBars
    from mlfinpy.data_structure.run_bars import EMARunBars
    made = (EMARunBars if kind.endswith("runs") else EMAImbalanceBars)(
        kind.replace("runs", "run"), SPAN_BARS, SPAN_TICKS, SIZE, [LEAST, MOST], 10**9, False)
    rows = [(row, px * 0.01, lots) for row, (_, px, lots) in enumerate(trades)]
    bars = made.run(rows)
    return [bar[0] for bar in bars]


def tickfold_bars(kind, home, trades):
    out = home / f"{kind}.csv"
    (home / "walk.toml").write_text(
        f'[paths]\nstore = "store"\n[data]\ninstrument = "made/T"\n[bars]\nkind = "{kind}"\nsize = {SIZE}\nprice = "trade"\n'
        f'bars_span = {SPAN_BARS}\nevents_span = {SPAN_TICKS}\nleast_events = {LEAST}\nmost_events = {MOST}\n'
        '[[features]]\nname = "ema"\n[[models]]\nname = "linear"\n[[strategies]]\nname = "model_signal"\n')
    subprocess.run([TICKFOLD, "features", home / "walk.toml", "--out", out, "--quiet"], check=True, stdout=subprocess.DEVNULL)
    times = {time: row for row, (time, _, _) in enumerate(trades)}
    def ns(text):
        whole, _, part = text.rstrip("Z").partition(".")
        import datetime
        second = int(datetime.datetime.fromisoformat(whole + "+00:00").timestamp())
        return second * 10**9 + int((part or "0").ljust(9, "0"))
    return [times[ns(row[0])] for row in list(csv.reader(open(out)))[1:]]


def main():
    trades, checked = made_trades(), 0
    kinds = [f"{what}_{how}" for how in ("imbalance", "runs") for what in ("tick", "volume", "dollar")]
    with tempfile.TemporaryDirectory() as name:
        home = pathlib.Path(name)
        with open(home / "trades.csv", "w") as file:
            file.write("time,price,size\n")
            file.writelines(f"{time},{px / 100:.2f},{lots}\n" for time, px, lots in trades)
        (home / "ingest.toml").write_text(
            '[paths]\nstore = "store"\n[instrument]\nvenue = "made"\nsymbol = "T"\ntick_size = 0.01\nlot_size = 1\n[source]\nname = "csv"\n'
            'rows = "trades"\ntime_column = "time"\ntime_format = "epoch"\ntime_unit = "ns"\nprice_column = "price"\nsize_column = "size"\n'
            'header = "yes"\nfiles = ["trades.csv"]\n')
        subprocess.run([TICKFOLD, "ingest", home / "ingest.toml", "--quiet"], check=True, stdout=subprocess.DEVNULL)
        for kind in kinds:
            wanted = plain_bars(kind, trades, False)
            assert len(wanted) > 20, (kind, len(wanted))
            wanted += [] if wanted[-1] == len(trades) - 1 else [len(trades) - 1]  # the day's end
            got = tickfold_bars(kind, home, trades)
            assert got == wanted, (kind, len(got), len(wanted), [pair for pair in zip(got, wanted) if pair[0] != pair[1]][:3])
            theirs = mlfinpy_bars(kind, trades)
            if theirs is not None:
                plain = plain_bars(kind, trades, True)
                assert theirs == plain, (kind, len(theirs), len(plain), [pair for pair in zip(theirs, plain) if pair[0] != pair[1]][:3])
                checked += 1
            print(f"{kind}: {len(wanted)} bars")
    print("mlfinpy agrees with the plain formulas under its own estimates" if checked == len(kinds) else
          "mlfinpy is not installed: only the book's formulas were compared")


if not pathlib.Path(TICKFOLD).exists():
    print("skipped: no tickfold program")
    sys.exit(77)
main()
