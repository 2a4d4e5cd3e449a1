"""What a user gets wrong: the exit code, the place, what was expected, the candidates; and every config loads."""
import fcntl
import json
import os
import pathlib
import re

import market


def expect_error(home, code, words, said, env=None):
    """`words` must end with `code`, say every regular expression of `said` on stderr, and under --json too."""
    done = market.run(*words, "--quiet", cwd=home, env=env, code=code)
    assert not done.stdout, f"{words}: an error wrote to stdout: {done.stdout[:200]}"
    line = done.stderr.strip()
    assert line.startswith("tickfold: ") and "\n" not in line, f"{words}: expected one line, got {line!r}"
    for pattern in said:
        assert re.search(pattern, line), f"tickfold {' '.join(words)}\nsaid: {line}\nexpected: {pattern}"
    parsed = market.document(*words, cwd=home, env=env, code=code, schema="tickfold.error/1")
    plain = [re.sub(r"\.part-\w+", ".part", text) for text in (parsed["error"], line.removeprefix("tickfold: "))]
    assert parsed["exit_code"] == code and plain[0] == plain[1], f"{parsed}, without --json: {line}"
    return line


def check_usage(home):
    night = ("nightly", "night.toml")
    for words, said in ((("nightly",), ["CONFIG"]),
                        ((*night, "extra"), ["extra"]),
                        ((*night, "--nothing"), ["--nothing"]),
                        ((*night, "--as-of", "2024-13-01"), ["2024-13-01", "YYYY-MM-DD"]),
                        ((*night, "--as-of", "yesterday"), ["yesterday", "YYYY-MM-DD"]),
                        (("walk", "night.toml", "--as-of", "2024/01/01"), ["2024/01/01", "YYYY-MM-DD"]),
                        (("canary", "night.toml", "--day", "x"), ["YYYY-MM-DD"]),
                        ((*night, "--set", "gate"), ["--set gate", "key.path=value"]),
                        ((*night, "--set", "models.7.name=mlp"), ["models.7.name", "index"]),
                        (("promote", "night.toml", "champion"), ["reason"]),
                        (("rollback", "night.toml"), ["reason"]),
                        (("catalog", "nothing"), ["nothing"]),
                        (("inspect", "night.toml"), ["night.toml", "expected"])):
        expect_error(home, 64, words, said)
    for words in ((), ("frobnicate",), ("--nothing",)):
        assert market.run(*words, cwd=home, code=64).stderr.startswith("tickfold: "), words
    for words in (("--help",), ("nightly", "--help"), ("--version",)):
        assert market.run(*words, cwd=home, code=0).stdout, words
    expect_error(home, 64, night, ["foo", "cpu", "cuda"], env={"TF_EXEC": "foo"})


def check_missing(home):
    night = ("nightly", "night.toml")
    for words, said in ((("nightly", "nowhere.toml"), ["nowhere.toml"]),
                        ((*night, "--set", "paths.store=nowhere"), ["nowhere"]),
                        ((*night, "--set", "data.instrument=synth/DEM"), ["synth/DEM'", "synth/DEMO"]),
                        ((*night, "--as-of", "2023-12-31"), ["synth/DEMO", "no day"]),
                        (("walk", "night.toml", "--as-of", "2023-12-31"), ["no day"]),
                        (("features", "night.toml", "--set", "data.first_day=\"2030-01-01\""), ["no day"]),
                        (("canary", "night.toml"), ["champion"]),
                        (("rollback", "night.toml", "--reason", "x"), ["previous"]),
                        (("promote", "night.toml", "abcdef", "--reason", "x"), ["abcdef"]),
                        (("lineage", "night.toml"), ["champion"]),
                        (("inspect", "nowhere"), ["nowhere"]),
                        (("verify", "nowhere"), ["nowhere"]),
                        (("verify", "store"), ["no registry"]),
                        (("report", "runs/nowhere"), ["nowhere"])):
        expect_error(home, 66, words, said)
    # Too few days for one fold says how many there are and how many it takes.
    expect_error(home, 65, ("walk", "night.toml", "--as-of", "2024-01-03"), ["3 days", "train_days = 5", "6"])


def place_of(text, needle):
    """"line:column" of the value that stands after a key."""
    for number, line in enumerate(text.splitlines(), 1):
        if needle in line:
            return number
    raise AssertionError(needle)


