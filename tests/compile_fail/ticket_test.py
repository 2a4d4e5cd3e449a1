"""A score without a ticket, and a ticket that the ledger did not make, must not compile."""
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

PREAMBLE = """
#include <type_traits>
#include <vector>
#include "engine/registry/registry.hpp"
#include "engine/score/scorecard.hpp"
using namespace tf;
"""

COMPILES = {
    "the ledger's ticket scores": """
score::Scorecard f(registry::TrialLedger& ledger, const registry::Trial& trial, std::vector<score::Period> days) {
  return score::score(ledger.open(trial), days, 1, 0.0, 252);
}""",
    "a ticket may be copied": "score::Ticket f(const score::Ticket& ticket) { return ticket; }",
}

FAILS = {
    "a ticket out of nothing": "score::Ticket f() { return score::Ticket(); }",
    "a ticket from number and digest": 'score::Ticket f() { return score::Ticket(1, "00"); }',
    "a ticket from braces": 'score::Ticket f() { return {1, "00"}; }',
    "a ticket from a derived class": """
struct Forged : score::Ticket { Forged() : score::Ticket(1, "00") {} };""",
    "a ticket renumbered": "void f(score::Ticket& ticket) { ticket.number_ = 7; }",
    "a score without a ticket": """
score::Scorecard f(std::vector<score::Period> days) { return score::score(1, days, 1, 0.0, 252); }""",
    "a score from braces": """
score::Scorecard f(std::vector<score::Period> days) { return score::score({1, "00"}, days, 1, 0.0, 252); }""",
}


def compiled(body):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "snippet.cpp")
        with open(path, "w") as file:
            file.write(PREAMBLE + body + "\n")
        command = [os.environ.get("CXX", "g++"), "-std=c++20", "-fsyntax-only", "-I" + ROOT, path]
        return subprocess.run(command, capture_output=True, text=True)


def main():
    wrong = []
    for name, body in COMPILES.items():
        result = compiled(body)
        if result.returncode != 0:
            wrong.append(f"{name}: should compile\n{result.stderr}")
    for name, body in FAILS.items():
        result = compiled(body)
        if result.returncode == 0:
            wrong.append(f"{name}: must not compile, but does")
        elif not any(word in result.stderr for word in ("private", "convert", "no matching", "invalid initialization")):
            wrong.append(f"{name}: fails for another reason\n{result.stderr}")
    print("\n".join(wrong) or f"{len(COMPILES)} compile, {len(FAILS)} are refused")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
