"""The proofs of the command line: audit, skew, explain-step and the warm-up, on a small made market."""
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import market

program = market.program()
config = market.SOURCE / "configs/nightly.toml"


def call(*words, code=0):
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True)
    assert done.returncode == code, (words, done.returncode, done.stdout[-2000:], done.stderr[-2000:])
    return done.stdout


with market.folder() as folder:
    store = ["--set", f'paths.store="{folder}/store"', "--quiet"]
    call("synth", market.SOURCE / "configs/synth.toml", *store, "--set", "markets.0.model.days=8", "--set",
         "markets.0.model.ticks_per_day=4000")
    here = [*store, "--set", f'paths.runs="{folder}/runs"', "--set", f'paths.registry="{folder}/registry"', "--set",
            "folds.train_days=3", "--set", "folds.test_days=1", "--set", "train.epochs=3"]

    audit = json.loads(call("audit", config, *here, "--cuts", 4, "--column-cuts", 8, "--walk-cuts", 2, "--truncations", 6, "--json"))
    assert audit["schema"] == "tickfold.audit/1" and audit["differing"] == 0 and audit["compared"] > 10_000, audit
    stages = {line["stage"] for line in audit["lines"]}
    assert {"bars", "features", "labels", "scaler", "weights", "signals", "fills", "equity"} <= stages, stages
    assert not pathlib.Path(folder, "runs").exists(), "the audit leaves no run"
    assert "nothing leaks" in call("audit", config, *here, "--cuts", 1, "--column-cuts", 4, "--walk-cuts", 0, "--truncations", 2)

    warm = json.loads(call("audit", config, *here, "--warmup", "--json"))
    by_name = {one["name"]: one for one in warm["features"]}
    assert by_name["roc(period=5)"]["same_bits"] == 5 and by_name["rsi(period=14)"]["same_bits"] > 200, by_name

    skew = json.loads(call("skew", config, *here, "--json"))
    assert skew["differing"] == 0 and skew["values"] > 50_000 and skew["ready"] > skew["values"] / 2, skew
    assert call("skew", "--synthetic", "--values", "1e6", "--quiet").startswith("skew = 0 of ")

    step = json.loads(call("explain-step", config, *here, "--time", "2024-01-03T10:00:30Z", "--feature", "roc", "--json"))
    assert step["same"] and step["known"] == "2024-01-03T10:00:00Z", step
    roc = next(one for one in step["features"] if one["name"] == "roc(period=1)")
    before, close = roc["bars"]["close"]
    assert abs(roc["value"] - 100 * (close / before - 1)) < 1e-9, roc
    assert step["label"]["t1_ns"] == step["known_ns"] + 60 * 10**9, step["label"]
    call("explain-step", config, *here, "--time", "yesterday", code=64)
    call("explain-step", config, *here, "--time", "2023-01-01", code=64)
    call("skew", code=64)
print("audit, warm-up, skew and explain-step agree")
