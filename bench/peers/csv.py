"""csv trades into memory: tickfold (parsed; parsed and judged) beside polars, pyarrow, pandas and duckdb on the same file.

    csv.py BENCH_DATA_CSV [--rows 5000000] [--rounds 5] [--file trades.csv]

BENCH_DATA_CSV is the program of bench/data/csv_bench.cpp. One process a measurement (each warms up and keeps its best),
the contestants in turn, so that what disturbs the machine disturbs all. Every reader must give the same sums: times,
prices in hundredths, sizes, sells. Prints a JSON line for each and, at the end, the ratios to the fastest peer,
by the clock on the wall and by the time that all threads worked.
"""
import argparse
import json
import os
import subprocess
import sys
import time

sys.path.pop(0)  # this file has the name of a module that the readers import
PEERS = ("polars", "pyarrow", "pandas", "duckdb")


def reader(name, path, threads):
    """(version, run) of one peer; run() gives the four sums."""
    kinds = {"ts": "int64", "price": "float64", "size": "int64", "side": "str"}
    if name == "polars":
        import polars as pl
        schema = {"ts": pl.Int64, "price": pl.Float64, "size": pl.Int64, "side": pl.String}
        return pl.__version__, lambda: pl.read_csv(path, schema=schema)
    if name == "pyarrow":
        import pyarrow as pa
        import pyarrow.csv as pc
        pa.set_cpu_count(threads)
        convert = pc.ConvertOptions(column_types={k: pa.string() if v == "str" else pa.type_for_alias(v) if v == "int64"
                                                  else pa.float64() for k, v in kinds.items()})
        read = pc.ReadOptions(use_threads=threads > 1, block_size=8 << 20)
        return pa.__version__, lambda: pc.read_csv(path, read_options=read, convert_options=convert)
    if name == "pandas":
        import pandas as pd
        if threads > 1:
            import pyarrow as pa
            pa.set_cpu_count(threads)
        engine = "c" if threads == 1 else "pyarrow"
        return pd.__version__ + " " + engine, lambda: pd.read_csv(path, engine=engine, dtype=kinds)
    import duckdb
    base = duckdb.connect()
    base.execute(f"set threads={threads}")
    columns = "{'ts':'BIGINT','price':'DOUBLE','size':'BIGINT','side':'VARCHAR'}"
    return duckdb.__version__, lambda: base.execute(
        f"create or replace table t as select * from read_csv('{path}', header=true, auto_detect=false, delim=',', "
        f"columns={columns})") and base


def sums(name, table):
    if name == "duckdb":
        rows = table.execute("select sum(ts::hugeint), sum(round(price*100)::bigint), sum(size), "
                             "count(*) filter (where side='S'), count(*) from t").fetchone()
        return [int(rows[0]) % 2**63, int(rows[1]), int(rows[2]), int(rows[3])], int(rows[4])
    import numpy as np
    if name == "pyarrow":
        get = lambda column: table.column(column).to_numpy()
        sells = sum(1 for side in table.column("side").to_pylist() if side == "S")
    else:
        get = lambda column: table[column].to_numpy()
        sells = int((table["side"] == "S").sum())
    times = int(get("ts").astype(np.uint64).sum(dtype=np.uint64)) % 2**63
    return [times, int(np.rint(get("price") * 100).astype(np.int64).sum()), int(get("size").sum()), sells], len(table)


def one(name, path, threads):
    version, run = reader(name, path, threads)
    best, best_cpu, table = 1e9, 1e9, None
    for _ in range(7):
        start, cpu_start = time.perf_counter(), time.process_time()
        table = run()
        best = min(best, time.perf_counter() - start)
        best_cpu = min(best_cpu, time.process_time() - cpu_start)
    found, rows = sums(name, table)
    print(json.dumps({"bench": "csv", "case": f"{name} {version}", "threads": threads, "rows": rows, "seconds": best,
                      "rows_per_s": round(rows / best), "cpu_seconds": best_cpu, "sums": found}))


def make(path, rows):
    import numpy as np
    import polars as pl
    random = np.random.Generator(np.random.PCG64(20261123))
    ts = 1_700_000_000_000_000_000 + np.cumsum(random.exponential(4.3e6, rows).astype(np.int64) + 1)
    px = 6_000_000 + np.cumsum(random.choice(np.array([-1, 0, 0, 0, 0, 0, 0, 1]), rows)).astype(np.int64)
    size = np.floor(random.lognormal(2.0, 1.2, rows)).astype(np.int64) + 1
    side = np.where(random.integers(0, 2, rows) == 1, "S", "B")
    pl.DataFrame({"ts": ts, "price": px / 100.0, "size": size, "side": side}).write_csv(path, float_precision=2)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("program", nargs="?")
    arguments.add_argument("--rows", type=int, default=5_000_000)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--file", default="/tmp/tickfold_bench_trades.csv")
    arguments.add_argument("--one")
    arguments.add_argument("--threads", type=int, default=1)
    options = arguments.parse_args()
    if options.one:
        return one(options.one, options.file, options.threads)
    if not os.path.exists(options.file):
        make(options.file, options.rows)
    for threads in (1, 2):
        best = {}
        for _ in range(options.rounds):
            for name in ("parse", "judge", *PEERS):
                ours = name in ("parse", "judge")
                command = ([options.program, options.file, str(threads), name] if ours else
                           [sys.executable, __file__, "--one", name, "--file", options.file, "--threads", str(threads)])
                environment = dict(os.environ, POLARS_MAX_THREADS=str(threads), MALLOC_MMAP_THRESHOLD_="2000000000",
                                   MALLOC_TRIM_THRESHOLD_="16000000000", MALLOC_TOP_PAD_="268435456")
                done = subprocess.run(command, env=environment, capture_output=True, text=True)
                if done.returncode:
                    sys.exit(f"{name}: {done.stderr.strip()}")
                result = json.loads(done.stdout)
                known = best.setdefault(name, result)
                for measure in ("seconds", "cpu_seconds"):
                    known[measure] = min(known[measure], result[measure])
                known["rows_per_s"] = round(result["rows"] / known["seconds"])
        if len({tuple(result["sums"]) for result in best.values()}) != 1:
            sys.exit("the sums differ: " + json.dumps({name: result["sums"] for name, result in best.items()}))
        for result in best.values():
            print(json.dumps(result))
        for measure in ("seconds", "cpu_seconds"):
            fastest = min(PEERS, key=lambda name: best[name][measure])
            print(json.dumps({"bench": "csv", "threads": threads, "by": measure, "fastest_peer": fastest,
                              "parse_over_peer": round(best[fastest][measure] / best["parse"][measure], 2),
                              "judge_over_peer": round(best[fastest][measure] / best["judge"][measure], 2)}))


if __name__ == "__main__":
    main()
