#include "engine/walk/changed_future.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace tf::walk {
namespace {

/// Rows that are known after the cut: [first, size).
std::size_t first_unknown(const std::vector<int64_t>& known, int64_t cut_ts) {
  return static_cast<std::size_t>(std::upper_bound(known.begin(), known.end(), cut_ts) - known.begin());
}

void add_noise(TickColumns& ticks, std::size_t from, const RandomStream& random, const FutureSpec& spec) {
  const auto width = static_cast<uint32_t>(2 * spec.noise_ticks + 1);
  for (std::size_t row = from; row < ticks.size(); ++row) {
    const Words4 words = random.words(row);
    ticks.px[row] += static_cast<int64_t>(words.w[0] % width) - spec.noise_ticks;
    ticks.qty[row] = 1 + words.w[1] % 100000;
    const auto kind = static_cast<TickKind>(ticks.flags[row] & kKindMask);
    if (kind == TickKind::trade && (words.w[2] & 1)) ticks.flags[row] ^= kFlagBuy | kFlagSell;
    if (!ticks.order_id.empty()) ticks.order_id[row] ^= words.w[2] >> 1 & 7;
  }
}

void permute(TickColumns& ticks, std::size_t from, const RandomStream& random) {
  std::vector<std::size_t> rows[kKindMask + 1];
  for (std::size_t row = from; row < ticks.size(); ++row) rows[ticks.flags[row] & kKindMask].push_back(row);
  for (const auto& of_kind : rows)
    for (std::size_t at = of_kind.size(); at > 1; --at) {
      const std::size_t one = of_kind[at - 1], other = of_kind[random.below(one, static_cast<uint32_t>(at))];
      std::swap(ticks.px[one], ticks.px[other]);
      std::swap(ticks.qty[one], ticks.qty[other]);
      if (!ticks.order_id.empty()) std::swap(ticks.order_id[one], ticks.order_id[other]);
    }
}

void go_extreme(TickColumns& ticks, std::size_t from, const RandomStream& random, const FutureSpec& spec) {
  for (std::size_t row = from; row < ticks.size(); ++row) {
    ticks.px[row] = random.words(row).w[0] & 1 ? spec.extreme_px : -spec.extreme_px;
    ticks.qty[row] = spec.extreme_qty;
  }
}

/// Whole events go or come earlier. What had happened by the cut (exch_ts) has happened: such rows keep their times.
TickColumns thinned(const TickColumns& ticks, std::size_t from, int64_t cut_ts, const RandomStream& random) {
  TickColumns kept;
  int64_t exch = INT64_MIN, local = cut_ts;
  for (std::size_t row = 0; row < from; ++row) {
    kept.push(ticks.span()[row]);
    exch = std::max(exch, ticks.exch_ts[row]);
  }
  std::size_t last_event = ticks.size();
  while (last_event > from && (last_event == ticks.size() || !(ticks.flags[last_event - 1] & kFlagLast))) --last_event;
  for (std::size_t row = from; row < ticks.size();) {
    std::size_t end = row + 1;
    while (end < ticks.size() && !(ticks.flags[end - 1] & kFlagLast)) ++end;
    const Words4 words = random.words(row);
    const bool last = end > last_event;
    if (last || (words.w[0] & 1)) {
      const int64_t room =
          std::min(ticks.local_ts[row] - std::max(local, cut_ts + 1), ticks.exch_ts[row] - std::max(exch, cut_ts + 1));
      const int64_t earlier = last || room <= 0 || (words.w[1] & 1) ? 0 : int64_t{words.w[2]} % (room + 1);
      for (; row < end; ++row) {
        Tick tick = ticks.span()[row];
        tick.exch_ts -= earlier;
        tick.local_ts -= earlier;
        exch = std::max(exch, tick.exch_ts);
        local = std::max(local, tick.local_ts);
        kept.push(tick);
      }
    }
    row = end;
  }
  return kept;
}

/// Returns the latest time known.
int64_t change_ticks(TickColumns& ticks, int64_t known_before, int64_t cut_ts, Change change,
                     const RandomStream& random, const FutureSpec& spec) {
  const std::vector<int64_t> known = known_times(ticks, known_before);
  const std::size_t from = first_unknown(known, cut_ts);
  if (from < ticks.size()) switch (change) {
      case Change::noise:
        add_noise(ticks, from, random, spec);
        break;
      case Change::permutation:
        permute(ticks, from, random);
        break;
      case Change::extreme:
        go_extreme(ticks, from, random, spec);
        break;
      case Change::thinning:
        ticks = thinned(ticks, from, cut_ts, random);
        break;
      case Change::truncation:
        ticks.resize(from);
        break;
      case Change::nan:
        break;
    }
  return known.empty() ? known_before : known.back();
}

void change_series(OutsideSeries& series, int64_t cut_ts, Change change, const RandomStream& random) {
  std::vector<std::size_t> future;
  for (std::size_t at = 0; at < series.values.size(); ++at)
    if (series.known_ts[at] > cut_ts) future.push_back(at);
  for (std::size_t nth = future.size(); nth > 0; --nth) {
    const std::size_t at = future[nth - 1];
    double& value = series.values[at];
    const double draw = 2 * random.uniform(at) - 1;
    if (change == Change::noise) value = value * (1 + draw) + draw;
    if (change == Change::extreme) value = draw < 0 ? -1e30 : 1e30;
    if (change == Change::nan) value = std::numeric_limits<double>::quiet_NaN();
    if (change == Change::permutation)
      std::swap(value, series.values[future[random.below(at, static_cast<uint32_t>(nth))]]);
  }
  if (change != Change::truncation && change != Change::thinning) return;
  OutsideSeries kept{series.name, {}, {}, {}};
  for (std::size_t at = 0; at < series.values.size(); ++at) {
    const bool stays = series.known_ts[at] <= cut_ts || (change == Change::thinning && (random.words(at).w[0] & 1));
    if (!stays) continue;
    kept.event_ts.push_back(series.event_ts[at]);
    kept.known_ts.push_back(series.known_ts[at]);
    kept.values.push_back(series.values[at]);
  }
  series = std::move(kept);
}

}  // namespace

