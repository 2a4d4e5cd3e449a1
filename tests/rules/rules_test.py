"""STYLE section 3, held by a machine. Every rule is tried on a planted violation first, so that it can fail."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from source_text import (comments, line_of, statements, without_directives,  # noqa: E402
                         without_literals)

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROOMS = ("cuda", "strategies", "data", "engine")
CODE = (".cpp", ".hpp", ".cu")

# DESIGN section 3. Where the code parts from it: walk also reads configs and names strategies, watch walks and reads the
# store, learn and features hash as the store does, cuda/network is a room of its own. Foreign HDF5 files are opened by
# data/store alone, and Arrow lives in a library of its own, so sources and export reach both through one header each.
# Zones and trading hours belong to an instrument, so they lie beside its file in data/store.
GROUND = ("cuda/base", "cuda/series", "cuda/indicators", "cuda/market", "cuda/network")
MAY_INCLUDE = {
    "cuda/base": (),
    "cuda/series": ("cuda/base",),
    "cuda/indicators": ("cuda/base", "cuda/series"),
    "cuda/market": ("cuda/base", "cuda/series"),
    "cuda/network": ("cuda/base",),
    "strategies": ("cuda/market", "cuda/base"),
    "data/store": ("cuda/base",),
    "data/arrow": ("cuda/base", "data/store/foreign_table.hpp"),
    "data/sources": ("cuda/base", "data/arrow/arrow_library.hpp", "data/store/foreign_hdf5.hpp", "data/store/foreign_table.hpp",
                     "data/store/zone.hpp"),
    "data": ("cuda/base", "data/store", "data/sources", "data/arrow/arrow_library.hpp"),
    "engine/config": ("cuda/base",),
    "engine/features": (*GROUND, "data/store", "engine/config"),
    "engine/learn": (*GROUND, "engine/features", "engine/config", "data/store/digest.hpp"),
    "engine/score": ("cuda/base",),
    "engine/registry": ("engine/score", "engine/config", "cuda/base"),
    "engine/walk": ("engine/features", "engine/learn", "engine/score", "engine/registry", "engine/config", "cuda/market",
                    "cuda/network", "cuda/base", "data/store", "strategies"),
    "engine/watch": ("engine/walk", "engine/features", "engine/learn", "engine/score", "engine/registry", "cuda/market",
                     "cuda/base", "data/store"),
    "engine/report": ("engine/score", "engine/registry", "cuda/base"),
    "engine/app": ("cuda", "strategies", "data", "engine"),
}
THIRD_PARTY = (
    (r"cuda_runtime(_api)?\.h|nvtx3/.*|Random123/.*", ("cuda/base",)),
    (r"(cub|thrust|cuda)/.*", GROUND),
    (r"hdf5.*\.h|H5.*\.h|xxh\w+\.h|lz4.*\.h", ("data/store",)),
    (r"zstd\.h", ("data/store", "data/sources", "data")),
    (r"(arrow|parquet)/.*", ("data/arrow",)),
    (r"zip\.h|zlib\.h", ("data/sources", "data")),
    (r"lzma\.h|libdeflate\.h|fast_float/.*|simdjson.*", ("data/sources",)),
    (r"date/.*", ("data/store",)),
    (r"toml\+\+/.*", ("engine/config",)),
    (r"ATen/.*|torch/.*|c10/.*", ("engine/learn",)),
    (r"Eigen/.*|boost/math/.*", ("engine/score",)),
    (r"sqlite3\.h", ("engine/registry",)),
    (r"openssl/.*", ("engine/registry", "engine/config", "data/store")),
    (r"nlohmann/.*", ("engine/registry", "engine/walk", "engine/report", "engine/app")),
    (r"tbb/.*|oneapi/.*", ("engine/walk",)),
    (r"prometheus/.*|httplib\.h", ("engine/watch",)),
    (r"CLI/.*|spdlog/.*|fmt/.*", ("engine/app",)),
    (r"(immintrin|emmintrin|x86intrin)\.h", ("cuda/base", "data/sources", "data/store")),
    (r"signal\.h", ("data/store", "engine/app")),
    (r"sys/mman\.h", ("cuda/base", "data/sources", "data/store")),  # memory: huge pages, mapped files
    (r"(unistd|fcntl|dlfcn|sys/\w+)\.h", ("data/sources", "data/store", "engine/learn", "engine/registry", "engine/walk",
                                         "engine/watch", "engine/report", "engine/app")),
)
KNOWS_NO_FILE = ("filesystem", "fstream", "iostream", "cstdio")
# A signal handler reaches nothing but a global; the trainer that a loaded library hands out by pointer has no members.
MUTABLE_ALLOWED = {("engine/app/shell.cpp", "stop_flag"), ("engine/learn/torch/torch_trainer.cpp", "trainer")}


def room_of(path):
    return max((room for room in MAY_INCLUDE if path.startswith(room + "/")), key=len, default=None)


# ---- rules on one file: (path, text) -> [(line, what)] -------------------------------------------------------------


def launches(path, text):
    if path == "cuda/base/launch.hpp":
        return []
    code = without_literals(text)
    return [(line_of(code, at.start()), "a launch outside cuda/base/launch.hpp") for at in re.finditer("<<<", code)]


def compiler_passes(path, text):
    if path.startswith("cuda/base/"):
        return []
    code = without_literals(text)
    return [(line_of(code, at.start()), f"{at[0]} outside cuda/base")
            for at in re.finditer(r"__CUDACC__|__CUDA_ARCH__", code)]


def includes(path, text):
    room, wrong = room_of(path), []
    if room is None:
        return [(1, "lies in no room of DESIGN section 3")]
    for at in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*(<[^>]+>|"[^"]+")', text, re.M):
        name, line = at[1][1:-1], line_of(text, at.start(1))
        if name.endswith(".cuh"):
            wrong.append((line, f"includes {name}: headers are .hpp"))
        if at[1][0] == '"':
            target = room_of(name)
            may = (room, *MAY_INCLUDE[room])
            if name not in may and (target is None or not any((target + "/").startswith(one + "/") for one in may)):
                wrong.append((line, f"{room} may not include {name}"))
        elif "." in name or "/" in name:
            rooms = next((rooms for pattern, rooms in THIRD_PARTY if re.fullmatch(pattern, name)), None)
            if rooms is None:
                wrong.append((line, f"<{name}> is no third party of DESIGN section 3"))
            elif room not in rooms:
                wrong.append((line, f"<{name}> belongs to {', '.join(rooms)}, not to {room}"))
        elif name == "iostream" or (name in KNOWS_NO_FILE and room in (*GROUND, "strategies") and name != "cstdio"):
            wrong.append((line, f"{room} may not include <{name}>"))
    return wrong


def memory(path, text):
    if path == "cuda/base/buffer.cpp":
        return []
    code = re.sub(r"=\s*delete\b", lambda at: " " * len(at[0]), without_directives(without_literals(text)))
    found = re.finditer(r"\b(new|delete)\b|\b(malloc|calloc|realloc|free|aligned_alloc|posix_memalign)\s*\(", code)
    return [(line_of(code, at.start()), f"{at[0].strip(' (')}: memory belongs to containers and Buffer") for at in found]


def printing(path, text):
    if path.startswith(("engine/app/", "bench/")):
        return []
    code = without_directives(without_literals(text))
    found = re.finditer(r"\b(v?f?printf|f?puts|f?putc|putchar|perror)\s*\(|\b(cout|cerr|clog)\b|\bstd::print", code)
    return [(line_of(code, at.start()), f"{at[0].strip(' (')}: a library does not print") for at in found]


NO_VARIABLE = re.compile(r"(using|typedef|namespace|inline namespace|template|class|struct|enum|union|static_assert|friend|"
                         r"public|private|protected|case|default|return|goto|throw|TF_\w+|extern \"\")\b")
VARIABLE = re.compile(r"(?:(?:static|inline|extern|thread_local|mutable|const|constexpr|constinit|volatile) )*"
                      r"[A-Za-z_][\w:]*(?:<.*>)?(?:::\w+)?(?: const)?[ *&]+(?:const )?"
                      r"(?P<name>[A-Za-z_]\w*)(?:\[[^\]]*\])*(?: ?=.*)?")


def is_constant(statement):
    before = statement.split("=")[0]
    if re.search(r"\b(constexpr|const &)", before):
        return True
    pointer = before.rsplit("*", 1)
    return bool(re.search(r"\bconst\b", pointer[1] if len(pointer) == 2 else before))


def mutable_state(path, text):
    wrong = []
    code = without_directives(without_literals(text))
    for line, statement, at_namespace in statements(code):
        is_static = re.match(r"(inline )?(static|thread_local)\b", statement)
        if not (at_namespace or is_static) or NO_VARIABLE.match(statement):
            continue
        if "(" in statement.split("=")[0]:
            continue  # a function
        found = VARIABLE.fullmatch(statement)
        if found and not is_constant(statement) and (path, found["name"]) not in MUTABLE_ALLOWED:
            wrong.append((line, f"{found['name']}: mutable state that outlives its scope: {statement[:80]}"))
    return wrong


def old_code(path, text):
    del path
    looks = re.compile(r"(return\b.*|(if|for|while|switch) ?\(.*|(const |auto |int |double |std::)[\w:<>&* ]+[=({].*|"
                       r"[\w.:>-]+\(.*\)|[\w.\[\]>-]+ [-+*/|&]?= .*)[;{]|\}( else \{)?")
    return [(line, f"commented-out code: {words}") for line, words in comments(text) if looks.fullmatch(words)]


def trial_ledger(path, text):
    if path.startswith("engine/registry/"):
        return []
    code = without_literals(text)
    return [(line_of(code, at.start()), "TrialLedger is defined in engine/registry alone")
            for at in re.finditer(r"\b(class|struct)\s+TrialLedger\b[^;{]*\{", code)]


def length(path, text):
    del path
    lines = text.count("\n")
    return [(lines, f"{lines} lines: split it by reason to exist (500)")] if lines > 500 else []


FILE_RULES = (launches, compiler_passes, includes, memory, printing, mutable_state, old_code, trial_ledger, length)

# Each rule: what it must find, and what it must let pass, as (path, text).
PLANTED = {
    launches: ([("cuda/market/a.cu", "void f() {\n  k<<<1, 2>>>();\n}")],
               [("cuda/base/launch.hpp", "k<<<1, 2>>>();"), ("cuda/market/a.cu", "// <<<\nauto s = \"<<<\"; a << b;")]),
    compiler_passes: ([("cuda/series/a.hpp", "#ifdef __CUDACC__"), ("engine/walk/a.cpp", "#if defined(__CUDA_ARCH__)")],
                      [("cuda/base/a.hpp", "#ifdef __CUDACC__"), ("data/a.cpp", "// __CUDACC__")]),
    includes: ([("engine/score/a.cpp", '#include "engine/registry/registry.hpp"'),
                ("cuda/base/a.hpp", '#include "cuda/series/frames.hpp"'),
                ("strategies/a.cu", '#include "cuda/indicators/ema.cu"'),
                ("engine/learn/a.cpp", '#include "data/store/tick_store.hpp"'),
                ("engine/walk/a.cpp", "#include <hdf5.h>"), ("engine/score/a.cpp", "#include <ATen/ATen.h>"),
                ("engine/walk/a.cpp", "#include <curl/curl.h>"), ("cuda/market/a.cpp", "#include <fstream>"),
                ("data/a.cpp", "#include <iostream>"), ("cuda/series/a.cu", '#include "cuda/base/a.cuh"'),
                ("engine/elsewhere/a.cpp", "")],
               [("engine/walk/a.cpp", '#include "engine/learn/trainer.hpp"\n#include "engine/walk/b.hpp"'),
                ("engine/learn/torch/a.cpp", '#include <ATen/ATen.h>\n#include "data/store/digest.hpp"'),
                ("data/store/a.cpp", "#include <hdf5.h>\n#include <vector>"),
                ("engine/app/a.cpp", '#include "data/sources/parse/open.hpp"')]),
    memory: ([("data/a.cpp", "int* p = new int;"), ("data/a.cpp", "delete p;"), ("cuda/base/a.cpp", "std::malloc(4);")],
             [("data/a.hpp", "A(const A&) = delete;  // no new one"), ("data/a.cpp", "bool free = true; news(\"new\");"),
              ("cuda/base/buffer.cpp", "std::free(p);")]),
    printing: ([("engine/walk/a.cpp", "std::cout << 1;"), ("data/a.cpp", "std::printf(\"x\");"),
                ("engine/score/a.cpp", "std::fputs(text, stderr);")],
               [("engine/app/a.cpp", "std::fputs(text, stdout);"), ("data/a.cpp", "std::snprintf(a, 4, \"cout\");")]),
    mutable_state: ([("data/a.cpp", "namespace tf {\nint count = 0;\n}"), ("data/a.cpp", "static std::vector<int> seen;"),
                     ("data/a.cpp", "int f() {\n  static int calls = 0;\n  return ++calls;\n}"),
                     ("data/a.cpp", "namespace {\nthread_local bool busy;\n}"),
                     ("data/a.cpp", "std::map<std::string, int> table{};"), ("data/a.cpp", "const char* name = \"x\";"),
                     ("data/a.hpp", "struct A {\n  static int made;\n};"), ("data/a.hpp", "inline A b;")],
                    [("data/a.cpp", "namespace tf {\nconstexpr int kCount = 3;\nconst char* const kName = \"x\";\n}"),
                     ("data/a.cpp", "int f(int a) {\n  static const Field table[] = {1};\n  int b = a;\n  return b;\n}"),
                     ("data/a.hpp", "struct A {\n  int made = 0;\n  static A make(int x = 3);\n};\nint f(int a);"),
                     ("data/a.cpp", "void g() {\n  run([&] {\n    int x = 1;\n  });\n  int y;\n}"),
                     ("engine/app/shell.cpp", "namespace {\nstd::atomic<bool> stop_flag{false};\n}")]),
    old_code: ([("data/a.cpp", "// return x + 1;"), ("data/a.cpp", "  // if (a > b) {"), ("data/a.cpp", "// total += x;"),
                ("data/a.cpp", "// const auto y = f(x);"), ("data/a.cpp", "// run(x, y);")],
               [("data/a.cpp", "// Rows are counted once; the sum is f(x), and\n// returns what was there;\n// f(x) = 2 y"),
                ("data/a.hpp", "// In a struct:\n//   int period = 14;\n//   }")]),
    trial_ledger: ([("engine/walk/a.hpp", "class TrialLedger {\n};")],
                   [("engine/walk/a.hpp", "class TrialLedger;"), ("engine/registry/a.hpp", "class TrialLedger {\n};")]),
    length: ([("data/a.cpp", "\n" * 501)], [("data/a.cpp", "\n" * 500)]),
}


# ---- rules on many files -------------------------------------------------------------------------------------------


def iterated_unordered(texts):
    """{path: text} of one folder -> [(path, line, what)]: a loop over a container whose order is anyone's."""
    codes = {path: without_directives(without_literals(text)) for path, text in texts.items()}
    names = set()
    for code in codes.values():
        for at in re.finditer(r"\bunordered_(?:multi)?(?:map|set)\s*<", code):
            depth, end = 1, at.end()
            while depth and end < len(code):
                depth += {"<": 1, ">": -1}.get(code[end], 0)
                end += 1
            if name := re.match(r"[\s&]*(\w+)\s*[;={,)(]", code[end:]):
                names.add(name[1])
    wrong = []
    for path, code in codes.items():
        for name in names:
            loop = rf"for\s*\([^;()]*:\s*(?:\w+(?:\.|->))*{name}\s*\)|\b{name}\s*(?:\.|->)\s*c?begin\s*\("
            wrong += [(path, line_of(code, at.start()), f"walks over the unordered {name}")
                      for at in re.finditer(loop, code)]
    return wrong


