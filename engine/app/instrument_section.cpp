#include "engine/app/instrument_section.hpp"

#include "cuda/base/error.hpp"

namespace tf::app {
namespace {

ParamsType instrument_type() {
  using P = Instrument;
  static const Field table[] = {
      TF_TEXT_FIELD(P, venue, nullptr, "folder of the store: letters, digits, - _ ."),
      TF_TEXT_FIELD(P, symbol, nullptr, "folder below it"),
      TF_FIELD(P, tick_size, 0, 1e9, "currency", "price of one tick"),
      TF_FIELD(P, lot_size, 0, 1e12, "units", "size of one lot"),
      TF_FIELD(P, multiplier, 0, 1e12, "", "currency value of a price move of 1 of one unit"),
      TF_TEXT_FIELD(P, currency, nullptr, "of prices and results"),
      TF_TEXT_FIELD(P, zone, nullptr, "IANA zone of the trading day"),
      TF_FIELD(P, day_start_s, -86400, 86400, "s", "local second at which a trading day starts"),
      TF_FIELD(P, has_local_clock, 0, 1, "", "local times are measured, not copied"),
      TF_TEXT_FIELD(P, sessions, nullptr, "trading hours in the zone: \"mon-fri 09:30-16:00\"; empty: all day")};
  return {table, [] { return std::shared_ptr<void>(std::make_shared<P>()); },
          [](const void* from) { return std::shared_ptr<void>(std::make_shared<P>(*static_cast<const P*>(from))); }};
}

}  // namespace

void check_instrument(const Instrument& instrument, const std::string& what) {
  const auto name_ok = [](const std::string& name) {
    return !name.empty() && name.front() != '.' &&
           name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.") ==
               std::string::npos;
  };
  if (!name_ok(instrument.venue))
    throw Error(ErrorKind::config,
                what + "venue \"" + instrument.venue + "\": expected letters, digits, - _ . as a folder name");
  if (!name_ok(instrument.symbol))
    throw Error(ErrorKind::config,
                what + "symbol \"" + instrument.symbol + "\": expected letters, digits, - _ . as a folder name");
  if (!(instrument.tick_size > 0))
    throw Error(ErrorKind::config, what + "tick_size is missing: expected the price of one tick, above 0");
  if (!(instrument.lot_size > 0))
    throw Error(ErrorKind::config, what + "lot_size is missing: expected the size of one lot, above 0");
}

Instrument read_instrument(const config::Section& section) {
  Instrument instrument;
  section.read(instrument_type(), &instrument);
  check_instrument(instrument, section.where("") + ": instrument: ");
  return instrument;
}

}  // namespace tf::app
