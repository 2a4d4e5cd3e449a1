// What one day's ticks look like, as numbers.
#pragma once
#include <cstdint>
#include <string>

namespace tf::data {

/// Counted by the same rules whatever the source (TICK_FORMATS section 4). An event is the run of rows up to kFlagLast.
struct QualityCounts {
  int64_t ticks = 0;
  int64_t events = 0;
  int64_t quotes = 0;  ///< events with a best bid or a best ask
  int64_t trades = 0;  ///< trade rows
  int64_t first_ts = 0, last_ts = 0;
  int64_t backward_steps = 0;  ///< exch_ts below the row before (kept, order as read)
  int64_t local_backward_steps = 0;
  int64_t equal_ts = 0;    ///< events with the time of the event before
  int64_t equal_rows = 0;  ///< events equal in everything to an earlier one of the same time (real, kept); about the
                           ///< first thousand events of one time are remembered
  int64_t largest_gap_ns = 0, largest_gap_at = 0;  ///< between rows; at: the time of the row before the gap
  int64_t long_gaps = 0;                           ///< gaps within a session above the policy's max_gap_s
  int64_t crossed = 0, locked = 0;                 ///< quotes with bid > ask, bid == ask
  int64_t zero_px = 0, negative_px = 0;            ///< trade and best quote rows
  int64_t zero_qty = 0;                            ///< trade and best quote rows of feeds that carry sizes
  int64_t negative_latency = 0;                    ///< rows with local_ts < exch_ts
  int64_t least_latency_ns = 0;                    ///< the smallest local_ts - exch_ts of a row
  int64_t outside_sessions = 0;                    ///< trade and best quote rows outside the policy's sessions
  int64_t auctions = 0, irregular = 0, hidden = 0, bars = 0;  ///< trade rows with these flags
  int64_t corrections = 0;                                    ///< rows that void an earlier trade
  int64_t spread_max_ticks = 0;
  double spread_median_ticks = 0;  ///< over quotes with both sides known, crossed ones (negative) included

  bool operator==(const QualityCounts&) const = default;
};

/// One JSON object; times as ISO text.
std::string to_json(const QualityCounts& counts);
/// `text` as a JSON string with its quotes; bytes that are not ASCII become '?'.
std::string json_text(const std::string& text);

}  // namespace tf::data
