"""Builds indicator_columns.cpp with the indicators' sources, all at level v3, by the compiler named."""
import concurrent.futures
import glob
import os
import re
import shutil
import subprocess
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def in_tree(*patterns):
    return [path for pattern in patterns for path in sorted(glob.glob(os.path.join(ROOT, pattern)))]


# Those of the program's own list of instances.
LISTED = ("ema", "sma", "rsi", "atr", "roc", "realised_volatility", "macd", "bollinger", "quote_imbalance",
          "trade_flow_imbalance")


def catalogue(names):
    """What CMake writes, with level v3 standing in for v4."""
    text = '#include "cuda/series/catalogue.hpp"\n'
    text += "namespace tf::indicator_catalogue {\n"
    text += "".join("const Entry& tf_indicator_%s_v3();\n" % name for name in names)
    rows = "".join('{"%s", tf_indicator_%s_v3, tf_indicator_%s_v3, nullptr},' % (n, n, n) for n in names)
    text += "std::span<const Row> rows() { static const Row table[] = {%s}; return table; }\n}\n" % rows
    for path in in_tree("cuda/series/*.hpp"):
        for table, name in re.findall(r"^const (\w+)& (\w+)_v4\(\);", open(path).read(), re.M):
            text += '#include "%s"\n' % os.path.relpath(path, ROOT)
            text += "namespace tf::series { const %s& %s_v4() { return %s_v3(); } }\n" % (table, name, name)
    return text


def build(compiler, folder, names=LISTED):
    """The program's path, or None if there is no such compiler. It knows the indicators named."""
    if not shutil.which(compiler):
        return None
    program = os.path.join(folder, os.path.basename(compiler))
    table = os.path.join(folder, "catalogue.cpp")
    with open(table, "w") as file:
        file.write(catalogue(names))
    units = []
    for first in range(0, len(names), 10):  # ten in a unit: most of one's time goes to the headers
        units.append("%s_%d.cu" % (program, first))
        with open(units[-1], "w") as file:
            file.write("".join('#include "cuda/indicators/%s.cu"\n' % name for name in names[first : first + 10]))
    units += in_tree("cuda/indicators/*.cpp", "cuda/series/*.cu", "cuda/series/*.cpp")
    units += [os.path.join(ROOT, "cuda/base", name + ".cpp") for name in ("buffer", "device", "fields", "launch")]
    units += [table, os.path.join(ROOT, "tests/conformance/indicator_columns.cpp")]

    def compile_one(unit):
        made = "%s.%s.o" % (program, os.path.relpath(unit, ROOT).replace(os.sep, "_").strip("._"))
        leveled = unit.endswith(".cu") or unit.endswith("indicator_columns.cpp")
        level = ["-march=x86-64-v3", "-DTF_LEVEL=v3"] if leveled else []
        subprocess.run([compiler, "-std=c++20", "-O2", "-ffp-contract=off", *level, "-I" + ROOT, "-x", "c++", "-c", unit,
                        "-o", made], check=True)
        return made

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        made = list(pool.map(compile_one, units))
    subprocess.run([compiler, *made, "-o", program], check=True)
    return program


def run(program, *arguments):
    """The hash it prints."""
    return subprocess.run([program, *arguments], check=True, capture_output=True, text=True).stdout.strip()


def folder():
    return tempfile.TemporaryDirectory(prefix="indicator_columns.")


class Columns:
    """What compute() made: a column by its name ("close", "tick_bid", "tick_ends", or an output as
    "macd(fast=12,slow=26,signal=9).signal"); `outputs` are the names of each instance's outputs."""

    def __init__(self, folder, outputs):
        self.folder, self.outputs = folder, outputs

    def __call__(self, name):
        import numpy

        return numpy.fromfile(os.path.join(self.folder, name + ".f64"))


def compute(instances, folder):
    """Builds the indicators of instances "name:param=value,..." or "name:value,...", and runs them on the made-up market
    of 20,000 bars. Columns; None without g++."""
    program = build("g++", folder, sorted({instance.split(":")[0] for instance in instances}))
    if program is None:
        return None
    lines = run(program, folder, *instances).split("\n")
    return Columns(folder, {instance: line.split("\t") for instance, line in zip(instances, lines)})
