"""tickfold features writes the same panel as CSV and as HDF5, and h5py opens the latter without any filter of ours."""
import csv, json, math, os, pathlib, subprocess, sys, tempfile

try:
    import h5py
except ImportError:
    print("skipped: h5py is not installed")
    sys.exit(77)

program = os.environ.get("TICKFOLD", "build/release/tickfold")
root = pathlib.Path(__file__).resolve().parents[2]
with tempfile.TemporaryDirectory() as folder:
    store = f'paths.store="{folder}/store"'
    subprocess.run([program, "synth", root / "configs/synth.toml", "--set", store, "--set", "markets.0.model.days=5", "--quiet"], check=True, stdout=subprocess.DEVNULL)
    made = {}
    for name in ("panel.csv", "panel.h5"):
        done = subprocess.run([program, "features", root / "configs/features.toml", "--set", store, "--out", f"{folder}/{name}", "--json", "--quiet"],
                              check=True, capture_output=True, text=True)
        made[name] = json.loads(done.stdout)
    assert made["panel.csv"]["schema"] == "tickfold.features/1"
    rows = list(csv.reader(open(f"{folder}/panel.csv")))
    head, rows = rows[0], rows[1:]
    with h5py.File(f"{folder}/panel.h5") as file:
        values, names = file["values"][:], list(file.attrs["feature_names"])
        assert file.attrs["schema_digest"].decode() == made["panel.h5"]["digest"], "digest"
        assert len(file["known_ts"]) == len(rows) == made["panel.h5"]["bars"] > 100, "rows"
    assert head[4:] == names, (head[4:], names)
    wrong = 0
    for line, row in enumerate(rows):
        for lane, cell in enumerate(row[4:]):
            value = values[line][lane]
            wrong += not (math.isnan(value) if cell == "" else float(cell) == value)
    assert wrong == 0, f"{wrong} cells differ between CSV and HDF5"
    ready = max(sum(not math.isnan(value) for value in row) for row in values)
    assert ready == len(names), f"no bar has all {len(names)} features ready, at most {ready}"
print("CSV = HDF5,", len(rows), "bars,", len(names), "features")
