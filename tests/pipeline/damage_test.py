"""One byte changed anywhere in what is stored: found, named by file, the right exit code, and no decision on it."""
import os
import pathlib
import random
import shutil

import market

AS_OF = ("2024-01-18", "2024-02-03")
BAD_DATA, LEDGER = 65, 5


class Changed:
    """A file changed inside a with block, put back with its times after it."""

    def __init__(self, path, change):
        self.path, self.change = pathlib.Path(path), change

    def __enter__(self):
        self.bytes, self.stat = self.path.read_bytes(), self.path.stat()
        after = self.change(self.bytes)
        assert after != self.bytes, f"{self.path} was not changed"
        self.path.write_bytes(after)
        return self.path

    def __exit__(self, *_):
        self.path.write_bytes(self.bytes)
        os.utime(self.path, ns=(self.stat.st_atime_ns, self.stat.st_mtime_ns))


def flip(position, bit):
    return lambda old: old[:position] + bytes([old[position] ^ (1 << bit)]) + old[position + 1:]


def random_flips(path, count, source):
    """`count` single-bit changes, one in each equal part of the file, and one in its first and last byte."""
    size = path.stat().st_size
    places = [0, size - 1] + [int(size * (part + source.random()) / count) for part in range(count)]
    return [(place, flip(place, source.randrange(8))) for place in places]


def says(done, path, what):
    said = done.stdout + done.stderr
    assert path.name in said, f"{what}: {path.name} is not named:\n{said[-1500:]}"


