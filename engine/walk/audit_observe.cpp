// What the stages of a walk knew, and when.
#include <algorithm>
#include <cmath>

#include "engine/learn/checkpoint.hpp"
#include "engine/registry/durable_file.hpp"
#include "engine/walk/audit_config.hpp"
#include "engine/walk/run_files.hpp"
#include "engine/walk/runner.hpp"

namespace tf::walk {
namespace {

/// The end of the day of each row, as its last bar knew it.
std::vector<int64_t> day_ends(const features::Table& table) {
  std::vector<int64_t> ends(static_cast<std::size_t>(table.rows()));
  for (const features::DayRows& day : table.days)
    for (int64_t row = day.first; row < day.first + day.count; ++row)
      ends[static_cast<std::size_t>(row)] = table.bars.known_ts[static_cast<std::size_t>(day.first + day.count - 1)];
  return ends;
}

template <class T>
std::vector<double> as_doubles(const std::vector<T>& values) {
  return {values.begin(), values.end()};
}

std::vector<Observation> of_material(const Material& material) {
  std::vector<Observation> seen;
  const features::Table& table = material.table;
  const std::vector<int64_t>&known = table.bars.known_ts, ends = day_ends(table);
  for (int column = 0; column < series::kBarColumns; ++column)
    seen.push_back({"bars", column_name(static_cast<series::BarColumn>(column)), known, table.bars.column[column]});
  seen.push_back({"bars", "open_ts", known, as_doubles(table.bars.open_ts)});
  seen.push_back({"bars", "tick_end", known, as_doubles(table.bars.tick_end)});
  for (int64_t lane = 0; lane < table.panel().lanes; ++lane) {
    Observation& feature = seen.emplace_back("features", table.schema.names[static_cast<std::size_t>(lane)], known);
    for (int64_t row = 0; row < table.rows(); ++row) feature.values.push_back(table.panel()(row, lane));
  }
  const market::LabelTable& labels = material.labels;
  seen.push_back({"labels", "value", labels.t1, labels.value});
  seen.push_back({"labels", "long_ticks", labels.t1, labels.long_ticks});
  seen.push_back({"labels", "short_ticks", labels.t1, labels.short_ticks});
  if (!labels.trend_t.empty()) seen.push_back({"labels", "trend_t", labels.t1, labels.trend_t});
  seen.push_back({"labels", "target", labels.t1, material.target});
  // A label that overlaps may turn out to be none at the end of its day.
  seen.push_back({"sample weights", "uniqueness", ends, material.weights.uniqueness});
  if (!material.weights.attribution.empty())
    seen.push_back({"sample weights", "attribution", ends, material.weights.attribution});
  return seen;
}

/// When what happened at the exchange by a time was known here: all ticks of that time or before had arrived.
class Arrivals {
 public:
  explicit Arrivals(const TickColumns& ticks) : known_(known_times(ticks)) {
    int64_t exch = INT64_MIN;
    for (const int64_t time : ticks.exch_ts) exch_.push_back(exch = std::max(exch, time));
  }
  int64_t of(int64_t exch_ts) const {
    const auto after = std::upper_bound(exch_.begin(), exch_.end(), exch_ts) - exch_.begin();
    return after == 0 ? exch_ts : std::max(exch_ts, known_[static_cast<std::size_t>(after - 1)]);
  }
  int64_t last() const { return known_.empty() ? INT64_MIN : known_.back(); }