def check_config(home):
    text = (home / "night.toml").read_text()
    broken = home / "broken.toml"

    def wrong(old, new, said, count=1):
        assert old in text, old
        changed = text.replace(old, new, count)
        broken.write_text(changed)
        line = expect_error(home, 78, ("walk", "broken.toml"), said)
        at = re.match(r"tickfold: broken\.toml:(\d+):(\d+): ", line)
        assert at, f"no file:line:column in {line!r}"
        expected = place_of(changed, new.strip().splitlines()[-1])
        assert int(at[1]) == expected and int(at[2]) >= 1, f"{line!r}: expected line {expected}"

    wrong("min_dsr = 0.95", "min_dsrr = 0.95", ["min_dsrr", "did you mean min_dsr", "max_p_value"])
    wrong("min_dsr = 0.95", "min_dsr = 1.5", ["gate.min_dsr", "1.5", r"\[0\.0, 1\.0\]"])
    wrong("min_dsr = 0.95", "min_dsr = \"high\"", ["gate.min_dsr", "high", "number"])
    wrong("epochs = 6", "epochs = 6.5", ["train.epochs", "6.5", "integer"])
    wrong("flat_at_day_end = true", "flat_at_day_end = 3", ["flat_at_day_end", "expected"])
    wrong("scheme = \"rolling\"", "scheme = \"roling\"", ["folds.scheme", "roling", "rolling", "expanding"])
    wrong("kind = \"time\"", "kind = \"minute\"", ["bars.kind", "minute", "volume", "dollar"])
    wrong("name = \"linear\"", "name = \"linaer\"", ["linaer", "known|there are", "linear", "mlp"])
    wrong("name = \"roc\"", "name = \"rocc\"", ["rocc", "roc", "realised_volatility"])
    wrong("name = \"model_signal\"", "name = \"model_signl\"", ["model_signl", "model_signal", "ema_cross"])
    wrong("period = [1, 5]", "period = [1, \"5\"]", ["period", "integer"])
    wrong("period = [1, 5]", "periods = [1, 5]", ["periods", "did you mean period"])
    wrong("[canary]", "[canarry]", ["canarry", "did you mean canary"])
    wrong("actor = \"nightly\"", "actor = nightly", ["pars"])

    for setting, said in (("gate.min_dsrr=1", ["--set gate.min_dsrr", "did you mean min_dsr"]),
                          ("gate.min_dsr=2", ["--set gate.min_dsr", r"\[0\.0, 1\.0\]"]),
                          ("gate.min_dsr=high", ["--set gate.min_dsr", "number"]),
                          ("models.0.name=mlpp", ["--set models.0.name", "mlpp", "mlp"]),
                          ("search.task=guess", ["--set search.task", "regression", "classification"]),
                          ("data.last_day=\"soon\"", ["soon", "YYYY-MM-DD"])):
        expect_error(home, 78, ("walk", "night.toml", "--set", setting), said)

    # A source's name, and a market's fields.
    synth = (home / "synth.toml").read_text()
    broken.write_text(synth.replace("signal_noise", "signal_nois"))
    expect_error(home, 78, ("synth", "broken.toml"), [r"broken\.toml:\d+:\d+", "signal_nois", "signal_noise"])
    broken.write_text(synth.replace("tick_size = 0.01", "tick_size = 0"))
    expect_error(home, 78, ("synth", "broken.toml"), ["tick_size"])
    broken.write_text(synth.replace("flow:20", "flo:20"))
    expect_error(home, 78, ("synth", "broken.toml"), ["flo", "flow"])
    ingest = (market.SOURCE / "configs/ingest.toml").read_text()
    broken.write_text(ingest.replace('name = "csv"', 'name = "cvs"'))
    expect_error(home, 78, ("ingest", "broken.toml", "--dry-run"), [r"broken\.toml:\d+:\d+", "cvs", "csv", "synthetic"])
    broken.write_text(ingest.replace('preset = "lean_fx"', 'preset = "lean_fxx"'))
    expect_error(home, 78, ("ingest", "broken.toml", "--dry-run"), ["lean_fxx", "lean_fx"])


