"""Runs a peer's script with the process's CPU time in place of the wall clock: cpu_clock.py SCRIPT [its arguments].

For machines whose cores are shared: two figures of CPU time can be set side by side where two of the wall's cannot.
All threads of the process count.
"""
import os
import runpy
import sys
import time

# What shared/peers/common.py would start the process anew for; that would lose the clock.
KEPT_MEMORY = {"MALLOC_MMAP_THRESHOLD_": "2000000000", "MALLOC_TRIM_THRESHOLD_": "16000000000", "MALLOC_TOP_PAD_": "268435456"}
if "MALLOC_TRIM_THRESHOLD_" not in os.environ:
    os.environ.update(KEPT_MEMORY)
    os.execv(sys.executable, [sys.executable] + sys.argv)
time.perf_counter = time.process_time
sys.argv = sys.argv[1:]
sys.path[0] = os.path.dirname(os.path.abspath(sys.argv[0]))  # in place of ours, whose csv.py is not the csv module
runpy.run_path(sys.argv[0], run_name="__main__")
