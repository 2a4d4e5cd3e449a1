"""Our HDF5 filter, loaded by h5py as a plugin, gives back every bit, and says no to damaged chunks."""
import os
import pathlib
import subprocess
import sys

folder = pathlib.Path(os.environ.get("TF_BUILD_DIR", "build/release"), "hdf5_plugins").resolve()
libraries = sorted(folder.glob("*tickfold_hdf5_filter*")) if folder.is_dir() else []
os.environ["HDF5_PLUGIN_PATH"] = str(folder)  # HDF5 reads it once, when it is loaded
try:
    import h5py
    import numpy as np
except ImportError as missing:
    print("skipped:", missing)
    sys.exit(77)
if not libraries:
    print("skipped: no plugin in", folder)
    sys.exit(77)

FILTER = 43210
random = np.random.default_rng(1)


def series(dtype):
    """Name and values: real-like, edges of the type, noise."""
    info = np.iinfo(dtype)
    rows = np.arange(5000)
    yield "steps", (1000 + rows * 3 + random.integers(0, 9, rows.size)).astype(dtype)
    yield "quotes", np.repeat(random.integers(0, 1000, 2500).cumsum(), 2).astype(dtype)
    yield "edges", random.choice(np.array([info.min, info.max, 0, 1, info.max // 2], dtype=dtype), 3000)
    yield "noise", random.integers(info.min, info.max, 3001, dtype=dtype, endpoint=True)
    yield "same", np.full(2048, info.max, dtype=dtype)
    yield "one", np.array([info.min], dtype=dtype)
    yield "short", np.arange(1025).astype(dtype)
    if np.dtype(dtype).itemsize == 8:
        yield "times", (1_700_000_000_000_000_000 + random.integers(0, 9_000_000, 4000).cumsum() * 1000).astype(dtype)
        yield "wide", random.integers(0, 1 << 45, 4000).astype(dtype)


def round_trip(settings, dtype, name, values):
    with h5py.File("memory.h5", "w", driver="core", backing_store=False) as file:
        data = file.create_dataset("d", data=values, chunks=(min(values.size, 1500),), compression=FILTER,
                                   compression_opts=settings)
        file.flush()
        data.id.refresh() if hasattr(data.id, "refresh") else None
        assert np.array_equal(data[:], values), (dtype, name, settings)
        return data.id.read_direct_chunk((0,))[1]


count = 0
for dtype in (np.int64, np.uint64, np.uint32):
    width = np.dtype(dtype).itemsize
    for settings in ((1, width), (1, width, 1)):
        for name, values in series(dtype):
            first = round_trip(settings, dtype, name, values)
            assert first[:4] == (b"\x28\xb5\x2f\xfd" if len(settings) == 3 else b"TFP\x01"), (name, first[:4])
            count += values.size

# Through a file on disk, reopened: what was written is what is read, not what a cache still held.
values = np.repeat(random.integers(0, 1000, 300_000).cumsum(), 2)
path = pathlib.Path(os.environ.get("TMPDIR", "/tmp"), f"tf_plugin_{os.getpid()}.h5")
try:
    with h5py.File(path, "w") as file:
        file.create_dataset("d", data=values, chunks=(1 << 16,), compression=FILTER, compression_opts=(1, 8))
    with h5py.File(path, "r") as file:
        assert np.array_equal(file["d"][:], values)
        sound = file["d"].id.read_direct_chunk((0,))[1]
    assert path.stat().st_size < values.nbytes / 4, path.stat().st_size

    # Damage is an error, not a crash and not other values.
    for number, bytes_ in enumerate([sound[:len(sound) // 2], sound[:9], sound[:3], b"", b"x" * 100,
                                     sound[:4] + b"\xff\xff\xff\xff" + sound[8:], b"\x28\xb5\x2f\xfd" + sound[4:],
                                     sound + b"more"]):
        with h5py.File(path, "w") as file:
            data = file.create_dataset("d", shape=(1 << 16,), dtype=np.int64, chunks=(1 << 16,), compression=FILTER,
                                       compression_opts=(1, 8))
            if not bytes_:
                continue
            data.id.write_direct_chunk((0,), bytes_)
        with h5py.File(path, "r") as file:
            try:
                file["d"][:]
            except OSError:
                continue
            raise AssertionError(f"damaged chunk {number} was read")
finally:
    path.unlink(missing_ok=True)

undefined = subprocess.run(["nm", "-D", "--undefined-only", libraries[0]], capture_output=True, text=True).stdout
assert undefined and not [line for line in undefined.split("\n") if " H5" in line], undefined
print(f"{count + values.size} values through the plugin, 0 differ")
