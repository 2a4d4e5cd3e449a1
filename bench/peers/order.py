"""B8 on any doubles, as b8_rolling.py does it on ticks: --kind walk (sums of normal draws) | normal; --api polars | bottleneck."""
import pathlib
import sys
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "shared" / "peers"))
import common as C
a = C.parse(__doc__, n=2_000_000, api="polars", kind="walk", windows="20,200,5000,100000")
import numpy as np, time
x = C.rng(a.seed).standard_normal(a.n)
if a.kind == "walk":
    x = np.cumsum(x)
if a.api == "polars":
    import polars as pl
    version, s = f"polars {pl.__version__}", pl.Series(x)
    calls = {"max": lambda w: s.rolling_max(w), "min": lambda w: s.rolling_min(w), "median": lambda w: s.rolling_median(w),
             "q90": lambda w: s.rolling_quantile(0.9, "linear", window_size=w)}
else:
    import bottleneck as bn
    version = f"bottleneck {bn.__version__}"
    calls = {"max": lambda w: bn.move_max(x, w), "min": lambda w: bn.move_min(x, w)}
rates, sums, total = {}, {}, 0.0
for name, call in calls.items():
    for w in map(int, a.windows.split(",")):
        t, r = C.bench(lambda: call(w), a.reps, warm=0)
        total += t.best
        rates[f"{name}{w}"] = round(a.n / t.best / 1e6, 2)
        sums[f"{name}{w}"] = float(f"{np.asarray(r)[100000:].sum():.12g}")
C.export(a.export, "b8", {"checksum": "sum of outputs from index 100000 (window ends at the index)"}, x=x)
C.emit("B8 any doubles", version, {"n": a.n, "kind": a.kind}, total, a.n * len(rates), "values/s over all", a.threads, sums, Mvalues_s=rates)