def missing_tests(files):
    """Catalogue files without a test of the same name."""
    wrong = []
    for folder, ending in (("cuda/indicators", ".cu"), ("strategies", ".cu"), ("data/sources", ".cpp"),
                           ("engine/learn/models", ".cpp")):
        for path in files:
            if path.startswith(folder + "/") and path.count("/") == folder.count("/") + 1 and path.endswith(ending):
                test = f"tests/{path.removesuffix(ending)}_test.cpp"
                if test not in files:
                    wrong.append((path, 1, f"has no {test}"))
    return wrong


def build_flags(texts):
    """{path: text} of the CMake files: strict floating point everywhere, for both compilers."""
    wrong, whole = [], "\n".join(texts.values())
    for path, text in texts.items():
        for number, line in enumerate(text.splitlines(), 1):
            words = line.split("#")[0].replace("-fno-fast-math", "")
            if re.search(r"fast[-_]math|-Ofast|unsafe-math|-fassociative-math|-ffp-contract=(?!off)|-fmad=true", words):
                wrong.append((path, number, f"loose floating point: {line.strip()}"))
    for flag in ("-ffp-contract=off", "-fno-fast-math", "-fmad=false"):
        if flag not in whole:
            wrong.append(("CMakeLists.txt", 1, f"{flag} is given nowhere"))
    return wrong


