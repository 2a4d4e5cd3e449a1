// What makes a night retrain: no champion, schedule, performance, drift (requirements page, D6 and D10).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "engine/walk/decision.hpp"

namespace tf::watch {

struct TriggerSpec {
  int schedule_days = 30;    ///< trading days since the champion's last training day; 0 = never
  int performance_days = 5;  ///< window of the champion's newest unseen days; 0 = off
  double performance_deviations =
      2;                      ///< fires when their mean lies so many standard errors under its walk-forward mean
  int drift_days = 3;         ///< newest days compared with the training days; 0 = off
  double drift_level = 0.01;  ///< per feature: share of contiguous history windows that lie beyond the threshold
  double drift_share = 0.34;  ///< share of features that must alarm
  static std::span<const Field> fields();
};

struct Trigger {
  std::string kind;  ///< "no_champion" | "schedule" | "performance" | "drift"
  bool fired = false;
  double measured = 0, bound = 0;  ///< NaN = cannot be measured yet
  std::string words;
};

/// One feature against its calibrated threshold.
struct FeatureDrift {
  std::string feature;
  double statistic = 0;  ///< KS distance of the newest days to the training days
  double threshold =
      0;  ///< quantile of the same distance over all contiguous windows of as many days within the training days
  bool alarm = false;
};

struct TriggerReport {
  std::vector<Trigger> triggers;
  std::vector<FeatureDrift> drift;
  bool any() const;
  std::string fired() const;  ///< kinds that fired, joined by "+"
};

/// KS per feature; the threshold is the (1 - level) quantile over every window of `window_days` contiguous training
/// days against the other training days: thresholds for independent rows would fire on most windows of autocorrelated
/// features.
std::vector<FeatureDrift> feature_drift(const features::Table& table, int train_days, int window_days, double level);

TriggerReport evaluate_triggers(const Exec& exec, const TriggerSpec& spec, const data::TickStore& store,
                                const std::vector<data::DayInfo>& days, const std::optional<walk::Deployed>& champion);

}  // namespace tf::watch
