"""B10 beside its peer: the stream of ticks from our day file and from h5py + hdf5plugin, on this machine, taking turns.

    python3 bench/peers/b10.py --peers ../shared/peers --peer-python python3 [--millions 20] [--turns 3] [--cpu]

Needs build/release/bench_data_stream (ninja -C build/release bench_data_stream) and, for the peer's Python, numpy, h5py
and hdf5plugin. Both sum the columns time, price, size and side of ticks of one distribution on one thread, from a warm
file; the peer's side is a byte, ours four. Best of all turns on both sides, as the peer's script reports its own; with
--cpu seconds on a CPU count on both sides (median of a turn on ours), for machines that others keep busy. One JSON line
a peer codec, a last one against the fastest compressed one."""
import argparse
import json
import os
import subprocess
import sys

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--ours", default="build/release/bench_data_stream")
parser.add_argument("--peers", default="../shared/peers", help="folder of b10_h5py.py")
parser.add_argument("--peer-python", default=sys.executable)
parser.add_argument("--millions", type=int, default=20)
parser.add_argument("--turns", type=int, default=3)
parser.add_argument("--codec", default="packed", help="ours")
parser.add_argument("--peer-codecs", nargs="+", default=["blosc2-lz4", "blosc2-zstd", "bitshuffle-lz4"])
parser.add_argument("--cpu", action="store_true")
options = parser.parse_args()
script = os.path.join(options.peers, "b10_h5py.py")
for path in (options.ours, script):
    if not os.path.exists(path):
        sys.exit(f"no {path}")


# The peer's own malloc settings (peers/common.py), given beforehand: it would start itself anew for them and lose the
# clock.
MALLOC = {"MALLOC_MMAP_THRESHOLD_": "2000000000", "MALLOC_TRIM_THRESHOLD_": "16000000000", "MALLOC_TOP_PAD_": "268435456"}
CPU_CLOCK = "import runpy, sys, time; time.perf_counter = time.process_time; sys.argv = sys.argv[1:]; " \
            "sys.path.insert(0, __import__('os').path.dirname(sys.argv[0])); runpy.run_path(sys.argv[0], run_name='__main__')"
peer_start = [options.peer_python] + (["-c", CPU_CLOCK] if options.cpu else []) + [script]
figure = "cpu_mticks_s" if options.cpu else "best_mticks_s"


def lines_of(command):
    run = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ, **MALLOC))
    if run.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{run.stderr}")
    return [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]


ours, size, peers = {}, 0, {}
for turn in range(options.turns):
    for line in lines_of([options.ours, str(options.millions), options.codec, "5"]):
        if figure in line:
            ours[line["work"]] = max(ours.get(line["work"], 0), line[figure])
            size = line["bytes_a_tick"]
    for codec in options.peer_codecs:
        (line,) = lines_of(peer_start + ["--n", str(options.millions * 1_000_000), "--codec", codec])
        best = max(peers.get(codec, (0, 0))[0], line["rate"] / 1e6)
        peers[codec] = (best, line["work"]["bytes_per_tick"])


def report(name, rate, peer_size):
    print(json.dumps({"bench": "B10", "clock": "cpu" if options.cpu else "wall", "peer": name, "peer_mticks_s": round(rate, 1), "peer_bytes_a_tick": peer_size,
                      "bytes_a_tick": size, "buffer_mticks_s": ours["buffer"], "fused_mticks_s": ours["fused"],
                      "buffer_over_peer": round(ours["buffer"] / rate, 2),
                      "fused_over_peer": round(ours["fused"] / rate, 2)}), flush=True)


for codec, (rate, peer_size) in peers.items():
    report("h5py " + codec, rate, peer_size)
fastest = max(peers, key=lambda codec: peers[codec][0])
report("fastest: " + fastest, *peers[fastest])
