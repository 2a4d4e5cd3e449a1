"""A small market with a planted edge, the configs that read it, and the program, for the pipeline tests."""
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]


def program():
    """The binary under test; skips the test where it is not built."""
    path = pathlib.Path(os.environ.get("TICKFOLD", SOURCE / "build/release/tickfold"))
    if not path.exists():
        skip(f"{path} is not built")
    if not (path.parent / "libtickfold_learn.so").exists():
        skip(f"{path.parent}/libtickfold_learn.so is not built")
    return str(path)


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(77)


def folder():
    """A temporary folder that goes when the object does."""
    return tempfile.TemporaryDirectory(prefix="tickfold-test-")


SYNTH = """[paths]
store = "store"
[[markets]]
[markets.instrument]
venue = "synth"
symbol = "DEMO"
tick_size = 0.01
lot_size = 1
currency = "USD"
[markets.model]
seed = {seed}
first_day = "2024-01-01"
days = {days}
open_s = 28800
close_s = {close_s}
ticks_per_day = {ticks}
start_price = 100
spread_ticks = 1
volatility = {volatility}
regimes = "{regimes}"
edge_bar_s = 60
edge_ticks = {edge}
signal_noise = 0.3
latency_us = 300
"""

NIGHT = """[paths]
store = "store"
runs = "runs"
registry = "registry"
metrics = "tickfold.prom"
[data]
instrument = "synth/DEMO"
[bars]
kind = "time"
size = 60
[[features]]
name = "quote_imbalance"
[[features]]
name = "trade_flow_imbalance"
[[features]]
name = "roc"
period = [1, 5]
[features_memory]
carry = "day"
[label]
kind = "forward_return"
horizon_bars = 1
[[models]]
name = "linear"
[search]
seeds = {seeds}
shuffle_labels = {shuffle}
[[strategies]]
name = "model_signal"
enter = [1.0, 1.5]
exit = 0.0
size = 10
[train]
epochs = {epochs}
batch = 128
learning_rate = 0.02
patience = 3
[folds]
scheme = "rolling"
train_days = {train_days}
test_days = {test_days}
history_days = {history}
validation_share = 0.2
embargo_minutes = 2
[simulation]
entry_latency_ns = 2_000_000
response_latency_ns = 2_000_000
fee_per_lot = 0.0005
max_position_lots = 10
flat_at_day_end = true
[gate]
min_periods = 10
min_trades = 50
min_dsr = 0.95
max_drawdown_share = 0.5
max_p_value = 0.05
bootstrap_draws = 2000
[nightly]
promote = true
actor = "nightly"
[triggers]
schedule_days = 60
performance_days = 4
performance_deviations = 3
drift_days = 3
drift_level = 0.01
drift_share = 0.75
[canary]
loss_budget = 100000
"""


def write_synth(where, *, seed=7, days=46, hours=3, ticks=3600, regimes="flow:20,reverse:14,none:40", edge=3.0,
                volatility=0.005):
    path = pathlib.Path(where) / "synth.toml"
    path.write_text(SYNTH.format(seed=seed, days=days, close_s=28800 + int(hours * 3600), ticks=ticks, regimes=regimes,
                                 edge=edge, volatility=volatility))
    return path


def write_night(where, *, seeds=1, shuffle=False, epochs=6, train_days=5, test_days=2, history=15):
    path = pathlib.Path(where) / "night.toml"
    path.write_text(NIGHT.format(seeds=seeds, shuffle=str(shuffle).lower(), epochs=epochs, train_days=train_days,
                                 test_days=test_days, history=history))
    return path


def run(*words, cwd=None, env=None, code=0):
    """Runs a command; `code` is the exit code it must end with (None = any)."""
    done = subprocess.run([program(), *map(str, words)], cwd=cwd, env={**os.environ, **(env or {})},
                          capture_output=True, text=True, errors="replace", timeout=300, check=False)
    if code is not None and done.returncode != code:
        raise AssertionError(f"tickfold {' '.join(map(str, words))}\nexit code {done.returncode}, expected {code}\n"
                             f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done


def document(*words, cwd=None, env=None, code=0, schema=None):
    """The JSON document a command prints under --json; stderr stays silent under --quiet."""
    done = run(*words, "--json", "--quiet", cwd=cwd, env=env, code=code)
    try:
        parsed = json.loads(done.stdout)
    except ValueError as fault:
        raise AssertionError(f"tickfold {' '.join(map(str, words))} --json: stdout is no JSON document: {fault}\n"
                             f"{done.stdout[:2000]}") from fault
    assert isinstance(parsed, dict) and "schema" in parsed, f"{words}: no schema in {done.stdout[:300]}"
    if schema:
        assert parsed["schema"] == schema, f"{words}: schema {parsed['schema']}, expected {schema}"
    return parsed


def contents(where, skip_folders=(), skip_files=()):
    """{relative path: SHA-256} of every file below a folder."""
    where = pathlib.Path(where)
    found = {}
    for path in sorted(where.rglob("*")):
        relative = path.relative_to(where)
        if path.is_file() and path.name not in skip_files and not set(relative.parts) & set(skip_folders):
            found[str(relative)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def stamps(where):
    """{relative path: (size, mtime in ns, SHA-256)}: changes when a file is written, even with the same bytes."""
    where = pathlib.Path(where)
    return {str(path.relative_to(where)): (path.stat().st_size, path.stat().st_mtime_ns,
                                           hashlib.sha256(path.read_bytes()).hexdigest())
            for path in sorted(where.rglob("*")) if path.is_file()}


def difference(first, second):
    """What two such tables disagree about, in words; empty when they agree."""
    lines = []
    for name in sorted(set(first) | set(second)):
        if name not in first:
            lines.append(f"{name}: only in the second")
        elif name not in second:
            lines.append(f"{name}: only in the first")
        elif first[name] != second[name]:
            lines.append(f"{name}: differs")
    return "\n".join(lines)


def copy(source, target):
    shutil.copytree(source, target, symlinks=True)
    return pathlib.Path(target)
