#include "cuda/market/labels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cuda/base/error.hpp"
#include "cuda/base/time.hpp"
#include "cuda/market/label_barriers.hpp"
#include "cuda/market/trend_scan.hpp"

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

/// What the spec says, its words looked up.
struct Rules {
  enum class Kind { forward, barriers, trend } kind = Kind::forward;
  enum class Watch { close, range, ticks } watch = Watch::close;
  enum class Tie { stop_first, drop, take_first } tie = Tie::stop_first;
  bool sided = false;
  int64_t horizon_ns = 0;  // 0 = by bars
  Fees fees;
};

/// The place of a word in "a|b|c".
int word_of(const char* field, const std::string& word, const std::string& choices) {
  std::string rest = choices + "|", known;
  for (int place = 0; !rest.empty(); ++place) {
    const std::size_t end = rest.find('|');
    if (rest.substr(0, end) == word) return place;
    known += (place ? ", " : "") + rest.substr(0, end);
    rest.erase(0, end + 1);
  }
  throw Error(ErrorKind::config, std::string("labels: ") + field + " \"" + word + "\": expected one of " + known);
}

constexpr const char* kKinds = "forward_return|triple_barrier|trend_scan";
constexpr const char* kWatches = "close|range|ticks";
constexpr const char* kTies = "stop_first|drop|take_first";

Rules rules_of(const LabelSpec& spec, const BarTable& bars, const LabelSources& sources) {
  const auto refuse = [](const std::string& what) { throw Error(ErrorKind::config, "labels: " + what); };
  Rules rules;
  rules.kind = static_cast<Rules::Kind>(word_of("kind", spec.kind, kKinds));
  rules.watch = static_cast<Rules::Watch>(word_of("watch", spec.watch, kWatches));
  rules.tie = static_cast<Rules::Tie>(word_of("tie", spec.tie, kTies));
  rules.sided = !spec.side.empty();
  rules.horizon_ns = std::llround(spec.horizon_s * static_cast<double>(kSecond));
  rules.fees = {spec.fee_bps * 1e-4, spec.fee_ticks};
  if (spec.horizon_bars < 1) refuse("horizon_bars must be at least 1");
  if (!(spec.horizon_s >= 0)) refuse("horizon_s must not be negative");
  if (spec.latency_ns < 0) refuse("latency_ns must not be negative");
  if (!(spec.fee_bps >= 0 && spec.fee_bps <= 1000 && spec.fee_ticks >= 0))
    refuse("fee_bps must lie in [0, 1000], fee_ticks must not be negative");
  if (rules.kind == Rules::Kind::trend) {
    if (spec.window_min < 3 || spec.window_max < spec.window_min || spec.window_max > 4096)
      refuse("windows of a trend need 3 <= window_min <= window_max <= 4096");
    if (rules.sided) refuse("side: the sign of a trend has no round trip: expected forward_return or triple_barrier");
  }
  if (rules.sided && sources.side.size() != static_cast<std::size_t>(bars.rows()))
    refuse("side \"" + spec.side + "\": no values were given for it, one a bar is needed");
  if (rules.watch == Rules::Watch::ticks && !sources.ticks) refuse("watch \"ticks\": no ticks were given");
  return rules;
}

/// Labels of one table, day by day: rows are visited in order, so that every search for a time goes on from the last.
class Labeller {
 public:
  Labeller(const LabelSpec& spec, const BarTable& bars, const LabelSources& sources)
      : spec_(spec), bars_(bars), sources_(sources), rules_(rules_of(spec, bars, sources)) {
    const auto rows = static_cast<std::size_t>(bars.rows());
    path_ = {column_of(bars, BarColumn::open),   column_of(bars, BarColumn::high), column_of(bars, BarColumn::low),
             column_of(bars, BarColumn::bid),    column_of(bars, BarColumn::ask),  bars.known_ts,
             sources.range_of_trades ? 1.0 : 0.5};
    const bool scaled = rules_.kind == Rules::Kind::barriers && (spec.take_ticks == 0 || spec.stop_ticks == 0);
    deviation_ = scaled ? change_deviations(bars, spec.volatility_bars) : std::vector<double>(rows, kNan);
    labels_.value.assign(rows, kNan);
    labels_.long_ticks.assign(rows, kNan);
    labels_.short_ticks.assign(rows, kNan);
    labels_.tie.assign(rows, 0);
    labels_.t0 = bars.known_ts;
    labels_.t1.resize(rows);
    if (rules_.kind == Rules::Kind::trend) prepare_trends(rows);
  }

  LabelTable go() {
    const std::size_t rows = labels_.value.size();
    for (std::size_t first = 0, end = 0; first < rows; first = end) {
      while (end < rows && bars_.day[end] == bars_.day[first]) ++end;
      label_day(first, end);
    }
    return std::move(labels_);
  }

