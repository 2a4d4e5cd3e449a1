"""The life of a store from the command line: ingest, replace, versions, damage, repair by the command that the report
prints, prune, restore, upgrade of files that schema 1 wrote."""
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("TICKFOLD", str(ROOT / "build/release/tickfold"))


def run(*words, code=0, cwd=None, env=None):
    done = subprocess.run([PROGRAM, *map(str, words)], cwd=cwd, capture_output=True, text=True,
                          env={**os.environ, **(env or {})})
    assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
    return done


def document(*words, code=0, cwd=None):
    return json.loads(run(*words, "--json", "--quiet", code=code, cwd=cwd).stdout)


COLUMNS = [word for name in ("time", "bid", "ask", "bid_size", "ask_size")
           for word in ("--set", f'{name}_column="{name}"')]


def write_csv(path, rows, first):
    with open(path, "w", encoding="ascii") as file:
        file.write("time,bid,ask,bid_size,ask_size\n")
        for row in range(rows):
            file.write(f"{1704190000_000000000 + row * 1_000_000_007},{first + row % 7:.2f},{first + row % 7 + 0.01:.2f},1,2\n")


def ingest(store, home, path, *words, code=0):
    return run("ingest", "--store", store, "--venue", "v", "--symbol", "S", "--tick-size", "0.01", "--lot-size", "1",
               "--quiet", "--source", "csv", *COLUMNS, *words, path, cwd=home, code=code)


def check_versions(home, store):
    write_csv(home / "a.csv", 400, 100)
    write_csv(home / "b c.csv", 500, 200)
    ingest(store, home, "a.csv")
    first = document("inspect", store)["instruments"][0]["days"]
    ingest(store, home, "b c.csv", "--replace")
    day = document("inspect", store, "--deep")["instruments"][0]["days"][0]
    assert [one["content_digest"] for one in day["versions"]] == [first[0]["content_digest"]], day
    assert day["codec"] == "packed" and day["bytes_a_tick"] > 0 and day["schema"] == 2, day
    text = run("inspect", store).stdout
    assert "packed" in text and "versions" in text, text
    old = pathlib.Path(day["versions"][0]["file"])
    assert document("inspect", old)["instruments"][0]["days"][0]["content_digest"] == first[0]["content_digest"]
    return home / store / "v/S/2024-01-02.h5", day


def check_manifest(path, day):
    manifest = document("inspect", path, "--manifest")
    assert manifest["content_digest"] == day["content_digest"] and manifest["chunks"], manifest
    proof = document("inspect", path, "--proof", "px:0")
    assert proof["root"] == day["content_digest"], proof
    run("inspect", path, "--proof", "px:99", code=64)
    run("inspect", path, "--proof", "nothing", code=64)


