"""Killed at any moment, the same command goes on and ends with the same bytes: runs, models, ledger, audit log."""
import os
import pathlib
import random
import shutil
import signal
import subprocess
import time

import market

KILLS = 30
AS_OF = ("2024-01-18", "2024-02-03")  # the first night promotes from nothing, the second replaces a champion
SKIP = {"skip_folders": ("report",), "skip_files": (".lock", ".night.lock")}


def command(name, as_of):
    return [market.program(), name, "night.toml", "--as-of", as_of, "--quiet"]


def results(home):
    """Everything that must not depend on where a run was cut: all but the locks, the page, and the index."""
    registry = market.contents(home / "registry", **SKIP)
    found = {f"registry/{name}": digest for name, digest in registry.items() if not name.startswith("catalogue.sqlite")}
    found.update({f"runs/{name}": digest for name, digest in market.contents(home / "runs", **SKIP).items()})
    return found


def index_of(home):
    """The index, as what it says: sound, how many models, who is champion."""
    verify = market.document("verify", "registry", cwd=home)
    champion = market.run("lineage", "registry", cwd=home, code=None).stdout.splitlines()
    return verify["sound"], verify["models"], verify["audit_root"], champion


def fresh(template, target):
    """The template's files; its store is shared, since nobody writes to it."""
    target.mkdir()
    for path in template.iterdir():
        if path.name == "store":
            (target / "store").symlink_to(path)
        elif path.is_dir():
            shutil.copytree(path, target / path.name)
        else:
            shutil.copy2(path, target / path.name)
    return target


