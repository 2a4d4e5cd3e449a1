// The venues in the order in which they are asked whether a message is theirs.
#include <vector>

#include "data/sources/venues/venue.hpp"

namespace tf::data {

const VenueEntry& venue_coinbase();
const VenueEntry& venue_bybit();
const VenueEntry& venue_bitmex();
const VenueEntry& venue_bitstamp();
const VenueEntry& venue_deribit();
const VenueEntry& venue_hyperliquid();

std::span<const VenueEntry> venues() {
  static const std::vector<VenueEntry> table = {venue_coinbase(), venue_bybit(),   venue_bitmex(),
                                                venue_bitstamp(), venue_deribit(), venue_hyperliquid()};
  return table;
}

}  // namespace tf::data
