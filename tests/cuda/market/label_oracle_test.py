# LABEL: slow
"""Labels equal those of a second implementation, written from the contract in numpy; trends those of a plain
least-squares fit (statsmodels where it is there)."""
import itertools
import os
import shutil
import subprocess
import sys
import tempfile

try:
    import numpy as np
except ImportError as error:
    print("skipped: %s" % error)
    sys.exit(77)
try:
    import statsmodels.api as sm
except ImportError:
    sm = None

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
SOURCES = ["cuda/market/%s.cpp" % name for name in ("labels", "label_barriers", "label_touches", "trend_scan")]
DEFAULTS = dict(kind="forward_return", horizon_bars=5, take_ticks=0.0, stop_ticks=0.0, barrier_deviations=2.0,
                volatility_bars=50, horizon_s=0.0, watch="close", tie="stop_first", side="", latency_ns=0, fee_bps=0.0,
                fee_ticks=0.0, window_min=5, window_max=20)
NAN = float("nan")


def build(folder):
    program = os.path.join(folder, "label_rows")
    subprocess.run(["g++", "-std=c++20", "-O1", "-ffp-contract=off", "-I" + ROOT]
                   + [os.path.join(ROOT, name) for name in SOURCES + ["tests/cuda/market/label_rows.cpp"]]
                   + ["-o", program], check=True)
    return program


def market(seed, days=3, bars=90, touches=8):
    """Bars with the touches they are made of; a day is 10^15 ns, a bar 10^9."""
    random = np.random.default_rng(seed)
    columns = {name: [] for name in ("open", "high", "low", "close", "bid", "ask", "known", "day", "side")}
    path = {name: [] for name in ("touch_ts", "touch_day", "touch_bid", "touch_ask")}
    bid = 5000
    for day in range(days):
        bar = 0
        while bar < bars:
            start = day * 10**15 + bar * 10**9
            mids = []
            for ts in np.sort(random.choice(10**9 - 1, touches, replace=False)) + 1:
                bid += int(random.integers(-4, 5))
                ask = bid + int(random.integers(1, 5))
                mids.append(0.5 * (bid + ask))
                path["touch_ts"].append(start + ts)
                path["touch_day"].append(day)
                path["touch_bid"].append(bid)
                path["touch_ask"].append(ask)
            row = dict(open=mids[0], high=max(mids), low=min(mids), close=mids[-1], bid=bid, ask=ask,
                       known=start + 10**9, day=day, side=random.integers(-2, 3))
            for name, value in row.items():
                columns[name].append(value)
            bar += 1 if random.random() < 0.9 else 3
    columns.update(path)
    return {name: np.array(values, dtype=float) for name, values in columns.items()}


