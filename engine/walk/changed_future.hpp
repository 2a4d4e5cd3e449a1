// A market in memory, and the same with another future.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cuda/base/market.hpp"
#include "cuda/base/philox.hpp"
#include "cuda/base/time.hpp"

namespace tf::walk {

struct MarketDay {
  Day day;
  TickColumns ticks;
  TickColumns reference;  ///< of a second instrument; may be empty
};

/// A column of doubles from elsewhere, each with the time it is about and the time it was known.
struct OutsideSeries {
  std::string name;
  std::vector<int64_t> event_ts, known_ts;
  std::vector<double> values;
};

struct Market {
  Instrument instrument, reference;
  std::vector<MarketDay> days;  ///< ascending
  std::vector<OutsideSeries> outside;
};

/// What becomes of everything known after the cut. Times stay, unless said.
enum class Change {
  noise,        ///< prices, sizes, sides and ids are drawn anew around what they were
  permutation,  ///< prices and sizes change places among rows of one kind; values of a series among themselves
  extreme,      ///< +- FutureSpec::extreme_px, +-1e30 in doubles
  thinning,     ///< half of the events go, others come earlier; a day keeps its last event
  nan,          ///< doubles become NaN; ticks hold no doubles and stay
  truncation,   ///< nothing comes any more
};
inline constexpr int kChanges = 6;
const char* to_text(Change change);

struct FutureSpec {
  int64_t noise_ticks = 2000;
  /// As far as sums over bars stay exact, and a simulation's money below 2^52 with max_position_lots of some tens.
  int64_t extreme_px = int64_t{1} << 30, extreme_qty = int64_t{1} << 24;
};

/// When each row was known: the running maximum of local_ts, which goes on from `from`.
std::vector<int64_t> known_times(const TickColumns& ticks, int64_t from = INT64_MIN);

/// The market with everything known after cut_ts replaced; what was known by then keeps its bits.
Market changed_future(const Market& market, int64_t cut_ts, Change change, uint64_t seed, const FutureSpec& spec);

/// Knowledge times of rows not known before `earliest`, drawn from the whole market, each or the nanosecond before it.
std::vector<int64_t> draw_cuts(const Market& market, int count, uint64_t seed, int64_t earliest = INT64_MIN);

}  // namespace tf::walk
