// Fifteen ways to read the future, each as a small pipeline over a market in memory, and their honest twins.
#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "../small_market.hpp"
#include "engine/walk/audit.hpp"

namespace tf::zoo {

using walk::Market;
using walk::Observation;
using Observations = std::vector<Observation>;

inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Two days of quotes and trades; some trades are broken a quarter of an hour later; a series known five minutes late,
/// with holes.
inline Market market(int events = 3000) {
  Market made;
  made.instrument = small_instrument();
  const RandomStream random{4, Purpose::test, 77};
  for (int day = 0; day < 2; ++day) {
    const TickColumns plain = small_day(day, events);
    TickColumns ticks;
    std::vector<Tick> breaks;
    std::size_t due = 0;
    for (std::size_t row = 0; row < plain.size(); ++row) {
      Tick tick = plain.span()[row];
      for (; due < breaks.size() && breaks[due].local_ts <= tick.local_ts; ++due) ticks.push(breaks[due]);
      if (tick.kind() == TickKind::trade) {
        tick.order_id = 8 * (row + 1);
        if (random.below(row, 10) == 0) {
          Tick broken = tick;
          broken.exch_ts = tick.exch_ts + 15 * kMinute;
          broken.local_ts = tick.local_ts + 15 * kMinute;
          broken.flags = static_cast<uint32_t>(TickKind::trade_break) | kFlagLast;
          breaks.push_back(broken);
        }
      }
      ticks.push(tick);
    }
    made.days.push_back({Day{19800 + day}, ticks, {}});
    walk::OutsideSeries& news = made.outside.empty() ? made.outside.emplace_back() : made.outside.front();
    news.name = "news";
    for (int at = 0; at < 160; ++at) {
      const int64_t time = ticks.exch_ts.front() + at * 3 * kMinute;
      news.event_ts.push_back(time);
      news.known_ts.push_back(time + 5 * kMinute);
      const auto step = static_cast<uint64_t>(1'000'000 + 1000 * day + at);
      news.values.push_back(random.below(step, 3) == 0 ? kNan : random.uniform(step + 500'000));
    }
  }
  return made;
}

/// Minute bars. One is known when the first quote of a later minute arrives, and not there before.
struct Bars {
  std::vector<int64_t> left, known, opened;  ///< opened: its first quote was known
  std::vector<double> open, high, low, close, volume;
  std::vector<int> day;
  std::size_t size() const { return known.size(); }
};

/// With `foresight` trades that are broken later are left out from the start.
inline Bars bars_of(const Market& market, bool foresight = false) {
  Bars bars;
  for (std::size_t day = 0; day < market.days.size(); ++day) {
    const TickSpan ticks = market.days[day].ticks.span();
    std::map<uint64_t, bool> broken;
    for (std::size_t row = 0; row < ticks.size(); ++row)
      if (ticks[row].kind() == TickKind::trade_break) broken[ticks[row].order_id] = true;
    const std::vector<int64_t> known = walk::known_times(market.days[day].ticks);
    int64_t left = INT64_MIN, opened = 0;
    double bid = kNan, open = 0, high = 0, low = 0, close = 0, volume = 0;
    for (std::size_t row = 0; row < ticks.size(); ++row) {
      const Tick tick = ticks[row];
      if (tick.kind() == TickKind::best_bid) bid = static_cast<double>(tick.px);
      const int64_t minute = known[row] / kMinute * kMinute;
      if (minute > left) {
        if (left != INT64_MIN) {
          bars.left.push_back(left);
          bars.known.push_back(known[row]);
          bars.opened.push_back(opened);
          bars.open.push_back(open);
          bars.high.push_back(high);
          bars.low.push_back(low);
          bars.close.push_back(close);
          bars.volume.push_back(volume);
          bars.day.push_back(static_cast<int>(day));
        }
        left = minute;
        opened = known[row];
        open = high = low = close = bid;
        volume = 0;
      }
      if (tick.kind() == TickKind::trade && !(foresight && broken.contains(tick.order_id)))
        volume += static_cast<double>(tick.qty);
      if (std::isnan(open)) open = high = low = bid;
      close = bid;
      high = std::max(high, bid);
      low = std::min(low, bid);
    }
  }
  return bars;
}

/// The bars themselves, which leak nothing, and then what is asked.
inline Observations with_bars(const Bars& bars, Observation asked) {
  return {{"bars", "close", bars.known, bars.close}, {"bars", "high", bars.known, bars.high}, std::move(asked)};
}

template <class Value>
Observations feature(const Market& market, const std::string& name, const Value& value) {
  const Bars bars = bars_of(market);
  Observation out{"features", name, bars.known, {}};
  for (std::size_t row = 0; row < bars.size(); ++row) out.values.push_back(value(bars, static_cast<int64_t>(row)));
  return with_bars(bars, out);
}

inline double mean_of(const std::vector<double>& values, int64_t first, int64_t end) {
  double sum = 0;
  for (int64_t at = first; at < end; ++at) sum += values[static_cast<std::size_t>(at)];
  return sum / static_cast<double>(end - first);
}

inline double z_score(const std::vector<double>& values, int64_t first, int64_t end, int64_t row) {
  const double mean = mean_of(values, first, end);
  double square = 0;
  for (int64_t at = first; at < end; ++at) square += std::pow(values[static_cast<std::size_t>(at)] - mean, 2);
  return (values[static_cast<std::size_t>(row)] - mean) / std::sqrt(square / static_cast<double>(end - first) + 1e-12);
}

// ---- features -------------------------------------------------------------------------------------------------------

inline Observations centred_window(const Market& market) {
  return feature(market, "centred mean", [](const Bars& bars, int64_t row) {
    const auto rows = static_cast<int64_t>(bars.size());
    return row < 2 || row + 3 > rows ? kNan : mean_of(bars.close, row - 2, row + 3);
  });
}
inline Observations trailing_window(const Market& market) {
  return feature(market, "trailing mean",
                 [](const Bars& bars, int64_t row) { return row < 4 ? kNan : mean_of(bars.close, row - 4, row + 1); });
}

inline Observations negative_shift(const Market& market) {
  return feature(market, "shifted return", [](const Bars& bars, int64_t row) {
    const auto at = static_cast<std::size_t>(row);
    return at + 1 < bars.size() ? bars.close[at + 1] - bars.close[at] : kNan;
  });
}

inline Observations global_z_score(const Market& market) {
  return feature(market, "z-score", [](const Bars& bars, int64_t row) {
    return z_score(bars.close, 0, static_cast<int64_t>(bars.size()), row);
  });
}
inline Observations rolling_z_score(const Market& market) {
  return feature(market, "z-score", [](const Bars& bars, int64_t row) {
    return row < 29 ? kNan : z_score(bars.close, row - 29, row + 1, row);
  });
}

inline Observations filled(const Market& market, bool backward) {
  const walk::OutsideSeries& news = market.outside.front();
  Observation out{"features", "filled news", news.known_ts, news.values};
  const std::size_t rows = news.values.size();
  for (std::size_t nth = 0; nth < rows; ++nth) {
    const std::size_t row = backward ? rows - 1 - nth : nth, from = backward ? row + 1 : row - 1;
    if (std::isnan(out.values[row]) && from < rows) out.values[row] = out.values[from];
  }
  return with_bars(bars_of(market), out);
}
inline Observations backward_fill(const Market& market) { return filled(market, true); }
inline Observations forward_fill(const Market& market) { return filled(market, false); }

inline Observations label_left(const Market& market) {
  const Bars bars = bars_of(market);
  return with_bars(bars, {"bars", "stamped left", bars.left, bars.close});
}

/// A pivot high: ten ticks are lost from it. It is drawn where it was, or where it was seen.
inline Observations pivots(const Market& market, bool repaint) {
  const Bars bars = bars_of(market);
  Observation out{"features", "pivot", bars.known, std::vector<double>(bars.size(), 0)};
  std::size_t top = 0;
  for (std::size_t row = 0; row < bars.size(); ++row) {
    if (bars.close[row] >= bars.close[top]) top = row;
    if (bars.close[row] > bars.close[top] - 10) continue;
    out.values[repaint ? top : row] = bars.close[top];
    top = row;
  }
  return with_bars(bars, out);
}
inline Observations repainting_pivot(const Market& market) { return pivots(market, true); }
inline Observations confirmed_pivot(const Market& market) { return pivots(market, false); }

/// Rank of the close among those of its day: all, or those so far.
inline double rank(const Bars& bars, int64_t row, bool whole_day) {
  double below = 0;
  for (std::size_t at = 0; at < (whole_day ? bars.size() : static_cast<std::size_t>(row)); ++at)
    below += bars.day[at] == bars.day[static_cast<std::size_t>(row)] &&
             bars.close[at] < bars.close[static_cast<std::size_t>(row)];
  return below;
}
inline Observations future_rank(const Market& market) {
  return feature(market, "rank of the day", [](const Bars& bars, int64_t row) { return rank(bars, row, true); });
}
inline Observations running_rank(const Market& market) {
  return feature(market, "rank so far", [](const Bars& bars, int64_t row) { return rank(bars, row, false); });
}

inline double share_of_range(const Bars& bars, int64_t row, bool whole_day) {
  double high = -1e300, low = 1e300;
  for (std::size_t at = 0; at < (whole_day ? bars.size() : static_cast<std::size_t>(row) + 1); ++at)
    if (bars.day[at] == bars.day[static_cast<std::size_t>(row)]) {
      high = std::max(high, bars.high[at]);
      low = std::min(low, bars.low[at]);
    }
  return (bars.close[static_cast<std::size_t>(row)] - low) / (high - low);
}
inline Observations day_range(const Market& market) {
  return feature(market, "place in the day's range",
                 [](const Bars& bars, int64_t row) { return share_of_range(bars, row, true); });
}
inline Observations running_range(const Market& market) {
  return feature(market, "place in the range so far",
                 [](const Bars& bars, int64_t row) { return share_of_range(bars, row, false); });
}

/// The latest news at a bar: by the time it is about, or by the time it was known.
inline Observations joined(const Market& market, bool by_event) {
  return feature(market, "joined news", [&](const Bars& bars, int64_t row) {
    const walk::OutsideSeries& news = market.outside.front();
    double latest = kNan;
    for (std::size_t at = 0; at < news.values.size(); ++at)
      if ((by_event ? news.event_ts : news.known_ts)[at] <= bars.known[static_cast<std::size_t>(row)])
        latest = news.values[at];
    return latest;
  });
}
inline Observations join_by_event_time(const Market& market) { return joined(market, true); }
inline Observations join_by_knowledge(const Market& market) { return joined(market, false); }

/// Volume without broken trades: from the start, or with the trades as they were known.
inline Observations volumes(const Market& market, bool foresight) {
  const Bars bars = bars_of(market, foresight);
  return with_bars(bars, {"bars", "volume", bars.known, bars.volume});
}
inline Observations early_correction(const Market& market) { return volumes(market, true); }
inline Observations volume_as_known(const Market& market) { return volumes(market, false); }

// ---- training -------------------------------------------------------------------------------------------------------

inline constexpr int kHorizon = 20;  ///< bars from a row to its label
inline constexpr int kInputs = 6;

/// Inputs and labels by row; the first day's rows up to `trained` may be trained on, the fit is known at that bar.
struct Task {
  Bars bars;
  std::vector<std::vector<double>> x;  ///< [input][row]
  std::vector<double> y;               ///< NaN: not resolved
  std::size_t first = 10, trained = 0;
  int64_t known() const { return bars.known[trained - 1]; }
  bool ready() const { return bars.size() >= trained; }
};

inline Task task_of(const Market& market) {
  Task task;
  task.bars = bars_of(market);
  const std::vector<double>& close = task.bars.close;
  task.x.resize(kInputs);
  for (std::size_t row = 0; row < close.size(); ++row) {
    for (std::size_t input = 0; input < kInputs; ++input)
      task.x[input].push_back(row < task.first ? 0 : close[row] - close[row - input - 1]);
    task.y.push_back(row + kHorizon < close.size() ? close[row + kHorizon] - close[row] : kNan);
  }
  task.trained = 300;
  return task;
}

inline Observations fitted(const Task& task, const std::string& stage, const std::string& name,
                           std::vector<double> values) {
  return with_bars(task.bars, {stage, name, std::vector<int64_t>(values.size(), task.known()), std::move(values)});
}

inline Observations unfitted(const Task& task) { return with_bars(task.bars, {"unfitted", "", {}, {}}); }

inline std::vector<double> moments_of(const Task& task, std::size_t end) {
  std::vector<double> moments;
  for (const auto& input : task.x) {
    const double mean = mean_of(input, static_cast<int64_t>(task.first), static_cast<int64_t>(end));
    double square = 0;
    for (std::size_t row = task.first; row < end; ++row) square += (input[row] - mean) * (input[row] - mean);
    moments.insert(moments.end(), {mean, std::sqrt(square)});
  }
  return moments;
}
inline Observations scaler_on_all(const Market& market) {
  const Task task = task_of(market);
  if (!task.ready()) return unfitted(task);
  return fitted(task, "scaler", "mean and deviation", moments_of(task, task.bars.size()));
}
inline Observations scaler_in_fold(const Market& market) {
  const Task task = task_of(market);
  if (!task.ready()) return unfitted(task);
  return fitted(task, "scaler", "mean and deviation", moments_of(task, task.trained));
}

/// One weight by gradient descent; the weight of the epoch with the least loss over [from, to) is kept.
inline std::vector<double> descend(const Task& task, std::size_t train_end, std::size_t from, std::size_t to) {
  double weight = 0, best = 0, least = std::numeric_limits<double>::infinity();
  const auto loss = [&](std::size_t first, std::size_t end, bool slope) {
    double sum = 0;
    int rows = 0;
    for (std::size_t row = first; row < end; ++row) {
      if (std::isnan(task.y[row])) continue;
      const double error = weight * task.x[2][row] - task.y[row];
      sum += slope ? error * task.x[2][row] : error * error;
      ++rows;
    }
    return rows ? sum / rows : 0;
  };
  for (int epoch = 0; epoch < 60; ++epoch) {
    weight -= 0.002 * loss(task.first, train_end, true);
    const double measured = loss(from, to, false);
    if (measured < least) {
      least = measured;
      best = weight;
    }
  }
  return {best, least};
}
inline Observations early_stopping_on_test(const Market& market) {
  const Task task = task_of(market);
  if (!task.ready()) return unfitted(task);
  return fitted(task, "weights", "stopped on test",
                descend(task, task.trained - kHorizon, task.trained, task.x[0].size()));
}
inline Observations early_stopping_in_fold(const Market& market) {
  const Task task = task_of(market);
  if (!task.ready()) return unfitted(task);
  const std::size_t mature = task.trained - kHorizon;
  return fitted(task, "weights", "stopped on validation", descend(task, mature - 80, mature - 60, mature));
}

inline std::vector<double> correlations(const Task& task, std::size_t end) {
  std::vector<double> scores;
  for (const auto& input : task.x) {
    double cross = 0, square = 0;
    for (std::size_t row = task.first; row < end; ++row)
      if (!std::isnan(task.y[row])) {
        cross += input[row] * task.y[row];
        square += input[row] * input[row];
      }
    scores.push_back(std::abs(cross) / std::sqrt(square + 1e-9));
  }
  return scores;
}
inline std::vector<double> chosen(const std::vector<double>& scores) {
  const auto best = std::max_element(scores.begin(), scores.end());
  return {static_cast<double>(best - scores.begin()), *best};
}
inline Observations selection_on_all(const Market& market) {
  const Task task = task_of(market);
  if (!task.ready()) return unfitted(task);
  return fitted(task, "selection", "chosen input", chosen(correlations(task, task.x[0].size())));
}
inline Observations selection_in_fold(const Market& market) {
  const Task task = task_of(market);
  if (!task.ready()) return unfitted(task);
  return fitted(task, "selection", "chosen input", chosen(correlations(task, task.trained - kHorizon)));
}

inline Observations labels_until(const Market& market, int purged) {
  const Task task = task_of(market);
  if (!task.ready()) return unfitted(task);
  const std::size_t end = task.trained - static_cast<std::size_t>(purged);
  return fitted(task, "weights", "slopes", correlations(task, end));
}
inline Observations unpurged_label(const Market& market) { return labels_until(market, 0); }
inline Observations purged_label(const Market& market) { return labels_until(market, kHorizon); }

// ---- orders ---------------------------------------------------------------------------------------------------------

/// Sells at the bar's own high as it opens, or at the open of the bar after one that rose.
inline Observations sale_at_high(const Market& market) {
  const Bars bars = bars_of(market);
  return with_bars(bars, {"fills", "sale at the high", bars.opened, bars.high});
}
inline Observations sale_at_next_open(const Market& market) {
  const Bars bars = bars_of(market);
  Observation out{"fills", "sale at the next open", {}, {}};
  for (std::size_t row = 1; row < bars.size(); ++row)
    if (bars.close[row - 1] > bars.open[row - 1]) {
      out.known_ts.push_back(bars.known[row]);
      out.values.push_back(bars.open[row]);
    }
  return with_bars(bars, out);
}

struct Animal {
  std::string what;
  walk::Pipeline pipeline;
  std::string stage, name;  ///< the line that shows it
};

inline std::vector<Animal> leaks() {
  return {{"centred window", centred_window, "features", "centred mean"},
          {"negative shift", negative_shift, "features", "shifted return"},
          {"global z-score", global_z_score, "features", "z-score"},
          {"backward fill", backward_fill, "features", "filled news"},
          {"bar stamped at its left edge", label_left, "bars", "stamped left"},
          {"repainting pivot", repainting_pivot, "features", "pivot"},
          {"rank over the whole day", future_rank, "features", "rank of the day"},
          {"scaler fit on all", scaler_on_all, "scaler", "mean and deviation"},
          {"early stopping on the test", early_stopping_on_test, "weights", "stopped on test"},
          {"selection on all data", selection_on_all, "selection", "chosen input"},
          {"labels that are not mature", unpurged_label, "weights", "slopes"},
          {"join by event time", join_by_event_time, "features", "joined news"},
          {"normalised by the day's range", day_range, "features", "place in the day's range"},
          {"fill at the bar's own high", sale_at_high, "fills", "sale at the high"},
          {"correction before it arrived", early_correction, "bars", "volume"}};
}

inline std::vector<Animal> honest() {
  return {{"trailing window", trailing_window, "", ""},
          {"rolling z-score", rolling_z_score, "", ""},
          {"forward fill", forward_fill, "", ""},
          {"pivot when confirmed", confirmed_pivot, "", ""},
          {"rank so far", running_rank, "", ""},
          {"scaler of the fold", scaler_in_fold, "", ""},
          {"early stopping on validation", early_stopping_in_fold, "", ""},
          {"selection in the fold", selection_in_fold, "", ""},
          {"purged labels", purged_label, "", ""},
          {"join by knowledge time", join_by_knowledge, "", ""},
          {"range so far", running_range, "", ""},
          {"fill at the next open", sale_at_next_open, "", ""},
          {"volume as it was known", volume_as_known, "", ""}};
}

}  // namespace tf::zoo