 private:
  /// Where a round trip starts: at a bar, or (watch = ticks) at a row of the day's path.
  struct Entry {
    Quote quote;
    int64_t ts = 0;
    std::size_t at = 0;
  };

  bool by_touch() const { return rules_.watch == Rules::Watch::ticks; }
  Quote close_of(std::size_t bar) const { return {path_.bid[bar], path_.ask[bar]}; }

  void label_day(std::size_t first, std::size_t end) {
    if (by_touch()) touches_ = sources_.ticks(bars_.day[first]);
    const TouchBlocks blocks(touches_);
    std::size_t entry_at = first, until = first, entry_row = 0, exit_row = 0;
    for (std::size_t bar = first; bar < end; ++bar) {
      const int64_t t0 = bars_.known_ts[bar];
      labels_.t1[bar] = bars_.known_ts[end - 1];

      // The horizon: the bar at which time is over.
      std::size_t last = bar;
      if (rules_.kind == Rules::Kind::trend) {
        last = bar + static_cast<std::size_t>(spec_.window_max) - 1;
      } else if (rules_.horizon_ns) {
        until = std::max(until, bar + 1);
        while (until < end && bars_.known_ts[until] - t0 < rules_.horizon_ns) ++until;
        last = until;
      } else {
        last = bar + static_cast<std::size_t>(spec_.horizon_bars);
      }
      if (last >= end) continue;

      // The entry, which must come before.
      Entry entry{close_of(bar), t0, bar};
      if (by_touch()) {
        const std::size_t row = row_at(t0 + spec_.latency_ns, entry_row);
        if (row == kNone) continue;
        entry = {{touches_.bid[row], touches_.ask[row]}, t0 + spec_.latency_ns, row};
      } else if (spec_.latency_ns) {
        entry_at = std::max(entry_at, bar);
        while (entry_at < last && bars_.known_ts[entry_at] - t0 < spec_.latency_ns) ++entry_at;
        entry = {close_of(entry_at), bars_.known_ts[entry_at], entry_at};
      }
      if (by_touch() ? entry.ts >= bars_.known_ts[last] : entry.at >= last) continue;

      Quote exit = close_of(last);
      if (by_touch()) {
        const std::size_t row = row_at(bars_.known_ts[last], exit_row);
        exit = {touches_.bid[row], touches_.ask[row]};
      }
      if (rules_.kind == Rules::Kind::trend)
        label_trend(bar, last, entry, exit);
      else
        label_trip(bar, last, entry, exit, blocks);
    }
  }

  void label_trip(std::size_t bar, std::size_t last, const Entry& entry, Quote exit, const TouchBlocks& blocks) {
    double side = 1;
    if (rules_.sided) {
      side = sources_.side[bar];
      if (!(side > 0 || side < 0)) return;
    }
    int64_t resolved = bars_.known_ts[last];
    double value = 0.5 * (exit.bid + exit.ask) - 0.5 * (entry.quote.bid + entry.quote.ask);
    if (rules_.kind == Rules::Kind::barriers) {
      const auto barrier = [&](double ticks) { return ticks > 0 ? ticks : spec_.barrier_deviations * deviation_[bar]; };
      const RoundTrip trip{entry.quote, side > 0, barrier(spec_.take_ticks), barrier(spec_.stop_ticks), rules_.fees};
      if (!(trip.take > 0 && trip.stop > 0) || std::isnan(entry.quote.bid + entry.quote.ask)) return;
      const BarrierExit met = search(trip, entry, last, blocks);
      labels_.tie[bar] = met.tie;
      if (met.outcome) {
        resolved = met.known_ts;
        exit = met.quote;
      }
      if (met.tie && rules_.tie == Rules::Tie::drop) return;
      value = met.outcome;
    }
    labels_.t1[bar] = resolved;
    const double bought = long_result(rules_.fees, entry.quote, exit),
                 sold = short_result(rules_.fees, entry.quote, exit), earned = side > 0 ? bought : sold;
    labels_.long_ticks[bar] = bought;
    labels_.short_ticks[bar] = sold;
    labels_.value[bar] = !rules_.sided ? value : std::isnan(earned) ? kNan : earned > 0 ? 1 : 0;
  }

  BarrierExit search(const RoundTrip& trip, const Entry& entry, std::size_t last, const TouchBlocks& blocks) const {
    switch (rules_.watch) {
      case Rules::Watch::range:
        return watch_ranges(path_, trip, entry.at, last, rules_.tie == Rules::Tie::take_first);
      case Rules::Watch::ticks:
        return watch_touches(touches_, blocks, trip, entry.at, bars_.known_ts[last]);
      case Rules::Watch::close:
        break;
    }
    return watch_closes(path_, trip, entry.at, last);
  }

