#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

#include "../small_market.hpp"
#include "engine/features/table.hpp"

using namespace tf;

namespace {

bool same(double a, double b) { return (std::isnan(a) && std::isnan(b)) || std::memcmp(&a, &b, sizeof a) == 0; }

features::Spec spec_of(const Exec& exec, const std::string& extra) {
  const std::string text =
      "[[features]]\nname = \"ema\"\nperiod = [3, 9]\n[[features]]\nname = \"sma\"\nperiod = 5\n[[features]]\nname = "
      "\"macd\"\n"
      "[[features]]\nname = \"bollinger\"\n[[features]]\nname = \"quote_imbalance\"\n[[features]]\nname = "
      "\"trade_flow_imbalance\"\n" +
      extra;
  return features::read_spec(config::Reader::from_text(text, "test").root(), exec);
}

/// Rows of all days streamed in pieces of `piece` ticks.
std::vector<std::vector<double>> streamed(const Exec& exec, const features::Spec& spec, int days, int events,
                                          std::size_t piece, std::vector<int64_t>& known) {
  std::vector<std::vector<double>> rows;
  features::Stream stream(exec, spec, small_instrument());
  const auto take = [&](int64_t known_ts, std::span<const double> row) {
    known.push_back(known_ts);
    rows.emplace_back(row.begin(), row.end());
  };
  for (int day = 0; day < days; ++day) {
    const TickColumns ticks = small_day(day, events);
    for (std::size_t at = 0; at < ticks.size(); at += piece)
      stream.push(ticks.span().part(at, std::min(piece, ticks.size() - at)), take);
    stream.end_day(take);
  }
  return rows;
}

}  // namespace

TEST_CASE(
    "features of a store equal the same ticks streamed, to the bit, in pieces of any size and for both memories") {
  const ScratchFolder folder;
  const int days = 3, events = 9000;
  const data::TickStore store = small_store(folder / "store", days, events);
  Exec exec = pick_exec();
  exec.threads = 2;
  for (const char* memory : {"day", "history"})
    for (const char* bars : {"kind = \"time\"\nsize = 60", "kind = \"tick\"\nsize = 37",
                             "kind = \"volume\"\nsize = 100", "kind = \"dollar\"\nsize = 9000"}) {
      const features::Spec spec =
          spec_of(exec, std::string("[features_memory]\ncarry = \"") + memory + "\"\n[bars]\n" + bars + "\n");
      const features::Table table = features::compute(exec, spec, store, "test/SMALL", store.days("test/SMALL"));
      REQUIRE(table.rows() > 100);
      for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{4096}, std::size_t{1} << 30}) {
        std::vector<int64_t> known;
        const auto rows = streamed(exec, spec, days, events, piece, known);
        REQUIRE(static_cast<int64_t>(rows.size()) == table.rows());
        CHECK(known == table.bars.known_ts);
        int64_t differing = 0;
        for (int64_t row = 0; row < table.rows(); ++row)
          for (int64_t lane = 0; lane < table.panel().lanes; ++lane)
            differing += !same(rows[row][lane], table.panel()(row, lane));
        CHECK(differing == 0);
      }
    }
}

TEST_CASE("with memory by day a day's features do not depend on the days before it; with history they do") {
  const ScratchFolder folder;
  const data::TickStore store = small_store(folder / "store", 3, 3000);
  const Exec exec = pick_exec();
  for (const bool history : {false, true}) {
    const features::Spec spec = spec_of(exec, history ? "[features_memory]\ncarry = \"history\"\n" : "");
    auto days = store.days("test/SMALL");
    const features::Table all = features::compute(exec, spec, store, "test/SMALL", days);
    const features::Table last = features::compute(exec, spec, store, "test/SMALL", {days.back()});
    int64_t differing = 0;
    for (int64_t row = 0; row < last.rows(); ++row)
      for (int64_t lane = 0; lane < last.panel().lanes; ++lane)
        differing += !same(last.panel()(row, lane), all.panel()(all.days.back().first + row, lane));
    CHECK((differing == 0) == !history);
  }
}

TEST_CASE("the schema digest changes with every constant that decides a value") {
  const Exec exec = pick_exec();
  const auto digest_of = [&](const std::string& config, const Instrument& instrument = {}) {
    return features::schema_of(spec_of(exec, config), instrument, exec).digest;
  };
  const std::string base = digest_of("");
  CHECK(digest_of("") == base);
  CHECK(digest_of("[bars]\nsize = 61\n") != base);
  CHECK(digest_of("[features_memory]\ncarry = \"history\"\n") != base);
  CHECK(digest_of("[[features]]\nname = \"rsi\"\nperiod = 15\n") !=
        digest_of("[[features]]\nname = \"rsi\"\nperiod = 14\n"));

  // Trading hours are in the instrument's zone, which counts for nothing else.
  Instrument instrument;
  instrument.zone = "America/New_York";
  CHECK(digest_of("", instrument) == base);
  instrument.sessions = "mon-fri 09:30-16:00";
  const std::string hours = digest_of("", instrument);
  CHECK(hours != base);
  instrument.zone = "Europe/London";
  CHECK(digest_of("", instrument) != hours);
}

TEST_CASE("an unknown indicator is refused with its place and the candidates") {
  try {
    features::read_spec(config::Reader::from_text("[[features]]\nname = \"emma\"\n", "a.toml").root(), pick_exec());
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::config);
    CHECK(std::string(error.what()).find("a.toml:2:") == 0);
    CHECK(std::string(error.what()).find("trade_flow_imbalance") != std::string::npos);
  }
}
