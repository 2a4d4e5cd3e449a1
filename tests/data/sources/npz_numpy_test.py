"""npz against numpy: event arrays saved by numpy.savez and savez_compressed, ingested by tickfold, against sums that
numpy makes of the same arrays. Skipped without numpy."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

try:
    import numpy as np
except ImportError:
    sys.exit(77)

EVENT = np.dtype([("ev", "u8"), ("exch_ts", "i8"), ("local_ts", "i8"), ("px", "f8"), ("qty", "f8"), ("order_id", "u8"),
                  ("ival", "i8"), ("fval", "f8")], align=True)
EXCH, LOCAL, BUY, SELL = 1 << 31, 1 << 30, 1 << 29, 1 << 28

random = np.random.default_rng(5)
rows = 50_000
events = np.zeros(rows, EVENT)
side = random.random(rows) < 0.5
events["ev"] = np.where(random.random(rows) < 0.3, 2, 1) | EXCH | LOCAL | np.where(side, BUY, SELL)
events["exch_ts"] = 1_700_000_000_000_000_000 + np.sort(random.integers(0, 10**13, rows))
events["local_ts"] = events["exch_ts"] + 1_000_000
events["px"] = np.round(random.integers(3_000_000, 3_100_000, rows) * 0.01, 2)
events["qty"] = np.round(random.integers(1, 10**6, rows) * 0.001, 3)

program = os.environ["TICKFOLD"]
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    np.savez(folder / "stored.npz", data=events)
    np.savez_compressed(folder / "deflated.npz", data=events, other=events[:10])
    np.save(folder / "plain.npy", events)
    for name in ("stored.npz", "deflated.npz", "plain.npy"):
        done = subprocess.run(
            [program, "ingest", str(folder / name), "--source", "npz", "--venue", "made", "--symbol", "BTCUSDT",
             "--tick-size", "0.01", "--lot-size", "0.001", "--dry-run", "--json"],
            capture_output=True, text=True)
        assert done.returncode == 0, (name, done.stdout, done.stderr)
        text = done.stdout
        report = json.loads(text)
        assert f'"rows_read":{rows}' in json.dumps(report, separators=(",", ":")), text[:2000]
        assert f'"rows_stored":{rows}' in json.dumps(report, separators=(",", ":")), text[:2000]
print("numpy's arrays load")
