// Runs a test program again as a child under the preloaded faults, and what such a child does to a store: steps that
// are known from a seed, so that the parent can tell what must be there after any end of the child.
#pragma once
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <iostream>
#include <map>
#include <sstream>

#include "../made_days.hpp"
#include "data/store/ring_reader.hpp"
#include "data/store/verify.hpp"
#include "data/store/versions.hpp"

namespace faults {

using made::Day;
using tf::data::TickStore;

struct Plan {
  std::string mode = "count", calls, lie;
  long at = 0;
  bool on = false;
  int number = 0;
  uint64_t seed = 0;

  static Plan of(const std::string& mode, const std::string& calls, long at = 0, int number = 0) {
    Plan plan;
    plan.mode = mode;
    plan.calls = calls;
    plan.at = at;
    plan.number = number;
    return plan;
  }
};

struct Outcome {
  int status = 0;
  std::string said;  ///< lines that began with "> "
  long count = 0;    ///< calls that counted, if the child came to its end
  bool killed() const { return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL; }
  bool ended() const { return WIFEXITED(status) && WEXITSTATUS(status) == 0; }
};

inline void say(const std::string& line) {
  const std::string whole = "> " + line + "\n";
  if (::write(1, whole.data(), whole.size()) != static_cast<ssize_t>(whole.size())) std::abort();
}

/// Starts this program with the one test case `name` (decorated with skip) and `task` as TF_CHILD_TASK.
inline pid_t start(const std::string& name, const std::string& task, const std::string& root, const Plan& plan,
                   int& output) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  std::cout.flush();
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child > 0) {
    ::close(ends[1]);
    output = ends[0];
    return child;
  }
  ::dup2(ends[1], 1);
  ::close(ends[0]);
  ::close(ends[1]);
  const auto set = [](const char* key, const std::string& value) { ::setenv(key, value.c_str(), 1); };
  set("TF_CHILD_TASK", task);
  set("TF_FAULT_ROOT", root);
  set("TF_FAULT_MODE", plan.mode);
  set("TF_FAULT_CALLS", plan.calls);
  set("TF_FAULT_LIE", plan.lie);
  set("TF_FAULT_AT", std::to_string(plan.at));
  set("TF_FAULT_ON", plan.on ? "1" : "");
  set("TF_FAULT_ERRNO", std::to_string(plan.number));
  set("TF_FAULT_SEED", std::to_string(plan.seed));
  set("TF_FAULT_COUNT", root + ".count");
  set("LD_PRELOAD", TF_BINARY "/libstore_faults.so");
  set("ASAN_OPTIONS", "verify_asan_link_order=0");
  const std::string only = "--test-case=" + name;
  const char* arguments[] = {"/proc/self/exe", "--no-skip", "--no-intro", "--minimal", only.c_str(), nullptr};
  ::execv("/proc/self/exe", const_cast<char**>(arguments));
  std::_Exit(127);
}

inline Outcome finish(pid_t child, int output, const std::string& root) {
  Outcome outcome;
  std::string text;
  char part[4096];
  for (ssize_t got; (got = ::read(output, part, sizeof part)) > 0;) text.append(part, static_cast<std::size_t>(got));
  ::close(output);
  ::waitpid(child, &outcome.status, 0);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("> ")) outcome.said += line.substr(2) + "\n";
  std::ifstream(root + ".count") >> outcome.count;
  std::filesystem::remove(root + ".count");
  return outcome;
}

inline Outcome run(const std::string& name, const std::string& task, const std::string& root, const Plan& plan) {
  int output = -1;
  const pid_t child = start(name, task, root, plan, output);
  return finish(child, output, root);
}

/// One step of a child: it writes (or replaces) a day, or prunes.
struct Step {
  int number = 0;
  bool prunes = false;
  int keep = 0;
  Day day{};
  std::vector<made::Tick> ticks;
  tf::data::WriteOptions options;
};

inline Step step_of(uint64_t seed, int number) {
  std::mt19937_64 random(seed * 1000 + static_cast<uint64_t>(number));
  Step step;
  step.number = number;
  step.prunes = number % 5 == 4;
  step.keep = static_cast<int>(random() % 3);
  step.day = made::kDay + static_cast<int>(random() % 2);
  step.ticks = made::ticks(20 + random() % 300, {random() % 2 == 0, random() % 2 == 0}, static_cast<unsigned>(random()),
                           step.day);
  step.options.codec = static_cast<tf::data::Codec>(random() % 3);
  return step;
}

inline void do_step(const TickStore& store, const Step& step) {
  if (step.prunes) {
    store.prune(made::kId, step.keep);
    return;
  }
  const auto writer = store.write_day(made::kId, step.day, true, step.options);
  writer->append(step.ticks);
  writer->commit({{"source_digest", "step " + std::to_string(step.number)}});
}

