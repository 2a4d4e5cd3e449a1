# LABEL: slow
"""g++ and clang++ give the indicators the same bits."""
import sys

import indicator_columns as columns

with columns.folder() as folder:
    programs = {name: columns.build(name, folder) for name in ("g++", "clang++")}
    missing = [name for name, program in programs.items() if program is None]
    if missing:
        print("skipped: no " + ", ".join(missing))
        sys.exit(77)
    hashes = {name: columns.run(program) for name, program in programs.items()}
print(hashes)
sys.exit(0 if len(set(hashes.values())) == 1 else 1)
