// The rows of a LOBSTER orderbook file, in the file's own units: price * 10000, shares.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "data/sources/parse/level_book.hpp"

namespace tf::data {

/// One row: levels from the best on, empty ones left out.
struct LobsterLevels {
  std::vector<Level> bids, asks;
  std::size_t width = 0;  ///< levels a side that the row has room for
  bool operator==(const LobsterLevels&) const = default;

  const std::vector<Level>& side(bool bid) const { return bid ? bids : asks; }
  /// Shares at a price; -1 when the price lies beyond the levels that the row shows.
  int64_t qty_at(bool bid, int64_t px) const;
};

/// Reads "ask, ask size, bid, bid size" a level. Empty levels are +-9999999999. False when a cell is no integer or the
/// cells are no multiple of four.
bool parse_lobster_levels(std::string_view line, char delimiter, LobsterLevels& out);

}  // namespace tf::data
