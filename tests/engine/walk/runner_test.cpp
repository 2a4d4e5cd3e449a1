#include "engine/walk/runner.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <map>

#include "../small_market.hpp"
#include "cuda/base/error.hpp"
#include "engine/registry/durable_file.hpp"
#include "engine/walk/decision.hpp"

using namespace tf;

namespace {

walk::Setup setup_in(const ScratchFolder& folder, const Exec& exec,
                     const std::string& extra = "[search]\nseeds = 2\n") {
  setenv("TF_LEARN_LIBRARY", TF_PLAIN_TRAINER, 1);
  const config::Reader reader = config::Reader::from_text(small_config(folder / "", extra), "test");
  walk::Setup setup = walk::read_setup(reader, exec);
  walk::seal(setup, reader);
  return setup;
}

/// The bytes of every file of runs and of the logs and models of the registry, by relative path.
std::map<std::string, std::string> bytes_in(const ScratchFolder& folder) {
  std::map<std::string, std::string> files;
  const std::string root = folder / "";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    const std::string path = entry.path().string().substr(root.size());
    const bool counts = path.rfind("runs/", 0) == 0 || path.find(".jsonl") != std::string::npos;
    if (entry.is_regular_file() && counts && path.find(".lock") == std::string::npos)
      files[path] = registry::read_file(entry.path().string());
  }
  return files;
}

walk::Outcome run(const Exec& exec, const walk::Setup& setup, const walk::RunOptions& options = {}) {
  registry::Registry registry(setup.registry_root);
  return walk::run_walk(exec, setup, registry, options);
}

Exec with_threads(int threads) {
  Exec exec = pick_exec();
  exec.threads = threads;
  return exec;
}

}  // namespace

TEST_CASE("a walk leaves the same bytes with any number of threads, and a finished one is found finished") {
  const ScratchFolder one, three;
  small_store(one / "store", 6, 4000);
  small_store(three / "store", 6, 4000);
  // The configs name their own folders, but paths are no part of what a run is.
  const walk::Outcome a = run(with_threads(1), setup_in(one, with_threads(1)));
  const walk::Outcome b = run(with_threads(3), setup_in(three, with_threads(3)));
  CHECK(a.run_id == b.run_id);
  CHECK(a.candidates.size() == 4);
  CHECK(a.best >= 0);
  auto left = bytes_in(one), right = bytes_in(three);
  const std::string config = "runs/" + a.run_id.substr(0, 16) + "/config.toml";
  REQUIRE(left.count(config) == 1);
  left.erase(config);
  right.erase(config);
  CHECK(left.size() > 15);
  CHECK(left == right);
  const walk::Outcome again = run(with_threads(2), setup_in(one, with_threads(2)));
  CHECK(again.resumed);
  left = bytes_in(one);
  left.erase(config);
  CHECK(left == right);
}

TEST_CASE("a walk that is told to stop ends at a safe point and goes on to the same bytes") {
  const ScratchFolder whole, cut;
  small_store(whole / "store", 6, 3000);
  small_store(cut / "store", 6, 3000);
  run(with_threads(2), setup_in(whole, with_threads(2)));
  std::atomic<bool> stop{false};
  walk::RunOptions options;
  options.stop = &stop;
  int interruptions = 0;
  for (const double until : {0.0, 0.4, 0.8}) {
    stop = false;
    options.progress = [&](const std::string& what, double share) {
      if (what == "train" && share > until) stop = true;
    };
    try {
      run(with_threads(2), setup_in(cut, with_threads(2)), options);
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::again);
      ++interruptions;
    }
  }
  CHECK(interruptions > 0);
  run(with_threads(2), setup_in(cut, with_threads(2)));
  auto left = bytes_in(whole), right = bytes_in(cut);
  for (auto* files : {&left, &right})
    std::erase_if(*files, [](const auto& file) { return file.first.find("config.toml") != std::string::npos; });
  CHECK(left == right);
}

