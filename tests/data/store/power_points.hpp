// Crash points of a writer: one call after the other, by kill or by power cut.
#pragma once
#include "faults/children.hpp"

namespace faults {

inline constexpr int kSteps = 9;
inline constexpr uint64_t kWorkloads = 5;

struct Tally {
  int points = 0, killed = 0, wrong = 0;
  std::string first_wrong;
};

/// Tries `points` crash points, spread over all calls of the workloads.
inline Tally crash(int points, const std::string& mode, const std::string& lie, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::map<uint64_t, long> calls;
  Tally tally;
  for (int point = 0; point < points; ++point) {
    const uint64_t workload = static_cast<uint64_t>(point) % kWorkloads;
    const std::string task = std::to_string(workload);
    if (!calls.contains(workload)) {
      const made::Folder folder;
      const Outcome whole = run("child: steps", folder.path() + " " + task, folder.path(), Plan{});
      REQUIRE(whole.ended());
      REQUIRE(done_in(whole.said) == kSteps);
      calls[workload] = whole.count;
    }
    // Every workload is cut into equal stretches, and each point lies anywhere in its stretch.
    const long stretches = (points + static_cast<long>(kWorkloads) - 1) / static_cast<long>(kWorkloads);
    const double share =
        (static_cast<double>(point / static_cast<int>(kWorkloads)) + static_cast<double>(random() % 1000) / 1000) /
        static_cast<double>(stretches);
    const made::Folder folder;
    Plan plan{mode, "", lie, 1 + static_cast<long>(share * static_cast<double>(calls[workload])), false, 0, random()};
    const Outcome outcome = run("child: steps", folder.path() + " " + task, folder.path(), plan);
    const std::string wrong = wrong_with_store(folder.path(), workload, done_in(outcome.said));
    ++tally.points;
    tally.killed += outcome.killed();
    tally.wrong += !wrong.empty();
    if (!wrong.empty() && tally.first_wrong.empty())
      tally.first_wrong = mode + " at call " + std::to_string(plan.at) + " of workload " + task + ", seed " +
                          std::to_string(plan.seed) + ": " + wrong;
  }
  return tally;
}

inline void child_steps() {
  std::istringstream task(std::getenv("TF_CHILD_TASK") ? std::getenv("TF_CHILD_TASK") : "");
  std::string folder;
  uint64_t seed = 0;
  if (task >> folder >> seed) do_steps(folder, seed, kSteps);
}

}  // namespace faults
