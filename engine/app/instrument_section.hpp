// The [instrument] section and the flags that say the same.
#pragma once
#include "cuda/base/market.hpp"
#include "engine/config/reader.hpp"

namespace tf::app {

/// Reads venue, symbol, tick_size, lot_size, multiplier, currency, zone, day_start_s, has_local_clock, sessions; venue,
/// symbol and both sizes are required.
Instrument read_instrument(const config::Section& section);
/// The same checks for an instrument put together from flags; `what` begins the message.
void check_instrument(const Instrument& instrument, const std::string& what);

}  // namespace tf::app
