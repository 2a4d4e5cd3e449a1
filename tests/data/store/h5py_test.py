"""Day files open in h5py, with hdf5plugin and our own plugin, hold what was written, and are named by the content
digest that anybody can compute from them."""
import hashlib
import os
import struct
import subprocess
import sys
import tempfile

try:
    import h5py
    import hdf5plugin  # noqa: F401  (registers filter 32015)
    import numpy as np
except ImportError as missing:
    print("skipped:", missing)
    sys.exit(77)

NAMES = ["exch_ts", "local_ts", "px", "qty", "order_id", "flags"]


def expected(rows, full):
    row = np.arange(rows, dtype=np.int64)
    exch = 1398902400000000000 + row // 2 * 1000003
    return {
        "exch_ts": exch,
        "local_ts": exch + row % 977 * 101 if full else exch,
        "px": 130000 + row * 7919 % 1009 - 500,
        "qty": row * row % 1000003,
        "order_id": row.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15 if full else 0),
        "flags": np.where(row % 2 == 1, 3 | 0x40, 2).astype(np.uint32),
    }


def content_digest(columns, chunk_rows):
    """By the recipe in data/store/day_file.hpp: a Merkle tree over the chunks of all six columns."""
    sha = lambda data: hashlib.sha256(data).digest()
    rows = len(columns["exch_ts"])
    level = []
    for index, name in enumerate(NAMES):
        for chunk, first in enumerate(range(0, rows, chunk_rows)):
            part = np.ascontiguousarray(columns[name][first:first + chunk_rows])
            place = struct.pack("<IIQ", index, chunk, len(part))
            level.append(sha(b"\0" + place + sha(part.tobytes())))
    while len(level) > 1:
        pairs = [sha(b"\1" + level[at] + level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2:]
    return level[0].hex()


def check(path, day, rows, full, codec):
    columns = expected(rows, full)
    found = {}
    with h5py.File(path, "r") as file:
        assert sorted(file) == sorted(n for n in NAMES if full or n not in ("local_ts", "order_id")), sorted(file)
        for name, dataset in file.items():
            assert dataset.dtype == columns[name].dtype, (name, dataset.dtype)
            assert dataset.chunks == (min(rows, 256 * 1024),), dataset.chunks
            found[name] = dataset[:]
            assert np.array_equal(found[name], columns[name]), name
            chunk_rows = dataset.chunks[0]
        text = {k: v.decode() if isinstance(v, bytes) else v for k, v in file.attrs.items()}
    found.setdefault("local_ts", found["exch_ts"])
    found.setdefault("order_id", np.zeros(rows, np.uint64))
    digest = content_digest(found, chunk_rows)
    assert text["content_digest"] == digest, (text["content_digest"], digest)
    assert (text["venue"], text["symbol"], text["day"], text["note"]) == ("made", "EURUSD", day, "made"), text
    assert text["tick_size"] == 0.00001 and text["lot_size"] == 1000.0 and text["rows"] == rows, text
    assert text["absent_columns"] == ("" if full else "local_ts order_id"), text
    assert text["codec"] == codec, text
    return digest


build = os.environ.get("TF_BUILD_DIR", "build/release")
program = os.path.join(build, "test_data_store_tick_store")
plugins = os.path.join(build, "hdf5_plugins")
if not os.path.exists(program):
    print("skipped: no", program)
    sys.exit(77)
codecs = ["zstd"]
if os.path.isdir(plugins) and os.listdir(plugins):
    h5py.h5pl.append(os.path.abspath(plugins).encode())
    codecs += ["packed", "packed+zstd"]
else:
    print("no plugin in", plugins, "- the packed days are not read")
digests = {True: set(), False: set()}
with tempfile.TemporaryDirectory() as folder:
    subprocess.run([program, "-tc=leaves samples*"], check=True, stdout=subprocess.DEVNULL,
                   env=dict(os.environ, TF_STORE_SAMPLE_DIR=folder))
    for place, codec in enumerate(codecs):
        for full in (True, False):
            day = f"2014-05-{2 * place + (1 if full else 2):02}"
            path = os.path.join(folder, "made/EURUSD", day + ".h5")
            digests[full].add(check(path, day, 1000 if full else 600000, full, codec))
assert all(len(of_ticks) == 1 for of_ticks in digests.values()), "the content digest depends on the codec"
print("day files read and compared:", ", ".join(codecs))
