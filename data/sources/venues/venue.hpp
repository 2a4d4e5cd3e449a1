// The contract of a venue: one file a venue turns the websocket messages of its public feeds into ticks. `recorded`
// frames the lines of a recording, tells the venue, and hands each message over with its receive time.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "cuda/base/market.hpp"
#include "data/sources/parse/decimal.hpp"
#include "data/sources/parse/event_queue.hpp"

namespace tf::data {

/// What every venue is made with.
struct VenueInput {
  std::string symbol;  ///< as the venue writes it in its messages; compared by same_symbol
  Grid price_grid, size_grid;
  bool round = false;  ///< prices and sizes off the grid are rounded instead of refused
  bool touch = true;   ///< yield best quotes from the rebuilt book where the recording has no best-quote stream
  std::size_t depth_rows =
      SIZE_MAX;  ///< levels a side kept when the venue limits its book (Kraken's depth); SIZE_MAX: all
};

/// One message as it was received.
struct Message {
  std::string_view json;     ///< complete JSON text with 64 readable bytes behind it (simdjson's padding)
  int64_t local_ts = 0;      ///< ns since 1970; 0 = the recording has none (recorded sets exch_ts afterwards)
  std::string_view address;  ///< of the request, where it is the answer to one (REST snapshot); else empty
};

/// Names under which all venues refuse and note the same things.
namespace heard {
inline constexpr char kNotMarketData[] = "not market data";  ///< subscription answers, heartbeats, other channels
inline constexpr char kBadJson[] = "bad JSON";
inline constexpr char kMissingMember[] = "missing member";  ///< market data without a member that it must have
inline constexpr char kBadTime[] = "bad time";
inline constexpr char kOtherSymbol[] = "other symbol";
inline constexpr char kBeforeSnapshot[] = "delta before the first snapshot";
inline constexpr char kGap[] = "sequence gap";  ///< noted
inline constexpr char kAfterGap[] = "delta after a sequence gap";
inline constexpr char kOldUpdate[] = "book update not newer than the book";  ///< repeated or out of order
inline constexpr char kEmptyUpdate[] = "book update without a level";
inline constexpr char kRebuilt[] = "book rebuilt from a snapshot";         ///< noted
inline constexpr char kChecksumEqual[] = "book checksum equal";            ///< noted
inline constexpr char kChecksumDiffers[] = "book checksum differs";        ///< noted
inline constexpr char kRepeatedTrade[] = "repeated trade id";              ///< refused; noted if others of the message
inline constexpr char kOtherQuotes[] = "best quotes from another stream";  ///< see RecordedBook::quote
}  // namespace heard

/// What became of one message. A message gives ticks, or is refused for a reason; all that is no market data is refused
/// as kNotMarketData. Whatever else is worth knowing is noted. All texts are literals.
struct Heard {
  const char* refused = nullptr;          ///< nullptr: it gave the ticks that were pushed (at least one)
  std::string_view symbol;                ///< with kOtherSymbol: the symbol found, valid until the next message
  std::array<const char*, 4> noted = {};  ///< names for SourceCounts::noted, in order; nullptr ends
  static Heard no(const char* reason) { return {reason, {}, {}}; }
  static Heard other(std::string_view symbol) { return {heard::kOtherSymbol, symbol, {}}; }
  void note(const char* name) {
    for (const char*& place : noted) {
      if (place == name) return;
      if (!place) {
        place = name;
        return;
      }
    }
  }
};

/// Upper and lower case are one, and '/', '-' and '_' are one: a store's folder cannot be named XBT/USD.
inline bool same_symbol(std::string_view a, std::string_view b) {
  const auto plain = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c == '/' || c == '_' ? '-' : c;
  };
  if (a.size() != b.size()) return false;
  for (std::size_t at = 0; at < a.size(); ++at)
    if (plain(a[at]) != plain(b[at])) return false;
  return true;
}

class Venue {
 public:
  virtual ~Venue() = default;
  /// Ticks are pushed with kFlagLast on the last row of each event; the caller adds kRowEnd, and drops what was pushed
  /// by a message that is refused. All numbers go from their decimal text to the grids, never through a double. Wrong
  /// JSON or a wrong member is a refusal, never an exception. Rules all venues keep (RecordedBook and RecordedTrades
  /// keep them for you): a trade's flags name the aggressor; a book message before the first snapshot is refused as
  /// kBeforeSnapshot; after a sequence gap (kGap is noted) book deltas are refused as kAfterGap until the next snapshot
  /// re-syncs (kRebuilt is noted), unless the venue sends no snapshots in its stream: then they are used and only
  /// noted. A snapshot is clear + levels, all with kFlagSnapshot. Checksums are compared after each update that carries
  /// one: noted as kChecksumEqual or kChecksumDiffers. A message that tells of several symbols gives the rows of one.
  virtual Heard hear(const Message& message, EventQueue& out) = 0;
};

/// A known venue. `claims` looks at the wss:// or https:// address of a cryptofeed header (empty if the recording has
/// none) and at one message (empty if only the address is known), and says whether it is written as this venue writes.
/// Control messages that many venues write alike are nobody's.
struct VenueEntry {
  const char* name;  ///< as in TOML: "binance_spot", "kraken", ...
  const char* help;
  bool (*claims)(std::string_view address, std::string_view message);
  std::unique_ptr<Venue> (*open)(const VenueInput& input);
};

/// The venues in the order in which they are asked; venues.cpp lists the functions below.
std::span<const VenueEntry> venues();

namespace venue_entries {
VenueEntry binance_spot();
VenueEntry binance_usdm();
VenueEntry binance_coinm();
VenueEntry kraken();
VenueEntry okx();
VenueEntry coinbase();
VenueEntry bybit();
VenueEntry bitmex();
VenueEntry bitstamp();
VenueEntry deribit();
VenueEntry hyperliquid();
}  // namespace venue_entries

}  // namespace tf::data
