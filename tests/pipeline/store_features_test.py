"""tickfold features --store: the panel of the config of the same features, of a store's ticks; trading hours and the
reference count; what is wrong with the command line is named with the candidates."""
import csv
import json
import math
import pathlib

import market

LIST = ("session_clock,to_close,time_of_day,day_of_week,reference_return,return_correlation:period=20,beta:period=20,"
        "lead_lag:period=20;lag=1|3,roc:period=5")
CONFIGS = market.SOURCE / "configs"


def rows_of(path):
    head, *rows = csv.reader(path.open())
    return [dict(zip(head, row)) for row in rows]


def refused(*words, code, message):
    done = market.run("features", *words, code=code)
    assert message in done.stderr, (words, message, done.stderr)


with market.folder() as name:
    home = pathlib.Path(name)
    store, whole, same, part = home / "store", home / "whole.csv", home / "same.csv", home / "part.csv"
    at = f"paths.store={json.dumps(str(store))}"
    made = market.document("synth", CONFIGS / "two_markets.toml", "--set", at)
    assert [one["instrument"] for one in made["markets"]] == ["synth/SHARE", "synth/INDEX"], made

    # The same features by either form are the same bytes under the same digest.
    by_config = market.document("features", CONFIGS / "sessions.toml", "--set", at, "--out", whole)
    share = ["--store", store, "--instrument", "synth/SHARE", "--bar", "time:300", "--set"]
    index = ["--reference", "synth/INDEX"]
    by_store = market.document("features", *share, LIST, *index, "--out", same)
    assert whole.read_bytes() == same.read_bytes() and by_config["digest"] == by_store["digest"], by_store
    rows = rows_of(whole)
    assert by_store["schema"] == "tickfold.features/1" and by_store["bars"] == len(rows) == 5 * 90, by_store["bars"]

    # Bars end at 09:30 and 16:00 of New York, the clocks count from there, and the reference is read.
    inside = [row for row in rows if "13:30:00" < row["known_time"][11:19]]
    assert len(inside) == 5 * 78, len(inside)
    assert all(math.isclose(float(row["session_clock.minutes"]) + float(row["to_close"]), 390) for row in inside)
    assert [row["session_clock.minutes"] for row in rows if row["known_time"].endswith("T13:30:00Z")] == ["0"] * 5
    assert sum(row["beta(period=20)"] != "" for row in rows) == 5 * 70

    # Days asked for are those days of the whole panel, since memory ends with the day.
    days = market.document("features", *share, LIST, *index, "--from", "2024-03-12", "--to", "2024-03-13", "--out", part)
    assert days["days"] == 2 and days["digest"] == by_store["digest"], days
    assert rows_of(part) == [row for row in rows if row["known_time"][:10] in ("2024-03-12", "2024-03-13")]
    assert market.document("features", *share, "roc:period=5")["digest"] != by_store["digest"]

    # Trading hours are part of the digest: without them the same command computes something else, and says so.
    instrument = store / "synth/SHARE/instrument.toml"
    instrument.write_text("".join(line for line in instrument.open() if not line.startswith("sessions")))
    without = market.document("features", *share, LIST, *index, "--out", part)
    assert without["digest"] != by_store["digest"] and part.read_bytes() != whole.read_bytes()

    refused("--store", store, "--set", "rsi", code=64, message="the store has: synth/INDEX, synth/SHARE")
    refused(*share, "beta", code=64, message='"beta": lacks a reference: give --reference VENUE/SYMBOL')
    refused(*share, "rsi", "--instrument", "synth/NONE", code=64, message="--instrument")
    refused("--store", store, "--instrument", "synth/NONE", "--set", "rsi", code=66, message="there are: synth/INDEX, synth/SHARE")
    refused(*share, "rsi", "--from", "2025-01-01", code=66, message="no day of synth/SHARE within --from and --to")
    refused("--store", store, "--instrument", "synth/SHARE", "--set", "rsi", "--bar", "tim:3", code=64, message="did you mean tick, time?")
    refused("--store", home / "none", "--set", "rsi", code=66, message="no such folder")
    refused(*share, "rsi", "--bars", whole, code=64, message="give one of CONFIG.toml, --bars FILE.csv")
    print(f"features --store: {len(rows)} bars, as the config's, by trading hours and reference")
