// The report document (schema: report.hpp) as values. Everything is checked here; what follows can trust lengths and
// types.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tf::report {

struct Price {
  std::vector<int64_t> t_ns;
  std::vector<double> mid;
};

struct Fill {
  int64_t t_ns = 0;
  double px = 0, qty = 0;
  std::string cause;
};

struct Equity {
  std::vector<int64_t> t_ns;
  std::vector<double> candidate, gross, incumbent;  ///< empty, or as long as t_ns
};

struct Interval {
  int64_t start_ns = 0, end_ns = 0;  ///< end excluded
};

struct Fold {
  int64_t fold = 0;
  std::vector<Interval> train, validation, purge, embargo, test;
};

/// Counts are doubles so that a missing one is NaN like every other figure.
struct Card {
  std::string name;
  double periods = 0, net_total = 0, gross_total = 0, fees_total = 0, turnover = 0, trades = 0, hit_rate = 0,
         sharpe = 0, sharpe_annual = 0, psr = 0, dsr = 0, min_trl = 0, max_drawdown = 0, trials = 0;
};

struct GateLine {
  std::string name, kind, direction, outcome;
  double measured = 0, bound = 0;
};

struct Paired {
  double mean = 0, low = 0, high = 0, p_value = 0, block = 0, draws = 0, level = 0;
};

struct CalibrationBin {
  double predicted = 0, realised = 0, count = 0;
};

struct Calibration {
  bool classification = false;
  std::vector<CalibrationBin> bins;
};

struct Trials {
  double raw = 0, variance = 0;
  std::vector<double> sharpes;
};

struct QualityDay {
  std::string day;
  double ticks = 0, quotes = 0, trades = 0, crossed = 0, locked = 0, backward_steps = 0, largest_gap_s = 0,
         spread_median_ticks = 0;
};

struct Drift {
  std::string feature;
  double statistic = 0, threshold = 0;
  bool alarm = false;
};

struct Trigger {
  std::string kind;
  bool fired = false;
  double measured = 0, bound = 0;
};

struct Night {
  std::string as_of, trigger, verdict, model, reason;
};

struct LineageDay {
  std::string instrument, day, content_digest;
};

struct Lineage {
  std::string model, parent, config_digest, code;
  std::vector<LineageDay> data;
};

struct Document {
  std::string title, run, instrument, currency, verdict, reason;
  std::optional<int64_t> created_ns;
  Price price;
  std::vector<Fill> fills;
  Equity equity;
  std::vector<Fold> folds;
  std::vector<Card> cards;
  std::vector<GateLine> gate;
  std::optional<Paired> paired;
  Calibration calibration;
  std::optional<Trials> trials;
  std::vector<QualityDay> quality;
  std::vector<Drift> drift;
  std::vector<Trigger> triggers;
  std::vector<Night> nights;
  std::optional<Lineage> lineage;
  std::map<std::string, std::string> absent;  ///< part -> why, as the document says it

  const Card* card(const std::string& name) const;  ///< null if there is none
};

/// Throws Error{bad_data} naming the member and what was expected.
Document parse(const std::string& report_json);

}  // namespace tf::report
