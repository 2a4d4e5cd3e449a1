#include "cuda/market/labels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cuda/base/error.hpp"

namespace tf::market {

using series::BarColumn;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

const std::vector<double>& column_of(const BarTable& bars, BarColumn column) {
  return bars.column[static_cast<int>(column)];
}

/// Sample deviation of the `window` latest close-to-close changes known at each bar; changes over a day's end do not
/// count.
std::vector<double> change_deviations(const BarTable& bars, int window) {
  const std::vector<double>& close = column_of(bars, BarColumn::close);
  std::vector<double> changes, deviation(close.size(), kNan);
  for (std::size_t bar = 0; bar < close.size(); ++bar) {
    if (bar > 0 && bars.day[bar] == bars.day[bar - 1]) changes.push_back(close[bar] - close[bar - 1]);
    if (window < 2 || changes.size() < static_cast<std::size_t>(window)) continue;
    const double* first = changes.data() + changes.size() - window;
    double mean = 0, squares = 0;
    for (int at = 0; at < window; ++at) mean += first[at];
    mean /= window;
    for (int at = 0; at < window; ++at) squares += (first[at] - mean) * (first[at] - mean);
    deviation[bar] = std::sqrt(squares / (window - 1));
  }
  return deviation;
}

}  // namespace

std::span<const Field> LabelSpec::fields() {
  using P = LabelSpec;
  static const Field table[] = {
      TF_TEXT_FIELD(P, kind, "forward_return|triple_barrier", "what is predicted"),
      TF_FIELD(P, horizon_bars, 1, 1e6, "bars", "bars ahead; triple barrier: the time barrier"),
      TF_FIELD(P, take_ticks, 0, 1e9, "ticks", "profit barrier from entry; 0 = scaled by volatility"),
      TF_FIELD(P, stop_ticks, 0, 1e9, "ticks", "stop barrier from entry; 0 = scaled by volatility"),
      TF_FIELD(P, barrier_deviations, 1e-6, 1e6, "deviations",
               "scaled barriers in deviations of the close-to-close change"),
      TF_FIELD(P, volatility_bars, 2, 1e6, "bars", "changes the deviation is taken over")};
  return table;
}

LabelTable make_labels(const LabelSpec& spec, const BarTable& bars) {
  const bool barriers = spec.kind == "triple_barrier";
  if (!barriers && spec.kind != "forward_return")
    throw Error(ErrorKind::config, "labels: kind \"" + spec.kind + "\": expected forward_return or triple_barrier");
  if (spec.horizon_bars < 1) throw Error(ErrorKind::config, "labels: horizon_bars must be at least 1");

  const std::size_t rows = static_cast<std::size_t>(bars.rows()), horizon = static_cast<std::size_t>(spec.horizon_bars);
  const std::vector<double>&bid = column_of(bars, BarColumn::bid), &ask = column_of(bars, BarColumn::ask);
  const bool scaled = barriers && (spec.take_ticks == 0 || spec.stop_ticks == 0);
  const std::vector<double> deviation =
      scaled ? change_deviations(bars, spec.volatility_bars) : std::vector<double>(rows, kNan);
  const auto barrier = [&](double ticks, std::size_t bar) {
    return ticks > 0 ? ticks : spec.barrier_deviations * deviation[bar];
  };

  LabelTable labels;
  labels.value.assign(rows, kNan);
  labels.long_ticks.assign(rows, kNan);
  labels.short_ticks.assign(rows, kNan);
  labels.t0 = bars.known_ts;
  labels.t1.resize(rows);
  for (std::size_t first = 0, end = 0; first < rows; first = end) {
    while (end < rows && bars.day[end] == bars.day[first]) ++end;
    for (std::size_t bar = first; bar < end; ++bar) {
      labels.t1[bar] = bars.known_ts[end - 1];
      if (end - bar <= horizon) continue;
      std::size_t at = bar + horizon;
      if (barriers) {
        const double take = barrier(spec.take_ticks, bar), stop = barrier(spec.stop_ticks, bar);
        if (!(take > 0 && stop > 0)) continue;
        labels.value[bar] = 0;
        for (std::size_t later = bar + 1; later <= bar + horizon; ++later) {
          const double gain = bid[later] - ask[bar];
          if (gain < take && gain > -stop) continue;
          labels.value[bar] = gain >= take ? 1 : -1;
          at = later;
          break;
        }
      } else {
        labels.value[bar] = 0.5 * (bid[at] + ask[at]) - 0.5 * (bid[bar] + ask[bar]);
      }
      labels.long_ticks[bar] = bid[at] - ask[bar];
      labels.short_ticks[bar] = bid[bar] - ask[at];
      labels.t1[bar] = bars.known_ts[at];
    }
  }
  return labels;
}

}  // namespace tf::market
