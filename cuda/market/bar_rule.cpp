#include "cuda/market/bar_rule.hpp"

#include <algorithm>
#include <cmath>

#include "cuda/base/error.hpp"

namespace tf::market {

BarRule::BarRule(const BarSpec& spec, double currency_per_tick_lot)
    : spec_(spec),
      currency_per_tick_lot_(currency_per_tick_lot),
      least_(spec.least_events > 0 ? spec.least_events : std::max(1.0, spec.size / 10)),
      most_(spec.most_events > 0 ? spec.most_events : spec.size * 10),
      length_(spec.bars_span),
      imbalance_(spec.events_span),
      per_buy_(spec.events_span),
      per_sell_(spec.events_span),
      buy_share_(spec.bars_span) {
  if (spec.kind.ends_with("_imbalance")) kind_ = Kind::imbalance;
  if (spec.kind.ends_with("_runs")) kind_ = Kind::runs;
  if (spec.kind == "renko") kind_ = Kind::renko;
  if (spec.kind == "range") kind_ = Kind::range;
  if (spec.kind.starts_with("volume")) weight_ = Weight::lots;
  if (spec.kind.starts_with("dollar")) weight_ = Weight::money;
  if ((kind_ == Kind::imbalance || kind_ == Kind::runs) && !(least_ <= most_))
    throw Error(ErrorKind::config,
                "bars: least_events " + std::to_string(least_) + " is above most_events " + std::to_string(most_));
  // Mids are counted in half ticks; a price moves by whole units, so the brick is rounded up to one.
  brick_ = std::max<int64_t>(1, static_cast<int64_t>(std::ceil(spec.price == "trade" ? spec.size : 2 * spec.size)));
  start_day();
}

void BarRule::start_day() {
  length_ = Expectation(spec_.bars_span);
  buy_share_ = Expectation(spec_.bars_span);
  imbalance_ = per_buy_ = per_sell_ = Expectation(spec_.events_span);
  expected_events_ = std::clamp(spec_.size, least_, most_);
  ready_ = spec_.first_imbalance > 0;
  // Runs: with nothing known, half of the events are on either side.
  threshold_ = expected_events_ * spec_.first_imbalance * (kind_ == Kind::runs ? 0.5 : 1);
  last_sign_ = day_events_ = 0;
  seen_price_ = false;
  cut();
}

void BarRule::cut() {
  events_ = buys_ = sum_ = bought_ = sold_ = 0;
  counted_ = false;
}

int64_t BarRule::find(const BarEvents& events, int64_t first, int64_t end) {
  for (int64_t at = first; at < end; ++at) {
    bool closes = false;
    if (kind_ == Kind::renko)
      closes = closes_renko(events.price[at]);
    else if (kind_ == Kind::range)
      closes = closes_range(events.price[at]);
    else if (takes(events, at))
      closes = closes_information();
    if (closes) return at;
  }
  return end;
}

/// Adds one event to the sums. False for a quote of a feed that has trades.
bool BarRule::takes(const BarEvents& events, int64_t at) {
  const bool trade = events.is_trade(at);
  if (!trade && seen_trade_) return false;
  if (trade && !seen_trade_) {
    seen_trade_ = true;  // the feed has trades after all: what quotes have taught is of another kind
    start_day();
  }
  const int64_t price = trade ? events.px[at] : events.price[at];
  const uint32_t side = trade ? events.flags[at] & (kFlagBuy | kFlagSell) : 0;
  if (side == kFlagBuy || side == kFlagSell)
    last_sign_ = side == kFlagBuy ? 1 : -1;
  else if (seen_price_ && price != last_price_)
    last_sign_ = price > last_price_ ? 1 : -1;
  last_price_ = price;
  seen_price_ = true;

  double weight = 1;
  if (weight_ != Weight::one) {
    weight = trade ? static_cast<double>(events.lots[at]) : 1;
    if (weight_ == Weight::money) {
      const double px = trade ? static_cast<double>(price) : 0.5 * static_cast<double>(price);
      weight = weight * px * currency_per_tick_lot_;
    }
  }
  events_ += 1;
  day_events_ += 1;
  if (kind_ == Kind::imbalance) {
    imbalance_.add(last_sign_ * weight);
    sum_ += last_sign_ * weight;
  } else if (last_sign_ > 0) {
    per_buy_.add(weight);
    bought_ += weight;
    buys_ += 1;
  } else if (last_sign_ < 0) {
    per_sell_.add(weight);
    sold_ += weight;
  }
  return true;
}

bool BarRule::closes_information() {
  if (!ready_ && day_events_ >= spec_.size) {
    ready_ = true;
    const double share = buys_ / events_;
    threshold_ = expected_events_ * (kind_ == Kind::imbalance
                                         ? std::abs(imbalance_.mean())
                                         : std::max(share * per_buy_.mean(), (1 - share) * per_sell_.mean()));
  }
  const double reached = kind_ == Kind::imbalance ? std::abs(sum_) : std::max(bought_, sold_);
  if (!ready_ || !(reached >= threshold_) || !(reached > 0)) return false;
  expect_next();
  return true;
}

void BarRule::expect_next() {
  length_.add(events_);
  expected_events_ = std::clamp(length_.mean(), least_, most_);
  if (kind_ == Kind::imbalance) {
    threshold_ = expected_events_ * std::abs(imbalance_.mean());
  } else {
    buy_share_.add(buys_ / events_);
    threshold_ =
        expected_events_ * std::max(buy_share_.mean() * per_buy_.mean(), (1 - buy_share_.mean()) * per_sell_.mean());
  }
  cut();
}

bool BarRule::closes_renko(int64_t price) {
  if (!seen_price_) {
    seen_price_ = true;
    anchor_ = price;
  }
  const int64_t bricks = (price - anchor_) / brick_;  // towards zero: whole bricks in either direction
  anchor_ += bricks * brick_;
  return bricks != 0;
}

bool BarRule::closes_range(int64_t price) {
  if (!counted_) high_ = low_ = price;
  counted_ = true;
  high_ = std::max(high_, price);
  low_ = std::min(low_, price);
  if (high_ - low_ < brick_) return false;
  cut();
  return true;
}

}  // namespace tf::market