/// The child: steps 1, 2, … each acknowledged when it is done.
inline void do_steps(const std::string& folder, uint64_t seed, int steps) {
  const TickStore store = TickStore::open(folder + "/store", true);
  store.add_instrument(made::instrument());
  for (int number = 1; number <= steps; ++number) {
    do_step(store, step_of(seed, number));
    say("done " + std::to_string(number));
  }
}
inline int done_in(const std::string& said) {
  int done = 0;
  std::istringstream lines(said);
  for (std::string word; lines >> word;)
    if (word != "done") done = std::stoi(word);
  return done;
}

inline std::vector<made::Tick> ticks_of(const std::string& path, Day day) {
  const auto reader = tf::data::read_days(made::kId, {{day, path}}, {});
  std::vector<made::Tick> ticks;
  while (const auto* block = reader->next()) {
    const auto rows = made::rows_of(block->ticks);
    ticks.insert(ticks.end(), rows.begin(), rows.end());
  }
  return ticks;
}

/// The steps whose ticks must be there for one day, after steps 1 … done: oldest version first, the current one last.
/// `gone` are versions that the step after them may have pruned, or not.
struct Expected {
  std::vector<int> steps;
  std::size_t gone = 0;
};
inline Expected expected(uint64_t seed, int done, Day day) {
  Expected all;
  for (int number = 1; number <= done + 1; ++number) {
    const Step step = step_of(seed, number);
    const std::size_t versions = all.steps.empty() ? 0 : all.steps.size() - 1;
    const std::size_t more = step.prunes && versions > static_cast<std::size_t>(step.keep)
                                 ? versions - static_cast<std::size_t>(step.keep)
                                 : 0;
    if (number > done) {
      all.gone = more;
    } else if (step.prunes) {
      all.steps.erase(all.steps.begin(), all.steps.begin() + static_cast<std::ptrdiff_t>(more));
    } else if (step.day == day) {
      all.steps.push_back(number);
    }
  }
  return all;
}

/// What is wrong with the store after a child that acknowledged `done` steps came to its end somewhere; empty if
/// nothing is. Whether the next writers need help is tried last.
inline std::string wrong_with_store(const std::string& folder, uint64_t seed, int done) {
  namespace fs = std::filesystem;
  try {
    const TickStore store = TickStore::open(folder + "/store", true);
    if (done > 0 && store.instruments().empty()) return "the instrument is lost";
    const Step next = step_of(seed, done + 1);
    const std::string place = folder + "/store/" + made::kId;
    for (const Day day : {made::kDay, made::kDay + 1}) {
      const std::string name = to_text(day) + ": ";
      Expected wanted = expected(seed, done, day);
      const bool is_there = !store.instruments().empty() && store.has_day(made::kId, day);
      if (!is_there && !wanted.steps.empty()) return name + "lost";
      if (!is_there) continue;

      // The day itself: the last one acknowledged, or the one under way.
      if (!store.verify_day(made::kId, day).empty()) return name + "damaged";
      const auto ticks = ticks_of(store.day_path(made::kId, day), day);
      const bool is_next = !next.prunes && next.day == day && ticks == next.ticks;
      if (!is_next && (wanted.steps.empty() || ticks != step_of(seed, wanted.steps.back()).ticks))
        return name + "it holds other ticks than the last version";
      if (!is_next) wanted.steps.pop_back();

      // Its versions.
      std::vector<int> found;
      for (const auto& info : store.day_versions(made::kId, day)) {
        if (!tf::data::verify_day_file(info.path, made::kId, day).empty()) return name + info.path + " is damaged";
        const int number = std::stoi(info.source_digest.substr(5));
        if (ticks_of(info.path, day) != step_of(seed, number).ticks) return name + info.path + " holds other ticks";
        found.push_back(number);
      }
      std::vector<int> sure(wanted.steps.begin() + static_cast<std::ptrdiff_t>(wanted.gone), wanted.steps.end());
      if (!std::includes(wanted.steps.begin(), wanted.steps.end(), found.begin(), found.end()))
        return name + "a version is listed that was none";
      if (!std::includes(found.begin(), found.end(), sure.begin(), sure.end())) return name + "a version is lost";
    }

    // The next writers need no help and leave nothing behind.
    store.add_instrument(made::instrument());
    const auto fresh = made::ticks(50, {}, 99);
    for (const Day day : {made::kDay, made::kDay + 1, made::kDay + 2}) {
      const bool was_there = store.has_day(made::kId, day);
      const std::size_t versions = store.day_versions(made::kId, day).size();
      made::write(store, fresh, day, was_there);
      if (made::read(store, {day}) != fresh) return to_text(day) + ": a new day reads back differently";
      if (store.day_versions(made::kId, day).size() != versions + was_there)
        return to_text(day) + ": replacing it made no version";
    }
    for (const auto& entry : fs::directory_iterator(place))
      if (entry.path().filename().string()[0] == '.') return entry.path().string() + " is left behind";
  } catch (const std::exception& error) { return error.what(); }
  return {};
}

}  // namespace faults
