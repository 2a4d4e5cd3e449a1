"""Databento's own decoder on the files of bench_data_dbn FOLDER: python dbn.py FOLDER

Cases: `objects`, DBNDecoder of databento-dbn (Rust) that yields Python records, in pieces of 1 MiB (files unpacked by the zstd program); and `view`, the way
of to_ndarray: the bytes unpacked and looked at as a numpy array of records. The latter decodes nothing (no prices to
ticks, no symbols, no order books): it is a lower limit of reading, not a competitor.
"""
import json
import os
import pathlib
import subprocess
import sys
import time

import numpy

RECORD_BYTES = {"mbp-1": 80, "trades": 48, "mbo": 56}
ROUNDS = 3


def unpacked(path):
    if path.suffix != ".zst":
        return path.read_bytes()
    return subprocess.run(["zstd", "-dcq", "--single-thread", str(path)], stdout=subprocess.PIPE, check=True).stdout


def objects(path):
    import databento_dbn
    decoder, records = databento_dbn.DBNDecoder(), 0
    data = unpacked(path)
    for start in range(0, len(data), 1 << 20):
        decoder.write(data[start:start + (1 << 20)])
        records += sum(1 for record in decoder.decode() if not isinstance(record, databento_dbn.Metadata))
    return records


def view(path):
    data = unpacked(path)
    start = 8 + int.from_bytes(data[4:8], "little")
    kind = path.name.split(".")[0]
    rows = numpy.frombuffer(data, dtype=numpy.dtype((numpy.void, RECORD_BYTES[kind])), offset=start)
    return len(rows)


def main():
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.dbn*")):
        for way in (objects, view):
            best, cpu, records = float("inf"), float("inf"), 0
            for _ in range(ROUNDS):
                begin, before = time.perf_counter(), sum(os.times()[:4])
                records = way(path)
                best, cpu = min(best, time.perf_counter() - begin), min(cpu, sum(os.times()[:4]) - before)
            print(json.dumps({"peer": "databento-dbn", "way": way.__name__, "case": path.name, "records": records,
                              "seconds": round(best, 4), "cpu_seconds": round(cpu, 4), "records_per_s": round(records / best)}), flush=True)


if __name__ == "__main__":
    try:
        import databento_dbn  # noqa: F401
    except ImportError as missing:
        sys.exit(f"skipped: {missing}")
    main()
