"""Builds indicator_columns.cpp with the indicators' sources, all at level v3, by the compiler named."""
import glob
import os
import shutil
import subprocess
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def sources():
    names = [os.path.basename(path)[:-3] for path in sorted(glob.glob(ROOT + "/cuda/indicators/*.cu"))]
    text = "".join('#include "cuda/indicators/%s.cu"\n' % name for name in names)
    text += '#include "cuda/series/services.cu"\n'
    for path in sorted(glob.glob(ROOT + "/cuda/series/*.cpp") + glob.glob(ROOT + "/cuda/indicators/*.cpp")):
        text += '#include "%s"\n' % os.path.relpath(path, ROOT)
    for name in ("buffer", "device", "fields", "launch"):
        text += '#include "cuda/base/%s.cpp"\n' % name
    rows = "".join('{"%s", tf_indicator_%s_v3, tf_indicator_%s_v3, nullptr},' % (n, n, n) for n in names)
    text += "namespace tf::indicator_catalogue { std::span<const Row> rows() { static const Row table[] = {%s}; return table; } }\n" % rows
    text += "namespace tf::series { const ServiceTable& services_v4() { return services_v3(); } }\n"
    return text + '#include "tests/conformance/indicator_columns.cpp"\n'


def build(compiler, folder):
    """The program's path, or None if there is no such compiler."""
    if not shutil.which(compiler):
        return None
    unit, program = os.path.join(folder, "unit.cpp"), os.path.join(folder, os.path.basename(compiler))
    with open(unit, "w") as file:
        file.write(sources())
    subprocess.run([compiler, "-std=c++20", "-O2", "-march=x86-64-v3", "-ffp-contract=off", "-DTF_LEVEL=v3", "-I" + ROOT,
                    unit, "-o", program], check=True)
    return program


def run(program, *arguments):
    """The hash it prints."""
    return subprocess.run([program, *arguments], check=True, capture_output=True, text=True).stdout.strip()


def folder():
    return tempfile.TemporaryDirectory(prefix="indicator_columns.")