def compiled_flags(commands):
    """compile_commands.json: what the compilers were really told."""
    wrong = []
    for entry in commands:
        command = entry.get("command") or " ".join(entry["arguments"])
        needed = "-fmad=false" if "nvcc" in command.split()[0] else "-ffp-contract=off"
        if needed not in command or re.search(r"-ffast-math|-Ofast|use_fast_math", command):
            wrong.append((entry["file"], 1, f"compiled without {needed} or with fast math"))
    return wrong


def check_planted():
    for rule, (bad, good) in PLANTED.items():
        for path, text in bad:
            assert rule(path, text), f"rule {rule.__name__} misses a planted violation in {path}:\n{text[:300]}"
        for path, text in good:
            assert not rule(path, text), f"rule {rule.__name__} finds {rule(path, text)} in\n{text[:300]}"
    assert set(PLANTED) == set(FILE_RULES), "a rule without a planted violation"
    loop = "std::unordered_map<int, std::set<int>> seen_;\nvoid f() {\n  for (const auto& [a, b] : %s) g(a);\n}"
    assert iterated_unordered({"a.hpp": "std::unordered_set<int> seen_;", "a.cpp": "for (int a : body.seen_) g(a);"})
    assert iterated_unordered({"a.cpp": loop % "seen_"}) and not iterated_unordered({"a.cpp": loop % "others"})
    assert missing_tests({"cuda/indicators/a.cu"}) and missing_tests({"engine/learn/models/a.cpp"})
    assert not missing_tests({"strategies/a.cu", "tests/strategies/a_test.cpp", "strategies/find.cpp", "data/sources/p/b.cpp"})
    strict = "-ffp-contract=off -fno-fast-math -fmad=false"
    assert not build_flags({"a.cmake": strict}) and build_flags({"a.cmake": "-ffp-contract=off"})
    for loose in ("-ffast-math", "--use_fast_math", "-Ofast", "-ffp-contract=fast"):
        assert build_flags({"a.cmake": strict + "\n" + loose}), loose
    assert compiled_flags([{"file": "a", "command": "g++ -O3 a.cpp"}])
    assert compiled_flags([{"file": "a", "command": "g++ -ffp-contract=off -ffast-math a.cpp"}])
    assert not compiled_flags([{"file": "a", "command": "g++ -ffp-contract=off a.cpp"}])


