"""Four nights on a small market, end to end: promote, hold, promote, reject; and every command that looks at them."""
import json
import pathlib
import re
import sqlite3

import market

NIGHTS = (("2024-01-18", "promote"), ("2024-01-19", "hold"), ("2024-02-03", "promote"), ("2024-02-15", "reject"))


def metrics_of(path):
    """{name: value} of a Prometheus text file; every sample must come after its HELP and TYPE."""
    values, described, typed = {}, set(), set()
    for line in path.read_text().splitlines():
        if help_line := re.fullmatch(r"# HELP (\w+) \S.*", line):
            described.add(help_line[1])
        elif type_line := re.fullmatch(r"# TYPE (\w+) (gauge|counter)", line):
            typed.add(type_line[1])
        else:
            sample = re.fullmatch(r"([a-zA-Z_:][\w:]*) (-?[0-9.e+-]+)", line)
            assert sample, f"metrics: not a line of the text format: {line!r}"
            assert sample[1] in described and sample[1] in typed, f"metrics: {sample[1]} has no HELP or TYPE before it"
            assert sample[1] not in values, f"metrics: {sample[1]} twice"
            values[sample[1]] = float(sample[2])
    return values


def check_night(home, as_of, verdict, champion):
    night = market.document("nightly", "night.toml", "--as-of", as_of, cwd=home, schema="tickfold.nightly/1")
    assert night["as_of"] == as_of and night["already_done"] is False, night
    assert night["verdict"] == verdict, f"{as_of}: {night['verdict']}, expected {verdict}: {night['reason']}"
    assert night["champion_before"] == champion, night
    fired = [trigger["kind"] for trigger in night["triggers"] if trigger["fired"]]
    assert bool(fired) == (verdict != "hold"), f"{as_of}: {verdict} with triggers {fired}"
    if verdict == "promote":
        assert night["champion_after"] == night["candidate"] != champion, night
    else:
        assert night["champion_after"] == champion, night
    if verdict != "hold":
        assert night["gate"]["verdict"] == verdict and night["gate"]["conditions"], night["gate"]
        page = (home / night["report"]).read_text()
        assert verdict in page and night["candidate"] in page, f"{night['report']} does not name verdict and candidate"
    record = json.loads((home / night["record"]).read_text())
    assert record["verdict"] == verdict and record["schema"] == "tickfold.night/1", record

    # The same night again: the same answer, and no file touched but the metrics.
    before = {name: market.stamps(home / name) for name in ("runs", "registry", "store")}
    again = market.document("nightly", "night.toml", "--as-of", as_of, cwd=home, schema="tickfold.nightly/1")
    assert again["already_done"] is True, again
    for key in ("as_of", "verdict", "reason", "candidate", "run", "champion_before", "champion_after", "record",
                "report", "triggers"):
        assert again[key] == night[key], f"{as_of} again: {key} was {night[key]}, is {again[key]}"
    forgotten = [] if again["gate"] == night["gate"] else [f"{as_of} again: --json has lost its gate"]
    for name, stamps in before.items():
        changed = market.difference(stamps, market.stamps(home / name))
        assert not changed, f"{as_of} again changed {name}/:\n{changed}"
    return night, forgotten


def check_lineage(home, champion, previous, as_of, history):
    """The champion's lineage lists exactly the days its walk read, with the digests the store has."""
    lineage = market.document("lineage", "night.toml", cwd=home, schema="tickfold.lineage/1")
    chain = lineage["chain"]
    store = market.document("inspect", "store", cwd=home, schema="tickfold.inspect/1")
    days = {day["day"]: day["content_digest"] for day in store["instruments"][0]["days"]}
    newest = sorted(day for day in days if day <= as_of)[-history:]
    assert lineage["model"] == champion and len(chain) == 2, lineage
    read = {row["day"]: row["content_digest"] for row in chain[0]["data"]}
    assert read == {day: days[day] for day in newest}, f"lineage lists {sorted(read)}, the walk read {newest}"
    assert chain[0]["parent"] == previous, f"the parent is {chain[0]['parent']}, expected {previous}"


def check_canary(home, champion, previous, models):
    canary = market.document("canary", "night.toml", cwd=home, schema="tickfold.canary/1")
    assert canary["verdict"] == "keep" and canary["champion_after"] == champion, canary
    assert [model["model"] for model in canary["models"]] == [champion, previous][:models], canary
    for model in canary["models"]:
        assert model["bars"] > 100 and model["values"] > model["bars"], model
        assert model["differing"] == 0 and not model["first_difference"], f"streamed and batch differ: {model}"


def check_sound(home, models):
    verify = market.document("verify", "night.toml", cwd=home, schema="tickfold.verify/1")
    assert verify["sound"] is True and not verify["findings"] and verify["models"] == models, verify
    assert re.fullmatch("[0-9a-f]{64}", verify["audit_root"]), verify
    return verify["audit_root"]


