#include "engine/watch/triggers.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "engine/walk/run_files.hpp"

namespace tf::watch {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::string text_of(const char* form, double a, double b) {
  char text[200];
  std::snprintf(text, sizeof text, form, a, b);
  return text;
}

Trigger schedule(const TriggerSpec& spec, const std::vector<data::DayInfo>& unseen) {
  Trigger trigger{"schedule", false, static_cast<double>(unseen.size()), static_cast<double>(spec.schedule_days), ""};
  trigger.fired = spec.schedule_days > 0 && static_cast<int>(unseen.size()) >= spec.schedule_days;
  trigger.words =
      text_of("%.0f trading days since the champion's last training day, bound %.0f", trigger.measured, trigger.bound);
  return trigger;
}

/// Mean of the newest unseen days against what the champion's walk-forward promised.
Trigger performance(const Exec& exec, const TriggerSpec& spec, const data::TickStore& store,
                    const walk::Deployed& champion, const std::vector<data::DayInfo>& unseen) {
  Trigger trigger{"performance", false, kNone, kNone, "off"};
  if (spec.performance_days == 0) return trigger;
  if (static_cast<int>(unseen.size()) < spec.performance_days) {
    trigger.words =
        "only " + std::to_string(unseen.size()) + " unseen days, " + std::to_string(spec.performance_days) + " needed";
    return trigger;
  }
  const std::vector<data::DayInfo> newest(unseen.end() - spec.performance_days, unseen.end());
  const walk::DeployedRun run = walk::run_deployed(exec, champion, store, newest);
  const score::Moments promised = score::moments(walk::net_of(champion.walk_periods));
  const score::Moments lived = score::moments(walk::net_of(run.periods));
  trigger.measured = lived.mean;
  trigger.bound = promised.mean - spec.performance_deviations * promised.deviation /
                                      std::sqrt(static_cast<double>(spec.performance_days));
  trigger.fired = !(trigger.measured >= trigger.bound);
  trigger.words = text_of("mean net of the newest days %.4g, bound %.4g from its walk-forward results",
                          trigger.measured, trigger.bound);
  return trigger;
}

/// The finite values of one feature over days [from, to).
void gather(const features::Table& table, int from, int to, int64_t lane, std::vector<double>& out) {
  for (int day = from; day < to; ++day)
    for (int64_t row = table.days[day].first; row < table.days[day].first + table.days[day].count; ++row)
      if (const double value = table.panel()(row, lane); std::isfinite(value)) out.push_back(value);
}

}  // namespace

std::span<const Field> TriggerSpec::fields() {
  using P = TriggerSpec;
  static const Field table[] = {
      TF_FIELD(P, schedule_days, 0, 100000, "days", "retrain after so many trading days; 0 = never"),
      TF_FIELD(P, performance_days, 0, 1000, "days", "window of the champion's newest results; 0 = off"),
      TF_FIELD(P, performance_deviations, 0, 100, "standard errors", "how far under its walk-forward mean"),
      TF_FIELD(P, drift_days, 0, 1000, "days", "newest days compared with the training days; 0 = off"),
      TF_FIELD(P, drift_level, 0, 1, "", "share of history windows beyond a feature's threshold"),
      TF_FIELD(P, drift_share, 0, 1, "", "share of features that must alarm")};
  return table;
}

bool TriggerReport::any() const {
  return std::any_of(triggers.begin(), triggers.end(), [](const Trigger& trigger) { return trigger.fired; });
}

std::string TriggerReport::fired() const {
  std::string kinds;
  for (const Trigger& trigger : triggers)
    if (trigger.fired) kinds += (kinds.empty() ? "" : "+") + trigger.kind;
  return kinds.empty() ? "none" : kinds;
}

std::vector<FeatureDrift> feature_drift(const features::Table& table, int train_days, int window_days, double level) {
  std::vector<FeatureDrift> drifts;
  const int days = static_cast<int>(table.days.size());
  for (int64_t lane = 0; lane < static_cast<int64_t>(table.schema.names.size()); ++lane) {
    FeatureDrift drift;
    drift.feature = table.schema.names[lane];
    std::vector<double> reference, current;
    gather(table, 0, train_days, lane, reference);
    gather(table, days - window_days, days, lane, current);
    drift.statistic = score::ks_distance(reference, current);
    std::vector<double> null;
    for (int from = 0; from + window_days <= train_days; ++from) {
      std::vector<double> window, others;
      gather(table, from, from + window_days, lane, window);
      gather(table, 0, from, lane, others);
      gather(table, from + window_days, train_days, lane, others);
      if (!window.empty() && !others.empty()) null.push_back(score::ks_distance(others, window));
    }
    std::sort(null.begin(), null.end());
    if (!null.empty()) {
      const auto rank = static_cast<std::size_t>(std::ceil((1 - level) * static_cast<double>(null.size())));
      drift.threshold = null[std::min(rank == 0 ? 0 : rank - 1, null.size() - 1)];
    } else {
      drift.threshold = kNone;
    }
    drift.alarm = drift.statistic > drift.threshold;
    drifts.push_back(drift);
  }
  return drifts;
}

TriggerReport evaluate_triggers(const Exec& exec, const TriggerSpec& spec, const data::TickStore& store,
                                const std::vector<data::DayInfo>& days, const std::optional<walk::Deployed>& champion) {
  TriggerReport report;
  if (!champion) {
    report.triggers.push_back({"no_champion", true, 0, 0, "there is no champion yet"});
    return report;
  }
  std::vector<data::DayInfo> seen, unseen;
  for (const data::DayInfo& day : days) {
    if (day.day > champion->train_last)
      unseen.push_back(day);
    else if (day.day >= champion->train_first)
      seen.push_back(day);
  }
  report.triggers.push_back(schedule(spec, unseen));
  report.triggers.push_back(performance(exec, spec, store, *champion, unseen));

  Trigger drift{"drift", false, kNone, spec.drift_share, "off"};
  if (spec.drift_days > 0) {
    const int window = spec.drift_days;
    if (static_cast<int>(unseen.size()) < window || static_cast<int>(seen.size()) < 2 * window) {
      drift.words =
          "too few days: " + std::to_string(seen.size()) + " seen, " + std::to_string(unseen.size()) + " unseen";
    } else {
      std::vector<data::DayInfo> both = seen;
      both.insert(both.end(), unseen.end() - window, unseen.end());
      const features::Table table =
          features::compute(exec, champion->setup.features, store, champion->setup.instrument, both);
      report.drift = feature_drift(table, static_cast<int>(seen.size()), window, spec.drift_level);
      const auto alarms =
          std::count_if(report.drift.begin(), report.drift.end(), [](const FeatureDrift& f) { return f.alarm; });
      drift.measured = static_cast<double>(alarms) / static_cast<double>(report.drift.size());
      drift.fired = drift.measured >= drift.bound && alarms > 0;
      drift.words = std::to_string(alarms) + " of " + std::to_string(report.drift.size()) +
                    " features beyond their calibrated threshold";
    }
  }
  report.triggers.push_back(drift);
  return report;
}

}  // namespace tf::watch