class Oracle:
    """One label at a time, from the words of the contract."""

    def __init__(self, spec, data):
        self.spec = dict(DEFAULTS, **spec)
        self.d = data
        self.rows = len(data["bid"])
        self.deviation = self.deviations()

    def deviations(self):
        changes, out = [], []
        for bar in range(self.rows):
            if bar and self.d["day"][bar] == self.d["day"][bar - 1]:
                changes.append(self.d["close"][bar] - self.d["close"][bar - 1])
            window = self.spec["volatility_bars"]
            out.append(np.std(changes[-window:], ddof=1) if len(changes) >= window else NAN)
        return out

    def fee(self, px):
        return abs(px) * self.spec["fee_bps"] / 1e4 + self.spec["fee_ticks"]

    def earned(self, is_long, entry, px):
        """Leaving a long at bid px, a short at ask px."""
        paid = entry[1] if is_long else entry[0]
        return (px - paid if is_long else paid - px) - self.fee(paid) - self.fee(px)

    def last_of_day(self, bar):
        return max(at for at in range(self.rows) if self.d["day"][at] == self.d["day"][bar])

    def touch(self, day, ts):
        known = np.flatnonzero((self.d["touch_day"] == day) & (self.d["touch_ts"] <= ts))
        return (self.d["touch_bid"][known[-1]], self.d["touch_ask"][known[-1]])

    def label(self, bar):
        s, d = self.spec, self.d
        end, t0 = self.last_of_day(bar), d["known"][bar]
        none = dict(value=NAN, long=NAN, short=NAN, t1=d["known"][end], tie=0)
        if s["kind"] == "trend_scan":
            none.update(trend_t=NAN, trend_end=t0)
            last = bar + s["window_max"] - 1
        elif s["horizon_s"]:
            last = next((at for at in range(bar + 1, end + 1) if d["known"][at] >= t0 + s["horizon_s"] * 1e9), end + 1)
        else:
            last = bar + s["horizon_bars"]
        if last > end:
            return none
        if s["watch"] == "ticks":
            enters = t0 + s["latency_ns"]
            if enters >= d["known"][last]:
                return none
            entry, leave = self.touch(d["day"][bar], enters), self.touch(d["day"][bar], d["known"][last])
        else:
            at = next(at for at in range(bar, self.rows) if d["known"][at] >= t0 + s["latency_ns"])
            if at >= last:
                return none
            entry, leave = (d["bid"][at], d["ask"][at]), (d["bid"][last], d["ask"][last])
        out = dict(none, t1=d["known"][last])

        if s["kind"] == "trend_scan":
            y = 0.5 * (d["bid"] + d["ask"])[bar:last + 1]
            best = (-1.0, 0)
            for points in range(s["window_min"], s["window_max"] + 1):
                t = slope_t(y[:points])
                if abs(t) > best[0] * (1 + 1e-12):
                    best = (abs(t), points)
                    out.update(trend_t=t, trend_end=d["known"][bar + points - 1], value=np.sign(t))
        elif s["kind"] == "forward_return":
            out["value"] = 0.5 * sum(leave) - 0.5 * sum(entry)
        is_long = not s["side"] or d["side"][bar] > 0
        if s["side"] and d["side"][bar] == 0:
            return none
        if s["kind"] == "triple_barrier":
            take, stop = (s[name] or s["barrier_deviations"] * self.deviation[bar] for name in ("take_ticks", "stop_ticks"))
            if not (take > 0 and stop > 0):
                return none
            out["value"] = 0
            for ts, outcome, px, quote, tie in self.events(bar, last, is_long, entry, take, stop,
                                                           0 if s["watch"] == "ticks" else at):
                out.update(t1=ts, value=outcome, tie=tie)
                leave = quote
                if tie and s["tie"] == "drop":
                    return dict(none, t1=d["known"][end], tie=1)
                break
        out["long"], out["short"] = self.earned(True, entry, leave[0]), self.earned(False, entry, leave[1])
        if s["side"]:
            out["value"] = float((out["long"] if is_long else out["short"]) > 1e-9)
        return out

    def events(self, bar, last, is_long, entry, take, stop, at):
        """The first barrier met: (time, outcome, price, touch left at, tie)."""
        s, d = self.spec, self.d
        side = 0 if is_long else 1
        if s["watch"] == "ticks":
            begin = d["known"][bar] + s["latency_ns"]
            inside = (d["touch_day"] == d["day"][bar]) & (d["touch_ts"] > begin) & (d["touch_ts"] <= d["known"][last])
            for row in np.flatnonzero(inside):
                quote = (d["touch_bid"][row], d["touch_ask"][row])
                result = self.earned(is_long, entry, quote[side])
                if result >= take or result <= -stop:
                    yield d["touch_ts"][row], 1 if result >= take else -1, quote[side], quote, 0
            return
        for row in range(at + 1, last + 1):
            quote = (d["bid"][row], d["ask"][row])
            closed = self.earned(is_long, entry, quote[side])
            if s["watch"] == "close":
                if closed >= take or closed <= -stop:
                    yield d["known"][row], 1 if closed >= take else -1, quote[side], quote, 0
                continue
            spread = quote[1] - quote[0]
            half = 0.5 * max(spread, d["ask"][row - 1] - d["bid"][row - 1]) * (1 if is_long else -1)
            results = [self.earned(is_long, entry, px - half) for px in (d["high"][row], d["low"][row])] + [closed]
            opened = self.earned(is_long, entry, d["open"][row] - half)
            won, lost = max(results) >= take, min(results) <= -stop
            if not won and not lost:
                continue
            tie = 0
            if opened >= take:
                outcome, result = 1, take
            elif opened <= -stop:
                outcome, result = -1, opened
            else:
                tie = int(won and lost)
                outcome = (1 if s["tie"] == "take_first" else -1) if tie else (1 if won else -1)
                result = take if outcome > 0 else -stop
            # The price with this result, by bisection.
            low, high = 0.0, 20000.0
            for _ in range(200):
                middle = 0.5 * (low + high)
                above = self.earned(is_long, entry, middle) > result
                low, high = (low, middle) if above == is_long else (middle, high)
            px = 0.5 * (low + high)
            yield d["known"][row], outcome, px, (px, px + spread) if is_long else (px - spread, px), tie


