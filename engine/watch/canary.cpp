#include "engine/watch/canary.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "cuda/base/error.hpp"
#include "engine/registry/canonical_json.hpp"
#include "engine/walk/run_files.hpp"
#include "engine/watch/nightly.hpp"

namespace tf::watch {

using registry::Json;

bool same_bits(double a, double b) {
  if (std::isnan(a) && std::isnan(b)) return true;
  uint64_t x, y;
  std::memcpy(&x, &a, sizeof x);
  std::memcpy(&y, &b, sizeof y);
  return x == y;
}

std::span<const Field> CanarySpec::fields() {
  using P = CanarySpec;
  static const Field table[] = {TF_FIELD(P, loss_budget, 0, kAny, "currency", "a day's net loss beyond it rolls back"),
                                TF_FIELD(P, roll_back, 0, 1, "", "false: say it, move nothing"),
                                TF_TEXT_FIELD(P, actor, nullptr, "who the audit log names")};
  return table;
}

namespace {

void compare(const char* what, const std::string& name, int64_t row, double streamed, double batch, int64_t& count,
             int64_t& differing, Parity& parity) {
  ++count;
  if (same_bits(streamed, batch)) return;
  if (parity.first_difference.empty())
    parity.first_difference = std::string(what) + " " + name + " of bar " + std::to_string(row) + ": streamed " +
                              registry::number_text(streamed) + ", batch " + registry::number_text(batch);
  ++differing;
}

CanaryModel stream_day(const Exec& exec, const walk::Deployed& model, const data::TickStore& store,
                       const data::DayInfo& day) {
  CanaryModel result;
  result.model_id = model.model_id;
  const std::vector<data::DayInfo> days = walk::feature_days(model, store, {day});
  const features::Table batch = features::compute(exec, model.setup.features, store, model.setup.instrument, days);
  std::vector<double> batch_signals(static_cast<std::size_t>(batch.rows()));
  walk::signals_from(exec, model.fitted, batch.panel(), batch_signals);
  const features::DayRows& last = batch.days.back();

  // One tick at a time, one row at a time: what serving does.
  const auto lanes = static_cast<int64_t>(batch.schema.names.size());
  std::vector<double> streamed(static_cast<std::size_t>(batch.rows()), std::nan(""));
  int64_t row = 0;
  Parity& parity = result.parity;
  network::RowPredictor predictor(exec, model.fitted);
  const double offset = walk::signal_offset(model.fitted);
  const auto take = [&](int64_t known_ts, std::span<const double> features) {
    const double signal = predictor(features) - offset;
    if (row >= batch.rows() || batch.bars.known_ts[row] != known_ts) {
      if (parity.first_difference.empty())
        parity.first_difference = "bar " + std::to_string(row) + " is known at another time";
      ++parity.differing_features;
      ++row;
      return;
    }
    for (int64_t lane = 0; lane < lanes; ++lane)
      compare("feature", batch.schema.names[lane], row, features[lane], batch.panel()(row, lane), parity.feature_values,
              parity.differing_features, parity);
    compare("prediction", "", row, signal, batch_signals[row], parity.predictions, parity.differing_predictions,
            parity);
    streamed[row++] = signal;
  };
  features::Stream stream(exec, model.setup.features, store.instrument(model.setup.instrument));
  for (const data::DayInfo& info : days) {
    const TickColumns ticks = store.read_day(model.setup.instrument, info.day);
    const std::string& id = model.setup.features.reference;
    TickColumns reference;
    if (!id.empty() && store.has_day(id, info.day)) reference = store.read_day(id, info.day);
    stream.begin_day(info.day);
    std::size_t fed = 0;
    int64_t now = INT64_MIN, reference_now = INT64_MIN;
    for (std::size_t at = 0; at < ticks.size(); ++at) {
      now = std::max(now, ticks.local_ts[at]);
      const std::size_t from = fed;
      for (; fed < reference.size(); ++fed) {
        reference_now = std::max(reference_now, reference.local_ts[fed]);
        if (reference_now >= now) break;
      }
      if (fed > from) stream.push_reference(reference.span().part(from, fed - from));
      stream.push(ticks.span().part(at, 1), take);
    }
    stream.end_day(take);
  }
  parity.rows = row;
  if (row != batch.rows()) {
    ++parity.differing_features;
    if (parity.first_difference.empty())
      parity.first_difference =
          std::to_string(row) + " bars streamed, " + std::to_string(batch.rows()) + " in the batch";
  }

  const auto index = static_cast<int32_t>(days.size() - 1);
  const Panel<const double> signals{streamed.data(), batch.rows(), 1, 1};
  result.result =
      walk::simulate_days(exec, model.setup, store, batch, {&index, 1}, signals, {{model.strategy, 0}}).front().front();
  expect(last.day == day.day, "the canary's day is the last one");
  return result;
}

}  // namespace

Canary run_canary(const Exec& exec, const walk::Setup& paths, const CanarySpec& spec, registry::Registry& registry,
                  std::optional<Day> day) {
  const auto champion_id = registry.alias("champion");
  if (!champion_id)
    throw Error(ErrorKind::no_input, registry.root() + ": there is no champion to watch: run tickfold nightly first");
  const data::TickStore store = data::TickStore::open(paths.store_root);
  const walk::Deployed champion = walk::load_deployed(exec, registry, *champion_id, paths);
  const std::vector<data::DayInfo> all = store.days(champion.setup.instrument);

  Canary canary;
  const data::DayInfo* chosen = nullptr;
  for (const data::DayInfo& info : all)
    if (day ? info.day == *day : info.day > champion.train_last && (!chosen)) chosen = &info;
  if (!chosen)
    throw Error(ErrorKind::no_input, "store " + store.root() + " has no day " +
                                         (day ? to_text(*day) : "after " + to_text(champion.train_last)) + " of " +
                                         champion.setup.instrument);
  if (chosen->day <= champion.train_last)
    throw Error(ErrorKind::lookahead, to_text(chosen->day) + " is a day the champion was trained on (until " +
                                          to_text(champion.train_last) + ")");
  canary.day = chosen->day;

  canary.models.push_back(stream_day(exec, champion, store, *chosen));
  canary.models.back().role = "champion";
  const auto previous_id = registry.alias("previous");
  if (previous_id) {
    const walk::Deployed previous = walk::load_deployed(exec, registry, *previous_id, paths);
    canary.models.push_back(stream_day(exec, previous, store, *chosen));
    canary.models.back().role = "previous";
  }

  const CanaryModel& watched = canary.models.front();
  char money[120];
  std::snprintf(money, sizeof money, "net %.6g on %s, budget -%.6g", watched.result.net, to_text(canary.day).c_str(),
                spec.loss_budget);
  canary.verdict = "keep";
  canary.reason = money;
  for (const CanaryModel& model : canary.models)
    if (!model.parity.equal()) {
      canary.verdict = "skew";
      canary.reason = model.role + ": streamed and batch differ: " + model.parity.first_difference;
    }
  if (canary.verdict == "keep" && watched.result.net < -spec.loss_budget) canary.verdict = "rollback";
  canary.champion_after = champion_id;
  const std::string detail = registry::canonical_json(
      {{"day", to_text(canary.day)},
       {"verdict", canary.verdict},
       {"net", walk::number(watched.result.net)},
       {"loss_budget", spec.loss_budget},
       {"predictions", watched.parity.predictions},
       {"differing", watched.parity.differing_predictions + watched.parity.differing_features}});
  audit_once(registry,
             {"canary", spec.actor, *champion_id, canary.verdict + ": " + canary.reason, detail, chosen->last_ts});
  if (canary.verdict != "keep" && spec.roll_back && previous_id)
    canary.champion_after =
        registry.rollback({"rollback", spec.actor, *champion_id, canary.reason, detail, chosen->last_ts});
  return canary;
}

}  // namespace tf::watch