def tracked():
    """Files of the tree: what git tracks, or what lies there where there is no git."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        return [path for path in listed.split("\0") if path and (ROOT / path).is_file()]
    return [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file()
            and not {".deps", "build", "demo", ".git"} & set(path.relative_to(ROOT).parts)]


def check_format(files):
    tool = shutil.which("clang-format-14") or shutil.which("clang-format")
    version = subprocess.run([tool, "--version"], capture_output=True, text=True, check=True).stdout if tool else ""
    if " 14." not in version:
        print("note: clang-format 14 is not here, the format is not checked")
        return []
    crooked = subprocess.run([tool, "--dry-run", "-Werror"], cwd=ROOT, input="int  a ;\n", capture_output=True, text=True,
                             check=False)
    assert crooked.returncode != 0, "clang-format passes a crooked line"
    done = subprocess.run([tool, "--dry-run", "-Werror", *files], cwd=ROOT, capture_output=True, text=True, check=False)
    named = sorted(set(re.findall(r"^(\S+?):(\d+):\d+: error", done.stderr, re.M)), key=lambda at: (at[0], int(at[1])))
    assert done.returncode == 0 or named, done.stderr[:1000]
    first = {}
    for path, line in named:
        first.setdefault(path, int(line))
    return [(path, line, "is not formatted (./dev format)") for path, line in first.items()]


def main():
    check_planted()
    files = tracked()
    found = []
    sources = {path: (ROOT / path).read_text() for path in files if path.endswith(CODE)}
    for path, text in sources.items():
        in_rooms = path.split("/")[0] in ROOMS
        for rule in FILE_RULES if in_rooms else (launches, old_code, length, trial_ledger):
            found += [(path, line, what) for line, what in rule(path, text)]
    for path in files:
        if path.endswith(".cuh"):
            found.append((path, 1, "headers are .hpp"))
        if path.endswith((".py", ".cmake", ".txt")) or path == "dev":
            found += [(path, line, what) for line, what in length(path, (ROOT / path).read_text())]
    folders = {str(pathlib.PurePath(path).parent) for path in sources if path.split("/")[0] in ROOMS}
    for folder in sorted(folders):
        found += iterated_unordered({path: text for path, text in sources.items()
                                     if str(pathlib.PurePath(path).parent) == folder})
    found += missing_tests(set(files))
    cmake = [path for path in files if path.endswith((".cmake", "CMakeLists.txt", "CMakePresets.json"))]
    found += build_flags({path: (ROOT / path).read_text() for path in cmake})
    compiled = pathlib.Path(os.environ.get("TF_BUILD_DIR", ROOT / "build/release")) / "compile_commands.json"
    if compiled.exists():
        found += compiled_flags(json.loads(compiled.read_text()))
    found += check_format(sorted(sources))
    assert len(sources) > 100, f"only {len(sources)} sources: the rules looked at the wrong folder"
    if found:
        print("\n".join(f"{path}:{line}: {what}" for path, line, what in sorted(found)))
        sys.exit(f"{len(found)} rules broken")
    print(f"{len(sources)} sources keep the rules")


main()
