"""export: CSV, Parquet and npz of a store, read by other programs and ingested again to the same ticks."""
import csv
import gzip
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / ".deps/py"), str(ROOT / ".deps/arrow")]
TICKFOLD = os.environ.get("TICKFOLD", "build/release/tickfold")
try:
    import numpy
except ImportError:
    print("skipped: no numpy")
    sys.exit(77)
try:
    import pyarrow.parquet as parquet
except ImportError:
    parquet = None


def run(*words, code=0):
    done = subprocess.run([TICKFOLD, *map(str, words)], capture_output=True, text=True)
    assert done.returncode == code, (words, done.returncode, done.stdout[-800:], done.stderr[-1500:])
    return done.stderr if code else done.stdout


def made_trades(path):
    """Two days of trades around a negative price, of three sides, with ids; made for this test."""
    lines = ["time,local,price,size,side,id"]
    for row in range(5000):
        time = 1398902400_000000000 + row * 30_000_000_123
        price = 100.00 + 0.01 * ((row * 37) % 91) - (200 if row == 4000 else 0)
        lines.append(f"{time},{time + 1_000_000 + (row % 7) * 1000},{price:.2f},{0.001 * (row % 50 + 1):.3f},{('buy', 'sell', 'unknown')[row % 3]},{row + 1}")
    path.write_text("\n".join(lines) + "\n")


COLUMNS = ["--set", "time_column=\"time\"", "--set", "local_time_column=\"local\"", "--set", "price_column=\"price\"", "--set", "size_column=\"size\"",
           "--set", "side_column=\"side\"", "--set", "id_column=\"id\""]


def digests(store):
    days = json.loads(run("inspect", store, "--json"))["instruments"][0]["days"]
    return [(day["day"], day["rows"], day["content_digest"]) for day in days]


def ingest(store, path, *words):
    run("ingest", "--store", store, "--venue", "v", "--symbol", "S", "--tick-size", "0.01", "--lot-size", "0.001", "--quiet",
        "--policy", "negative_price=keep", *words, path)


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    store, made = folder / "store", folder / "made.csv"
    made_trades(made)
    ingest(store, made, "--source", "csv", *COLUMNS)
    known = digests(store)
    assert len(known) == 2 and sum(day[1] for day in known) == 5000, known
    source = list(csv.DictReader(open(made)))

    # CSV: the very decimals, the very times; packed or not.
    plain, packed = folder / "out.csv", folder / "out.csv.gz"
    report = json.loads(run("export", store, "--out", plain, "--json", "--quiet"))
    assert report["ticks"] == 5000 and report["content_digests"] == [day[2] for day in known], report
    rows = list(csv.DictReader(open(plain)))
    for ours, theirs in zip(rows, source, strict=True):
        assert (ours["exch_ts"], ours["local_ts"], ours["px"], ours["qty"]) == (theirs["time"], theirs["local"], theirs["price"], theirs["size"])
        assert ours["kind"] == "trade" and ours["side"] == {"buy": "buy", "sell": "sell", "unknown": ""}[theirs["side"]]
    run("export", store, "--out", packed, "--quiet")
    assert gzip.open(packed, "rt").read() == plain.read_text()
    run("export", store, "--out", folder / "out.csv.zst", "--quiet")
    run("export", store, "--out", folder / "raw.csv", "--raw", "--quiet")
    raw = list(csv.DictReader(open(folder / "raw.csv")))
    assert [int(row["px"]) for row in raw] == [round(float(row["price"]) * 100) for row in source]

    # A range is [from, to).
    run("export", store, "--out", folder / "part.csv", "--from", "2014-05-01T06:00:00Z", "--to", "2014-05-02T01:30:00.5Z", "--quiet")
    part = [int(row["exch_ts"]) for row in csv.DictReader(open(folder / "part.csv"))]
    start, end = 1398902400 + 6 * 3600, 1398902400 + 25 * 3600 + 1800
    assert part == [int(row["time"]) for row in source if start * 10**9 <= int(row["time"]) < end * 10**9 + 5 * 10**8] and part

    # Back into a store: the same digests.
    for name in (plain, packed, folder / "out.csv.zst"):
        again = folder / ("again_" + name.name)
        ingest(again, name, "--source", "csv", "--preset", "tickfold")
        assert digests(again) == known, name

    if parquet:
        table_file = folder / "out.parquet"
        run("export", store, "--out", table_file, "--quiet")
        table = parquet.read_table(table_file)
        assert table.num_rows == 5000 and table.column_names == ["exch_ts", "local_ts", "kind", "side", "px", "qty", "order_id", "flags"]
        assert table["px"].to_pylist() == [float(row["price"]) for row in source]
        assert table["exch_ts"].cast("int64").to_pylist() == [int(row["time"]) for row in source]
        assert table.schema.metadata[b"tickfold.tick_size"] == b"0.01"
        again = folder / "again_parquet"
        ingest(again, table_file, "--source", "parquet")
        assert digests(again) == known
    else:
        print("Parquet was not read back: no pyarrow")

    # npz: hftbacktest's dtype; each clock's events in its order.
    run("export", store, "--out", folder / "out.npz", "--quiet")
    data = numpy.load(folder / "out.npz")["data"]
    assert data.dtype.names == ("ev", "exch_ts", "local_ts", "px", "qty", "order_id", "ival", "fval") and data.dtype.itemsize == 64
    for bit, clock in ((1 << 31, "exch_ts"), (1 << 30, "local_ts")):
        seen = data[(data["ev"] & numpy.uint64(bit)) > 0]
        assert len(seen) == 5000 and (numpy.diff(seen[clock]) >= 0).all()
        assert sorted(seen["px"]) == sorted(float(row["price"]) for row in source)
    buys = int(((data["ev"] & numpy.uint64(1 << 29)) > 0).sum())
    assert buys >= 1667 and set(data["ev"] & numpy.uint64(0xFF)) == {2}
    assert (folder / "out.npz").read_bytes() == (run("export", store, "--out", folder / "twice.npz", "--quiet"), (folder / "twice.npz").read_bytes())[1]

    # What goes wrong is said, and nothing is left behind.
    before = sorted(path.name for path in folder.iterdir())
    for words, code, said in ((("--out", plain), 64, "there already"), (("--out", folder / "x.txt"), 64, "--format"), (("--out", folder / "no/x.csv"), 66, "no such folder"),
                              (("--out", folder / "x.csv", "--instrument", "v/T"), 66, "v/S"), (("--out", folder / "x.csv", "--from", "2014-05-02", "--to", "2014-05-02"), 64, "empty"),
                              (("--out", folder / "x.csv", "--from", "yesterday"), 64, "YYYY-MM-DD"), (("--out", folder / "x.npz", "--raw"), 64, "raw")):
        assert said in run("export", store, *words, code=code), (words, said)
    day_file = next((store / "v" / "S").glob("*.h5"))
    damaged = bytearray(day_file.read_bytes())
    damaged[3000] ^= 1
    day_file.write_bytes(damaged)
    assert "damaged day file" in run("export", store, "--out", folder / "x.csv", code=65)
    assert sorted(path.name for path in folder.iterdir()) == before
    print("csv, parquet and npz agree")
