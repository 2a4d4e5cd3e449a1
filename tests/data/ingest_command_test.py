"""tickfold ingest without a config, and with inputs that are wrong in every way: exit code, the place in the message, one
JSON document on stdout whatever happens."""
import gzip
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
TICKFOLD = os.environ.get("TICKFOLD", str(ROOT / "build/release/tickfold"))
ROWS = "".join(f"{row * 100},1.1000{row % 7},1.1001{row % 9}\n" for row in range(1000))
NAMES = ("--venue", "made", "--symbol", "EURUSD")
LEAN = ("--source", "csv", "--preset", "lean_fx")


def run(*words, code=0, says=(), cwd=None):
    done = subprocess.run([TICKFOLD, "ingest", *map(str, words)], capture_output=True, text=True, timeout=120, cwd=cwd)
    assert done.returncode == code, (words, done.returncode, done.stderr, done.stdout[:500])
    for word in says:
        assert word in done.stderr, (words, word, done.stderr)
    return done


def document(*words, code=0, says=()):
    return json.loads(run("--json", *words, code=code, says=says).stdout)


def main():
    with tempfile.TemporaryDirectory() as name:
        home = pathlib.Path(name)
        store, file = home / "store", home / "20240102.csv"
        file.write_text(ROWS)

        # The grid is found and said; a dry run needs no store and writes nothing.
        dry = document("--dry-run", *NAMES, *LEAN, file)
        assert dry["tick_size"] == 0.00001 and dry["lot_size"] == 1, dry
        assert any("tick size 0.00001" in line for line in dry["guessed"]), dry
        assert dry["rows_read"] == dry["rows_stored"] == 1000 and not store.exists(), dry
        run("--dry-run", *NAMES, *LEAN, file, says=("guessed: tick size", "guessed: lot size 1"))
        assert "guessed" not in run("--dry-run", "--quiet", *NAMES, *LEAN, file).stderr

        # Into a store: a preset names its source; what the store knows is not guessed again; what differs is an error.
        first = document("--store", store, *NAMES, "--preset", "lean_fx", file)
        assert first["days"][0]["note"] == "written" and first["source"] == "csv", first
        again = document("--store", store, *NAMES, *LEAN, file)
        assert again["days"][0]["note"] == "unchanged" and not any("tick size" in line for line in again["guessed"]), again
        run("--store", store, *NAMES, *LEAN, "--tick-size", "0.01", file, code=64, says=("recorded differently", "0.01"))
        file.write_text(ROWS.replace("0,1.1", "1,1.1"))
        run("--store", store, *NAMES, *LEAN, file, code=64, says=("other ticks", "2024-01-02.h5"))
        file.write_text(ROWS)

        # A folder and a pattern; checksum files beside the data are no data.
        folder = home / "many/2024"
        folder.mkdir(parents=True)
        for day in range(3, 6):
            (folder / f"2024010{day}.csv").write_text(ROWS)
        (folder / "20240103.csv.CHECKSUM").write_text("abc")
        assert len(document("--dry-run", *NAMES, *LEAN, home / "many")["files"]) == 3
        assert len(document("--dry-run", *NAMES, *LEAN, folder / "*03.csv")["files"]) == 1

        # Policies by flag.
        zero = home / "20240106.csv"
        zero.write_text("1,0,1.1\n" + ROWS)
        report = document("--dry-run", *NAMES, *LEAN, zero)
        assert report["refused"]["price of zero"] == {"rows": 1, "file": str(zero), "line": 1,
                                                      "example": report["refused"]["price of zero"]["example"]}, report
        kept = document("--dry-run", *NAMES, *LEAN, "--policy", "zero_price=keep", "--policy", "exchange_time_back=sort",
                        "--policy", "sessions=mon-fri 00:00-24:00", zero)
        assert not kept["refused"] and "zero_price=keep" in kept["policy"], kept
        assert kept["totals"]["outside_sessions"] == 2 * 1001, kept  # a Saturday
        run("--dry-run", *NAMES, *LEAN, "--policy", "zero_price=maybe", file, code=78, says=("refuse, keep",))
        run("--dry-run", *NAMES, *LEAN, "--policy", "zero_prices=keep", file, code=78, says=("did you mean zero_price",))
        run("--dry-run", *NAMES, *LEAN, "--policy", "zero_price", file, code=64, says=("name=value",))

        # Damage: what is before it is kept, the place is named, the sound file completes the day.
        packed = gzip.compress("".join(f"{row * 100},1.1000{row * row % 7},1.1001{row * row % 9}\n"
                                       for row in range(100000)).encode())
        cut = home / "20240107.csv.gz"
        cut.write_bytes(packed[:len(packed) // 2])
        damaged = document("--store", store, *NAMES, *LEAN, cut, code=65, says=("20240107.csv.gz", "what came before is kept"))
        assert 0 < damaged["rows_stored"] < 100000 and damaged["error"] and not damaged["days"][0]["complete"], damaged
        cut.write_bytes(packed)
        assert document("--store", store, *NAMES, *LEAN, cut)["days"][0]["note"] == "completed"

        # Wrong in other ways.
        empty, odd, text = home / "20240108.csv", home / "odd.bin", home / "20240109.csv"
        empty.write_bytes(b"")
        odd.write_bytes(bytes(range(256)) * 20)
        text.write_text("Dear sir,\nthis is no tick file.\n")
        missing = home / "20240110.csv"
        run("--dry-run", *NAMES, missing, code=66, says=("20240110.csv",))
        run("--dry-run", *NAMES, *LEAN, missing, code=66, says=("20240110.csv",))
        run("--dry-run", *NAMES, home / "nothing*", code=66, says=("no file there",))
        run("--dry-run", *NAMES, empty, code=65, says=("20240108.csv", "empty"))
        run("--dry-run", *NAMES, *LEAN, empty, code=65, says=("20240108.csv", "empty"))
        run("--dry-run", *NAMES, odd, code=65, says=("odd.bin", "--source", "csv"))
        refused = document("--dry-run", *NAMES, *LEAN, text, code=65, says=("20240109.csv", "all 2 rows are refused"))
        assert refused["rows_read"] == 2 and refused["rows_stored"] == 0, refused
        run("--store", home / "fresh", *NAMES, *LEAN, text, code=65, says=("20240109.csv",))
        assert not list((home / "fresh").rglob("*")), "an instrument without a tick was recorded"
        run("--dry-run", *LEAN, file, code=64, says=("--venue is missing",))
        lean = home / "forex/oanda/tick/eurusd"
        lean.mkdir(parents=True)
        (lean / "20240102_quote.csv").write_text(ROWS)
        run("--dry-run", *LEAN, lean / "20240102_quote.csv", code=64, says=("--venue oanda --symbol EURUSD",))
        run(*NAMES, *LEAN, file, code=64, says=("--store DIR is missing",))
        run("--dry-run", *NAMES, "--source", "cvs", file, code=78, says=("cvs", "csv"))
        run("--dry-run", *NAMES, "--preset", "lean_fxx", file, code=64, says=("lean_fxx",))
        run("--dry-run", *NAMES, *LEAN, "--zone", "Mars/Olympus", file, code=78, says=("Mars/Olympus",))
        run("--dry-run", "--venue", "../x", "--symbol", "A", *LEAN, file, code=78, says=("../x",))
        if os.geteuid() != 0:
            file.chmod(0)
            run("--dry-run", *NAMES, *LEAN, file, code=66, says=("20240102.csv",))
    return 0


if __name__ == "__main__":
    sys.exit(main())
