// A report document with every part filled, as the tests and the browser see it. Counter-based noise: the same
// everywhere.
#pragma once
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace tf::sample {

using nlohmann::json;

inline constexpr int64_t kStart = 1398902400'000'000'000;  // 2014-05-01 00:00 UTC
inline constexpr int64_t kDayNs = 86400'000'000'000;

/// Uniform in [-1, 1), from a counter (SplitMix64).
inline double noise(uint64_t counter) {
  uint64_t z = (counter + 1) * 0x9E3779B97F4A7C15ull;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-52 - 1;
}

/// Roughly normal, deviation 1.
inline double bell(uint64_t counter) {
  double sum = 0;
  for (uint64_t term = 0; term < 12; ++term) sum += noise(counter * 12 + term);
  return sum / 2;
}

inline json price() {
  json out = {{"t_ns", json::array()}, {"mid", json::array()}};
  double mid = 1.3865;
  for (int64_t minute = 0; minute < 60 * 24 * 60; minute += 5) {
    const int64_t t = kStart + minute * 60'000'000'000;
    const int64_t weekday = (t / kDayNs + 3) % 7;  // 0 = Monday
    if (weekday > 4) continue;
    mid += 0.00022 * bell(static_cast<uint64_t>(minute)) - 0.0000008;
    out["t_ns"].push_back(t);
    out["mid"].push_back(std::round(mid * 1e5) / 1e5);
  }
  return out;
}

inline json fills(const json& price) {
  json out = json::array();
  double position = 0;
  const char* causes[] = {"signal up", "signal down", "stop", "target", "time"};
  for (std::size_t at = 40; at < price["t_ns"].size(); at += 61) {
    const double qty = position > 0 ? -position : position < 0 ? -position : noise(at) > 0 ? 3 : -2;
    position += qty;
    out.push_back({{"t_ns", price["t_ns"][at]},
                   {"px", price["mid"][at].get<double>() + (qty > 0 ? 4e-5 : -4e-5)},
                   {"qty", qty},
                   {"cause", causes[at % 5]}});
  }
  return out;
}

inline json equity() {
  json out = {{"t_ns", json::array()},
              {"candidate", json::array()},
              {"candidate_gross", json::array()},
              {"incumbent", json::array()}};
  double candidate = 0, gross = 0, incumbent = 0;
  for (uint64_t hour = 0; hour < 60 * 24; ++hour) {
    const double shared = bell(hour + 90000), own = bell(hour + 50000);
    gross += 5.4 + 26 * shared + 20 * own;
    candidate += 3.3 + 26 * shared + 20 * own;
    incumbent += 1.5 + 28 * shared + 18 * bell(hour + 70000);
    out["t_ns"].push_back(kStart + static_cast<int64_t>(hour) * 3600'000'000'000);
    out["candidate"].push_back(candidate);
    out["candidate_gross"].push_back(gross);
    out["incumbent"].push_back(incumbent);
  }
  return out;
}

inline json folds() {
  json out = json::array();
  const auto days = [](double from, double to) {
    return json::array({kStart + static_cast<int64_t>(from * static_cast<double>(kDayNs)),
                        kStart + static_cast<int64_t>(to * static_cast<double>(kDayNs))});
  };
  for (int fold = 0; fold < 6; ++fold) {
    const double at = fold * 6;
    out.push_back({{"fold", fold},
                   {"train", days(at, at + 18)},
                   {"validation", days(at + 18.5, at + 22)},
                   {"purge", days(at + 22, at + 23)},
                   {"embargo", days(at + 29, at + 29.6)},
                   {"test", days(at + 23, at + 29)}});
  }
  return out;
}

inline json card(const std::string& name, double net, double sharpe, double dsr) {
  return {{"name", name},
          {"periods", 43},
          {"net_total", net},
          {"gross_total", net * 1.62},
          {"fees_total", 611.4},
          {"turnover", 48213550.0},
          {"trades", 1532},
          {"hit_rate", 0.541},
          {"sharpe", sharpe},
          {"sharpe_annual", sharpe * std::sqrt(252.0)},
          {"psr", 0.9963},
          {"dsr", dsr},
          {"min_trl", name == "incumbent" ? json(nullptr) : json(19.4)},
          {"max_drawdown", 1204.77},
          {"trials", 384}};
}

inline json trials() {
  json sharpes = json::array();
  for (uint64_t trial = 0; trial < 384; ++trial)
    sharpes.push_back(trial % 97 == 5 ? json(nullptr) : json(0.05 * bell(trial + 7)));
  return {{"raw", 384}, {"variance", 0.0025}, {"sharpes", sharpes}};
}

inline json quality() {
  json out = json::array();
  for (int day = 0; day < 43; ++day) {
    const auto key = static_cast<uint64_t>(day);
    out.push_back({{"day", std::to_string(20140501 + day % 28)},
                   {"ticks", std::round(84000 + 20000 * noise(key))},
                   {"quotes", std::round(80000 + 20000 * noise(key))},
                   {"trades", day % 9 == 4 ? json(nullptr) : json(4000)},
                   {"crossed", day % 7 == 3 ? 12 : 0},
                   {"locked", day % 5 ? 0 : 4},
                   {"backward_steps", 0},
                   {"largest_gap_s", 31.5 + 20 * noise(key + 99)},
                   {"spread_median_ticks", 4}});
  }
  return out;
}

inline json document() {
  const std::string digest = "3f1c9a70b2e84d65a1f09c3e7d5b8264f0a1b2c3d4e5f60718293a4b5c6d7e8f";
  const json prices = price();
  json bins = json::array();
  for (int bin = 0; bin < 10; ++bin)
    bins.push_back({{"predicted", -0.9 + 0.2 * bin},
                    {"realised", 0.62 * (-0.9 + 0.2 * bin) + 0.06 * noise(static_cast<uint64_t>(bin))},
                    {"count", 200 + 2400 * (bin < 5 ? bin : 9 - bin)}});
  json drift = json::array();
  const char* features[] = {"ema_spread_12_48", "realised_vol_30", "order_imbalance",
                            "rsi_14",           "log_return_1",    "tick_rate"};
  for (int at = 0; at < 6; ++at)
    drift.push_back({{"feature", features[at]},
                     {"statistic", 0.03 + 0.024 * at},
                     {"threshold", 0.12},
                     {"alarm", 0.03 + 0.024 * at > 0.12}});
  return {
      {"schema", "tickfold.report/1"},
      {"title", "Nightly promotion, EURUSD"},
      {"run", digest},
      {"instrument", "fxcm/EURUSD"},
      {"currency", "USD"},
      {"verdict", "hold"},
      {"reason",
       "The candidate stands on its own (deflated Sharpe ratio 0.968 over 384 trials), but a change over the incumbent "
       "was not shown: 43.2 a day more, p = 0.131 where at most 0.1 is allowed."},
      {"created_ns", 1404172800'000'000'000},
      {"price", prices},
      {"fills", fills(prices)},
      {"equity", equity()},
      {"folds", folds()},
      {"scorecards", {card("candidate", 4752.18, 0.31, 0.968), card("incumbent", 2160.4, 0.14, 0.71)}},
      {"gate",
       {{{"name", "periods"},
         {"kind", "value"},
         {"measured", 43},
         {"direction", ">="},
         {"bound", 10},
         {"outcome", "passed"}},
        {{"name", "dsr"},
         {"kind", "value"},
         {"measured", 0.968},
         {"direction", ">="},
         {"bound", 0.95},
         {"outcome", "passed"}},
        {{"name", "drawdown_share"},
         {"kind", "value"},
         {"measured", 0.2535},
         {"direction", "<="},
         {"bound", 0.5},
         {"outcome", "passed"}},
        {{"name", "turnover_per_period"},
         {"kind", "value"},
         {"measured", 1121245.3},
         {"direction", "<="},
         {"bound", nullptr},
         {"outcome", "not_applicable"}},
        {{"name", "improvement_p_value"},
         {"kind", "change"},
         {"measured", 0.131},
         {"direction", "<="},
         {"bound", 0.1},
         {"outcome", "failed"}}}},
      {"paired",
       {{"mean", 43.2},
        {"low", -11.6},
        {"high", 98.3},
        {"p_value", 0.131},
        {"block", 3.4},
        {"draws", 2000},
        {"level", 0.9}}},
      {"calibration", {{"kind", "regression"}, {"bins", bins}}},
      {"trials", trials()},
      {"quality", quality()},
      {"drift", drift},
      {"triggers",
       {{{"kind", "drift"}, {"fired", true}, {"measured", 0.15}, {"bound", 0.12}},
        {{"kind", "age_days"}, {"fired", false}, {"measured", 12}, {"bound", 30}}}},
      {"lineage",
       {{"model", digest},
        {"parent", "9c" + digest.substr(2)},
        {"config_digest", "77" + digest.substr(2)},
        {"code", "0.1.0"},
        {"data",
         {{{"instrument", "fxcm/EURUSD"}, {"day", "2014-05-01"}, {"content_digest", "aa" + digest.substr(2)}},
          {{"instrument", "fxcm/EURUSD"}, {"day", "2014-05-02"}, {"content_digest", "ab" + digest.substr(2)}}}}}},
      {"nights",
       {{{"as_of", "2014-06-28"},
         {"trigger", "none"},
         {"verdict", "none"},
         {"model", digest.substr(0, 12)},
         {"reason", "nothing fired"}},
        {{"as_of", "2014-06-29"},
         {"trigger", "schedule"},
         {"verdict", "hold"},
         {"model", digest.substr(0, 12)},
         {"reason", "change over the incumbent not shown (p = 0.24)"}},
        {{"as_of", "2014-06-30"},
         {"trigger", "drift"},
         {"verdict", "hold"},
         {"model", digest.substr(0, 12)},
         {"reason", "change over the incumbent not shown (p = 0.131)"}}}}};
}

}  // namespace tf::sample