 private:
  std::vector<int64_t> exch_, known_;
};

void add(Observation& to, int64_t known_ts, std::initializer_list<double> values) {
  for (const double value : values) {
    to.known_ts.push_back(known_ts);
    to.values.push_back(value);
  }
}

/// Fills and equity of one candidate over the test days of one fold.
void observe_money(const Exec& exec, const Setup& setup, const data::TickStore& store, const Outcome& run,
                   const Fold& fold, const Candidate& candidate, Panel<const double> signals,
                   const std::vector<Arrivals>& arrivals, Observation& fills, Observation& equity) {
  const features::Table& table = run.material.table;
  Details details;
  simulate_days(exec, setup, store, table, fold.test_days, signals,
                {{setup.strategies[static_cast<std::size_t>(candidate.strategy)], candidate.fit}}, &details);
  std::size_t fill = 0, point = 0;
  for (const int32_t index : fold.test_days) {
    const features::DayRows& day = table.days[static_cast<std::size_t>(index)];
    const Arrivals& arrival = arrivals[static_cast<std::size_t>(index)];
    constexpr int32_t kDayEndCause = 3;
    for (; fill < details.fills.size(); ++fill) {
      const market::Fill& one = details.fills[fill];
      if (one.time_ns > arrival.last() && index != fold.test_days.back()) break;  // of the next day
      add(fills, one.cause == kDayEndCause ? arrival.last() : arrival.of(one.time_ns),
          {static_cast<double>(one.time_ns), one.px, one.qty, one.fee});
      if (one.cause == kDayEndCause) {
        ++fill;
        break;
      }
    }
    // One point a bar, and one for the day's end.
    for (int64_t bar = 0; bar < day.count + (day.count > 0); ++bar, ++point)
      add(equity, bar == day.count ? arrival.last() : arrival.of(details.equity_ts[point]), {details.equity[point]});
  }
}

}  // namespace

std::vector<Observation> observe_material(const Exec& exec, const Setup& setup, const data::TickStore& store) {
  return of_material(prepare(exec, setup, store, store.days(setup.instrument), {}));
}

std::vector<Observation> observe_walk(const Exec& exec, const Setup& setup, const data::TickStore& store,
                                      const std::string& folder) {
  Setup own = setup;
  own.store_root = store.root();
  own.runs_root = folder + "/runs";
  registry::Registry registry(folder + "/registry");
  const Outcome run = run_walk(exec, own, registry, {});
  const Material& material = run.material;
  const features::Table& table = material.table;
  std::vector<Observation> seen = of_material(material);

  std::vector<Arrivals> arrivals;
  for (const features::DayRows& day : table.days) {
    data::ReadOptions options;
    options.columns = data::Column::exch_ts | data::Column::local_ts;
    arrivals.emplace_back(store.read_day(setup.instrument, day.day, options));
  }

  const std::size_t fits = own.models.size() * own.seeds.size();
  Observation rows{"folds", "training rows", {}, {}}, weights{"sample weights", "of the fold", {}, {}};
  std::vector<Observation> scalers, nets, signals, fills, equity;
  for (const Candidate& candidate : run.candidates) {
    fills.push_back({"fills", candidate.text, {}, {}});
    equity.push_back({"equity", candidate.text, {}, {}});
    if (static_cast<std::size_t>(candidate.fit) < scalers.size()) continue;
    const std::string name =
        own.models[static_cast<std::size_t>(candidate.model)].text + " seed=" + std::to_string(candidate.seed);
    scalers.push_back({"scaler", name, {}, {}});
    nets.push_back({"weights", name, {}, {}});
    signals.push_back({"signals", name, {}, {}});
  }

  Buffer<double> column(static_cast<std::size_t>(table.rows()));
  Buffer<double> memory(static_cast<std::size_t>(table.rows()) * fits);
  const Panel<double> panel = memory.panel(table.rows(), static_cast<int64_t>(fits));
  for (const Fold& fold : material.plan.folds) {
    const auto first_test = static_cast<std::size_t>(fold.test_days.front());
    const int64_t trained = arrivals[first_test - 1].last();
    const std::vector<double> fold_weights = weights_of(own, material, fold);
    for (const auto* part : {&fold.train, &fold.valid})
      for (const int32_t row : *part) {
        add(rows, trained, {static_cast<double>(row)});
        add(weights, trained, {fold_weights[static_cast<std::size_t>(row)]});
      }
    const features::DayRows &first = table.days[first_test],
                            &last = table.days[static_cast<std::size_t>(fold.test_days.back())];
    const int64_t test_rows = last.first + last.count - first.first;
    for (std::size_t fit = 0; fit < fits; ++fit) {
      const std::string path = fit_stem(run.folder, fold.index, static_cast<int>(fit)) + ".tfm";
      const std::span<double> values = column.span().first(static_cast<std::size_t>(test_rows));
      std::fill(values.begin(), values.end(), std::nan(""));
      if (registry::file_exists(path)) {
        const network::Fitted model = learn::load(registry::read_file(path), path).fitted;
        for (std::size_t at = 0; at < model.input_mean.size(); ++at)
          add(scalers[fit], trained, {model.input_mean[at], model.input_scale[at]});
        add(scalers[fit], trained, {model.target_mean, model.target_scale});
        for (const float weight : model.weights) add(nets[fit], trained, {weight});
        signals_from(exec, model, table.panel().part(first.first, test_rows), values);
      }
      for (int64_t row = 0; row < test_rows; ++row) {
        panel(first.first + row, static_cast<int64_t>(fit)) = values[static_cast<std::size_t>(row)];
        add(signals[fit], table.bars.known_ts[static_cast<std::size_t>(first.first + row)],
            {values[static_cast<std::size_t>(row)]});
      }
    }
    for (std::size_t at = 0; at < run.candidates.size(); ++at)
      observe_money(exec, own, store, run, fold, run.candidates[at], panel, arrivals, fills[at], equity[at]);
  }
  seen.push_back(rows);
  seen.push_back(weights);
  for (const auto* group : {&scalers, &nets, &signals, &fills, &equity})
    seen.insert(seen.end(), group->begin(), group->end());
  return seen;
}

}  // namespace tf::walk
