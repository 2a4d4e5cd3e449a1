"""The behaviour of the small reference pipeline is what tests/pipeline/signature.json says: part by part, so that a change is named.

A commit that changes behaviour on purpose writes the file anew (tickfold signature --json > tests/pipeline/signature.json) and says why."""
import json, os, pathlib, subprocess, sys

here = pathlib.Path(__file__).resolve().parent
program = os.environ.get("TICKFOLD", str(here.parents[1] / "build/release/tickfold"))
now = json.loads(subprocess.run([program, "signature", "--json"], check=True, capture_output=True, text=True).stdout)
golden = json.loads((here / "signature.json").read_text())
assert len(golden["parts"]) > 10, "the golden file has too few parts to mean anything"
parts = {part["part"]: part for part in now["parts"]}
changed = [part["part"] for part in golden["parts"] if parts.get(part["part"]) != part]
added = sorted(set(parts) - {part["part"] for part in golden["parts"]})
if changed or added or now["signature"] != golden["signature"]:
    sys.exit(f"signature {now['signature']}, expected {golden['signature']}; changed parts: {changed}; new parts: {added}")
# The level of the CPU decides nothing.
for level in ("v3", "v4"):
    other = subprocess.run([program, "signature"], env={**os.environ, "TF_LEVEL": level}, capture_output=True, text=True)
    if other.returncode == 69:
        print(f"level {level} is not on this CPU")
    elif other.stdout.strip() != golden["signature"]:
        sys.exit(f"level {level} gives {other.stdout.strip()}")
print("signature", now["signature"])
