// How csv text may be written, and that threads change nothing. All files here are made.
#include <doctest/doctest.h>

#include "cuda/base/philox.hpp"
#include "cuda/base/time.hpp"
#include "data/sources/parse/decimal.hpp"
#include "tests/data/sources/made_files.hpp"

using namespace tf;
using data::CsvParams;
using made::error_with;
using made::instrument;
using made::preset;
using made::read_csv;

namespace {

CsvParams trades() {
  CsvParams params;
  params.time_column = "1";
  params.price_column = "2";
  params.size_column = "3";
  return params;
}

}  // namespace

TEST_CASE("line ends: LF, CRLF, lone CR, none at the end of the file") {
  const made::Folder folder;
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    const std::string text = "t,p,s" + end + "1704067200,1.5,2" + end + end + "1704067201,1.5,3";
    const auto all = read_csv({folder.file("a.csv", text)}, trades(), instrument(0.5));
    CHECK(all.consistent());
    REQUIRE(all.ticks.size() == 2);
    CHECK(all.ticks[1].qty == 3);
    CHECK(all.counts.refused.empty());
  }
}

TEST_CASE("decimal commas, spaces, quotes, tabs and pipes") {
  const made::Folder folder;
  CsvParams params = trades();
  params.decimal = "comma";
  const auto comma = read_csv({folder.file("c.csv", "1704067200,25;1,5;2\n1704067200;1.5;2\n1704067200;\"1,5\";2\n")},
                              params, instrument(0.5));
  CHECK(comma.consistent());
  REQUIRE(comma.ticks.size() == 2);
  CHECK(comma.ticks[0].exch_ts == 1704067200250000000);
  CHECK(comma.ticks[0].px == 3);
  CHECK(comma.counts.refused.at("bad number").line == 2);
  for (const std::string mark : {"\t", "|", ",", ";"}) {
    const auto all = read_csv({folder.file("m.csv", "1704067200" + mark + " 1.5 " + mark + "\"2\"" + mark + "x\"y\n")},
                              trades(), instrument(0.5));
    REQUIRE(all.ticks.size() == 1);
    CHECK(all.ticks[0].px == 3);
    CHECK(all.ticks[0].qty == 2);
  }
}

TEST_CASE("comment lines and a trailer are no rows; line numbers count every line") {
  const made::Folder folder;
  CsvParams params = trades();
  params.comment = "#";
  params.trailer = "END";
  params.skip_lines = 1;
  const auto all = read_csv({folder.file("t.csv",
                                         "made by nobody\n\n# x\nt,p,s\n1704067200,1,1\n# y\n1704067200,x,1\n"
                                         "END|20240101|2\n")},
                            params, instrument(1));
  CHECK(all.consistent());
  CHECK(all.counts.rows_read == 2);
  CHECK(all.counts.refused.at("bad number").line == 7);
}

TEST_CASE("a header in any bytes: by column number, by its bytes, by how it begins") {
  const made::Folder folder;
  const std::string text = "\xCA\xB1\xBC\xE4,\xBC\xDB\xB8\xF1,\xCA\xFD\xC1\xBF\n1704067200,1,1\n";  // GBK
  CHECK(read_csv({folder.file("g.csv", text)}, trades(), instrument(1)).counts.rows_stored == 1);
  CHECK(read_csv({folder.file("g.csv", text)}, trades(), instrument(1)).counts.rows_read == 1);
  CsvParams named = trades();
  named.time_column = "\xCA\xB1\xBC\xE4";
  named.price_column = "\xBC\xDB*";
  CHECK(read_csv({folder.file("g.csv", text)}, named, instrument(1)).counts.rows_stored == 1);
}

TEST_CASE("a line of more than a megabyte is one refused row, whatever stands around it") {
  const made::Folder folder;
  std::string rows;
  for (int row = 0; row < 9000; ++row) rows += std::to_string(1704067200 + row) + ",1,1\n";
  for (const std::size_t bytes : {1'000'000, 1'100'000, 1'300'000, 2'500'000}) {
    const std::string path = folder.file("l.csv", rows + std::string(bytes, '7') + "\n" + rows);
    const auto all = read_csv({path}, trades(), instrument(1));
    CHECK(all.consistent());
    CHECK(all.counts.rows_stored == 18000);
    const char* reason = bytes == 1'000'000 ? "missing column" : "line too long";
    CHECK(all.counts.refused.at(reason).line == 9001);
    CHECK(all.counts.refused.size() == 1);
  }
}

TEST_CASE("thousands of columns are refused by name") {
  const made::Folder folder;
  std::string wide = "1704067200";
  for (int column = 0; column < 3000; ++column) wide += ",1";
  CHECK(error_with(ErrorKind::bad_data, "columns",
                   [&] { read_csv({folder.file("w.csv", wide + "\n")}, trades(), instrument(1)); }));
}

