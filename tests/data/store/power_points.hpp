// Crash points of a writer: one call after the other, by kill or by power cut.
#pragma once
#include "data/store/restore.hpp"
#include "data/store/upgrade.hpp"
#include "faults/children.hpp"

namespace faults {

inline constexpr int kSteps = 9;
inline constexpr uint64_t kWorkloads = 5;

struct Tally {
  int points = 0, killed = 0, wrong = 0;
  std::string first_wrong;
};

/// The shadow is the disk, so the files themselves may lie in memory: real syncs would only cost time.
inline void work_in_memory() {
  if (::access("/dev/shm", W_OK) == 0) ::setenv("TMPDIR", "/dev/shm", 0);
}

/// Tries `points` crash points, spread over all calls of the workloads.
inline Tally crash(int points, const std::string& mode, const std::string& lie, uint64_t seed) {
  work_in_memory();
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

/// An upgrade of the legacy store, cut at `points` calls: every day stays readable with its ticks, old or new, and the
/// upgrade that is run again comes to its end.
inline Tally crash_upgrade(int points, const std::string& mode, uint64_t seed) {
  namespace fs = std::filesystem;
  work_in_memory();
  const std::string legacy = TF_SOURCE "/tests/data/store/legacy";
  std::mt19937_64 random(seed);
  std::vector<std::vector<made::Tick>> ticks;
  const std::vector<Day> days = TickStore::open(legacy).day_names(made::kId);
  for (const Day day : days) ticks.push_back(made::read(TickStore::open(legacy), {day}));
  long calls = 0;
  Tally tally;
  for (int point = -1; point < points; ++point) {
    const made::Folder folder;
    fs::copy(legacy, folder.path() + "/store", fs::copy_options::recursive);
    const double share = (point + static_cast<double>(random() % 1000) / 1000) / points;
    Plan plan = Plan::of(point < 0 ? "count" : mode, "", 1 + static_cast<long>(share * static_cast<double>(calls)));
    plan.seed = random();
    const Outcome outcome = run("child: upgrade", folder.path(), folder.path(), plan);
    if (point < 0) {
      REQUIRE(outcome.ended());
      calls = outcome.count;
    }
    std::string wrong;
    try {
      const TickStore store = TickStore::open(folder.path() + "/store");
      for (const bool again : {false, true}) {
        if (again) upgrade_store(store, {made::kId}, {});
        for (std::size_t at = 0; at < days.size(); ++at) {
          if (!store.verify_day(made::kId, days[at]).empty()) wrong += to_text(days[at]) + " is damaged; ";
          if (made::read(store, {days[at]}) != ticks[at]) wrong += to_text(days[at]) + " has other ticks; ";
          const auto versions = store.day_versions(made::kId, days[at]);
          const std::string old = made::bytes_of(legacy + "/made/EURUSD/" + to_text(days[at]) + ".h5");
          const bool is_old = made::bytes_of(store.day_path(made::kId, days[at])) == old;
          if (versions.size() != (is_old ? 0 : 1)) wrong += to_text(days[at]) + ": a version is lost or made up; ";
          if (!is_old && made::bytes_of(versions.at(0).path) != old)
            wrong += to_text(days[at]) + ": not the old file; ";
          if (again && is_old) wrong += to_text(days[at]) + " was not upgraded; ";
        }
      }
      if (fs::exists(folder.path() + "/store/.upgrade")) wrong += "scratch is left behind";
    } catch (const std::exception& error) { wrong += error.what(); }
    if (point >= 0) ++tally.points;
    tally.killed += outcome.killed();
    tally.wrong += !wrong.empty();
    if (!wrong.empty() && tally.first_wrong.empty())
      tally.first_wrong = "upgrade, " + mode + " at call " + std::to_string(plan.at) + ", seed " +
                          std::to_string(plan.seed) + ": " + wrong;
  }
  return tally;
}

inline void child_upgrade() {
  const char* folder = std::getenv("TF_CHILD_TASK");
  if (folder) upgrade_store(TickStore::open(std::string(folder) + "/store"), {made::kId}, {});
}

/// What a day had at its n-th writing: rows of that size.
inline std::vector<made::Tick> written(int64_t number) {
  std::vector<made::Tick> ticks = made::ticks(300);
  for (made::Tick& tick : ticks) tick.qty = number;
  return ticks;
}

/// Restoring the first of three writings of a day, cut at `points` calls: the day is the third or the first, all three
/// are there, and restoring what is not current yet comes to its end.
inline Tally crash_restore(int points, const std::string& mode, const std::string& lie, uint64_t seed) {
  namespace fs = std::filesystem;
  work_in_memory();
  std::mt19937_64 random(seed);
  const made::Folder first;
  const TickStore before = made::store(first);
  std::vector<std::string> files;
  for (int64_t number = 1; number <= 3; ++number)
    files.push_back(made::bytes_of(made::write(before, written(number), made::kDay, number > 1).path));
  long calls = 0;
  Tally tally;
  for (int point = -1; point < points; ++point) {
    const made::Folder folder;
    fs::copy(first.path() + "/store", folder.path() + "/store", fs::copy_options::recursive);
    const double share = (point + static_cast<double>(random() % 1000) / 1000) / points;
    Plan plan = Plan::of(point < 0 ? "count" : mode, "", 1 + static_cast<long>(share * static_cast<double>(calls)));
    plan.lie = point < 0 ? "" : lie;
    plan.seed = random();
    const Outcome outcome = run("child: restore", folder.path(), folder.path(), plan);
    if (point < 0) {
      REQUIRE(outcome.ended());
      calls = outcome.count;
    }
    std::string wrong;
    try {
      const TickStore store = TickStore::open(folder.path() + "/store");
      const std::string path = store.day_path(made::kId, made::kDay), place = fs::path(path).parent_path().string();
      const auto judge = [&](const std::vector<std::size_t>& may_be_current) {
        const std::string current = made::bytes_of(path);
        bool allowed = false;
        for (const std::size_t at : may_be_current)
          allowed |= current == files[at] && made::read(store, {made::kDay}) == written(static_cast<int64_t>(at) + 1);
        if (!allowed) wrong += "the day is none that it may be; ";
        if (!store.verify_day(made::kId, made::kDay).empty()) wrong += "the day is damaged; ";
        std::vector<std::string> there = {current};
        for (const tf::data::VersionFile& version : tf::data::version_files(place, made::kDay))
          there.push_back(made::bytes_of(version.path));
        for (std::size_t at = 0; at < files.size(); ++at)
          if (std::find(there.begin(), there.end(), files[at]) == there.end())
            wrong += "writing " + std::to_string(at + 1) + " is lost; ";
        for (const std::string& bytes : there)
          if (std::find(files.begin(), files.end(), bytes) == files.end()) wrong += "a file that nobody wrote; ";
      };
      judge(point < 0 ? std::vector<std::size_t>{0} : std::vector<std::size_t>{0, 2});
      const bool is_old = made::bytes_of(path) == files[2];
      if (is_old) restore_version(store, made::kId, made::kDay, 1);
      judge({0});
      tf::data::sweep_stale(place);
      judge({0});
    } catch (const std::exception& error) { wrong += error.what(); }
    if (point >= 0) ++tally.points;
    tally.killed += outcome.killed();
    tally.wrong += !wrong.empty();
    if (!wrong.empty() && tally.first_wrong.empty())
      tally.first_wrong = "restore, " + mode + " at call " + std::to_string(plan.at) + " of " + std::to_string(calls) +
                          ", seed " + std::to_string(plan.seed) + ": " + wrong;
  }
  return tally;
}

inline void child_restore() {
  const char* folder = std::getenv("TF_CHILD_TASK");
  if (folder) restore_version(TickStore::open(std::string(folder) + "/store"), made::kId, made::kDay, 1);
}

}  // namespace faults