def check_hand_moves(home, champion, previous):
    """rollback swaps, rollback again swaps back, promote by hand and by prefix; each is one more line of the log."""
    root = check_sound(home, 3)
    for expected, other in ((previous, champion), (champion, previous)):
        moved = market.document("rollback", "night.toml", "--reason", "test", cwd=home, schema="tickfold.rollback/1")
        assert (moved["champion"], moved["previous"]) == (expected, other), moved
        new_root = check_sound(home, 3)
        assert new_root != root, "a rollback left the audit log as it was"
        root = new_root
    moved = market.document("promote", "night.toml", previous[:12], "--reason", "by hand", "--actor", "me", cwd=home,
                            schema="tickfold.promote/1")
    assert (moved["champion"], moved["previous"]) == (previous, champion), moved
    log = (home / "registry/audit.jsonl").read_text()
    assert "by hand" in log.splitlines()[-1] and '"me"' in log.splitlines()[-1], log.splitlines()[-1]
    lines = len(log.splitlines())
    market.run("promote", "night.toml", previous, "--reason", "again", cwd=home)
    assert len((home / "registry/audit.jsonl").read_text().splitlines()) == lines, "promoting the champion wrote a line"
    market.document("promote", "registry", "previous", "--reason", "by alias", cwd=home, schema="tickfold.promote/1")
    champion_now = market.document("lineage", "registry", "champion", cwd=home)
    assert champion in json.dumps(champion_now), "promote by alias did not restore the champion"
    for words in (("promote", "night.toml", "ffffffff", "--reason", "x"), ("lineage", "night.toml", "nobody")):
        assert market.document(*words, cwd=home, code=66)["schema"] == "tickfold.error/1"
    check_sound(home, 3)


def check_report(home, run_folder):
    before = market.contents(home / run_folder / "report")
    assert {"index.html", "report.json"} <= set(before), sorted(before)
    market.document("report", run_folder, cwd=home, schema="tickfold.report_written/1")
    changed = market.difference(before, market.contents(home / run_folder / "report"))
    assert not changed, f"report drew other bytes:\n{changed}"
    market.document("report", run_folder, "--out", "elsewhere", cwd=home, schema="tickfold.report_written/1")
    assert (home / "elsewhere/index.html").read_bytes() == (home / run_folder / "report/index.html").read_bytes()
    assert market.document("report", "store", cwd=home, code=66)["exit_code"] == 66


def check_metrics(home):
    """A failed night keeps the last success and says its exit code."""
    good = metrics_of(home / "tickfold.prom")
    assert good["tickfold_night_exit_code"] == 0 and good["tickfold_night_success_timestamp_seconds"] > 1.7e9, good
    market.run("nightly", "night.toml", "--set", "paths.store=nowhere", cwd=home, code=66)
    bad = metrics_of(home / "tickfold.prom")
    assert bad["tickfold_night_exit_code"] == 66, bad
    key = "tickfold_night_success_timestamp_seconds"
    assert bad[key] == good[key], f"the last success was {good[key]}, a failed night made it {bad[key]}"
    assert bad["tickfold_night_promoted"] == 0, bad
    market.run("nightly", "night.toml", "--set", "gate.min_dsr=2", cwd=home, code=78)
    assert metrics_of(home / "tickfold.prom")[key] == good[key], "a config error lost the last success"
    market.run("nightly", "night.toml", "--metrics", "other.prom", cwd=home, code=0)
    assert metrics_of(home / "other.prom")["tickfold_night_exit_code"] == 0


def check_flags(home):
    """--verdict-exit tells a reject by its code; nightly.promote = false judges and moves nothing."""
    market.run("nightly", "night.toml", "--as-of", NIGHTS[3][0], "--verdict-exit", cwd=home, code=10)
    market.run("nightly", "night.toml", "--as-of", NIGHTS[2][0], "--verdict-exit", cwd=home, code=0)
    night = market.document("nightly", "night.toml", "--as-of", NIGHTS[0][0], "--set", "nightly.promote=false", "--set",
                            "paths.registry=other", "--set", "paths.runs=other_runs", cwd=home)
    assert night["verdict"] == "promote" and night["champion_after"] is None, night
    assert not market.document("verify", "other", cwd=home)["findings"]
    market.run("canary", "night.toml", "--set", "paths.registry=other", cwd=home, code=66)
    market.run("rollback", "other", "--reason", "x", cwd=home, code=66)


def check_rebuild(home, champion):
    """The catalogue is an index: without it, it is made again from the files."""
    for path in (home / "registry").glob("catalogue.sqlite*"):
        path.unlink()
    check_sound(home, 3)
    assert champion in json.dumps(market.document("lineage", "night.toml", cwd=home)), "the aliases were not rebuilt"
    rows = sqlite3.connect(home / "registry/catalogue.sqlite").execute("SELECT count(*) FROM models").fetchone()
    assert rows == (3,), rows


def main():
    with market.folder() as name:
        home = pathlib.Path(name)
        market.write_synth(home)
        market.write_night(home)
        made = market.document("synth", "synth.toml", cwd=home, schema="tickfold.synth/1")
        assert made["markets"][0]["written"] == 46, made
        before = market.stamps(home / "store")
        assert market.document("synth", "synth.toml", cwd=home)["markets"][0]["written"] == 0
        assert market.stamps(home / "store") == before, "synth again touched the store"

        champion, nights, champions, forgotten = None, [], [], []
        for as_of, verdict in NIGHTS:
            night, lost = check_night(home, as_of, verdict, champion)
            nights.append(night)
            forgotten += lost
            if nights[-1]["champion_after"] != champion:
                champion = nights[-1]["champion_after"]
                champions.append(champion)
                check_canary(home, champion, champions[-2] if len(champions) > 1 else None, len(champions))
            if as_of == "2024-02-03":
                check_lineage(home, champion, champions[0], as_of, 15)
        assert len(champions) == 2, champions
        metrics = metrics_of(home / "tickfold.prom")
        assert metrics["tickfold_night_promoted"] == 0 and metrics["tickfold_night_retrained"] == 1, metrics
        check_sound(home, 3)
        check_report(home, str(pathlib.Path(nights[2]["report"]).parents[1]))
        check_hand_moves(home, champions[1], champions[0])
        check_rebuild(home, champions[1])
        check_flags(home)
        check_metrics(home)
        assert not forgotten, "\n".join(forgotten)
    print("four nights: promote, hold, promote, reject; all as recorded")


main()