TEST_CASE("a broker's zone is another zone's clock some hours on") {
  const made::Folder folder;
  CsvParams params = trades();
  params.time_format = "datetime";
  const auto first = [&](const std::string& zone, const std::string& time) {
    params.zone = zone;
    return read_csv({folder.file("z.csv", time + ",1,1\n")}, params, instrument(1)).ticks.at(0).exch_ts;
  };
  const int64_t day = parse_day("2024-03-15")->start_ns();
  CHECK(first("broker/NY+7", "2024-03-15 12:00:00") == day + 9 * kHour);
  CHECK(first("broker/NY+7", "2024-12-16 12:00:00") == parse_day("2024-12-16")->start_ns() + 10 * kHour);
  CHECK(first("broker/America/New_York+7:00", "2024-03-15 12:00:00") == day + 9 * kHour);
  // Sunday 10 March: 09:30 at the broker is 02:30 in New York, which does not exist.
  params.zone = "broker/NY+7";
  const auto skipped = read_csv({folder.file("z.csv", "2024-03-10 09:30:00,1,1\n")}, params, instrument(1));
  CHECK(skipped.counts.refused.at("time skipped by the zone's clock change").rows == 1);
  for (const char* zone : {"broker/NY", "broker/Nowhere+7", "broker/NY+x"})
    CHECK(error_with(ErrorKind::config, "broker", [&] { first(zone, "2024-03-15 12:00:00"); }));
}

TEST_CASE("the quick reading of numbers equals the careful one") {
  const RandomStream random{3, Purpose::test, 7};
  uint64_t step = 0;
  int good = 0;
  for (int round = 0; round < 200000; ++round) {
    std::string text(32, '7');  // what lies before the cell must not matter
    const std::size_t bytes = random.below(step++, 24);
    const bool point = random.below(step++, 2);
    const std::size_t where = bytes ? random.below(step++, static_cast<uint32_t>(bytes)) : 0;
    std::string cell;
    for (std::size_t at = 0; at < bytes; ++at)
      cell += point && at == where ? '.' : static_cast<char>('0' + random.below(step++, 10));
    if (bytes > 0 && random.below(step++, 8) == 0) {
      const std::size_t odd = random.below(step++, static_cast<uint32_t>(bytes));
      cell[odd] = ".-e/:\xB0 +"[random.below(step++, 8)];
    }
    text += cell;
    data::Decimal quick, careful;
    const auto one = data::read_decimal(std::string_view(text).substr(32), quick);
    const auto other = data::parse_any_decimal(cell, careful);
    REQUIRE(one == other);
    if (one != data::ParseState::good) continue;
    ++good;
    const bool same = (quick.mantissa == careful.mantissa && quick.exponent == careful.exponent) ||
                      (quick.mantissa == 0 && careful.mantissa == 0);
    if (!same) CAPTURE(cell);
    REQUIRE(same);
  }
  CHECK(good > 100000);
}

TEST_CASE("any number of threads gives the same ticks, refusals and places") {
  const made::Folder folder;
  const RandomStream random{4, Purpose::test, 8};
  uint64_t step = 0;
  std::string text = "id,price,qty,quote,time,is_buyer_maker\n";
  for (int row = 0; row < 60000; ++row) {
    const uint32_t odd = random.below(step++, 1000);
    if (odd == 0) text += "\n";
    if (odd == 1) text += "x,y\n";
    if (odd == 2) text += "5," + std::string(odd == 2 && row > 30000 ? 300000 : 3, '1') + "x,1,1,1,true\n";
    const uint32_t price = 1 + random.below(step++, 1000);
    text += std::to_string(1000 + row - (odd == 3)) + "," + std::to_string(price) + (row % 3 ? ".0" : ".5") +
            (odd == 4 ? ",\"2\"," : ",2,") + "0," + std::to_string(1704067200000 + row) +
            (row % 2 ? ",true" : ",False") + (odd == 5 ? "\r\n" : "\n");
  }
  const std::vector<std::string> files = {folder.file("a.csv", text), folder.file("b.csv.gz", made::gzip(text))};
  CsvParams params = preset("binance_trades");
  params.threads = 1;
  const auto one = read_csv(files, params, instrument(0.5), 1000);
  CHECK(one.consistent());
  CHECK(one.counts.rows_stored > 50000);
  CHECK(one.counts.refused.size() >= 3);
  for (const int threads : {2, 3, 5}) {
    params.threads = threads;
    const auto many = read_csv(files, params, instrument(0.5), 777);
    CHECK(many.ticks == one.ticks);
    CHECK(many.counts.rows_read == one.counts.rows_read);
    REQUIRE(many.counts.refused.size() == one.counts.refused.size());
    for (const auto& [reason, refusal] : one.counts.refused) {
      const data::Refusal& other = many.counts.refused.at(reason);
      CHECK(other.rows == refusal.rows);
      CHECK(other.line == refusal.line);
      CHECK(other.file == refusal.file);
      CHECK(other.example == refusal.example);
    }
    CHECK(many.counts.noted.at("sequence gap").rows == one.counts.noted.at("sequence gap").rows);
    CHECK(many.counts.noted.at("sequence gap").line == one.counts.noted.at("sequence gap").line);
  }
  // A source that is dropped half way ends its threads.
  const auto source = data::find_source("csv").open({files, instrument(0.5)}, &params);
  std::vector<Tick> batch(100);
  CHECK(source->next_batch(batch) == 100);
}
