"""Runs a peer's script with its bars' prices as whole ticks: in_ticks.py SCRIPT [its arguments].

Prices of 0.01 as doubles are not quite on their grid: moves that are equal differ in the last bits, and an indicator that
asks which of two is larger (ADX) answers by that noise.
"""
import os
import runpy
import sys

# What shared/peers/common.py would start the process anew for; that would lose this wrapper.
KEPT_MEMORY = {"MALLOC_MMAP_THRESHOLD_": "2000000000", "MALLOC_TRIM_THRESHOLD_": "16000000000", "MALLOC_TOP_PAD_": "268435456"}
if "MALLOC_TRIM_THRESHOLD_" not in os.environ:
    os.environ.update(KEPT_MEMORY)
    os.execv(sys.executable, [sys.executable] + sys.argv)
sys.argv = sys.argv[1:]
sys.path[0] = os.path.dirname(os.path.abspath(sys.argv[0]))
import common  # noqa: E402
import numpy as np  # noqa: E402

ohlcv = common.ohlcv


def whole_ticks(n, seed):
    *prices, volume = ohlcv(n, seed)
    return (*(np.round(price * 100) for price in prices), volume)


common.ohlcv = whole_ticks
runpy.run_path(sys.argv[0], run_name="__main__")
