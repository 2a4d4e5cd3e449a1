// A made market: two-sided quotes and trades of one instrument, with a planted edge whose size is known.
//
// Time is cut into intervals of `edge_bar_s` seconds. Interval i has a hidden factor z(i) in (-1, 1), z = tanh(2 f), f
// a standard normal (AR(1) with `signal_persistence`), root mean square of z 0.72. The factor is visible in interval i,
// twice, each time with its own noise, x = clamp(z + signal_noise * N(0,1), -1, 1):
//   quote sizes:  E[(bid size - ask size) / (bid size + ask size)] = 0.6 x of each quote
//   trade flow:   a trade is a buy with probability 0.5 + 0.4 x'
// The mid price (in ticks) moves over interval i + 1 by
//   direction(day) * edge_ticks * decay(day) * z(i)  +  level * sigma(i+1) * N(0,1)
// with direction +1 in a `flow` day, -1 in `reverse`, 0 in `none` (then the mid is a martingale and the predictors say
// nothing); decay = 0.5^(days since the regime began / edge_half_life_days). The expected move accrues evenly over the
// interval. A trader who takes liquidity on z(i) and holds one interval earns direction * edge_ticks * z - spread
// before fees. sigma^2(i) = volatility^2 / intervals a day * season(i) * exp(h(i) - clustering^2 / 2), h an AR(1) with
// standard deviation `clustering` and persistence a minute; season(u) = 1 - s + 12 s (u - 0.5)^2 over the session (mean
// 1), and the rate of events follows season(i) * exp(h(i) / 2).
//
// Every draw is a function of (seed, instrument, day, interval, event). Days differ only in the level, h and f that
// they inherit; these are replayed from the first day on (0.1 ms a day), so a day is the same alone or within a range.
#pragma once
#include <string>
#include <vector>

#include "cuda/base/fields.hpp"
#include "cuda/base/market.hpp"
#include "cuda/base/philox.hpp"
#include "cuda/base/time.hpp"

namespace tf::data {

struct SyntheticParams {
  int64_t seed = 1;
  int instrument_index = 0;
  std::string first_day = "2024-01-01";
  int skip_days = 0, days = 80;
  bool weekends = true;
  int open_s = 0, close_s = 86400;
  int ticks_per_day = 40000;
  double trades_share = 0.2;
  double start_price = 100;
  int spread_ticks = 1;
  int size_lots = 100;
  double volatility = 0.01, seasonality = 0.5, clustering = 0.5, clustering_persistence = 0.98;
  std::string regimes = "flow";
  int edge_bar_s = 60;
  double edge_ticks = 1, edge_half_life_days = 0, signal_noise = 0.5, signal_persistence = 0;
  int latency_us = 0;

  static std::span<const Field> fields();
};

/// "flow:40,reverse:15,none:20": what the edge does, by market days from the first one; the last regime never ends and
/// may leave out its days. Throws Error{config}.
class RegimePlan {
 public:
  explicit RegimePlan(const std::string& text);
  struct State {
    int direction = 0;  ///< +1 flow, -1 reverse, 0 none
    int age_days = 0;   ///< market days since this regime began
  };
  State on(int day_index) const;

 private:
  struct Regime {
    int direction, first_day;
  };
  std::vector<Regime> regimes_;
};

class MarketModel {
 public:
  /// Throws Error{config} when the parameters do not fit together.
  MarketModel(const SyntheticParams& params, double tick_size);

  /// Goes to the market day of that index (0 = first_day); ascending only.
  void start_day(int day_index);
  Day day() const { return day_; }
  /// Replaces `out` by the ticks of the next interval of the day; false when the day is over.
  bool next_interval(std::vector<Tick>& out);

 private:
  struct Interval {
    double open, close, deviation;  // mid in ticks; standard deviation of the bridge in ticks
    double events;                  // expected number
    double quote_signal, trade_signal;
  };
  Interval step_interval();
  void begin_day();

  SyntheticParams params_;
  RegimePlan plan_;
  RandomStream price_, edge_, events_;
  int intervals_;  // a day
  int day_index_ = -1, interval_ = 0;
  Day day_{};
  double level_, log_variance_ = 0, factor_ = 0, known_ = 0;  // known_: z of the interval before
  int64_t bid_ = 0, ask_ = 0;                                 // last quote
};

}  // namespace tf::data
