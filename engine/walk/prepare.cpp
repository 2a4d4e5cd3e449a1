// What is done once before any fold: days, features, labels, targets, weights, folds, names.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "cuda/base/error.hpp"
#include "engine/learn/samples.hpp"
#include "engine/registry/canonical_json.hpp"
#include "engine/registry/hash.hpp"
#include "engine/walk/runner.hpp"
#include "engine/walk/version.hpp"

namespace tf::walk {

using registry::Json;

std::vector<data::DayInfo> days_of(const Setup& setup, const data::TickStore& store, const std::optional<Day>& as_of) {
  std::vector<data::DayInfo> days;
  for (const data::DayInfo& info : store.days(setup.instrument)) {
    const bool late = (as_of && info.day > *as_of) || (setup.last_day && info.day > *setup.last_day);
    const bool early = setup.first_day && info.day < *setup.first_day;
    if (!late && !early) days.push_back(info);
  }
  if (days.empty())
    throw Error(ErrorKind::no_input,
                "store " + store.root() + " has no day of " + setup.instrument + " within the bounds asked for");
  return days;
}

std::vector<data::DayInfo> history_of(const Setup& setup, std::vector<data::DayInfo> days) {
  const auto most = static_cast<std::size_t>(setup.folds.history_days);
  if (most && days.size() > most) days.erase(days.begin(), days.end() - static_cast<std::ptrdiff_t>(most));
  return days;
}

std::string ticks_digest(const std::vector<data::DayInfo>& days) {
  std::string digests;
  for (const data::DayInfo& day : days) digests += day.content_digest;
  return registry::sha256_hex(digests);
}

std::string run_id_of(const Setup& setup, const std::vector<data::DayInfo>& days) {
  Json data = Json::array();
  for (const data::DayInfo& day : days) data.push_back({{"day", to_text(day.day)}, {"digest", day.content_digest}});
  return registry::sha256_hex(registry::canonical_json(
      {{"config", setup.digest}, {"data", data}, {"instrument", setup.instrument}, {"code", kCodeVersion}}));
}

Material prepare(const Exec& exec, const Setup& setup, const data::TickStore& store, std::vector<data::DayInfo> days,
                 const features::Progress& progress) {
  Material material;
  material.days = std::move(days);
  material.table = features::compute(exec, setup.features, store, setup.instrument, material.days, progress);
  material.labels = market::make_labels(setup.label, material.table.bars);
  material.target = learn::targets(material.labels, setup.task);
  material.weights = learn::uniqueness(material.labels.t0, material.labels.t1, material.labels.value);
  material.ready = learn::ready_rows(material.table.panel(), material.target);
  material.lookback = series::FeatureSet(exec, setup.features.instances).lookback();
  material.plan =
      plan_folds(material.table, material.labels, material.ready, material.lookback, setup.features.carry, setup.folds);
  return material;
}

std::string search_of(const Setup& setup) {
  return registry::sha256_hex(setup.instrument + "\n" + params_text(params_type<market::LabelSpec>(), &setup.label));
}

std::vector<Candidate> candidates_of(const Setup& setup, const features::Schema& schema) {
  const std::string common = schema.canonical + params_text(params_type<market::LabelSpec>(), &setup.label) + "\n" +
                             params_text(params_type<learn::TrainSpec>(), &setup.train) + "\n" +
                             params_text(params_type<FoldSpec>(), &setup.folds) + "\n" +
                             params_text(params_type<market::SimulationSpec>(), &setup.simulation) + "\n" +
                             (setup.task == network::Task::regression ? "regression" : "classification") +
                             (setup.shuffle_labels ? " shuffled" : "");
  std::vector<Candidate> candidates;
  for (std::size_t model = 0; model < setup.models.size(); ++model)
    for (std::size_t seed = 0; seed < setup.seeds.size(); ++seed)
      for (std::size_t strategy = 0; strategy < setup.strategies.size(); ++strategy) {
        Candidate candidate;
        candidate.model = static_cast<int>(model);
        candidate.strategy = static_cast<int>(strategy);
        candidate.seed = setup.seeds[seed];
        candidate.fit = static_cast<int>(model * setup.seeds.size() + seed);
        candidate.text = setup.models[model].text + " seed=" + std::to_string(candidate.seed) + " " +
                         setup.strategies[strategy].text;
        candidate.digest = registry::sha256_hex(candidate.text + "\n" + common);
        candidates.push_back(candidate);
      }
  return candidates;
}

}  // namespace tf::walk
