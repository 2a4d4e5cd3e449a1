#include "engine/walk/runner.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <mutex>

#include "cuda/base/error.hpp"
#include "cuda/base/parallel.hpp"
#include "cuda/base/philox.hpp"
#include "engine/learn/checkpoint.hpp"
#include "engine/registry/canonical_json.hpp"
#include "engine/registry/durable_file.hpp"
#include "engine/walk/run_files.hpp"
#include "engine/walk/version.hpp"

namespace tf::walk {
namespace {

using registry::Json;

/// One run in progress.
class Run {
 public:
  Run(const Exec& exec, const Setup& setup, registry::Registry& registry, const RunOptions& options)
      : exec_(exec),
        setup_(setup),
        registry_(registry),
        options_(options),
        store_(data::TickStore::open(setup.store_root)) {
    single_ = exec;
    single_.threads = 1;
  }

  Outcome go() {
    std::vector<data::DayInfo> days = history_of(setup_, days_of(setup_, store_, options_.as_of));
    out_.run_id = run_id_of(setup_, days);
    out_.folder = (std::filesystem::path(setup_.runs_root) / out_.run_id.substr(0, 16)).string();
    out_.resumed = registry::file_exists(out_.folder + "/manifest.json");
    registry::make_folder(out_.folder + "/fits");
    registry::make_folder(out_.folder + "/folds");
    const registry::FileHandle lock_file(out_.folder + "/.lock", O_RDWR | O_CREAT);
    const registry::ExclusiveLock lock(lock_file, out_.folder + "/.lock");

    out_.material = prepare(exec_, setup_, store_, std::move(days), options_.progress);
    out_.candidates = candidates_of(setup_, out_.material.table.schema);
    write_start();
    open_trials();
    fit_all();
    simulate_all();
    score_all();
    fit_best();
    return std::move(out_);
  }

 private:
  int fits() const { return static_cast<int>(setup_.models.size() * setup_.seeds.size()); }
  const Candidate& of_fit(int fit) const {
    return out_.candidates[static_cast<std::size_t>(fit) * setup_.strategies.size()];
  }
  void report(const std::string& what, double share) const {
    if (options_.progress) options_.progress(what, share);
  }
  void stop_if_asked() const {
    if (options_.stop && options_.stop->load())
      throw Error(ErrorKind::again, "interrupted; the same command goes on from " + out_.folder);
  }

  void write_start() {
    if (registry::file_exists(out_.folder + "/manifest.json")) {
      if (read_sealed(out_.folder + "/manifest.json").value("run", "") != out_.run_id)
        throw Error(ErrorKind::bad_data, out_.folder + "/manifest.json: is of another run");
      return;
    }
    registry::write_durably(out_.folder + "/config.toml", setup_.resolved);
    registry::write_durably(out_.folder + "/manifest.json", manifest_json(setup_, out_));
  }

  void open_trials() {
    const std::string search = search_of(setup_);
    const std::string data_digest = ticks_digest(out_.material.days);
    std::vector<registry::Trial> trials;
    for (const Candidate& candidate : out_.candidates)
      trials.push_back({search, candidate.digest, data_digest, -1, static_cast<uint64_t>(candidate.seed), out_.run_id});
    tickets_ = registry_.ledger().open_all(trials);
  }

  /// What a fit of a placebo run sees: the targets of its own rows, permuted.
  std::vector<double> shuffled_target(const Fold& fold, const Candidate& candidate) const {
    std::vector<double> target = out_.material.target;
    std::vector<int32_t> rows = fold.train;
    rows.insert(rows.end(), fold.valid.begin(), fold.valid.end());
    const RandomStream random{static_cast<uint64_t>(candidate.seed), Purpose::shuffle_labels,
                              static_cast<uint32_t>(fold.index + 1)};
    for (std::size_t at = rows.size(); at > 1; --at) {
      const std::size_t other = random.below(at, static_cast<uint32_t>(at));
      std::swap(target[rows[at - 1]], target[rows[other]]);
    }
    return target;
  }

