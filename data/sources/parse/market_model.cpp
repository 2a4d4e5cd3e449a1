#include "data/sources/parse/market_model.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "cuda/base/error.hpp"

namespace tf::data {
namespace {

using P = SyntheticParams;

double uniform(uint32_t high, uint32_t low) {
  return (static_cast<double>((uint64_t{high} << 32 | low) >> 12) + 0.5) * (1.0 / 4503599627370496.0);
}
double uniform(uint32_t word) { return (static_cast<double>(word) + 0.5) * (1.0 / 4294967296.0); }

struct Normals {
  double one, two;
};
// Box and Muller, Ann. Math. Stat. 1958.
Normals normals(const Words4& words) {
  const double radius = std::sqrt(-2 * std::log(uniform(words.w[0], words.w[1])));
  const double angle = 2 * std::numbers::pi * uniform(words.w[2], words.w[3]);
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

Day first_day_of(const P& params) {
  const auto day = parse_day(params.first_day);
  if (!day) throw Error(ErrorKind::config, "synthetic: first_day = '" + params.first_day + "'; expected YYYY-MM-DD");
  return *day;
}

bool is_weekend(Day day) {
  const int weekday = ((day.days + 4) % 7 + 7) % 7;  // 0 = Sunday; 1970-01-01 was a Thursday
  return weekday == 0 || weekday == 6;
}

}  // namespace

std::span<const Field> SyntheticParams::fields() {
  static const Field table[] = {
      TF_FIELD(P, seed, 0, 9e18, "", "of all random draws"),
      TF_FIELD(P, instrument_index, 0, 1000000, "", "which instrument: other numbers are independent markets"),
      TF_TEXT_FIELD(P, first_day, nullptr,
                    "YYYY-MM-DD: the market's first day, from which regimes and the price walk count"),
      TF_FIELD(P, skip_days, 0, 100000, "days", "market days left out at the start; the others stay what they are"),
      TF_FIELD(P, days, 1, 100000, "days", "market days generated"),
      TF_FIELD(P, weekends, 0, 1, "", "trade on Saturdays and Sundays too"),
      TF_FIELD(P, open_s, 0, 86399, "s", "session start, second of the UTC day"),
      TF_FIELD(P, close_s, 1, 86400, "s", "session end, second of the UTC day"),
      TF_FIELD(P, ticks_per_day, 10, 100000000, "ticks", "expected number; a quote is two, a trade one"),
      TF_FIELD(P, trades_share, 0, 0.95, "", "share of trades among events"),
      TF_FIELD(P, start_price, 1e-12, 1e12, "currency", "mid price at the first open"),
      TF_FIELD(P, spread_ticks, 1, 10000, "ticks", "least spread; one tick more in about a tenth of the quotes"),
      TF_FIELD(P, size_lots, 1, 1000000, "lots", "scale of quote sizes; trades are about a quarter of it"),
      TF_FIELD(P, volatility, 0, 0.5, "", "standard deviation of a session's relative move, without the edge"),
      TF_FIELD(P, seasonality, 0, 1, "", "strength of the U shape of variance and activity over the session"),
      TF_FIELD(P, clustering, 0, 3, "", "standard deviation of the log variance"),
      TF_FIELD(P, clustering_persistence, 0, 0.9999, "", "autocorrelation of the log variance over a minute"),
      TF_TEXT_FIELD(P, regimes, nullptr, "plan of the edge, NAME:DAYS,...: flow, reverse, none; the last one goes on"),
      TF_FIELD(P, edge_bar_s, 1, 3600, "s", "interval whose imbalance predicts the move of the next"),
      TF_FIELD(P, edge_ticks, 0, 1000, "ticks", "expected move of the next interval at full signal"),
      TF_FIELD(P, edge_half_life_days, 0, 100000, "days", "the edge halves in this time within a regime; 0: never"),
      TF_FIELD(P, signal_noise, 0, 100, "", "standard deviation of the noise on each visible predictor"),
      TF_FIELD(P, signal_persistence, 0, 0.999, "", "autocorrelation of the hidden factor from interval to interval"),
      TF_FIELD(P, latency_us, 0, 10000000, "us", "local time after exchange time"),
  };
  return table;
}

RegimePlan::RegimePlan(const std::string& text) {
  const auto fail = [&](const std::string& what) {
    throw Error(ErrorKind::config,
                "synthetic: regimes = '" + text + "': " + what +
                    "; expected NAME:DAYS,... with NAME flow, reverse or none, e.g. flow:40,reverse:15");
  };
  int first_day = 0;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    std::string name = text.substr(at, end - at);
    while (!name.empty() && name[0] == ' ') name.erase(0, 1);
    std::string count;
    if (const std::size_t colon = name.find(':'); colon != name.npos) {
      count = name.substr(colon + 1);
      name.resize(colon);
    }
    if (name != "flow" && name != "reverse" && name != "none") fail("unknown regime '" + name + "'");
    regimes_.push_back({name == "flow" ? 1 : name == "reverse" ? -1 : 0, first_day});
    if (count.empty() && end != text.size()) fail("only the last regime may leave out its days");
    if (count.size() > 6 || count.find_first_not_of("0123456789") != count.npos)
      fail("'" + count + "' is no count of days");
    if (!count.empty()) first_day += std::stoi(count);
    at = end + 1;
  }
}

RegimePlan::State RegimePlan::on(int day_index) const {
  State state;
  for (const Regime& regime : regimes_)
    if (regime.first_day <= day_index) state = {regime.direction, day_index - regime.first_day};
  return state;
}

MarketModel::MarketModel(const SyntheticParams& params, double tick_size)
    : params_(params),
      plan_(params.regimes),
      price_{static_cast<uint64_t>(params.seed), Purpose::synth_price, static_cast<uint32_t>(params.instrument_index)},
      edge_{static_cast<uint64_t>(params.seed), Purpose::synth_edge, static_cast<uint32_t>(params.instrument_index)},
      events_{static_cast<uint64_t>(params.seed), Purpose::synth_trade, static_cast<uint32_t>(params.instrument_index)},
      intervals_(params.edge_bar_s > 0 ? (params.close_s - params.open_s) / params.edge_bar_s : 0),
      day_(first_day_of(params)) {
  if (!(tick_size > 0)) throw Error(ErrorKind::config, "synthetic: the instrument needs a tick_size above 0");
  if (intervals_ < 1)
    throw Error(ErrorKind::config, "synthetic: the session from open_s to close_s is shorter than edge_bar_s");
  level_ = params.start_price / tick_size;
  if (level_ < 10.0 * params.spread_ticks || level_ > 1e12)
    throw Error(ErrorKind::config, "synthetic: start_price is " + std::to_string(level_) +
                                       " ticks; expected at least ten spreads and at most 1e12");
  while (!params_.weekends && is_weekend(day_)) day_ = day_ + 1;
}

void MarketModel::begin_day() {
  if (day_index_ >= 0) {
    do day_ = day_ + 1;
    while (!params_.weekends && is_weekend(day_));
  }
  ++day_index_;
  interval_ = 0;
  // The closed hours move the price too, at a quarter of the session's pace.
  const double closed = 1 - (params_.close_s - params_.open_s) / 86400.0;
  const Words4 draw = price_.words(uint64_t{1} << 62 | static_cast<uint64_t>(day_index_));
  level_ *= 1 + 0.25 * params_.volatility * std::sqrt(closed) * std::clamp(normals(draw).one, -4.0, 4.0);
}

void MarketModel::start_day(int day_index) {
  expect(day_index > day_index_, "days of a market are made in ascending order");
  while (day_index_ < day_index) {
    if (day_index_ >= 0)
      while (interval_ < intervals_) step_interval();
    begin_day();
  }
}

MarketModel::Interval MarketModel::step_interval() {
  const uint64_t step = static_cast<uint64_t>(day_index_) << 20 | static_cast<uint64_t>(interval_);
  const Normals shocks = normals(price_.words(step));
  const Normals factor_noise = normals(edge_.words(2 * step)), sign_noise = normals(edge_.words(2 * step + 1));

  const double persistence = std::pow(params_.clustering_persistence, params_.edge_bar_s / 60.0);
  log_variance_ =
      persistence * log_variance_ + params_.clustering * std::sqrt(1 - persistence * persistence) * shocks.two;
  const double place = (interval_ + 0.5) / intervals_ - 0.5;
  const double season = 1 - params_.seasonality + 12 * params_.seasonality * place * place;
  const double spread_out = params_.clustering * params_.clustering;
  const double variance = season * std::exp(log_variance_ - spread_out / 2) / intervals_;

  // The move that the factor of the interval before announced.
  const RegimePlan::State regime = plan_.on(day_index_);
  const double decay =
      params_.edge_half_life_days > 0 ? std::exp2(-regime.age_days / params_.edge_half_life_days) : 1.0;
  Interval made;
  made.deviation = level_ * params_.volatility * std::sqrt(variance);
  made.open = level_;
  made.close = level_ + made.deviation * shocks.one + regime.direction * decay * params_.edge_ticks * known_;
  made.close = std::max(made.close, 5.0 * params_.spread_ticks);  // prices stay above zero
  level_ = made.close;

  const double memory = params_.signal_persistence;
  factor_ = memory * factor_ + std::sqrt(1 - memory * memory) * factor_noise.one;
  known_ = std::tanh(2 * factor_);
  made.quote_signal = std::clamp(known_ + params_.signal_noise * factor_noise.two, -1.0, 1.0);
  made.trade_signal = std::clamp(known_ + params_.signal_noise * sign_noise.one, -1.0, 1.0);
  const double rate = season * std::exp(log_variance_ / 2 - spread_out / 8) / intervals_;
  made.events = params_.ticks_per_day / (2 - params_.trades_share) * rate;
  ++interval_;
  return made;
}

bool MarketModel::next_interval(std::vector<Tick>& out) {
  out.clear();
  if (interval_ >= intervals_) return false;
  const int interval = interval_;
  const uint64_t base = static_cast<uint64_t>(day_index_) << 44 | static_cast<uint64_t>(interval) << 27;
  const Interval path = step_interval();
  const double wanted = path.events + std::sqrt(path.events) * normals(events_.words(base)).one;
  const int64_t count = std::clamp<int64_t>(std::llround(wanted), 1, (1 << 25) - 1);
  const int64_t start_ns = day_.start_ns() + (params_.open_s + int64_t{interval} * params_.edge_bar_s) * kSecond;
  const double bar_us = params_.edge_bar_s * 1e6;
  const double relative = path.deviation / std::max(1.0, level_ * params_.volatility / std::sqrt(intervals_));
  const double wide = std::min(0.5, 0.1 * relative);

  double time = 0, mid = path.open;
  for (int64_t event = 0; event < count; ++event) {
    const uint64_t step = base + 2 + 2 * static_cast<uint64_t>(event);
    const Words4 one = events_.words(step), two = events_.words(step + 1);

    // Times are ordered uniforms, drawn one after the other; the mid is a Brownian bridge between the interval's ends.
    const double next = 1 - (1 - time) * std::pow(uniform(one.w[0]), 1.0 / static_cast<double>(count - event));
    const Normals draw = normals({{one.w[1], one.w[2], one.w[3], two.w[0]}});
    if (next > time && time < 1) {
      const double part = (next - time) / (1 - time);
      mid += (path.close - mid) * part + path.deviation * std::sqrt((next - time) * (1 - next) / (1 - time)) * draw.one;
      time = next;
    }
    const int64_t exch_ts =
        start_ns + 1000 * std::min(static_cast<int64_t>(time * bar_us), static_cast<int64_t>(bar_us) - 1);
    const int64_t local_ts = exch_ts + int64_t{1000} * params_.latency_us;

    const bool trade = uniform(two.w[1]) < params_.trades_share && ask_ > bid_;
    if (trade) {
      const bool buy = uniform(two.w[2]) < 0.5 + 0.4 * path.trade_signal;
      const int64_t qty = 1 + static_cast<int64_t>(-std::log(uniform(two.w[3])) * 0.25 * params_.size_lots);
      out.push_back({exch_ts, local_ts, buy ? ask_ : bid_, qty, 0,
                     static_cast<uint32_t>(TickKind::trade) | kFlagLast | (buy ? kFlagBuy : kFlagSell)});
    } else {
      const int64_t spread = params_.spread_ticks + (uniform(two.w[2]) < wide);
      bid_ = static_cast<int64_t>(std::floor(mid - static_cast<double>(spread) / 2 + 0.5));
      ask_ = bid_ + spread;
      const double total = params_.size_lots * (1 - std::log(uniform(two.w[3])));
      const double share = std::clamp(0.5 + 0.3 * path.quote_signal + 0.1 * draw.two, 0.02, 0.98);
      const int64_t bid_qty = std::max<int64_t>(1, std::llround(total * share));
      const int64_t ask_qty = std::max<int64_t>(1, std::llround(total * (1 - share)));
      out.push_back({exch_ts, local_ts, bid_, bid_qty, 0, static_cast<uint32_t>(TickKind::best_bid)});
      out.push_back({exch_ts, local_ts, ask_, ask_qty, 0, static_cast<uint32_t>(TickKind::best_ask) | kFlagLast});
    }
  }
  return true;
}

}  // namespace tf::data
