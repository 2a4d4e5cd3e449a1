"""The canary: streamed equals batch in both memories, for regression and classification; a loss beyond the budget rolls back."""
import pathlib

import market

FIRST, SECOND = "2024-01-18", "2024-02-03"


def nights(home, *settings):
    """Two promotions, so that the champion has a predecessor."""
    for as_of in (FIRST, SECOND):
        done = market.document("nightly", "night.toml", "--as-of", as_of, *settings, cwd=home, schema="tickfold.nightly/1")
        assert done["verdict"] == "promote", f"{settings}: {as_of}: {done['verdict']}: {done['reason']}"
    return done["champion_before"], done["champion_after"]


def check_parity(home, name, *settings):
    where = ("--set", f"paths.registry=registry_{name}", "--set", f"paths.runs=runs_{name}", *settings)
    nights(home, *where)
    canary = market.document("canary", "night.toml", *where, cwd=home, schema="tickfold.canary/1")
    assert [model["role"] for model in canary["models"]] == ["champion", "previous"], canary
    for model in canary["models"]:
        assert model["differing"] == 0 and model["values"] > 500, model
        assert model["trades"] > 0, f"{name}: {model['role']} did not trade"
    assert canary["verdict"] == "keep" and canary["day"] == "2024-02-04", canary


def check_rollback(home):
    where = ("--set", "paths.registry=registry_loss", "--set", "paths.runs=runs_loss")
    before, after = nights(home, *where)
    # A day long after the edge has gone loses more than nothing at all.
    late = ("--day", "2024-02-12", "--set", "canary.loss_budget=0")
    said = market.document("canary", "night.toml", *where, *late, "--set", "canary.roll_back=false", cwd=home)
    assert said["verdict"] == "rollback" and said["champion_after"] == after, said
    done = market.document("canary", "night.toml", *where, *late, cwd=home)
    assert done["verdict"] == "rollback" and done["champion_after"] == before, done
    lineage = market.document("lineage", "registry_loss", cwd=home)
    assert before in str(lineage), "the predecessor serves again"
    assert market.document("verify", "registry_loss", cwd=home)["sound"] is True
    # A day the champion was trained on proves nothing.
    seen = market.run("canary", "night.toml", *where, "--day", "2024-01-10", cwd=home, code=4)
    assert "trained on" in seen.stderr, seen.stderr


def main():
    with market.folder() as name:
        home = pathlib.Path(name)
        market.write_synth(home)
        market.write_night(home)
        market.run("synth", "synth.toml", "--quiet", cwd=home)
        check_parity(home, "day")
        check_parity(home, "history", "--set", "features_memory.carry=history")
        check_parity(home, "class", "--set", "search.task=classification", "--set", "strategies.0.enter=[0.1,0.2]",
                     "--set", "gate.min_dsr=0.5", "--set", "gate.max_drawdown_share=2")
        check_rollback(home)
    print("canary: parity in both memories and tasks, rollback on loss")


if __name__ == "__main__":
    main()
