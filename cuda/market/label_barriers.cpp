#include "cuda/market/label_barriers.hpp"

#include <algorithm>

namespace tf::market {
namespace {

/// Result of the trip if it left at `px`: the bid of a long, the ask of a short. Never falls as px moves its way, so
/// that the best and worst price of a range give the best and worst result.
template <bool kLong>
struct Result {
  double entry_px, entry_fee;
  Fees fees;
  explicit Result(const RoundTrip& trip)
      : entry_px(kLong ? trip.entry.ask : trip.entry.bid), entry_fee(trip.fees.of(entry_px)), fees(trip.fees) {}
  double operator()(double px) const { return (kLong ? px - entry_px : entry_px - px) - entry_fee - fees.of(px); }
  /// The price that gives this result.
  double px_of(double result) const {
    const double side = kLong ? 1 : -1, paid = side * (result + entry_fee + fees.ticks) + entry_px;
    return paid / (1 - side * (paid < 0 ? -fees.rate : fees.rate));
  }
};

int outcome_of(double result, const RoundTrip& trip) { return result >= trip.take ? 1 : result <= -trip.stop ? -1 : 0; }

template <bool kLong>
BarrierExit closes(const BarPath& bars, const RoundTrip& trip, std::size_t entry, std::size_t last) {
  const Result<kLong> result(trip);
  const double* px = (kLong ? bars.bid : bars.ask).data();
  for (std::size_t bar = entry + 1; bar <= last; ++bar)
    if (const int outcome = outcome_of(result(px[bar]), trip))
      return {outcome, false, bar, bars.known_ts[bar], {bars.bid[bar], bars.ask[bar]}};
  return {};
}

template <bool kLong>
BarrierExit ranges(const BarPath& bars, const RoundTrip& trip, std::size_t entry, std::size_t last, bool take_first) {
  const Result<kLong> result(trip);
  const double side = kLong ? 1 : -1;
  const double* close = (kLong ? bars.bid : bars.ask).data();
  for (std::size_t bar = entry + 1; bar <= last; ++bar) {
    const double spread = bars.ask[bar] - bars.bid[bar], before = bars.ask[bar - 1] - bars.bid[bar - 1];
    const double shift = side * bars.spread_share * (before > spread ? before : spread);
    // The closing touch is known to have been there, whatever the range says; it alone counts where the spread is NaN.
    const double lowest = bars.low[bar] - shift, highest = bars.high[bar] - shift;
    const double low = lowest < close[bar] ? lowest : close[bar], high = highest > close[bar] ? highest : close[bar];
    const double best = result(kLong ? high : low), worst = result(kLong ? low : high);
    const bool take = best >= trip.take, stop = worst <= -trip.stop;
    if (!take && !stop) continue;

    const double opened = result(bars.open[bar] - shift);
    const int at_open = outcome_of(opened, trip);
    BarrierExit exit{at_open, false, bar, bars.known_ts[bar], {}};
    if (!at_open) {
      exit.tie = take && stop;
      exit.outcome = exit.tie ? (take_first ? 1 : -1) : take ? 1 : -1;
    }
    const double px = result.px_of(exit.outcome > 0 ? trip.take : at_open < 0 ? opened : -trip.stop);
    exit.quote = kLong ? Quote{px, px + spread} : Quote{px - spread, px};
    return exit;
  }
  return {};
}

template <bool kLong>
BarrierExit touches(const TouchPath& path, const TouchBlocks& blocks, const RoundTrip& trip, std::size_t entry,
                    int64_t until_ts) {
  const Result<kLong> result(trip);
  const double* px = (kLong ? path.bid : path.ask).data();
  const double* best = (kLong ? blocks.high_bid : blocks.low_ask).data();
  const double* worst = (kLong ? blocks.low_bid : blocks.high_ask).data();
  const std::size_t rows = path.known_ts.size();
  for (std::size_t row = entry + 1; row < rows && path.known_ts[row] <= until_ts;) {
    const std::size_t block = row / kTouchBlock, next = std::min(rows, (block + 1) * kTouchBlock);
    if (result(best[block]) >= trip.take || result(worst[block]) <= -trip.stop) {
      for (; row < next && path.known_ts[row] <= until_ts; ++row)
        if (const int outcome = outcome_of(result(px[row]), trip))
          return {outcome, false, 0, path.known_ts[row], {path.bid[row], path.ask[row]}};
    }
    row = next;
  }
  return {};
}

}  // namespace

BarrierExit watch_closes(const BarPath& bars, const RoundTrip& trip, std::size_t entry, std::size_t last) {
  return trip.is_long ? closes<true>(bars, trip, entry, last) : closes<false>(bars, trip, entry, last);
}

BarrierExit watch_ranges(const BarPath& bars, const RoundTrip& trip, std::size_t entry, std::size_t last,
                         bool take_first) {
  return trip.is_long ? ranges<true>(bars, trip, entry, last, take_first)
                      : ranges<false>(bars, trip, entry, last, take_first);
}

BarrierExit watch_touches(const TouchPath& path, const TouchBlocks& blocks, const RoundTrip& trip, std::size_t entry,
                          int64_t until_ts) {
  return trip.is_long ? touches<true>(path, blocks, trip, entry, until_ts)
                      : touches<false>(path, blocks, trip, entry, until_ts);
}

}  // namespace tf::market
