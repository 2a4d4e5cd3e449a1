#include "engine/walk/decision.hpp"

#include <algorithm>

#include "cuda/base/error.hpp"
#include "engine/learn/checkpoint.hpp"
#include "engine/registry/canonical_json.hpp"
#include "engine/walk/run_files.hpp"
#include "engine/walk/version.hpp"

namespace tf::walk {

using registry::Json;

namespace {

/// Stores the candidate's weights, config and results, and its manifest over them.
std::string put_candidate(const Setup& setup, const Outcome& run, registry::Registry& registry,
                          const std::optional<Deployed>& champion) {
  const Candidate& candidate = run.candidates[run.best];
  Json data = Json::array();
  for (const data::DayInfo& day : run.material.days)
    data.push_back(
        {{"instrument", setup.instrument}, {"day", to_text(day.day)}, {"content_digest", day.content_digest}});
  const Json manifest = {
      {"schema", "tickfold.model/1"},
      {"code", kCodeVersion},
      {"run", run.run_id},
      {"parent", champion ? Json(champion->model_id) : Json(nullptr)},
      {"candidate", candidate.text},
      {"candidate_digest", candidate.digest},
      {"model", setup.models[candidate.model].name},
      {"strategy_index", candidate.strategy},
      {"strategy", setup.strategies[candidate.strategy].text},
      {"seed", candidate.seed},
      {"weights", registry.put_object(run.best_model)},
      {"config", registry.put_object(setup.resolved)},
      {"walk", registry.put_object(registry::canonical_json(to_json(run.results[run.best].periods)))},
      {"schema_digest", run.material.table.schema.digest},
      {"features", run.material.table.schema.names},
      {"instrument", setup.instrument},
      {"data", data},
      {"train_last", to_text(run.material.days.back().day)},
      {"ledger_root", run.ledger_root},
      {"created_ns", run.material.days.back().last_ts}};
  return registry.put_model(manifest.dump());
}

}  // namespace

Deployed load_deployed(const Exec& exec, const registry::Registry& registry, const std::string& model_id,
                       const Setup& paths) {
  Deployed model;
  model.model_id = model_id;
  model.manifest = registry.model_manifest(model_id);
  const std::string where = "manifest of model " + model_id;
  const Json manifest = registry::parse_json(model.manifest, where);
  try {
    model.setup = reread_setup(registry.object(manifest.at("config").get<std::string>()), paths, exec);
    const std::string weights = manifest.at("weights").get<std::string>();
    const learn::Checkpoint checkpoint = learn::load(registry.object(weights), registry.object_path(weights));
    const Instrument instrument = data::TickStore::open(model.setup.store_root).instrument(model.setup.instrument);
    const features::Schema schema = features::schema_of(model.setup.features, instrument, exec);
    if (checkpoint.schema_digest != schema.digest)
      throw Error(ErrorKind::lookahead, "model " + model_id + " was frozen with feature schema " +
                                            checkpoint.schema_digest + ", this program computes " + schema.digest +
                                            ": it is not served");
    model.fitted = checkpoint.fitted;
    model.strategy = model.setup.strategies.at(manifest.at("strategy_index").get<std::size_t>());
    const auto first = parse_day(manifest.at("data").at(0).at("day").get<std::string>());
    const auto last = parse_day(manifest.at("train_last").get<std::string>());
    if (!first || !last) throw Error(ErrorKind::bad_data, where + ": the first day of data or train_last is no date");
    model.train_first = *first;
    model.train_last = *last;
    model.walk_periods =
        periods_from(registry::parse_json(registry.object(manifest.at("walk").get<std::string>()), where), where);
  } catch (const Json::exception& error) {
    throw Error(ErrorKind::bad_data, where + ": " + error.what());
  } catch (const std::out_of_range&) {
    throw Error(ErrorKind::bad_data, where + ": strategy_index names no strategy of its config");
  }
  return model;
}

std::vector<data::DayInfo> feature_days(const Deployed& model, const data::TickStore& store,
                                        const std::vector<data::DayInfo>& days) {
  if (model.setup.features.carry == features::Carry::day || days.empty()) return days;
  std::vector<data::DayInfo> all;
  for (const data::DayInfo& info : store.days(model.setup.instrument))
    if (info.day >= std::min(model.train_first, days.front().day) && info.day <= days.back().day) all.push_back(info);
  return all;
}

DeployedRun run_deployed(const Exec& exec, const Deployed& model, const data::TickStore& store,
                         const std::vector<data::DayInfo>& days) {
  DeployedRun run;
  run.table =
      features::compute(exec, model.setup.features, store, model.setup.instrument, feature_days(model, store, days));
  std::vector<double> signals(static_cast<std::size_t>(run.table.rows()));
  signals_from(exec, model.fitted, run.table.panel(), signals);
  std::vector<int32_t> unseen;
  for (std::size_t at = 0; at < run.table.days.size(); ++at) {
    const Day day = run.table.days[at].day;
    const bool asked =
        std::any_of(days.begin(), days.end(), [&](const data::DayInfo& info) { return info.day == day; });
    if (asked && day > model.train_last) unseen.push_back(static_cast<int32_t>(at));
  }
  const Panel<const double> panel{signals.data(), run.table.rows(), 1, 1};
  run.periods =
      simulate_days(exec, model.setup, store, run.table, unseen, panel, {{model.strategy, 0}}, &run.details).front();
  return run;
}

Decision decide(const Exec& exec, const Setup& setup, const Outcome& run, registry::Registry& registry,
                const std::optional<Deployed>& champion) {
  Decision decision;
  if (run.best < 0) {
    decision.gate.verdict = score::Verdict::reject;
    decision.gate.reason = "no candidate could be scored";
    return decision;
  }
  const CandidateResult& best = run.results[run.best];
  decision.candidate = best.card;
  decision.candidate_periods = best.periods;
  decision.candidate_model = put_candidate(setup, run, registry, champion);

  // The candidate's lane alone, for fills and equity: the same numbers as in the shared replay.
  const data::TickStore store = data::TickStore::open(setup.store_root);
  std::vector<int32_t> days;
  for (const Fold& fold : run.material.plan.folds)
    days.insert(days.end(), fold.test_days.begin(), fold.test_days.end());
  const Panel<const double> signals{run.best_signals.data(), run.material.table.rows(), 1, 1};
  const Choice& strategy = setup.strategies[run.candidates[run.best].strategy];
  simulate_days(exec, setup, store, run.material.table, days, signals, {{strategy, 0}}, &decision.candidate_details);

  if (champion) {
    std::vector<data::DayInfo> test_days;
    for (const int32_t index : days) test_days.push_back(run.material.days[index]);
    DeployedRun incumbent = run_deployed(exec, *champion, store, test_days);
    decision.incumbent_periods = std::move(incumbent.periods);
    decision.incumbent_details = std::move(incumbent.details);
    if (decision.incumbent_periods.size() >= 2) {
      // The champion's re-run is no new choice: it is counted in a search of its own.
      const registry::Trial trial{
          "incumbent " + search_of(setup), champion->model_id, ticks_digest(test_days), -1, 0, run.run_id};
      const score::Ticket ticket = registry.ledger().open(trial);
      decision.incumbent = score::score(ticket, decision.incumbent_periods, 1, 0, setup.gate.periods_per_year);
      registry.ledger().close(ticket, "scored", decision.incumbent->sharpe);
    }
  }
  const score::Scorecard none;
  decision.gate = score::judge(*decision.candidate, decision.candidate_periods,
                               champion ? (decision.incumbent ? &*decision.incumbent : &none) : nullptr,
                               decision.incumbent_periods, setup.gate, 1);
  return decision;
}

}  // namespace tf::walk