def killed(name, as_of, home, wait):
    """Starts the command and kills it after `wait` seconds; true when it was still at work."""
    with subprocess.Popen(command(name, as_of), cwd=home, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        try:
            process.wait(timeout=wait)
        except subprocess.TimeoutExpired:
            process.kill()
        return process.wait() == -signal.SIGKILL


def finish(name, as_of, home):
    done = subprocess.run(command(name, as_of), cwd=home, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{name} --as-of {as_of} after a kill: exit code {done.returncode}\n{done.stderr}"
    return done.stdout


def check_same(name, as_of, home, expected, index, moment):
    left_parts = [path for path in home.rglob("*") if path.name.startswith((".part-", ".tmp"))]
    changed = market.difference(expected, {key: value for key, value in results(home).items()
                                           if not pathlib.Path(key).name.startswith((".part-", ".tmp"))})
    assert not changed, f"{name} killed {moment}: not the bytes of the uninterrupted run:\n{changed}"
    assert index_of(home) == index, f"{name} killed {moment}: the registry says {index_of(home)}, expected {index}"
    return len(left_parts)


def check_kills(name, as_of, template, scratch, kills, random_source):
    whole = fresh(template, scratch / f"{name}-whole")
    begin = time.monotonic()
    finish(name, as_of, whole)
    duration = time.monotonic() - begin
    expected, index = results(whole), index_of(whole)
    assert any(key.startswith("runs/") for key in expected) and "registry/ledger.jsonl" in expected, sorted(expected)
    assert index[0], index

    cut, left_parts, pace = 0, 0, 1.0
    for number in range(kills):
        share = (number + random_source.random()) / kills
        for _ in range(20):
            home = fresh(template, scratch / f"{name}-{number}")
            wait = duration * pace * share
            if killed(name, as_of, home, wait):
                cut += 1
                break
            # It had ended already: the machine is faster now than when the duration was taken. Such a start proves nothing.
            pace *= 0.85
            shutil.rmtree(home)
        else:
            raise AssertionError(f"{name} {number}: always at its end before it could be killed")
        if number % 3 == 2:  # and the start after it, too
            killed(name, as_of, home, duration * pace * random_source.random())
        finish(name, as_of, home)
        left_parts += check_same(name, as_of, home, expected, index, f"after {wait:.3f} s of {duration:.3f} s")
        shutil.rmtree(home)
    assert cut == kills, f"only {cut} of {kills} {name}s were still running when killed"
    print(f"{name} --as-of {as_of}: {cut} of {kills} cut, all resumed to the same {len(expected)} files"
          f" ({left_parts} temporary files left)")
    return expected, index, duration


def check_late_cut(as_of, template, scratch, expected, index):
    """Cut at the last moment, promotion done and record not written: the same night again must find it done."""
    home = fresh(template, scratch / "late-cut")
    finish("nightly", as_of, home)
    record = next((home / "runs/nights").glob(f"{as_of}-*.json"))
    whole = record.read_bytes()
    record.unlink()
    finish("nightly", as_of, home)
    assert record.read_bytes() == whole, \
        f"night of {as_of} cut between its promotion and its record: it was\n{whole[-400:]}\nit is\n" \
        f"{record.read_bytes()[-400:]}"
    check_same("nightly", as_of, home, expected, index, "between its promotion and its record")


def check_again(template, scratch):
    """A finished walk, called again, adds nothing."""
    home = fresh(template, scratch / "again")
    finish("walk", AS_OF[1], home)
    before = results(home)
    finish("walk", AS_OF[1], home)
    changed = market.difference(before, results(home))
    assert not changed, f"a finished walk called again is another one:\n{changed}"


def check_terminate(name, as_of, template, scratch, expected, index, duration):
    """SIGTERM ends at the next safe point with 75 and says how to go on."""
    asked = 0
    for number, share in enumerate((0.3, 0.45, 0.6)):
        home = fresh(template, scratch / f"{name}-term-{number}")
        process = subprocess.Popen(command(name, as_of), cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                   text=True)
        time.sleep(duration * share)
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=120)[1]
        assert process.returncode in (0, 75), f"{name} after SIGTERM: exit code {process.returncode}\n{said}"
        if process.returncode == 75:
            asked += 1
            assert "the same command goes on" in said, said
        finish(name, as_of, home)
        check_same(name, as_of, home, expected, index, f"by SIGTERM at {share:.0%}")
    assert asked, f"no {name} was interrupted by SIGTERM"
    print(f"{name}: {asked} of 3 ended by SIGTERM with 75 and resumed to the same bytes")


def check_two_at_once(as_of, template, scratch, expected, index):
    """Of several nights at once one works; the others say try again, or find it done."""
    home = fresh(template, scratch / "at-once")
    processes = [subprocess.Popen([*command("nightly", as_of), "--json"], cwd=home, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True) for _ in range(4)]
    codes = []
    for process in processes:
        out, said = process.communicate(timeout=120)
        codes.append(process.returncode)
        assert process.returncode in (0, 75), f"a night beside others: exit code {process.returncode}\n{said}"
        assert process.returncode == 75 or '"verdict": "promote"' in out, out
    assert 0 in codes, codes
    finish("nightly", as_of, home)
    check_same("nightly", as_of, home, expected, index, "by nobody, with three others beside it")
    print(f"four nights at once ended with {codes}, with one night's bytes")


def main():
    seed = int(os.environ.get("TF_TEST_SEED", "1"))
    random_source = random.Random(seed)
    with market.folder() as name:
        scratch = pathlib.Path(name)
        template = scratch / "template"
        template.mkdir()
        market.write_synth(template, days=36)
        market.write_night(template)
        market.run("synth", "synth.toml", cwd=template)
        expected, index, duration = check_kills("nightly", AS_OF[0], template, scratch, KILLS, random_source)
        check_late_cut(AS_OF[0], template, scratch, expected, index)
        check_terminate("nightly", AS_OF[0], template, scratch, expected, index, duration)
        check_two_at_once(AS_OF[0], template, scratch, expected, index)

        # A champion is there to be judged against and replaced.
        finish("nightly", AS_OF[0], template)
        second = scratch / "second"
        second.mkdir()
        check_again(template, second)
        check_kills("walk", AS_OF[1], template, second, KILLS // 5, random_source)
        expected, index, _ = check_kills("nightly", AS_OF[1], template, second, KILLS // 3, random_source)
        check_late_cut(AS_OF[1], template, second, expected, index)
    print(f"seed {seed}")


main()