const char* to_text(Change change) {
  static const char* const names[kChanges] = {"noise", "permutation", "extreme", "thinning", "nan", "truncation"};
  return names[static_cast<int>(change)];
}

std::vector<int64_t> known_times(const TickColumns& ticks, int64_t from) {
  std::vector<int64_t> known(ticks.size());
  for (std::size_t row = 0; row < ticks.size(); ++row) known[row] = from = std::max(from, ticks.local_ts[row]);
  return known;
}

Market changed_future(const Market& market, int64_t cut_ts, Change change, uint64_t seed, const FutureSpec& spec) {
  Market changed = market;
  uint32_t lane = 0;
  // A clock never runs back: a day known late makes all that follows it late.
  int64_t known = INT64_MIN, reference_known = INT64_MIN;
  for (MarketDay& day : changed.days) {
    known = change_ticks(day.ticks, known, cut_ts, change, {seed, Purpose::audit, lane++}, spec);
    reference_known =
        change_ticks(day.reference, reference_known, cut_ts, change, {seed, Purpose::audit, lane++}, spec);
  }
  if (change == Change::truncation)
    std::erase_if(changed.days, [](const MarketDay& day) { return day.ticks.size() == 0; });
  for (OutsideSeries& series : changed.outside) change_series(series, cut_ts, change, {seed, Purpose::audit, lane++});
  return changed;
}

std::vector<int64_t> draw_cuts(const Market& market, int count, uint64_t seed, int64_t earliest) {
  std::vector<int64_t> known;
  int64_t latest = INT64_MIN;
  for (const MarketDay& day : market.days)
    for (const int64_t time : known_times(day.ticks, latest)) known.push_back(latest = time);
  if (known.empty())
    for (const OutsideSeries& series : market.outside)
      known.insert(known.end(), series.known_ts.begin(), series.known_ts.end());
  std::erase_if(known, [&](int64_t time) { return time < earliest || time == INT64_MIN; });
  std::vector<int64_t> cuts;
  const RandomStream random{seed, Purpose::audit, 0xFFFFFFFF};
  for (int cut = 0; cut < count && !known.empty(); ++cut) {
    const Words4 words = random.words(static_cast<uint64_t>(cut));
    const std::size_t row = (uint64_t{words.w[0]} << 32 | words.w[1]) % known.size();
    cuts.push_back(known[row] - (words.w[2] & 1));
  }
  return cuts;
}

}  // namespace tf::walk