def check_repair(home, store, path, day):
    """A flipped bit in a chunk; the printed command heals it."""
    sound = path.read_bytes()
    entry = next(chunk for chunk in document("inspect", path, "--manifest")["chunks"] if chunk["column"] == "px")
    for place in range(0, len(sound), max(1, entry["encoded_bytes"] // 2)):
        path.write_bytes(sound[:place] + bytes([sound[place] ^ 1]) + sound[place + 1:])
        found = document("inspect", store, "--deep", code=65, cwd=home)["instruments"][0]
        if found["damages"][0]["column"] == "px":
            break
        path.write_bytes(sound)
    assert entry["rows"] == found["damages"][0]["rows"]
    repair = found["repairs"][0]
    assert repair["lost_rows"] == day["rows"] and repair["sound_version"]["version"] == 1, repair
    assert repair["source"]["source_files"] == "b c.csv", repair
    text = run("inspect", store, "--deep", code=65, cwd=home).stdout
    assert "REPAIR 2024-01-02" in text and "DAMAGE" in text and repair["command"] in text and "NOT SOUND" in text, text
    words = shlex.split(repair["command"])
    assert words[0] == "tickfold", words
    run(*words[1:], cwd=home)
    healed = document("inspect", store, "--deep", code=65, cwd=home)["instruments"][0]
    assert not healed["repairs"] and healed["days"][0]["content_digest"] == day["content_digest"], healed
    assert len(healed["days"][0]["versions"]) == 2 and len(healed["damages"]) == 1, healed  # the damaged old version


def check_prune(home, store):
    run("prune", store, code=64, cwd=home)
    (home / store / "v/S/.part-old").write_text("half")
    (home / store / ".upgrade").mkdir()
    tried = document("prune", store, "--keep", "0", "--dry-run", cwd=home)
    assert tried["files"] == 3 and (home / store / "v/S/2024-01-02.v1.h5").exists(), tried
    kept = document("prune", store, "--keep", "1", "--instrument", "v/S", cwd=home)
    assert [pathlib.Path(one["file"]).name for one in kept["instruments"][0]["removed"]] == \
        [".part-old", "2024-01-02.v1.h5"], kept
    assert kept["interrupted_upgrade"] and not (home / store / ".upgrade").exists()
    assert "removed 1 file" in run("prune", store, "--keep", "0", cwd=home).stdout
    assert document("inspect", store, "--deep", cwd=home)["sound"]


def check_restore(home, store):
    """There and back; what is refused changes nothing."""
    asked = ("restore", store, "--instrument", "v/S", "--day", "2024-01-02")
    [later] = document(*asked, cwd=home)["versions"]
    assert later["version"] == 0 and later["sound"], later
    ingest(store, home, "a.csv", "--replace")
    listed = document(*asked, cwd=home)
    assert listed["restored"] is None and [one["version"] for one in listed["versions"]] == [0, 1], listed
    assert listed["versions"][1]["content_digest"] == later["content_digest"] != listed["versions"][0]["content_digest"]
    done = document(*asked, "--version", "1", cwd=home)
    assert done["restored"] == 1 and [one["version"] for one in done["versions"]] == [0, 2], done
    assert [one["content_digest"] for one in done["versions"]] == \
        [one["content_digest"] for one in reversed(listed["versions"])], done
    assert document("inspect", store, "--deep", cwd=home)["sound"]
    assert "there are: 2" in run(*asked, "--version", "1", code=66, cwd=home).stderr
    run(*asked, "--version", "-1", code=64, cwd=home)
    run("restore", store, "--instrument", "v/S", code=64, cwd=home)
    run("restore", store, "--instrument", "v/S", "--day", "2024-01-09", code=66, cwd=home)
    path = home / store / "v/S/2024-01-02.v2.h5"
    path.write_bytes(path.read_bytes()[:-9])
    run(*asked, "--version", "2", code=65, cwd=home)
    text = run(*asked, cwd=home).stdout
    assert "DAMAGED" in text and "current" in text and later["content_digest"][:12] in text, text
    path.unlink()


def check_upgrade(home, store):
    shutil.copytree(ROOT / "tests/data/store/legacy", home / "legacy")
    before = document("inspect", "legacy", "--deep", cwd=home)["instruments"][0]["days"]
    assert {day["schema"] for day in before} == {1}
    done = document("upgrade", "legacy", cwd=home)
    assert done["changed"] == 4 and done["refused"] == 0, done
    after = document("inspect", "legacy", "--deep", cwd=home)
    assert after["sound"] and {(day["schema"], day["codec"]) for day in after["instruments"][0]["days"]} == {(2, "packed")}
    archived = document("upgrade", "legacy", "--codec", "packed+zstd", cwd=home)
    assert archived["changed"] == 4, archived
    days = document("inspect", "legacy", "--deep", cwd=home)["instruments"][0]["days"]
    assert {day["codec"] for day in days} == {"packed+zstd"} and all(len(day["versions"]) == 2 for day in days)
    assert [d["content_digest"] for d in days] == [d["content_digest"] for d in after["instruments"][0]["days"]]
    assert "0 changed, 4 unchanged" in run("upgrade", "legacy", "--codec", "packed+zstd", cwd=home).stdout
    run("upgrade", "legacy", "--codec", "rar", code=78, cwd=home)
    brought = document("upgrade", ROOT / "tests/data/store/legacy/made/EURUSD", "--into", store, cwd=home)
    assert brought["changed"] == 4, brought
    assert len(document("inspect", store, "--deep", cwd=home)["instruments"]) == 2


def check_full_disk(home):
    """Preloaded faults: the disk is full from the 5th write on."""
    faults = pathlib.Path(os.environ.get("TF_BUILD_DIR", ROOT / "build/release")) / "libstore_faults.so"
    if not faults.exists():
        return
    ingest("full", home, "a.csv")
    env = {"LD_PRELOAD": str(faults), "TF_FAULT_ROOT": str((home / "full").resolve()), "TF_FAULT_MODE": "fail",
           "TF_FAULT_CALLS": "write", "TF_FAULT_AT": "5", "TF_FAULT_ON": "1", "TF_FAULT_ERRNO": "28"}
    done = run("ingest", "--store", "full", "--venue", "v", "--symbol", "S", "--tick-size", "0.01", "--lot-size", "1",
               "--quiet", "--source", "csv", *COLUMNS, "--replace", "b c.csv", cwd=home, code=74, env=env)
    assert "No space left on device" in done.stderr and "2024-01-02" in done.stderr, done.stderr
    day = document("inspect", "full", "--deep", cwd=home)["instruments"][0]["days"][0]
    assert day["rows"] == 800 and not day["versions"], day


def main():
    with tempfile.TemporaryDirectory() as folder:
        home = pathlib.Path(folder)
        path, day = check_versions(home, home / "store")
        check_manifest(path, day)
        check_repair(home, "store", path, day)
        check_prune(home, "store")
        check_restore(home, "store")
        check_upgrade(home, "store")
        check_full_disk(home)
    print("store life: versions, manifest, repair, prune, restore, upgrade, full disk")
    return 0


if __name__ == "__main__":
    sys.exit(main())
