"""Rolling quantiles, ranks and extremes equal numpy's, pandas', polars', scipy's and bottleneck's, whichever are installed."""
import os
import pathlib
import subprocess
import sys
import tempfile

program = pathlib.Path(os.environ.get("TF_BUILD_DIR", "build/release")) / "test_cuda_series_order_window"
try:
    import numpy as np
except ImportError:
    print("skipped: no numpy")
    sys.exit(77)
if not program.exists():
    print(f"skipped: no {program}")
    sys.exit(77)


def installed(name):
    try:
        return __import__(name)
    except ImportError:
        return None


pd, pl, bn, scipy = (installed(name) for name in ("pandas", "polars", "bottleneck", "scipy.stats"))
random = np.random.default_rng(20)
ROWS = 20000
holes = random.integers(0, 60, ROWS) / 2.0
holes[random.integers(0, ROWS, 12)] = np.nan
SERIES = {
    "whole ticks": 6e6 + np.cumsum(random.choice([-1.0, 0, 0, 1], ROWS)),
    "half ticks": random.integers(0, 900, ROWS) / 2.0,
    "cents": (10000 + np.cumsum(random.integers(-3, 4, ROWS))) / 100.0,
    "normal": random.standard_normal(ROWS),
    "walk": np.cumsum(random.standard_normal(ROWS)),
    "half ticks with holes": holes,
}
WINDOWS = (3, 20, 100, 3000)
QUANTILES = (0.5, 0.9, 0.25, 0.77)
compared = 0


def check(what, ours, theirs):
    global compared
    compared += 1
    different = ~((ours == theirs) | (np.isnan(ours) & np.isnan(theirs)))
    if different.any():
        row = int(np.argmax(different))
        sys.exit(f"{what}: {different.sum()} rows differ, row {row}: {ours[row]!r}, theirs {theirs[row]!r}")


def last_of(values, window, question):
    """question(window's values) at some rows, NaN elsewhere: for peers without a rolling form."""
    out = np.full(ROWS, np.nan)
    rows = random.integers(window - 1, ROWS, 150)
    for row in rows:
        out[row] = question(values[row - window + 1:row + 1])
    return rows, out[rows]


for name, values in SERIES.items():
    on_halves = "ticks" in name
    with tempfile.TemporaryDirectory() as folder:
        values.tofile(f"{folder}/values")
        questions = [(kind, w, 0.0) for kind in ("highest", "lowest", "rank") for w in WINDOWS]
        questions += [("quantile", w, q) for w in WINDOWS for q in QUANTILES]
        pathlib.Path(folder, "questions").write_text("".join(f"{kind} {w} {q}\n" for kind, w, q in questions))
        subprocess.run([program, "--test-case=a file of values*"],
                       env={**os.environ, "TF_ORDER_FOLDER": folder}, check=True, stdout=subprocess.DEVNULL)
        for kind, w, q in questions:
            ours = np.fromfile(f"{folder}/{kind}{w}_{q:.2f}")
            what = f"{kind} {q} of {w}, {name}"
            if kind in ("highest", "lowest"):
                rows, theirs = last_of(values, w, np.max if kind == "highest" else np.min)
                check(what + ", numpy", ours[rows], theirs)
                if bn:
                    check(what + ", bottleneck", ours, (bn.move_max if kind == "highest" else bn.move_min)(values, w))
            elif kind == "rank":
                if scipy and not np.isnan(values).any():
                    rows, theirs = last_of(values, w, lambda v: scipy.stats.percentileofscore(v, v[-1], kind="mean") / 100)
                    if np.abs(ours[rows] - theirs).max() > 1e-15:
                        sys.exit(f"{what}: not scipy's")
                    compared += 1
            else:
                # numpy counts down from the upper value in the second half of a gap: the same where nothing is rounded.
                if (on_halves and q in (0.5, 0.25)) or q * (w - 1) % 1 < 0.5:
                    rows, theirs = last_of(values, w, lambda v: np.quantile(v, q, method="linear"))
                    check(what + ", numpy", ours[rows], theirs)
                if pd:
                    check(what + ", pandas", ours, pd.Series(values).rolling(w).quantile(q).to_numpy())
                if pl and not np.isnan(values).any():
                    theirs = pl.Series(values).rolling_quantile(q, "linear", window_size=w).to_numpy()
                    check(what + ", polars", ours, theirs)
                if bn and q == 0.5 and on_halves:
                    check(what + ", bottleneck", ours, bn.move_median(values, w))
print(f"{compared} comparisons with numpy" + "".join(f", {n}" for n, m in
      (("pandas", pd), ("polars", pl), ("scipy", scipy), ("bottleneck", bn)) if m))