  /// Trains one fit of one fold, or reads what an earlier start left.
  void fit(const Fold& fold, int index, const std::string& stem) const {
    if (registry::file_exists(stem + ".json")) return;
    const Candidate& candidate = of_fit(index);
    const Choice& model = setup_.models[candidate.model];
    const auto& schema = out_.material.table.schema;
    learn::FitReport report;
    learn::Checkpoint checkpoint;
    if (fold.train.empty()) {
      report.failure = "no training row is left after purging";
    } else {
      std::vector<double> shuffled;
      if (setup_.shuffle_labels) shuffled = shuffled_target(fold, candidate);
      learn::TrainInput input;
      input.x = out_.material.table.panel();
      input.y = setup_.shuffle_labels ? shuffled : out_.material.target;
      const std::vector<double> weights = weights_of(setup_, out_.material, fold);
      input.weights = weights;
      input.train_rows = fold.train;
      input.valid_rows = fold.valid;
      const network::Network network =
          learn::find_model(model.name).build(model.params.get(), static_cast<int>(schema.names.size()), setup_.task);
      checkpoint.fitted =
          learn::torch_trainer().fit(network, setup_.train, input, static_cast<uint64_t>(candidate.seed), report);
    }
    if (report.failure.empty()) {
      checkpoint.model = model.name;
      checkpoint.model_params = model.text;
      checkpoint.schema_digest = schema.digest;
      checkpoint.seed = static_cast<uint64_t>(candidate.seed);
      registry::write_durably(stem + ".tfm", learn::save(checkpoint));
    }
    registry::write_durably(stem + ".json", fit_json(report));
  }

  void fit_all() {
    const auto& folds = out_.material.plan.folds;
    const int64_t jobs = static_cast<int64_t>(folds.size()) * fits();
    learn::torch_trainer();  // loaded once, before threads
    std::mutex guard;
    int64_t done = 0;
    parallel_for(exec_.threads, jobs, [&](int64_t job) {
      stop_if_asked();
      fit(folds[job / fits()], static_cast<int>(job % fits()),
          fit_stem(out_.folder, static_cast<int>(job / fits()), static_cast<int>(job % fits())));
      const std::scoped_lock lock(guard);
      report("train", static_cast<double>(++done) / static_cast<double>(jobs));
    });
  }

  /// Signals of every sound fit over the test rows of one fold: [row of the table][fit].
  void predict_fold(const Fold& fold, Panel<double> signals) const {
    const features::DayRows &first = out_.material.table.days[fold.test_days.front()],
                            &last = out_.material.table.days[fold.test_days.back()];
    const int64_t rows = last.first + last.count - first.first;
    std::vector<double> column(static_cast<std::size_t>(rows));
    for (int index = 0; index < fits(); ++index) {
      const std::string path = fit_stem(out_.folder, fold.index, index) + ".tfm";
      if (registry::file_exists(path)) {
        const learn::Checkpoint checkpoint = learn::load(registry::read_file(path), path);
        signals_from(single_, checkpoint.fitted, out_.material.table.panel().part(first.first, rows), column);
      } else {
        std::fill(column.begin(), column.end(), std::numeric_limits<double>::quiet_NaN());
      }
      for (int64_t row = 0; row < rows; ++row) signals(first.first + row, index) = column[row];
    }
  }

  void simulate_all() {
    const auto& folds = out_.material.plan.folds;
    std::vector<Lane> lanes;
    for (const Candidate& candidate : out_.candidates)
      lanes.push_back({setup_.strategies[candidate.strategy], candidate.fit});
    signals_ = Buffer<double>(static_cast<std::size_t>(out_.material.table.rows() * fits()));
    const Panel<double> signals = signals_.panel(out_.material.table.rows(), fits());
    std::mutex guard;
    int64_t done = 0;
    parallel_for(exec_.threads, static_cast<int64_t>(folds.size()), [&](int64_t at) {
      stop_if_asked();
      predict_fold(folds[at], signals);
      const std::string path = fold_path(out_.folder, static_cast<int>(at));
      if (!registry::file_exists(path)) {
        const auto periods =
            simulate_days(single_, setup_, store_, out_.material.table, folds[at].test_days, signals, lanes);
        registry::write_durably(path, fold_json(periods));
      }
      const std::scoped_lock lock(guard);
      report("simulate", static_cast<double>(++done) / static_cast<double>(folds.size()));
    });
  }

  /// Why a candidate has no score: the first fold whose fit failed.
  std::string failure_of(const Candidate& candidate) const {
    for (const Fold& fold : out_.material.plan.folds) {
      const std::string path = fit_stem(out_.folder, fold.index, candidate.fit) + ".json";
      const std::string failure = read_sealed(path).value("failure", "");
      if (!failure.empty()) return "fold " + std::to_string(fold.index) + ": " + failure;
    }
    return {};
  }

