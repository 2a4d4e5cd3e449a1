"""hdf5_table on files of h5py, and of pandas and PyTables where they are installed: every way of writing the same quotes
gives the same ticks. Skipped without h5py."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

try:
    import h5py
    import numpy as np
except ImportError:
    sys.exit(77)
try:
    import pandas
    import tables
except ImportError:
    pandas = tables = None

PROGRAM = os.environ["TICKFOLD"]
ROWS = 5000
rng = np.random.default_rng(3)
time = 1_700_000_000_000_000_000 + np.cumsum(rng.integers(1, 10**9, ROWS))
bid = np.round(1.1 + np.cumsum(rng.integers(-3, 4, ROWS)) * 1e-5, 5)
ask = np.round(bid + 0.00002, 5)
bid_size, ask_size = rng.integers(1, 100, ROWS), rng.integers(1, 100, ROWS)


def ingest(path, store, *more):
    done = subprocess.run([PROGRAM, "ingest", str(path), "--source", "hdf5_table", "--venue", "made", "--symbol", "EURUSD",
                           "--tick-size", "0.00001", "--lot-size", "1", "--store", str(store), "--json", *more],
                          capture_output=True, text=True)
    assert done.returncode == 0, (path.name, done.returncode, done.stdout[-3000:], done.stderr[-3000:])
    return json.loads(done.stdout)


def digests(store):
    """The content digest of each day, which depends on the ticks alone."""
    found = {}
    for day in sorted((store / "made" / "EURUSD").rglob("*.h5")):
        with h5py.File(day) as file:
            found[day.name] = dict(file.attrs).get("content_digest") or file.attrs["rows"]
    return found


def group(path, **options):
    with h5py.File(path, "w") as file:
        inner = file.create_group("market/EURUSD")
        for name, column in (("timestamp", time), ("bid", bid), ("ask", ask), ("bid_size", bid_size), ("ask_size", ask_size)):
            inner.create_dataset(name, data=column, **options)


def compound(path):
    rows = np.zeros(ROWS, [("time", "i8"), ("bid", "f8"), ("ask", "f8"), ("bid_size", "i4"), ("ask_size", ">i4")])
    for name, column in (("time", time), ("bid", bid), ("ask", ask), ("bid_size", bid_size), ("ask_size", ask_size)):
        rows[name] = column
    with h5py.File(path, "w") as file:
        file.create_dataset("ticks", data=rows, compression="lzf")


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    made = {}
    group(folder / "plain.h5")
    group(folder / "gzip.h5", compression="gzip", shuffle=True)
    group(folder / "lzf.h5", compression="lzf", fletcher32=True, chunks=(777,))
    compound(folder / "compound.h5")
    names = ["plain", "gzip", "lzf", "compound"]
    try:
        import hdf5plugin
        group(folder / "zstd.h5", compression=hdf5plugin.Zstd())
        names.append("zstd")
    except ImportError:
        pass
    if pandas is not None:
        frame = pandas.DataFrame({"bid": bid, "ask": ask, "bid_size": bid_size, "ask_size": ask_size},
                                 index=pandas.to_datetime(time))
        frame.to_hdf(folder / "table.h5", key="ticks", format="table")
        frame.to_hdf(folder / "fixed.h5", key="deep/ticks", format="fixed")
        frame.to_hdf(folder / "named.h5", key="ticks", format="table", data_columns=["bid"])
        names += ["table", "fixed", "named"]
    wanted = None
    for name in names:
        report = json.dumps(ingest(folder / f"{name}.h5", folder / name), separators=(",", ":"))
        assert f'"rows_read":{ROWS}' in report and f'"rows_stored":{ROWS}' in report, (name, report[:3000])
        got = digests(folder / name)
        wanted = wanted or got
        assert got and got == wanted, (name, got, wanted)
    print(len(names), "ways of writing the same quotes:", ", ".join(names))
