// When a bar ends by what happened in it: imbalance and runs bars (Lopez de Prado 2018, chapter 2), renko, range.
#pragma once
#include <cstdint>

#include "cuda/market/bar_events.hpp"
#include "cuda/market/bar_spec.hpp"

namespace tf::market {

/// Exponentially weighted mean of all values so far, weights summing to one: alpha = 2 / (span + 1).
class Expectation {
 public:
  explicit Expectation(double span) : keep_(1 - 2 / (span + 1)) {}
  void add(double value) {
    sum_ = sum_ * keep_ + value;
    weight_ = weight_ * keep_ + 1;
  }
  bool empty() const { return weight_ == 0; }
  double mean() const { return weight_ > 0 ? sum_ / weight_ : 0; }

 private:
  double keep_, sum_ = 0, weight_ = 0;
};

/// Takes the events in order, each once.
class BarRule {
 public:
  /// Throws Error{config} for bounds that exclude each other. Other kinds of the spec never close a bar here.
  BarRule(const BarSpec& spec, double currency_per_tick_lot);
  /// Takes events from `first` up to and with the one that closes the bar; returns that one, or `end`.
  int64_t find(const BarEvents& events, int64_t first, int64_t end);
  /// The bar was ended by something else: its sums go, expectations stay as they are.
  void cut();

 private:
  enum class Kind { none, imbalance, runs, renko, range };
  enum class Weight { one, lots, money };

  bool takes(const BarEvents& events, int64_t at);
  bool closes_information();
  bool closes_renko(int64_t price);
  bool closes_range(int64_t price);
  void start_day();

  BarSpec spec_;
  Kind kind_ = Kind::none;
  Weight weight_ = Weight::one;
  double currency_per_tick_lot_, least_, most_;
  int64_t brick_ = 0;  // renko, range: in the price's unit

  bool seen_trade_ = false, seen_price_ = false, counted_ = false;
  int64_t last_price_ = 0, anchor_ = 0, high_ = 0, low_ = 0;
  double last_sign_ = 0;
  // of the open bar
  double events_ = 0, buys_ = 0, sum_ = 0, bought_ = 0, sold_ = 0;
  // expectations; those in use are as of the bar's first event
  Expectation length_, imbalance_, per_buy_, per_sell_, buy_share_;
  bool ready_ = false;
  double expected_events_ = 0, threshold_ = 0, day_events_ = 0;

  void expect_next();
};

}  // namespace tf::market
