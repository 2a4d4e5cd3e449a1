"""Each trigger fires alone when its own condition holds, and the night says which; with none the night holds and trains nothing."""
import pathlib

import market

FIRST, LATER = "2024-01-18", "2024-01-24"
OFF = {"schedule_days": 0, "performance_days": 0, "drift_days": 0}


def fired(home, name, **spec):
    """Kinds that fired on the later night with only these triggers on, and whether it trained."""
    where = ("--set", f"paths.runs=runs_{name}", "--set", f"paths.registry=registry_{name}")
    settings = [word for key, value in {**OFF, **spec}.items() for word in ("--set", f"triggers.{key}={value}")]
    first = market.document("nightly", "night.toml", "--as-of", FIRST, *where, *settings, cwd=home)
    assert first["verdict"] == "promote", first["reason"]
    assert [trigger["kind"] for trigger in first["triggers"] if trigger["fired"]] == ["no_champion"], first["triggers"]
    night = market.document("nightly", "night.toml", "--as-of", LATER, *where, *settings, cwd=home)
    kinds = [trigger["kind"] for trigger in night["triggers"] if trigger["fired"]]
    assert bool(night["run"]) == bool(kinds), f"{name}: fired {kinds}, run {night['run']!r}"
    log = (home / f"registry_{name}" / "audit.jsonl").read_text()
    assert '"kind":"trigger"' in log and ("+".join(kinds) or "none") in log, f"{name}: the audit log does not say why"
    return kinds, night


def main():
    with market.folder() as name:
        home = pathlib.Path(name)
        market.write_synth(home)
        market.write_night(home)
        market.run("synth", "synth.toml", "--quiet", cwd=home)
        kinds, night = fired(home, "none")
        assert kinds == [] and night["verdict"] == "hold", night
        assert fired(home, "schedule", schedule_days=6)[0] == ["schedule"]
        assert fired(home, "not_yet", schedule_days=7)[0] == []
        # Since day 20 the market runs against the champion.
        assert fired(home, "performance", performance_days=3)[0] == ["performance"]
        # At level 1 every feature's threshold is the smallest distance of its own history.
        kinds, night = fired(home, "drift", drift_days=2, drift_level=1, drift_share=0.2)
        assert kinds == ["drift"], night["triggers"]
        # A retraining asked for by a trigger is judged like any other: the bar does not move.
        assert night["gate"]["conditions"], night
    print("schedule, performance and drift each fire alone")


if __name__ == "__main__":
    main()