  struct Count {
    int64_t trials;
    double variance;
  };
  /// N and the spread as they were when this run closed its trials: later trials deflate later runs, and a run called
  /// again says what it said.
  Count pinned_count() {
    const std::string path = out_.folder + "/trials.json";
    if (!registry::file_exists(path)) {
      const auto count = registry_.ledger().count(search_of(setup_), out_.run_id);
      registry::write_durably(path, sealed({{"schema", "tickfold.trials/1"},
                                            {"trials", count.trials},
                                            {"variance", count.variance},
                                            {"ledger_lines", registry_.ledger().lines()},
                                            {"ledger_root", registry_.ledger().root_hex()}}));
    }
    const Json pinned = read_sealed(path);
    out_.ledger_root = pinned.at("ledger_root");
    return {pinned.at("trials"), pinned.at("variance")};
  }

  void score_all() {
    out_.results.resize(out_.candidates.size());
    for (const Fold& fold : out_.material.plan.folds) {
      const auto periods = read_fold(fold_path(out_.folder, fold.index), out_.candidates.size());
      for (std::size_t at = 0; at < periods.size(); ++at)
        out_.results[at].periods.insert(out_.results[at].periods.end(), periods[at].begin(), periods[at].end());
    }
    // Every trial is closed before any is deflated: N and the variance are those of the whole search.
    std::vector<registry::TrialLedger::Ending> endings;
    for (std::size_t at = 0; at < out_.candidates.size(); ++at) {
      CandidateResult& result = out_.results[at];
      result.failure = failure_of(out_.candidates[at]);
      const double sharpe = score::sharpe(net_of(result.periods));
      if (result.failure.empty() && !std::isfinite(sharpe))
        result.failure = "its Sharpe ratio is undefined (no trades, or too few days)";
      endings.push_back(
          {tickets_[at], result.failure.empty() ? "scored" : "failed", result.failure.empty() ? sharpe : 0});
    }
    registry_.ledger().close_all(endings);
    const Count count = pinned_count();
    for (std::size_t at = 0; at < out_.candidates.size(); ++at) {
      CandidateResult& result = out_.results[at];
      if (!result.failure.empty()) continue;
      result.card =
          score::score(tickets_[at], result.periods, count.trials, count.variance, setup_.gate.periods_per_year);
      if (out_.best < 0 || result.card.sharpe > out_.results[out_.best].card.sharpe) out_.best = static_cast<int>(at);
    }
  }

  /// The newest window, trained as the best candidate was: what would be deployed.
  void fit_best() {
    stop_if_asked();
    if (out_.best >= 0) {
      const Candidate& best = out_.candidates[out_.best];
      const std::string stem = out_.folder + "/model";
      fit(out_.material.plan.final_fit, best.fit, stem);
      const std::string failure = read_sealed(stem + ".json").value("failure", "");
      if (failure.empty()) {
        out_.best_model = registry::read_file(stem + ".tfm");
      } else {
        out_.results[out_.best].failure = "final fit: " + failure;
        out_.best = -1;
      }
    }
    if (out_.best >= 0) {
      const Panel<const double> signals = signals_.panel(out_.material.table.rows(), fits());
      out_.best_signals.assign(static_cast<std::size_t>(out_.material.table.rows()),
                               std::numeric_limits<double>::quiet_NaN());
      for (const Fold& fold : out_.material.plan.folds)
        for (const int32_t index : fold.test_days) {
          const features::DayRows& day = out_.material.table.days[index];
          for (int64_t row = day.first; row < day.first + day.count; ++row)
            out_.best_signals[row] = signals(row, out_.candidates[out_.best].fit);
        }
    }
    registry::write_durably(out_.folder + "/result.json", result_json(setup_, out_));
  }

  Exec exec_, single_;
  const Setup& setup_;
  registry::Registry& registry_;
  const RunOptions& options_;
  data::TickStore store_;
  Outcome out_;
  std::vector<score::Ticket> tickets_;
  Buffer<double> signals_;  // [row][fit]
};

}  // namespace

Outcome run_walk(const Exec& exec, const Setup& setup, registry::Registry& registry, const RunOptions& options) {
  return Run(exec, setup, registry, options).go();
}

}  // namespace tf::walk
