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
  Json run = {{"config", setup.digest}, {"data", data}, {"instrument", setup.instrument}, {"code", kCodeVersion}};
  if (days.empty()) return registry::sha256_hex(registry::canonical_json(run));
  const data::TickStore store = data::TickStore::open(setup.store_root);
  // Bars end at a session's bounds, and clock features count from them.
  if (const Instrument instrument = store.instrument(setup.instrument); !instrument.sessions.empty())
    run["sessions"] = instrument.zone + " " + instrument.sessions;
  if (const std::string& id = setup.features.reference; !id.empty()) {
    Json reference = Json::array();
    for (const data::DayInfo& day : store.days(id))
      if (day.day >= days.front().day && day.day <= days.back().day)
        reference.push_back({{"day", to_text(day.day)}, {"digest", day.content_digest}});
    run["reference"] = reference;
  }
  return registry::sha256_hex(registry::canonical_json(run));
}

namespace {

/// The labels of a table, with the feature and the ticks they ask for.
market::LabelTable make_labels(const Setup& setup, const data::TickStore& store, const features::Table& table) {
  market::LabelSources sources;
  sources.range_of_trades = setup.features.bars.price == "trade";
  std::vector<double> side;
  if (!setup.label.side.empty()) {
    const std::vector<std::string>& names = table.schema.names;
    const auto found = std::find(names.begin(), names.end(), setup.label.side);
    if (found == names.end())
      throw Error(ErrorKind::config, "label: side \"" + setup.label.side + "\" is no feature of this config: " +
                                         config::suggest(setup.label.side, names));
    for (int64_t row = 0; row < table.rows(); ++row) side.push_back(table.panel()(row, found - names.begin()));
    sources.side = side;
  }
  sources.ticks = [&](int32_t day) {
    data::ReadOptions options;
    options.columns = data::kAllColumns & ~static_cast<uint32_t>(data::Column::order_id);
    market::TouchRecorder recorder;
    recorder.push(store.read_day(setup.instrument, Day{day}, options).span());
    return recorder.path();
  };
  return market::make_labels(setup.label, table.bars, sources);
}

/// Fields as text, of which those after the first `always` are left out where they hold their default: a field that
/// came later leaves the names of all that was tried before as they are.
std::string grown_text(const ParamsType& type, const void* params, std::size_t always) {
  std::string text;
  const std::shared_ptr<void> defaults = type.make();
  for (std::size_t at = 0; at < type.fields.size(); ++at) {
    const ParamsType one{type.fields.subspan(at, 1), type.make, type.copy};
    const std::string field = params_text(one, params);
    if (at >= always && field == params_text(one, defaults.get())) continue;
    text += (text.empty() ? "" : ",") + field;
  }
  return text;
}

std::string label_text(const Setup& setup) { return grown_text(params_type<market::LabelSpec>(), &setup.label, 6); }

}  // namespace

Material prepare(const Exec& exec, const Setup& setup, const data::TickStore& store, std::vector<data::DayInfo> days,
                 const features::Progress& progress) {
  Material material;
  material.days = std::move(days);
  material.table = features::compute(exec, setup.features, store, setup.instrument, material.days, progress);
  material.labels = make_labels(setup, store, material.table);
  material.target = learn::targets(material.labels, setup.task);
  material.weights = market::weight_parts(setup.weights, material.table.bars, material.labels.t0, material.labels.t1,
                                          material.labels.value);
  material.ready = learn::ready_rows(material.table.panel(), material.target);
  material.lookback = series::FeatureSet(exec, setup.features.instances).lookback();
  material.plan =
      plan_folds(material.table, material.labels, material.ready, material.lookback, setup.features.carry, setup.folds);
  return material;
}

std::vector<double> weights_of(const Setup& setup, const Material& material, const Fold& fold) {
  const market::WeightSpec& spec = setup.weights;
  // Uniqueness alone stays in its own unit: a factor common to all rows changes no loss but by rounding, and runs of
  // before there was a choice keep their bits.
  if (spec.uniqueness && !spec.attribution && spec.decay == 1 && !spec.balance) return material.weights.uniqueness;
  return market::fold_weights(spec, material.weights, material.target, fold.train, fold.valid);
}

std::string search_of(const Setup& setup) { return registry::sha256_hex(setup.instrument + "\n" + label_text(setup)); }

std::vector<Candidate> candidates_of(const Setup& setup, const features::Schema& schema) {
  const std::string common =
      schema.canonical + label_text(setup) + "\n" + params_text(params_type<learn::TrainSpec>(), &setup.train) + "\n" +
      params_text(params_type<FoldSpec>(), &setup.folds) + "\n" +
      params_text(params_type<market::SimulationSpec>(), &setup.simulation) + "\n" +
      (setup.task == network::Task::regression ? "regression" : "classification") +
      (setup.shuffle_labels ? " shuffled" : "") + grown_text(params_type<market::WeightSpec>(), &setup.weights, 0);
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