  void prepare_trends(std::size_t rows) {
    labels_.trend_t.assign(rows, kNan);
    labels_.trend_end = bars_.known_ts;
    half_ticks_.resize(rows);
    gap_.resize(rows);
    for (std::size_t bar = rows; bar-- > 0;) {
      const double sum = path_.bid[bar] + path_.ask[bar];
      const bool there = !std::isnan(sum);
      expect(!there || sum == std::floor(sum), "closing bids and asks are whole ticks");
      half_ticks_[bar] = there ? static_cast<int64_t>(sum) : 0;
      gap_[bar] = !there ? bar : bar + 1 < rows ? gap_[bar + 1] : rows;
    }
  }

  void label_trend(std::size_t bar, std::size_t last, const Entry& entry, const Quote& exit) {
    const auto longest = static_cast<std::size_t>(spec_.window_max);
    if (gap_[bar] < bar + longest) return;
    const Trend trend =
        strongest_trend(std::span(half_ticks_).subspan(bar, longest), spec_.window_min, spec_.window_max);
    if (std::isnan(trend.t)) return;
    labels_.t1[bar] = bars_.known_ts[last];
    labels_.value[bar] = trend.t > 0 ? 1 : trend.t < 0 ? -1 : 0;
    labels_.trend_t[bar] = trend.t;
    labels_.trend_end[bar] = bars_.known_ts[bar + static_cast<std::size_t>(trend.window) - 1];
    labels_.long_ticks[bar] = long_result(rules_.fees, entry.quote, exit);
    labels_.short_ticks[bar] = short_result(rules_.fees, entry.quote, exit);
  }

  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  /// The touch in force at `ts`, which never goes back between calls that share `from`.
  std::size_t row_at(int64_t ts, std::size_t& from) const {
    while (from < touches_.known_ts.size() && touches_.known_ts[from] <= ts) ++from;
    return from ? from - 1 : kNone;
  }

  const LabelSpec& spec_;
  const BarTable& bars_;
  const LabelSources& sources_;
  const Rules rules_;
  BarPath path_;
  std::vector<double> deviation_;
  std::vector<int64_t> half_ticks_;  // trend_scan: bid + ask
  std::vector<std::size_t> gap_;     // trend_scan: the next bar without a touch
  TouchPath touches_;                // watch = ticks: of the day at work
  LabelTable labels_;
};

}  // namespace

std::span<const Field> LabelSpec::fields() {
  using P = LabelSpec;
  static const Field table[] = {
      TF_TEXT_FIELD(P, kind, kKinds, "what is predicted"),
      TF_FIELD(P, horizon_bars, 1, 1e6, "bars", "bars ahead; triple barrier: the time barrier"),
      TF_FIELD(P, take_ticks, 0, 1e9, "ticks", "profit barrier from entry; 0 = scaled by volatility"),
      TF_FIELD(P, stop_ticks, 0, 1e9, "ticks", "stop barrier from entry; 0 = scaled by volatility"),
      TF_FIELD(P, barrier_deviations, 1e-6, 1e6, "deviations",
               "scaled barriers in deviations of the close-to-close change"),
      TF_FIELD(P, volatility_bars, 2, 1e6, "bars", "changes the deviation is taken over"),
      TF_FIELD(P, horizon_s, 0, 1e7, "s", "the horizon as time: the first bar known then; 0 = by horizon_bars"),
      TF_TEXT_FIELD(P, watch, kWatches, "what meets a barrier: a bar's closing touch, its range, or every touch"),
      TF_TEXT_FIELD(P, tie, kTies, "both barriers within one bar's range: which came first; drop = no label"),
      TF_TEXT_FIELD(P, side, nullptr,
                    "feature whose sign is the primary side: label 1 where that round trip earns; empty = none"),
      TF_FIELD(P, latency_ns, 0, 1e15, "ns", "from t0 to the entry, at the first bar known then (ticks: at that time)"),
      TF_FIELD(P, fee_bps, 0, 1000, "bps", "fee of each side, of its price"),
      TF_FIELD(P, fee_ticks, 0, 1e9, "ticks", "fee of each side"),
      TF_FIELD(P, window_min, 3, 4096, "bars", "trend_scan: shortest window, the bar of t0 among them"),
      TF_FIELD(P, window_max, 3, 4096, "bars", "trend_scan: longest window")};
  return table;
}

LabelTable make_labels(const LabelSpec& spec, const BarTable& bars, const LabelSources& sources) {
  return Labeller(spec, bars, sources).go();
}

}  // namespace tf::market