TEST_CASE("every candidate is a trial in the ledger, once, and a failed one stays counted") {
  const ScratchFolder folder;
  small_store(folder / "store", 6, 3000);
  const walk::Setup setup = setup_in(folder, with_threads(2), "[search]\nfirst_seed = 12\nseeds = 3\n");
  const walk::Outcome outcome = run(with_threads(2), setup);
  registry::Registry registry(setup.registry_root);
  CHECK(registry.ledger().count(walk::search_of(setup)).trials == 6);
  int failed = 0;
  for (std::size_t at = 0; at < outcome.candidates.size(); ++at) {
    const bool is13 = outcome.candidates[at].seed == 13;
    CHECK(outcome.results[at].failure.empty() == !is13);
    failed += is13;
    if (!is13) CHECK(outcome.results[at].card.trials == 6);
  }
  CHECK(failed == 2);
  run(with_threads(2), setup);
  CHECK(registry.ledger().count(walk::search_of(setup)).trials == 6);
}

TEST_CASE(
    "the incumbent is judged on days it has not seen, with its own frozen weights, and equals its simulation to the "
    "bit") {
  const ScratchFolder folder;
  const data::TickStore store = small_store(folder / "store", 9, 3000);
  const Exec exec = with_threads(2);
  const walk::Setup setup = setup_in(folder, exec);
  registry::Registry registry(setup.registry_root);
  walk::RunOptions options;
  options.as_of = Day{19800 + 5};
  const walk::Outcome first = walk::run_walk(exec, setup, registry, options);
  const walk::Decision opening = walk::decide(exec, setup, first, registry, {});
  REQUIRE(!opening.candidate_model.empty());
  CHECK(!opening.incumbent);
  const walk::Deployed champion = walk::load_deployed(exec, registry, opening.candidate_model, setup);
  CHECK(champion.train_first == Day{19800});
  CHECK(champion.train_last == Day{19800 + 5});
  CHECK(champion.walk_periods.size() == first.results[first.best].periods.size());

  options.as_of = {};
  const walk::Outcome second = walk::run_walk(exec, setup, registry, options);
  const walk::Decision later = walk::decide(exec, setup, second, registry, champion);
  REQUIRE(later.incumbent_periods.size() == 3);
  for (const score::Period& period : later.incumbent_periods) CHECK(period.start_ns > champion.train_last.start_ns());
  // The candidate's single lane, drawn for the report, earns what it earned among all lanes.
  double net = 0;
  for (const score::Period& period : later.candidate_periods) net += period.net;
  CHECK(later.candidate_details.equity.back() == doctest::Approx(net).epsilon(1e-12));
  // Another arithmetic of features, another digest: not served.
  walk::Deployed loaded = walk::load_deployed(exec, registry, later.candidate_model, setup);
  CHECK(loaded.model_id == later.candidate_model);
}

TEST_CASE("a model is not served when its instrument's trading hours have changed since") {
  const ScratchFolder folder;
  small_store(folder / "store", 6, 3000);
  const Exec exec = with_threads(2);
  const walk::Setup setup = setup_in(folder, exec);
  registry::Registry registry(setup.registry_root);
  const walk::Outcome outcome = walk::run_walk(exec, setup, registry, {});
  const walk::Decision decision = walk::decide(exec, setup, outcome, registry, {});
  REQUIRE(!decision.candidate_model.empty());
  CHECK(walk::load_deployed(exec, registry, decision.candidate_model, setup).model_id == decision.candidate_model);
  std::ofstream(folder / "store/test/SMALL/instrument.toml", std::ios::app) << "sessions = \"mon-fri 09:30-16:00\"\n";
  try {
    walk::load_deployed(exec, registry, decision.candidate_model, setup);
    FAIL("a model of other trading hours was loaded");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::lookahead);
    CHECK(std::string(error.what()).find("is not served") != std::string::npos);
  }
}