def check_day_files(home, source):
    days = sorted((home / "store").rglob("*.h5"))
    newest = [day for day in days if day.stem <= AS_OF[0]][-15:]
    assert market.document("inspect", "store", "--deep", cwd=home)["sound"] is True
    chosen = [newest[0], newest[7], newest[-1]]
    count = 0
    for path in chosen:
        for number, (place, change) in enumerate(random_flips(path, 10, source)):
            what = f"byte {place} of {path.name} flipped"
            with Changed(path, change):
                says(market.run("inspect", path, cwd=home, code=BAD_DATA), path, what)
                if number % 4 == 1:
                    found = market.document("inspect", "store", "--deep", cwd=home, code=BAD_DATA)
                    damages = found["instruments"][0]["damages"]
                    named = {pathlib.Path(one["file"]).name for one in damages}
                    assert found["sound"] is False and named == {path.name}, damages
                    for command in ("nightly", "walk", "features"):
                        as_of = () if command == "features" else ("--as-of", AS_OF[0])
                        done = market.run(command, "night.toml", *as_of, "--quiet", "--set", "paths.runs=bad_runs",
                                          "--set", "paths.registry=bad_registry", cwd=home, code=BAD_DATA)
                        says(done, path, f"{command} with {what}")
            count += 1
        size = path.stat().st_size
        for length in (0, 1, 511, size // 2, size - 9, size - 1):
            with Changed(path, lambda old, keep=length: old[:keep]):
                says(market.run("inspect", path, cwd=home, code=BAD_DATA), path, f"{path.name} cut to {length} bytes")
                done = market.run("nightly", "night.toml", "--as-of", AS_OF[0], "--quiet", "--set",
                                  "paths.runs=bad_runs", "--set", "paths.registry=bad_registry", cwd=home,
                                  code=BAD_DATA)
                says(done, path, f"nightly with {path.name} cut to {length} bytes")
        with Changed(path, lambda old: old + b"\0"):
            says(market.run("inspect", path, cwd=home, code=BAD_DATA), path, f"{path.name} with a byte more")
    # Two days in one another's place are each sound, and both wrong.
    first, second = newest[3].read_bytes(), newest[4].read_bytes()
    with Changed(newest[3], lambda _: second), Changed(newest[4], lambda _: first):
        says(market.run("inspect", "store", "--deep", cwd=home, code=BAD_DATA), newest[3], "two days swapped")
    assert market.document("inspect", "store", "--deep", cwd=home)["sound"] is True
    assert not list((home / "bad_runs").glob("*/result.json")), "a run over damaged ticks finished"
    return count


def check_registry(home, source):
    registry = home / "registry"
    before = market.contents(home / "runs")
    files = [path for path in sorted(registry.rglob("*")) if path.is_file() and not path.name.startswith(".")
             and not path.name.startswith("catalogue.sqlite")]
    assert {"ledger.jsonl", "audit.jsonl"} <= {path.name for path in files} and len(files) >= 6, files
    count = 0
    for path in files:
        for number, (place, change) in enumerate(random_flips(path, 4, source)):
            what = f"byte {place} of {path.relative_to(home)} flipped"
            with Changed(path, change):
                found = market.document("verify", "night.toml", cwd=home, code=LEDGER, schema="tickfold.verify/1")
                assert found["sound"] is False, what
                assert path.name in {pathlib.Path(one["file"]).name for one in found["findings"]}, f"{what}: {found}"
                if number == 2:
                    for command in ("nightly", "walk", "canary"):
                        check_refused(home, command, path, what)
            count += 1
    changed = market.difference(before, market.contents(home / "runs"))
    assert not [line for line in changed.splitlines() if "nights/2" in line], f"a night was recorded:\n{changed}"
    assert market.document("verify", "night.toml", cwd=home)["sound"] is True
    return count


def check_refused(home, command, path, what):
    """A damaged registry gives no verdict; what a command does not read may pass, and is then left to verify."""
    as_of = () if command == "canary" else ("--as-of", AS_OF[1])
    trial = home / "trial"
    shutil.copytree(home / "registry", trial)
    try:
        done = market.run(command, "night.toml", *as_of, "--quiet", "--set", "paths.registry=trial", "--set",
                          "paths.runs=trial_runs", cwd=home, code=None)
        log = path.suffix == ".jsonl"
        if command == "canary" and path.name == "ledger.jsonl":
            assert done.returncode in (0, LEDGER), f"canary with {what}: exit code {done.returncode}"
        elif log:
            assert done.returncode == LEDGER, f"{command} with {what}: exit code {done.returncode}\n{done.stderr}"
            says(done, path, f"{command} with {what}")
        else:
            assert done.returncode in (BAD_DATA, LEDGER), f"{command} with {what}: {done.returncode}\n{done.stderr}"
            says(done, path, f"{command} with {what}")
    finally:
        shutil.rmtree(trial)
        shutil.rmtree(home / "trial_runs", ignore_errors=True)


def check_lost_lines(home):
    """Whole lines taken off the end of a log are missed, with the catalogue and without it."""
    registry = home / "registry"
    for name in ("ledger.jsonl", "audit.jsonl"):
        with Changed(registry / name, lambda old: b"".join(old.splitlines(keepends=True)[:-1])):
            says(market.run("verify", "registry", cwd=home, code=LEDGER), registry / name, f"{name} without its end")
            says(market.run("nightly", "night.toml", "--as-of", AS_OF[1], "--quiet", cwd=home, code=LEDGER),
                 registry / name, f"nightly with {name} without its end")
    copy = market.copy(registry, home / "copy")
    for path in copy.glob("catalogue.sqlite*"):
        path.unlink()
    with Changed(copy / "ledger.jsonl", lambda old: b"".join(old.splitlines(keepends=True)[:1])):
        done = market.run("verify", "copy", cwd=home, code=LEDGER)
        assert "ledger" in done.stdout + done.stderr, done.stdout
    shutil.rmtree(copy)
    assert market.document("verify", "registry", cwd=home)["sound"] is True


def check_catalogue(home):
    """The index may be lost: it is made again. Damaged, it is named and nothing else is."""
    copy = market.copy(home / "registry", home / "copy")
    expected = market.document("verify", "copy", cwd=home)
    for path in copy.glob("catalogue.sqlite*"):
        path.unlink()
    again = market.document("verify", "copy", cwd=home)
    assert again == expected, f"{again}, expected {expected}"
    market.run("lineage", "copy", "champion", cwd=home)
    for path in copy.glob("catalogue.sqlite-*"):
        path.unlink()
    (copy / "catalogue.sqlite").write_bytes(b"no database at all, but long enough to be looked at" * 40)
    says(market.run("verify", "copy", cwd=home, code=LEDGER), copy / "catalogue.sqlite", "no database")
    # It must not hide what else is wrong.
    manifest = next((copy / "models").iterdir())
    with Changed(manifest, flip(10, 0)):
        says(market.run("verify", "copy", cwd=home, code=LEDGER), manifest, "a manifest beside a broken catalogue")
    shutil.rmtree(copy)


def check_missing(home):
    """A file taken away is named too."""
    copy = market.copy(home / "registry", home / "copy")
    for path in [next((copy / "models").iterdir()), next((copy / "objects").rglob("??????*"))]:
        held = path.read_bytes()
        path.unlink()
        found = market.document("verify", "copy", cwd=home, code=LEDGER)
        assert any(path.stem in one["file"] + one["what"] for one in found["findings"]), found
        path.write_bytes(held)
    shutil.rmtree(copy)


def check_run(home, source):
    """A run cut off before its result reads what it left behind: damaged, it must not become a result."""
    whole = next(path.parent for path in (home / "runs").glob("*/result.json"))
    assert market.document("inspect", whole, "--deep", cwd=home)["sound"] is True
    expected = market.contents(whole, skip_folders=("report",))
    undetected = []
    targets = [*sorted(whole.glob("fits/*.tfm"))[:2], *sorted(whole.glob("fits/*.json"))[:1],
               *sorted(whole.glob("folds/*.json"))[:2], whole / "model.tfm", whole / "manifest.json"]
    for path in targets:
        relative = path.relative_to(whole)
        changes = [change for _, change in random_flips(path, 2, source)]
        if path.suffix == ".json":
            changes.append(other_digit)
        for change in changes:
            cut = market.copy(home / "runs", home / "cut_runs")
            registry = market.copy(home / "empty_registry", home / "cut_registry")
            run = cut / whole.name
            for name in ("result.json", "model.json"):
                (run / name).unlink()
            shutil.rmtree(cut / "nights", ignore_errors=True)
            damaged = run / relative
            damaged.write_bytes(change(damaged.read_bytes()))
            seen = market.run("inspect", run, "--deep", cwd=home, code=None)
            if seen.returncode != BAD_DATA or path.name not in seen.stdout + seen.stderr:
                undetected.append(f"inspect --deep: {relative}: exit code {seen.returncode}")
            done = market.run("walk", "night.toml", "--as-of", AS_OF[0], "--quiet", "--no-report", "--set",
                              "paths.runs=cut_runs", "--set", "paths.registry=cut_registry", cwd=home, code=None)
            after = market.contents(run, skip_folders=("report",))
            if done.returncode == 0 and after != expected:
                undetected.append(f"walk: {relative}: exit code 0 and other bytes:"
                                  f" {market.difference(expected, after)}")
            elif done.returncode not in (0, BAD_DATA):
                undetected.append(f"walk: {relative}: exit code {done.returncode}: {done.stderr.strip()}")
            elif done.returncode == BAD_DATA and path.name not in done.stderr:
                undetected.append(f"walk: {relative}: not named: {done.stderr.strip()}")
            shutil.rmtree(cut)
            shutil.rmtree(registry)
    assert not undetected, "damage of a run that nothing finds:\n" + "\n".join(undetected)


def other_digit(old):
    """The first digit after the middle becomes another one: JSON as sound as before, saying something else."""
    for place in range(len(old) // 2, len(old)):
        if chr(old[place]).isdigit() and old[place - 1:place] not in (b"\"", b"f"):
            return old[:place] + (b"7" if old[place:place + 1] != b"7" else b"3") + old[place + 1:]
    raise AssertionError("no digit")


def main():
    source = random.Random(int(os.environ.get("TF_TEST_SEED", "1")))
    with market.folder() as name:
        home = pathlib.Path(name)
        market.write_synth(home, days=36, ticks=3600)
        market.write_night(home)
        market.run("synth", "synth.toml", cwd=home)
        days = check_day_files(home, source)
        (home / "empty_registry").mkdir()
        market.run("nightly", "night.toml", "--as-of", AS_OF[0], "--quiet", cwd=home)
        stored = check_registry(home, source)
        check_lost_lines(home)
        check_missing(home)
        faults = []
        for check in (lambda: check_catalogue(home), lambda: check_run(home, source)):
            try:
                check()
            except AssertionError as fault:
                faults.append(str(fault))
        assert not faults, "\n\n".join(faults)
    print(f"damage: {days} flips in day files, {stored} in the registry, all found and named")


main()
