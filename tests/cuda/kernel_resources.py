"""What nvcc made of every kernel: registers, stack, spills; fails where a kernel keeps something in local memory.

usage: kernel_resources.py BUILD_FOLDER [KERNELS_TO_SHOW]
Reads OBJECT.ptxas beside every CUDA object of the build (cmake/kernel_resources.sh writes them as it compiles).
"""
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Kernels that may use local memory: a pattern of the name, and why.
ALLOWED = {}

PROPERTIES = re.compile(r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads")


def kernels_of(text):
    """[(mangled name, architecture, registers, stack, spill stores, spill loads)] of what ptxas -v says."""
    found, name, memory = [], None, None
    for line in text.splitlines():
        if at := re.search(r"Compiling entry function '(\S+)' for '(\S+)'", line):
            name, memory = at.groups(), None
        elif (at := PROPERTIES.search(line)) and name and memory is None:
            memory = tuple(map(int, at.groups()))
        elif (at := re.search(r"Used (\d+) registers", line)) and name:
            found.append((*name, int(at[1]), *memory))
            name = None
    return found


def readable(names):
    """Names as in the source, without what is the same in all: namespaces, levels and the parameter list."""
    if not names:
        return {}
    lines = subprocess.run(["c++filt", "-p"], input="\n".join(names), capture_output=True, text=True, check=True).stdout
    short = [re.sub(r"\(.*\)|\b(tf|cuda|series|indicators|market|network|strategies|void) ?(::)?", "", line).strip()
             for line in lines.splitlines()]
    return dict(zip(names, short))


def faults(kernels, allowed):
    """Names of the kernels with stack or spills that no reason covers."""
    return [name for name, _, _, *memory in kernels if any(memory) and not any(re.search(at, name) for at in allowed)]


def planted(spill):
    return ("ptxas info    : Compiling entry function '_Zk' for 'sm_90'\nptxas info    : Function properties for _Zk\n"
            f"    {spill} bytes stack frame, {spill} bytes spill stores, 0 bytes spill loads\n"
            "ptxas info    : Used 40 registers, used 0 barriers\n")


assert faults(kernels_of(planted(8)), {}) == ["_Zk"] and not faults(kernels_of(planted(0)), {})
assert not faults(kernels_of(planted(8)), {"_Zk": "planted"})

if len(sys.argv) < 2:
    sys.exit(__doc__)
build = pathlib.Path(sys.argv[1]).resolve()
shown = int(sys.argv[2]) if len(sys.argv) > 2 else 10

kernels, compiled, objects = [], set(), 0
for entry in json.loads((build / "compile_commands.json").read_text()):
    if not entry["file"].endswith(".cu"):
        continue
    report = build / (re.search(r" -o (\S+)", entry["command"])[1] + ".ptxas")
    if not report.exists():
        sys.exit(f"{report} is not there: build first")
    kernels += kernels_of(report.read_text())
    objects += 1
    source = pathlib.Path(entry["file"])
    units = re.findall(r'^#include "(\S+\.cu)"', source.read_text(), re.M)
    compiled.update(units or [str(source.relative_to(ROOT))])
names = readable(sorted({kernel[0] for kernel in kernels}))
kernels = sorted({(names[kernel[0]], *kernel[1:]) for kernel in kernels}, key=lambda one: (-one[3] - one[4], -one[2], one[0]))

print(f"{len(kernels)} kernels of {len(compiled)} .cu in {objects} objects; the heaviest:")
print(f"{'registers':>9} {'stack':>6} {'stores':>6} {'loads':>6}  kernel")
for name, _, registers, *memory in kernels[:shown]:
    print(f"{registers:9} {memory[0]:6} {memory[1]:6} {memory[2]:6}  {name}")

wrong = [f"{name} keeps something in local memory" for name in faults(kernels, ALLOWED)]
wrong += [f"no kernel needs the exception {at!r}" for at in ALLOWED if not any(re.search(at, one[0]) for one in kernels)]
for path in sorted(str(path.relative_to(ROOT)) for folder in ("cuda", "strategies") for path in (ROOT / folder).rglob("*.cu")):
    if path not in compiled:
        wrong.append(f"{path} is in no unit that nvcc compiled")
print("\n".join(wrong), end="\n" if wrong else "", file=sys.stderr)
sys.exit(1 if wrong else 0)
