// What ingest does with odd ticks: one stated policy for each quirk of TICK_FORMATS section 3 that is no matter of how
// a format is read. What a policy refuses is a refused row with reason and place; what it keeps is counted. The text of
// the policy is an attribute of every day file: same input + same policy = same bytes.
//
//   quirk                                     policy here, or where it is decided
//    1 equal timestamps                       no choice: the order within equal times is always kept
//    2 fully equal rows, repeated ids         never dropped by content (counted: equal_rows); by id in the source
//    3 exchange time goes back                exchange_time_back, sort_window_ms; the receiver's: local_time_back
//    4 received before it was sent            negative_latency, local_shift_ns
//    4b streams not ordered among each other  exchange_time_back = sort, when exchange time is what matters
//    5 zero sizes                             zero_size
//    6 values that mean "none"                in the source; what is left: zero_price
//    7 negative prices                        negative_price
//    8 crossed and locked quotes              crossed, locked
//    9 units of time, 10 dates, 11 zones      in the source (its time_unit, zone, ...); time out of range is refused
//   12 whose side it is                       in the source: a flag always names the aggressor or the book side
//   13 snapshots and deltas without one       in the source: refused as "delta before the first snapshot"
//   14 old trades replayed on subscribe       old_trades, old_trade_ms
//   15 auctions, odd prints, hidden, bars     auctions, irregular, hidden, bars; hours: sessions, outside_sessions
//   16 headers, delimiters, 17 containers     in the source; a damaged input: damaged_day
//   18 the same trade in two places           in the source; late corrections: corrections
//   19 test symbols                           test_symbols
//   20 prices as binary floats                in the source: a price within 1e-6 of a tick is on it, others are refused
#pragma once
#include <cstdint>
#include <string>

#include "cuda/base/fields.hpp"

namespace tf::data {

/// Policies on prices, sizes, quotes, prints and hours look at trades and best quotes; book rows (depth, orders, clear,
/// status) always pass those, since a book with a hole is worse than an odd row. Policies on time look at every row.
/// An event (rows up to kFlagLast) of which one tick is refused is refused as a whole.
struct IngestPolicy {
  std::string exchange_time_back = "keep";
  int64_t sort_window_ms = 1000;
  std::string local_time_back = "keep";
  std::string negative_latency = "keep";
  int64_t local_shift_ns = 0;
  std::string zero_price = "refuse", negative_price = "keep", zero_size = "keep";
  std::string crossed = "keep", locked = "keep";
  std::string auctions = "keep", irregular = "keep", hidden = "keep", bars = "keep";
  std::string old_trades = "keep";
  int64_t old_trade_ms = 10'000;
  std::string corrections = "keep";
  std::string sessions, outside_sessions = "keep";
  int64_t max_gap_s = 3600;
  std::string test_symbols = "note";
  std::string damaged_day = "keep";

  static std::span<const Field> fields();
};

/// Throws Error{config} for a value that is none of the choices or out of its range: policies come from code as well as
/// from configs. The hours in `sessions` are checked where they are read (sessions.hpp).
void check_policy(const IngestPolicy& policy);
/// "name=value,..." in the order of the fields, defaults included.
std::string policy_text(const IngestPolicy& policy);
/// Is this a symbol that venues use for tests (ZVZZT, TESTBTC, ...)?
bool is_test_symbol(const std::string& symbol);

}  // namespace tf::data
