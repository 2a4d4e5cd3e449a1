// hdf5_table on four small files that h5py, pandas and PyTables wrote (hdf5_files/): five quotes, or five trades.
#include <doctest/doctest.h>

#include "data/sources/parse/table_rows.hpp"
#include "tests/data/sources/made_files.hpp"

using namespace tf;
using made::error_with;

namespace {

constexpr int64_t kT = 1'700'000'000'000'000'000, kStep = 1'000'000'007;
constexpr uint32_t kEnd = kFlagLast | data::kRowEnd;
const std::string kFiles = std::string(TF_SOURCE) + "/tests/data/sources/hdf5_files/";

made::Drained read(const std::string& path, const data::TableParams& params = {}, std::size_t batch = 4096) {
  const auto source = data::find_source("hdf5_table").open({{path}, made::instrument(0.00001)}, &params);
  return made::drain(*source, batch);
}

}  // namespace

TEST_CASE("quotes of h5py and of both kinds of pandas frames are the same ticks") {
  std::vector<Tick> expected;
  for (int64_t row = 0; row < 5; ++row) {
    const int64_t ts = kT + row * kStep;
    expected.push_back({ts, ts, 110'000 + row, row + 1, 0, static_cast<uint32_t>(TickKind::best_bid)});
    expected.push_back({ts, ts, 110'002 + row, row + 11, 0, static_cast<uint32_t>(TickKind::best_ask) | kEnd});
  }
  for (const char* name : {"h5py.h5", "pandas_table.h5", "pandas_fixed.h5"}) {
    CAPTURE(name);
    const auto all = read(kFiles + name);
    CHECK(all.ticks == expected);
    CHECK(all.consistent());
    CHECK(all.counts.refused.empty());
    CHECK(all.damage == "");
    REQUIRE(all.counts.noted.size() == 1);
    CHECK(all.counts.noted.begin()->first.starts_with("columns by their usual names: time = "));
    CHECK(read(kFiles + name, {}, 1).ticks == expected);
  }
}

TEST_CASE("trades of PyTables come with side, size and id, by the columns named") {
  data::TableParams params;
  params.table = "/market/trades";
  params.time_column = "time";
  params.price_column = "price";
  params.size_column = "qty";
  params.side_column = "side";
  params.id_column = "id";
  const auto all = read(kFiles + "pytables.h5", params);
  REQUIRE(all.ticks.size() == 5);
  const int64_t ts = (kT + 3 * kStep) / 1'000'000 * 1'000'000;
  CHECK(all.ticks[3] == Tick{ts, ts, 110'005, 4, 103, static_cast<uint32_t>(TickKind::trade) | kFlagBuy | kEnd});
  CHECK(all.ticks[4].flags == (static_cast<uint32_t>(TickKind::trade) | kFlagSell | kEnd));
  CHECK(all.consistent());
  CHECK(all.counts.noted.empty());
  CHECK(read(kFiles + "pytables.h5").ticks == all.ticks);
}

TEST_CASE("tables and columns that are not there are named with those that are") {
  data::TableParams params;
  params.table = "/prices";
  CHECK(error_with(ErrorKind::bad_data, "there is: /market/trades", [&] { read(kFiles + "pytables.h5", params); }));
  params = {};
  params.bid_column = "Bid";
  params.ask_column = "offer";
  CHECK(error_with(ErrorKind::config, "no column 'offer'; there is: index, bid, ask, bid_size, ask_size",
                   [&] { read(kFiles + "pandas_fixed.h5", params); }));
}

TEST_CASE("a cut file ends with an error, and our own day files are refused") {
  const made::Folder folder;
  const std::string bytes = made::read_bytes(kFiles + "h5py.h5");
  CHECK(error_with(ErrorKind::bad_data, "cannot open",
                   [&] { read(folder.file("cut.h5", bytes.substr(0, bytes.size() / 2))); }));
  const std::string own = std::string(TF_SOURCE) + "/tests/data/store/legacy/made/EURUSD/2014-05-02.h5";
  CHECK(error_with(ErrorKind::bad_data, "of ours", [&] { read(own); }));
  const auto guess = data::find_source("hdf5_table").guess;
  const auto sure = [&](const std::string& path) {
    const std::string raw = made::read_bytes(path).substr(0, 65'536);
    return guess({path, "", raw, raw}).sure;
  };
  CHECK(sure(own) == data::Guess::Sure::no);
  CHECK(sure(kFiles + "h5py.h5") == data::Guess::Sure::yes);
  CHECK(sure(folder.file("a.csv", "1,2,3\n")) == data::Guess::Sure::no);
}
