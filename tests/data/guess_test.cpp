// What ingest finds out by itself: the source, the grids, a name to suggest.
#include "data/guess.hpp"

#include <doctest/doctest.h>

#include "tests/data/sources/made_files.hpp"

using namespace tf;
using made::error_with;

namespace {

data::CsvParams trades() {
  data::CsvParams params;
  params.time_column = "1";
  params.price_column = "2";
  params.size_column = "3";
  return params;
}

data::GuessedGrids grids_of(const std::string& text, double tick = 0, double lot = 0) {
  const made::Folder folder;
  const data::CsvParams params = trades();
  return data::guess_grids("csv", &params, {{folder.file("t.csv", text)}, made::instrument(tick, lot)}, nullptr);
}

}  // namespace

TEST_CASE("the grid is the largest power of ten, at most 1, on which all values lie") {
  const auto fine = grids_of("1704067200000,1.12345,10\n1704067200001,1.1,2.5\n");
  CHECK(fine.tick_size == 0.00001);
  CHECK(fine.lot_size == 0.1);
  REQUIRE(fine.said.size() == 2);
  CHECK(fine.said[0].find("0.00001") != std::string::npos);
  CHECK(fine.said[0].find("2 prices") != std::string::npos);
  const auto coarse = grids_of("1704067200000,100,2000\n1704067200001,-300,1000\n");
  CHECK(coarse.tick_size == 1);
  CHECK(coarse.lot_size == 1);
  CHECK(grids_of("1704067200000,0.000000001,1e-8\n").tick_size == 1e-9);
  CHECK(grids_of("1704067200000,0.000000001,1e-8\n").lot_size == 1e-8);
  // Prices printed as binary floats lie on the grid they mean.
  CHECK(grids_of("1704067200000,26.310000000000002,1\n").tick_size == 0.01);
  // Sizes too large to be counted in billionths.
  CHECK(grids_of("1704067200000,0.00001,123456789012.25\n").lot_size == 0.01);
}

TEST_CASE("what is given is not guessed, and a clock of its own is seen") {
  const auto given = grids_of("1704067200000,1.5,10\n", 0.25, 0);
  CHECK(given.tick_size == 0.25);
  CHECK(given.lot_size == 1);
  CHECK(given.said.size() == 1);
  CHECK(!given.has_local_clock);
  const made::Folder folder;
  data::CsvParams params = trades();
  params.local_time_column = "4";
  const std::string file = folder.file("t.csv", "1704067200000,1.5,10,1704067200007\n");
  CHECK(data::guess_grids("csv", &params, {{file}, made::instrument(0.1, 1)}, nullptr).has_local_clock);
}

TEST_CASE("without sizes the lot is 1, without prices there is no grid and a reason") {
  const made::Folder folder;
  data::CsvParams params = trades();
  params.size_column.clear();
  const std::string file = folder.file("t.csv", "1704067200000,1.5\n");
  const auto plain = data::guess_grids("csv", &params, {{file}, made::instrument(0, 0)}, nullptr);
  CHECK(plain.lot_size == 1);
  CHECK(plain.said[1].find("no sizes") != std::string::npos);
  const auto none = grids_of("1704067200000,x,1\n");
  CHECK(none.tick_size == 0);
  CHECK(none.why_none.find("bad number") != std::string::npos);
  CHECK(error_with(ErrorKind::again, "interrupted", [&] {
    data::guess_grids("csv", &params, {{file}, made::instrument(0, 0)}, [](double) { return false; });
  }));
}

TEST_CASE("an input that nobody knows is an error that says how to name its source") {
  const made::Folder folder;
  const std::string odd = folder.file("odd.bin", std::string("\x01\x02\x03\xFF\xFE", 5) + std::string(300, '\x07')),
                    empty = folder.file("empty.csv", "");
  CHECK(error_with(ErrorKind::bad_data, "odd.bin: no source knows", [&] { data::guess_source({odd}); }));
  CHECK(error_with(ErrorKind::bad_data, "--source", [&] { data::guess_source({odd}); }));
  CHECK(error_with(ErrorKind::bad_data, "empty.csv: the file is empty", [&] { data::guess_source({empty}); }));
  CHECK(error_with(ErrorKind::bad_data, "odd.bin", [&] { data::guess_source({empty, odd}); }));
  CHECK(
      error_with(ErrorKind::no_input, "none.csv", [&] { data::guess_source({(folder.path / "none.csv").string()}); }));
  CHECK(!data::guess_params({empty}, "csv"));
}

TEST_CASE("files of a known layout are guessed, files of two kinds are not taken together") {
  const std::string folder = std::string(TF_SHARED) + "/ticks/";
  if (!std::filesystem::exists(folder)) {
    MESSAGE("skipped: no ../shared/ticks");
    return;
  }
  const std::string kraken = folder + "cryptofeed/KRAKEN.ws.50.0",
                    dbn = folder + "databento-dbn/test_data.mbo.v3.dbn.zst";
  CHECK(data::guess_source({kraken}).source == "recorded");
  CHECK(data::guess_source({dbn}).source == "dbn");
  CHECK(data::guess_source({dbn}).said.find("test_data.mbo.v3.dbn.zst") != std::string::npos);
  CHECK(error_with(ErrorKind::usage, "not of one kind", [&] { data::guess_source({kraken, dbn}); }));
}

TEST_CASE("a name is suggested from the paths that vendors use, and from no others") {
  const auto suggest = [](const char* path) { return data::suggest_instrument(path); };
  CHECK(suggest("lean-fx/forex/oanda/tick/eurusd/20140501_quote.zip") == "perhaps --venue oanda --symbol EURUSD");
  CHECK(suggest("/d/EURUSD/2012/11/03/09h_ticks.bi5") == "perhaps --venue dukascopy --symbol EURUSD");
  CHECK(suggest("binance-futures_trades_2020-02-01_BTCUSDT.csv.gz") ==
        "perhaps --venue binance-futures --symbol BTCUSDT");
  CHECK(suggest("AAPL_2012-06-21_34200000_57600000_message_10.csv") == "perhaps --venue nasdaq --symbol AAPL");
  CHECK(suggest("x/BTCUSDT-aggTrades-2024-01-01.zip") == "perhaps --venue binance --symbol BTCUSDT");
  CHECK(suggest("my/ticks.csv").empty());
  CHECK(suggest("tick").empty());
  CHECK(suggest("").empty());
}
