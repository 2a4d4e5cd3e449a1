// Several processes on one registry, and processes killed at any moment.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "cuda/base/philox.hpp"
#include "engine/registry/registry.hpp"
#include "folder.hpp"

using namespace tf::registry;

namespace {

/// Runs `work` in a process of its own; its exit status is what work returns, 99 if it threw.
template <class Work>
pid_t in_child(Work work) {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  int status = 99;
  try {
    status = work();
  } catch (...) {}
  ::_exit(status);
}

int status_of(pid_t pid) {
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace

TEST_CASE("of two processes that promote at once exactly one wins each time, and the history is linear") {
  const TestFolder folder;
  const std::string root = folder / "r";
  constexpr int kRounds = 300;
  std::vector<std::string> ids;
  {
    Registry registry(root);
    for (int model = 0; model < 8; ++model) ids.push_back(registry.put_model("{\"n\":" + std::to_string(model) + "}"));
  }
  // Both children wait for the same byte on a pipe, then promote different models from the same champion.
  int go[2][2], done[2][2];
  for (int side = 0; side < 2; ++side) {
    REQUIRE(::pipe(go[side]) == 0);
    REQUIRE(::pipe(done[side]) == 0);
  }
  std::vector<pid_t> children;
  for (int side = 0; side < 2; ++side)
    children.push_back(in_child([&, side] {
      Registry registry(root);
      std::optional<std::string> champion;
      for (int round = 0; round < kRounds; ++round) {
        char byte;
        if (::read(go[side][0], &byte, 1) != 1) return 1;
        const std::string& model = ids[(2 * round + side) % 8];
        const bool won = registry.promote(model, champion, {"promote", std::to_string(side), "", "race", "{}", round});
        byte = won ? 'w' : 'l';
        if (::write(done[side][1], &byte, 1) != 1) return 2;
        if (::read(go[side][0], &byte, 1) != 1) return 3;
        champion = registry.alias("champion");
        if (::write(done[side][1], "r", 1) != 1) return 4;
      }
      return 0;
    }));
  int wins[2] = {0, 0}, wrong = 0;
  for (int round = 0; round < kRounds; ++round) {
    // Two phases with a barrier after each: race, then look who is champion now.
    char outcome[2][2];
    for (int phase = 0; phase < 2; ++phase) {
      for (int side = 0; side < 2; ++side) REQUIRE(::write(go[side][1], "g", 1) == 1);
      for (int side = 0; side < 2; ++side) REQUIRE(::read(done[side][0], &outcome[phase][side], 1) == 1);
    }
    for (int side = 0; side < 2; ++side) wins[side] += outcome[0][side] == 'w';
    wrong += (outcome[0][0] == 'w') == (outcome[0][1] == 'w');
  }
  for (const pid_t pid : children) CHECK(status_of(pid) == 0);
  CHECK(wrong == 0);
  CHECK(wins[0] + wins[1] == kRounds);
  MESSAGE("won: " << wins[0] << " and " << wins[1]);

  Registry registry(root);
  CHECK(registry.verify().empty());
  const auto log = registry.audit();
  REQUIRE(log.size() == kRounds);
  for (int round = 0; round < kRounds; ++round) CHECK(log[round].event.time_ns == round);
  CHECK(*registry.alias("champion") == log.back().event.subject);
  CHECK(*registry.alias("previous") == log[kRounds - 2].event.subject);
  for (const auto& pipe : {go[0], go[1], done[0], done[1]}) ::close(pipe[0]), ::close(pipe[1]);
}

TEST_CASE("a process killed at any moment leaves a registry that is sound and goes on") {
  const TestFolder folder;
  const std::string root = folder / "r";
  const tf::RandomStream stream{9, tf::Purpose::test, 0};
  std::size_t events = 0;
  int64_t trials = 0;
  for (int round = 0; round < 80; ++round) {
    int progress[2];
    REQUIRE(::pipe(progress) == 0);
    const pid_t pid = in_child([&] {
      Registry registry(root);
      for (int step = 0;; ++step) {
        const std::string tag = std::to_string(round) + "." + std::to_string(step);
        const auto ticket = registry.ledger().open({"s", tag, "d", 0, 1, "r"});
        registry.ledger().close(ticket, "scored", 0.5);
        const std::string weights = registry.put_object("weights of " + tag + std::string(5000, 'x'));
        const std::string id = registry.put_model("{\"n\":\"" + tag + "\",\"weights\":\"" + weights + "\"}");
        registry.promote(id, registry.alias("champion"), {"promote", "night", "", tag, "{}", step});
        if (step % 5 == 4) registry.rollback({"rollback", "night", "", tag, "{}", step});
        if (::write(progress[1], "p", 1) != 1) return 1;
      }
    });
    char byte;
    REQUIRE(::read(progress[0], &byte, 1) == 1);
    ::usleep(stream.below(static_cast<uint64_t>(round), 9000));
    ::kill(pid, SIGKILL);
    CHECK(status_of(pid) == -SIGKILL);
    ::close(progress[0]), ::close(progress[1]);

    Registry registry(root);
    const auto findings = registry.verify();
    CHECK_MESSAGE(findings.empty(),
                  findings.front().file << ":" << findings.front().line << " " << findings.front().what);
    CHECK(registry.audit().size() > events);
    CHECK(registry.ledger().count("s").trials > trials);
    registry.append_audit({"run", "test", "", "went on", "{}", round});
    events = registry.audit().size();
    trials = registry.ledger().count("s").trials;
    CHECK(
        registry.object(nlohmann::json::parse(registry.model_manifest(*registry.alias("champion")))["weights"]).size() >
        5000);
  }
  Registry registry(root);
  const auto before = registry.models();
  registry.rebuild();
  CHECK(registry.models() == before);
  CHECK(registry.verify().empty());
}

TEST_CASE("several processes may make the same registry at once") {
  for (int round = 0; round < 10; ++round) {
    const TestFolder folder;
    std::vector<pid_t> children;
    for (int child = 0; child < 4; ++child)
      children.push_back(in_child([&, child] {
        Registry registry(folder / "r");
        registry.put_object("the same");
        registry.put_model("{\"same\":true}");
        registry.ledger().open({"s", std::to_string(child), "", 0, 0, ""});
        registry.append_audit({"run", std::to_string(child), "", "", "{}", 0});
        return 0;
      }));
    for (const pid_t pid : children) CHECK(status_of(pid) == 0);
    Registry registry(folder / "r");
    CHECK(registry.verify().empty());
    CHECK(registry.audit().size() == 4);
    CHECK(registry.ledger().count("s").trials == 4);
  }
}
