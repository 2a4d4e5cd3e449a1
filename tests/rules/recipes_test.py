"""The recipes of CONTRIBUTING.md are followed: each is compiled as the file it says it is, and what it must define is looked for."""
import pathlib, re, shutil, subprocess, sys, tempfile

root = pathlib.Path(__file__).resolve().parents[2]
recipes = re.findall(r"```cpp\n// (\S+)\n(.*?)```", (root / "CONTRIBUTING.md").read_text(), re.S)
if len(recipes) != 4:
    sys.exit(f"expected 4 recipes in CONTRIBUTING.md, found {len(recipes)}")
if not shutil.which("g++") or not shutil.which("nm"):
    print("skipped: no g++ or nm")
    sys.exit(77)

with tempfile.TemporaryDirectory() as folder:
    for path, code in recipes:
        kind, name = {"cuda/indicators": "indicator", "strategies": "strategy", "data/sources": "source",
                      "engine/learn/models": "model"}[str(pathlib.PurePath(path).parent)], pathlib.PurePath(path).stem
        source, made = pathlib.Path(folder) / (name + ".cpp"), pathlib.Path(folder) / (name + ".o")
        source.write_text(code)
        level = ["-DTF_LEVEL=v3", "-march=x86-64-v3"] if path.endswith(".cu") else []
        done = subprocess.run(["g++", "-std=c++20", "-O1", "-Wall", "-Wextra", "-Werror", "-ffp-contract=off", *level, f"-I{root}", "-c",
                               str(source), "-o", str(made)], capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{path} of CONTRIBUTING.md does not compile:\n{done.stderr[:4000]}")
        wanted = f"tf_{kind}_{name}" + ("_v3" if path.endswith(".cu") else "")
        if wanted not in subprocess.run(["nm", "-C", str(made)], capture_output=True, text=True).stdout:
            sys.exit(f"{path} of CONTRIBUTING.md does not define {wanted}")
        print(f"{path}: defines {wanted}")