def slope_t(y):
    x = np.arange(len(y), dtype=float)
    if sm:
        t = float(sm.OLS(y, sm.add_constant(x)).fit().tvalues[1])
        return t if abs(t) < 1e9 else np.copysign(np.inf, t)  # a perfect line, but for rounding
    x -= x.mean()
    slope = x @ y / (x @ x)
    rest = y - y.mean() - slope * x
    with np.errstate(divide="ignore"):  # a perfect line
        return float(slope / np.sqrt(rest @ rest / (len(y) - 2) / (x @ x)))


def specs():
    for watch, side, costs, time in itertools.product(("close", "range", "ticks"), ("", "s"), (0, 1), (0, 1)):
        spec = dict(kind="triple_barrier", watch=watch, side=side, take_ticks=14, stop_ticks=11, horizon_bars=9)
        if costs:
            spec.update(fee_bps=2.5, fee_ticks=0.5, latency_ns=1_200_000_000 if watch != "ticks" else 70_000_000)
        if time:
            spec.update(horizon_s=7.5, take_ticks=0, barrier_deviations=1.5, volatility_bars=20)
        yield spec
    yield dict(kind="triple_barrier", watch="range", take_ticks=1, stop_ticks=4)
    yield dict(kind="triple_barrier", watch="range", take_ticks=1, stop_ticks=4, tie="drop")
    yield dict(kind="triple_barrier", watch="range", take_ticks=1, stop_ticks=4, tie="take_first")
    yield dict(kind="forward_return", horizon_s=4, latency_ns=1, fee_ticks=1)
    yield dict(kind="forward_return", side="s", horizon_bars=3, watch="ticks", latency_ns=10**8)
    yield dict(kind="trend_scan")
    yield dict(kind="trend_scan", window_min=3, window_max=9, latency_ns=1)


def main():
    if not shutil.which("g++"):
        print("skipped: no g++")
        sys.exit(77)
    wrong, compared, met, ties = [], 0, 0, 0
    with tempfile.TemporaryDirectory(prefix="labels.") as folder:
        program, data = build(folder), market(7)
        for name, column in data.items():
            column.tofile(os.path.join(folder, name))
        for spec in specs():
            subprocess.run([program, folder] + ["%s=%s" % item for item in spec.items()], check=True)
            got = {name: np.fromfile(os.path.join(folder, "out_" + name))
                   for name in ("value", "long", "short", "t1", "tie", "trend_t", "trend_end")}
            oracle = Oracle(spec, data)
            for bar in range(oracle.rows):
                want = oracle.label(bar)
                met += want["value"] != 0 and spec["kind"] == "triple_barrier"
                ties += want["tie"]
                for name, value in want.items():
                    ours = got[name][bar]
                    compared += 1
                    if not (ours == value or (np.isnan(ours) and np.isnan(value))
                            or abs(ours - value) <= 1e-9 * max(1, abs(value))):
                        wrong.append("%s bar %d %s: %r, expected %r" % (spec, bar, name, ours, value))
    print("\n".join(wrong[:20]))
    print("%d values compared (%s), %d differ; %d barriers, %d ties"
          % (compared, "statsmodels" if sm else "numpy", len(wrong), met, ties))
    return 1 if wrong or compared < 20000 or met < 1000 or ties < 20 else 0


sys.exit(main())