def check_lock(home):
    """A second night does not wait: exit 75, and nothing of it is left behind."""
    (home / "registry").mkdir(exist_ok=True)
    before = market.contents(home / "registry")
    with open(home / "registry/.night.lock", "a", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        expect_error(home, 75, ("nightly", "night.toml", "--as-of", "2024-01-15"), [r"\.night\.lock", "try again"])
    assert not (home / "runs").exists() or not list((home / "runs").glob("*/manifest.json")), "a locked night worked"
    left = market.difference(before, market.contents(home / "registry", skip_files=(".night.lock",)))
    assert "ledger" not in left and "audit" not in left, left


def check_device(home):
    if market.document("doctor", cwd=home, code=None)["gpus"]:
        print("note: a GPU is there, the absent device is not tested")
        return
    for command in ("walk", "nightly", "features"):
        expect_error(home, 69, (command, "night.toml"), ["TF_EXEC=cuda", "no GPU"], env={"TF_EXEC": "cuda"})


def check_written_nowhere(home):
    """Where the disk refuses, 74 and the path; here a file stands where a folder is needed."""
    (home / "file").write_text("")
    expect_error(home, 74, ("synth", "synth.toml", "--set", "paths.store=file/store"), ["file/store"])
    expect_error(home, 74, ("features", "night.toml", "--out", "file/panel.csv"), ["file/"])


def check_configs(home):
    """Every config of configs/ loads, with only its paths moved and its market made small."""
    folder = market.SOURCE / "configs"
    seen = set()

    def load(name, *words, sets=(), schema=None):
        seen.add(name)
        settings = [word for one in sets for word in ("--set", one)]
        return market.document(words[0], folder / name, *words[1:], *settings, cwd=home, schema=schema)

    paths = [f"paths.{key}={json.dumps(str(home / 'cfg' / key))}" for key in ("store", "runs", "registry")]
    synth = load("synth.toml", "synth", sets=[paths[0], "markets.0.model.ticks_per_day=500", "markets.0.model.days=14"])
    assert synth["markets"][0]["written"] == 14, synth
    plan = load("walk.toml", "walk", "--plan", sets=paths, schema="tickfold.plan/1")
    assert len(plan["candidates"]) == 3 * 2 * 3 and len(plan["folds"]) == 2, plan
    plan = load("nightly.toml", "walk", "--plan", sets=paths, schema="tickfold.plan/1")
    assert len(plan["candidates"]) == 2 * 2 * 3, plan
    plan = load("meta_labels.toml", "walk", "--plan", sets=paths, schema="tickfold.plan/1")
    assert len(plan["candidates"]) == 3 * 2 * 2 and len(plan["folds"]) == 2, plan
    panel = load("features.toml", "features", "--out", home / "panel.csv", sets=paths[:1], schema="tickfold.features/1")
    assert panel["days"] == 5 and panel["bars"] == len((home / "panel.csv").read_text().splitlines()) - 1, panel
    indicators = {entry["name"] for entry in market.document("catalog", "indicator")["entries"]}
    named = set(re.findall(r"^name = \"(\w+)\"", (folder / "features.toml").read_text(), re.M))
    assert indicators <= named, f"features.toml lacks {indicators - named}"
    markets = load("two_markets.toml", "synth", sets=[paths[0]])
    assert [one["instrument"] for one in markets["markets"]] == ["synth/SHARE", "synth/INDEX"], markets
    panel = load("sessions.toml", "features", sets=paths[:1], schema="tickfold.features/1")
    assert panel["days"] == 5 and panel["bars"] == 5 * 90, panel
    plan = load("real_ticks.toml", "walk", "--plan", sets=[*paths, "data.instrument=synth/DEMO"])
    assert plan["folds"], plan
    ticks = market.SOURCE / "../shared/ticks/lean-fx/forex/oanda/tick/eurusd"
    if ticks.exists():
        judged = load("ingest.toml", "ingest", "--dry-run", sets=[f"paths.store={json.dumps(str(home / 'real'))}"],
                      schema="tickfold.ingest/1")
        assert judged["instrument"] == "oanda/EURUSD" and len(judged["days"]) == 8, judged
        assert not list((home / "real").rglob("*.h5")), "a dry run wrote"
    else:
        seen.add("ingest.toml")
        print("note: ../shared is not there, configs/ingest.toml is not read with its files")
    there = {str(path.relative_to(folder)) for path in folder.glob("*.toml")}
    assert there == seen, f"configs without a test: {sorted(there - seen)}"


def main():
    os.environ.pop("TF_EXEC", None)
    with market.folder() as name:
        home = pathlib.Path(name)
        market.write_synth(home, days=16, ticks=600)
        market.write_night(home)
        market.run("synth", "synth.toml", cwd=home)
        check_lock(home)
        for check in (check_usage, check_missing, check_config, check_device, check_written_nowhere, check_configs):
            check(home)
    print("errors: codes, places, candidates; every config loads")


main()
