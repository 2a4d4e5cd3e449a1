// The venues in the order in which they are asked whether a message is theirs.
#include <vector>

#include "data/sources/venues/venue.hpp"

namespace tf::data {

std::span<const VenueEntry> venues() {
  using namespace venue_entries;
  static const std::vector<VenueEntry> table = {binance_spot(), binance_usdm(), binance_coinm(), kraken(),
                                                okx(),          coinbase(),     bybit(),         bitmex(),
                                                bitstamp(),     deribit(),      hyperliquid()};
  return table;
}

}  // namespace tf::data
