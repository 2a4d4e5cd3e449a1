"""No edge, no promotion: markets without one and labels that were shuffled, over many seeds. With the edge: promoted.

TF_PLACEBO_SEEDS widens the search for a false promotion (20 unless told)."""
import concurrent.futures
import os
import pathlib

import market

AS_OF = "2024-01-25"
SEEDS = int(os.environ.get("TF_PLACEBO_SEEDS", "20"))
EDGES = 5


def night_of(scratch, name, *, seed, regimes, shuffle=False):
    home = scratch / name
    home.mkdir()
    market.write_synth(home, seed=seed, days=25, hours=2, ticks=2400, regimes=regimes)
    market.write_night(home, shuffle=shuffle, seeds=2, history=25)
    market.run("synth", "synth.toml", "--quiet", cwd=home)
    night = market.document("nightly", "night.toml", "--as-of", AS_OF, cwd=home)
    scored = {line["name"]: line["measured"] for line in night["gate"]["conditions"]} if night["gate"] else {}
    trials = (home / "registry/ledger.jsonl").read_text().count('"event":"open"')
    return name, night, scored, trials


def main():
    market.program()
    with market.folder() as place, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        scratch = pathlib.Path(place)
        jobs = {}
        for seed in range(1, SEEDS + 1):
            jobs[f"none-{seed}"] = pool.submit(night_of, scratch, f"none-{seed}", seed=seed, regimes="none:40")
        for seed in range(1, EDGES + 1):
            jobs[f"shuffled-{seed}"] = pool.submit(night_of, scratch, f"shuffled-{seed}", seed=seed, regimes="flow:40",
                                                   shuffle=True)
            jobs[f"edge-{seed}"] = pool.submit(night_of, scratch, f"edge-{seed}", seed=seed, regimes="flow:40")
        wrong, summary = [], {}
        for name, job in jobs.items():
            _, night, scored, trials = job.result()
            kind = name.split("-")[0]
            promoted = night["verdict"] == "promote"
            summary.setdefault(kind, []).append((scored.get("dsr"), scored.get("net_total"), scored.get("trades")))
            if promoted != (kind == "edge") or (night["champion_after"] is not None) != promoted:
                wrong.append(f"{name}: {night['verdict']}: {night['reason']}")
            assert trials == 4, f"{name}: the ledger holds {trials} trials, 2 seeds x 2 strategies were tried"
        for kind, rows in summary.items():
            known = [dsr for dsr, _, _ in rows if dsr is not None]
            print(f"{kind}: {len(rows)} markets, dsr {min(known, default=0):.3f} to {max(known, default=0):.3f},"
                  f" net {min(r[1] or 0 for r in rows):.0f} to {max(r[1] or 0 for r in rows):.0f},"
                  f" fills {min(r[2] or 0 for r in rows):.0f} to {max(r[2] or 0 for r in rows):.0f}")
        assert not wrong, "\n".join(wrong)


main()
