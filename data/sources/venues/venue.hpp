// The contract of a venue: one file a venue turns the websocket messages of its public feeds into ticks. `recorded`
// frames the lines of a recording, tells the venue, and hands each message over with its receive time.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "cuda/base/market.hpp"
#include "data/sources/parse/decimal.hpp"
#include "data/sources/parse/event_queue.hpp"

namespace tf::data {

/// What every venue is made with.
struct VenueInput {
  std::string symbol;  ///< as the venue writes it in its messages; compared without regard to case
  Grid price_grid, size_grid;
  bool round = false;  ///< prices and sizes off the grid are rounded instead of refused
  bool touch = true;   ///< yield best quotes from the rebuilt book where the recording has no best-quote stream
  std::size_t depth_rows =
      SIZE_MAX;  ///< levels a side kept when the venue limits its book (Kraken's depth); SIZE_MAX: all
};

/// What became of one message. A message gives ticks, or is refused for a reason, or is control (subscription answers,
/// heartbeats, other channels): then it yields nothing and is counted as refused under "not market data". Whatever else
/// is worth knowing is noted.
struct Heard {
  const char* refused = nullptr;  ///< nullptr: it gave the ticks that were pushed (at least one)
  std::string note;               ///< name for SourceCounts::noted, empty = nothing; see `more_note` for a second one
  std::string more_note;
};

class Venue {
 public:
  virtual ~Venue() = default;
  /// One message, complete JSON text with 64 readable bytes behind it (simdjson's padding). Ticks are pushed with
  /// kFlagLast on the last row of each event; the caller adds kRowEnd. All numbers go from their decimal text to the
  /// grids, never through a double. Wrong JSON or a wrong member is a refusal, never an exception. Rules all venues
  /// keep: a trade's flags name the aggressor; a book message before the first snapshot is refused as "delta before the
  /// first snapshot"; after a sequence gap (noted as "sequence gap") book deltas are refused as "delta after a sequence
  /// gap" until the next snapshot re-syncs ("book rebuilt from a snapshot" is noted), unless the venue sends no
  /// snapshots in its stream: then they are used and only noted. A snapshot is clear + levels, all with kFlagSnapshot.
  /// Checksums are compared after each update that carries one: noted as "book checksum equal" or "book checksum
  /// differs".
  virtual Heard hear(std::string_view json, int64_t local_ts, EventQueue& out) = 0;
};

/// A known venue. `claims` looks at one message (or the wss:// address of a cryptofeed header, if the recording has
/// one) and says whether it is written as this venue writes.
struct VenueEntry {
  const char* name;  ///< as in TOML: "binance_spot", "kraken", ...
  const char* help;
  bool (*claims)(std::string_view address, std::string_view message);
  std::unique_ptr<Venue> (*open)(const VenueInput& input);
};

/// One function a file of this folder, listed in venues.cpp: binance_spot, binance_usdm, binance_coinm (one file
/// binance.cpp), kraken, okx, coinbase, bybit, bitmex, bitstamp, deribit, hyperliquid.
std::span<const VenueEntry> venues();

}  // namespace tf::data
