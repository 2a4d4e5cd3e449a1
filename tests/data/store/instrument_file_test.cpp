#include "data/store/instrument_file.hpp"

#include <doctest/doctest.h>

#include "made_days.hpp"

using namespace tf;
using namespace tf::data;

TEST_CASE("an instrument reads back as written, to the last bit of its sizes") {
  Instrument instrument = made::instrument();
  instrument.symbol = "odd \"name\" \\ =#[x]";
  instrument.tick_size = 0.1 + 0.2;
  instrument.lot_size = 5e-324;
  instrument.multiplier = 1e300;
  instrument.zone = "America/New_York";
  instrument.day_start_s = -3600;
  instrument.has_local_clock = true;
  CHECK(parse_instrument(instrument_text(instrument), "file") == instrument);
  CHECK(instrument_text(made::instrument()) ==
        "venue = \"made\"\nsymbol = \"EURUSD\"\ntick_size = 1e-05\nlot_size = 1000.0\nmultiplier = 1.0\n"
        "currency = \"USD\"\nzone = \"UTC\"\nday_start_s = 0\nhas_local_clock = false\n");
}

TEST_CASE("a wrong instrument file is refused with its line") {
  const std::string sound = instrument_text(made::instrument());
  const auto error = [&](const std::string& from, const std::string& to) {
    std::string text = sound;
    text.replace(text.find(from), from.size(), to);
    return made::error_of([&] { parse_instrument(text, "f.toml"); });
  };
  CHECK(error("tick_size = 1e-05", "tick_size = small") == "f.toml:3: 'tick_size' is small, expected a finite number");
  CHECK(error("tick_size = 1e-05", "tick_size = inf").find("f.toml:3") == 0);
  CHECK(error("tick_size = 1e-05", "tick_size = -1.0") == "f.toml: tick_size must be above 0");
  CHECK(error("\"made\"", "made").find("f.toml:1: 'venue' is made, expected a text in double quotes") == 0);
  CHECK(error("false", "no") == "f.toml:9: 'has_local_clock' is no, expected true or false");
  CHECK(error("day_start_s = 0", "day_start_s = 0.5").find("f.toml:8") == 0);
  CHECK(error("zone", "zona").find("f.toml:7: unknown key 'zona'; there are: venue, symbol") == 0);
  CHECK(error("zone", "venue") == "f.toml:7: 'venue' is there twice");
  CHECK(error("currency = \"USD\"\n", "") == "f.toml: 'currency' is missing");
  CHECK(error("currency = ", "currency ").find("f.toml:6: expected key = value") == 0);
  CHECK(error("\"EURUSD\"", "\"EUR/USD\"").find("cannot name a folder") != std::string::npos);
}

TEST_CASE("an instrument is recorded once; the same again is nothing, another is refused") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  store.add_instrument(made::instrument());
  CHECK(store.instrument(made::kId) == made::instrument());
  Instrument other = made::instrument();
  other.tick_size *= 10;
  ErrorKind kind{};
  CHECK(made::error_of([&] { store.add_instrument(other); }, &kind).find("recorded differently") != std::string::npos);
  CHECK(kind == ErrorKind::usage);
  for (const std::string symbol : {"", "..", ".hidden", "a/b", "a\nb"}) {
    other.symbol = symbol;
    CHECK_FALSE(made::error_of([&] { store.add_instrument(other); }, &kind).empty());
    CHECK(kind == ErrorKind::usage);
  }
  CHECK(store.instruments().size() == 1);
}
