"""Day files open in h5py with hdf5plugin, and hold what was written."""
import hashlib
import os
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


def check(path, day, rows, full):
    columns = expected(rows, full)
    with h5py.File(path, "r") as file:
        assert sorted(file) == sorted(n for n in NAMES if full or n not in ("local_ts", "order_id")), sorted(file)
        for name, dataset in file.items():
            assert dataset.dtype == columns[name].dtype, (name, dataset.dtype)
            assert dataset.chunks == (min(rows, 256 * 1024),), dataset.chunks
            assert np.array_equal(dataset[:], columns[name]), name
        text = {k: v.decode() if isinstance(v, bytes) else v for k, v in file.attrs.items()}
    digest = hashlib.sha256(b"".join(hashlib.sha256(columns[n].tobytes()).digest() for n in NAMES)).hexdigest()
    assert text["content_digest"] == digest, (text["content_digest"], digest)
    assert (text["venue"], text["symbol"], text["day"], text["note"]) == ("made", "EURUSD", day, "made"), text
    assert text["tick_size"] == 0.00001 and text["lot_size"] == 1000.0 and text["rows"] == rows, text
    assert text["absent_columns"] == ("" if full else "local_ts order_id"), text


program = os.path.join(os.environ.get("TF_BUILD_DIR", "build/release"), "test_data_store_tick_store")
if not os.path.exists(program):
    print("skipped: no", program)
    sys.exit(77)
with tempfile.TemporaryDirectory() as folder:
    subprocess.run([program, "-tc=leaves samples*"], check=True, stdout=subprocess.DEVNULL,
                   env=dict(os.environ, TF_STORE_SAMPLE_DIR=folder))
    check(os.path.join(folder, "made/EURUSD/2014-05-01.h5"), "2014-05-01", 1000, True)
    check(os.path.join(folder, "made/EURUSD/2014-05-02.h5"), "2014-05-02", 600000, False)
print("two day files read and compared")
