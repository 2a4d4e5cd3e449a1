"""Parquet and Feather files as pyarrow writes them: time units and zones, decimals, dictionaries, nulls, integers. Quotes and
trades ingested, then exported and compared with what was written."""
import csv
import os
import pathlib
import subprocess
import sys
import tempfile
from decimal import Decimal

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / ".deps/py"), str(ROOT / ".deps/arrow")]
TICKFOLD = os.environ.get("TICKFOLD", "build/release/tickfold")
try:
    import pyarrow
    import pyarrow.feather
    import pyarrow.parquet
except ImportError:
    print("skipped: no pyarrow")
    sys.exit(77)

ROWS = 1000
NS = [1_700_000_000_000_000_000 + row * 1_000_000 for row in range(ROWS)]
BID = [Decimal(100_000 + row % 40) / 1000 for row in range(ROWS)]
ASK = [bid + Decimal(2) / 1000 for bid in BID]
SIDES = ["buy" if row % 3 else "sell" for row in range(ROWS)]


def columns():
    yield "ns", pyarrow.array(NS, pyarrow.timestamp("ns"))
    yield "us_utc", pyarrow.array([ns // 1000 for ns in NS], pyarrow.timestamp("us", "UTC"))
    yield "ms_zone", pyarrow.array([ns // 1_000_000 for ns in NS], pyarrow.timestamp("ms", "America/New_York"))
    yield "int_ms", pyarrow.array([ns // 1_000_000 for ns in NS], pyarrow.int64())


def ticks_of(path, source, folder, *words):
    store = folder / ("store_" + path.name)
    done = subprocess.run([TICKFOLD, "ingest", "--store", store, "--venue", "v", "--symbol", "S", "--tick-size", "0.001", "--lot-size", "0.5", "--quiet",
                           *(("--source", source) if source else ()), *words, path], capture_output=True, text=True)
    assert done.returncode == 0, (path.name, done.stderr[-1500:])
    table = folder / (path.name + ".csv")
    subprocess.run([TICKFOLD, "export", store, "--out", table, "--quiet"], check=True, capture_output=True)
    with open(table) as file:
        return list(csv.DictReader(file))


with tempfile.TemporaryDirectory() as made:
    folder = pathlib.Path(made)
    for name, times in columns():
        quotes = pyarrow.table({"time": times, "bid": pyarrow.array(BID, pyarrow.decimal128(12, 3)), "ask": [float(ask) for ask in ASK],
                                "nested": [{"a": 1}] * ROWS, "bid_size": [row % 4 + 1 for row in range(ROWS)], "ask_size": [2.5] * ROWS})
        trades = pyarrow.table({"side": pyarrow.array(SIDES).dictionary_encode(), "timestamp": times, "price": pyarrow.array([float(bid) for bid in BID], pyarrow.float64()),
                                "amount": pyarrow.array([None if row % 5 == 4 else row % 4 + 0.5 for row in range(ROWS)]), "trade_id": [row + 7 for row in range(ROWS)]})
        for table, kind in ((quotes, "quotes"), (trades, "trades")):
            parquet, feather = folder / f"{kind}_{name}.parquet", folder / f"{kind}_{name}.feather"
            pyarrow.parquet.write_table(table, parquet, row_group_size=300, compression="snappy" if kind == "quotes" else "zstd")
            pyarrow.feather.write_feather(table, str(feather), compression="lz4", chunksize=170)
            for path, source in ((parquet, None), (feather, "feather")):
                ticks = ticks_of(path, source, folder)
                if kind == "quotes":
                    assert len(ticks) == 2 * ROWS
                    for row in range(ROWS):
                        bid, ask = ticks[2 * row], ticks[2 * row + 1]
                        assert (bid["kind"], ask["kind"]) == ("best_bid", "best_ask") and int(bid["exch_ts"]) == NS[row]
                        assert (Decimal(bid["px"]), Decimal(ask["px"])) == (BID[row], ASK[row])
                        assert (Decimal(bid["qty"]), Decimal(ask["qty"])) == (row % 4 + 1, Decimal("2.5"))
                else:  # rows without a size are refused, and counted
                    kept = [row for row in range(ROWS) if row % 5 != 4]
                    assert [int(tick["exch_ts"]) for tick in ticks] == [NS[row] for row in kept]
                    assert [tick["side"] for tick in ticks] == [SIDES[row] for row in kept]
                    assert [int(tick["order_id"]) for tick in ticks] == [row + 7 for row in kept]
        print(name, "agrees")
