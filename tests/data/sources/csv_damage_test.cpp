// The csv source on bad lines, damaged archives and bytes that are no csv: counted refusals or clear errors, never a
// crash.
#include <doctest/doctest.h>

#include "cuda/base/philox.hpp"
#include "tests/data/sources/made_files.hpp"

using namespace tf;
using data::CsvParams;
using made::error_with;
using made::instrument;
using made::preset;
using made::read_csv;

TEST_CASE("every bad line is counted by reason with its first place") {
  const made::Folder folder;
  CsvParams params = preset("lean_fx");
  const std::string text =
      "1,1.1,1.2\n2,1.1\nx,1.1,1.2\n3,1.1,\n4,1.1,1.2e\n-5,1.1,1.2\n86400000,1.1,1.2\n6,abc,1.2\n7,1.1,1.2";
  const auto all =
      read_csv({folder.zip("20240101_quote.zip", {{"20240101_b.csv", text}, {"20240101_a.csv", "1,1.1,1.2\n"}})},
               params, instrument(0.1));
  CHECK(all.consistent());
  CHECK(all.counts.rows_read == 10);
  CHECK(all.counts.rows_stored == 3);
  CHECK(all.ticks[0].exch_ts == all.ticks[2].exch_ts);  // entries in the order of their names
  CHECK(all.counts.refused.at("missing column").line == 2);
  CHECK(all.counts.refused.at("missing column").file.ends_with("20240101_quote.zip!20240101_b.csv"));
  CHECK(all.counts.refused.at("bad time").line == 3);
  CHECK(all.counts.refused.at("empty cell").example == "3,1.1,");
  CHECK(all.counts.refused.at("bad number").rows == 2);
  CHECK(all.counts.refused.at("time out of range").rows == 2);
}

TEST_CASE("a batch of any size gives the same ticks and never parts a row") {
  const made::Folder folder;
  std::string text;
  for (int row = 0; row < 100; ++row) text += std::to_string(row) + ",1.1,1.2\n";
  const std::string path = folder.file("20240101.csv", text);
  const auto whole = read_csv({path}, preset("lean_fx"), instrument(0.1));
  for (const std::size_t batch : {1, 2, 3, 5, 64})
    CHECK(read_csv({path}, preset("lean_fx"), instrument(0.1), batch).ticks == whole.ticks);
  const auto source =
      data::find_source("csv").open({{path}, instrument(0.1)}, &static_cast<const CsvParams&>(preset("lean_fx")));
  std::vector<Tick> buffer(5);
  while (const std::size_t count = source->next_batch(buffer)) CHECK((buffer[count - 1].flags & kFlagLast) != 0);
}

TEST_CASE("gzip of several members is one text; what is cut or damaged keeps the rows before it") {
  const made::Folder folder;
  std::string text;
  for (int row = 0; row < 20000; ++row)
    text += std::to_string(row) + "," + std::to_string(1000 + row * 7919 % 1000) + ",2000\n";
  const std::string two = made::gzip(text.substr(0, 100003)) + made::gzip(text.substr(100003));
  const auto whole = read_csv({folder.file("20240101.csv.gz", two)}, preset("lean_fx"), instrument(1));
  CHECK(whole.counts.rows_stored == 20000);
  CHECK(whole.damage == "");
  const auto renamed = read_csv({folder.file("20240101.txt", two)}, preset("lean_fx"), instrument(1));
  CHECK(renamed.ticks == whole.ticks);

  const auto is_start = [&](const made::Drained& part) {
    return !part.ticks.empty() && part.ticks.size() < whole.ticks.size() && part.consistent() &&
           std::equal(part.ticks.begin(), part.ticks.end(), whole.ticks.begin());
  };
  const auto cut =
      read_csv({folder.file("20240102.csv.gz", two.substr(0, two.size() / 2))}, preset("lean_fx"), instrument(1));
  CHECK(cut.damage.find("truncated gzip") != std::string::npos);
  CHECK(cut.damage.find("20240102.csv.gz") != std::string::npos);
  CHECK(cut.counts.refused.at("truncated input").rows == 1);
  std::string flipped = two;
  flipped[two.size() * 3 / 4] ^= 0x10;
  CHECK(!read_csv({folder.file("20240101f.csv.gz", flipped)}, preset("lean_fx"), instrument(1)).damage.empty());
  const std::string zipped = made::read_bytes(folder.zip("20240101.zip", {{"20240101.csv", text}}));
  const auto cut_zip =
      read_csv({folder.file("20240101c.zip", zipped.substr(0, zipped.size() / 2))}, preset("lean_fx"), instrument(1));
  CHECK(cut_zip.damage.find("zip") != std::string::npos);
  CHECK(is_start(cut_zip));
  const auto no_directory =
      read_csv({folder.file("20240101d.zip", zipped.substr(0, zipped.size() - 30))}, preset("lean_fx"), instrument(1));
  CHECK(no_directory.ticks == whole.ticks);
  CHECK(!no_directory.damage.empty());
  std::string bad_crc = zipped;
  bad_crc[zipped.size() / 2] ^= 0x10;
  const auto crc = read_csv({folder.file("20240101e.zip", bad_crc)}, preset("lean_fx"), instrument(1));
  CHECK(!crc.damage.empty());
  CHECK(crc.consistent());
  // Damage ends the input: the file after it is not read.
  const auto after =
      read_csv({folder.path / "20240102.csv.gz", folder.path / "20240101.csv.gz"}, preset("lean_fx"), instrument(1));
  CHECK(after.ticks == cut.ticks);
}

TEST_CASE("inputs that are no csv end in a clear error or in counted refusals") {
  const made::Folder folder;
  const auto fails = [&](ErrorKind kind, const std::string& word, const std::string& path, const CsvParams& params) {
    CHECK(error_with(kind, word, [&] { read_csv({path}, params, instrument(0.1)); }));
  };
  fails(ErrorKind::no_input, "no such file", (folder.path / "20240101.csv").string(), preset("lean_fx"));
  fails(ErrorKind::no_input, "folder", folder.path.string(), preset("lean_fx"));
  fails(ErrorKind::bad_data, "Parquet", folder.file("20240101.parquet", "PAR1xxxx"), preset("lean_fx"));
  fails(ErrorKind::bad_data, "zstd", folder.file("20240101.zst.gz", made::gzip("\x28\xB5\x2F\xFDxxxx")),
        preset("lean_fx"));
  fails(ErrorKind::bad_data, "UTF-16", folder.file("20240101.u16", "\xFF\xFE\x31"), preset("lean_fx"));
  fails(ErrorKind::config, "lean_fx|lean_trade", "20240101.csv", preset("lean_fy"));
  fails(ErrorKind::config, "time_column", "20240101.csv", CsvParams{});
  fails(ErrorKind::config, "date", folder.file("noday.csv", "1,1.1,1.2\n"), preset("lean_fx"));
  CHECK(error_with(ErrorKind::config, "csv", [] { data::find_source("cvs"); }));
  const auto empty = read_csv({folder.file("20240101e.csv", "")}, preset("lean_fx"), instrument(0.1));
  CHECK(empty.counts.rows_read == 0);
  CHECK(empty.damage == "");
  std::string noise;
  const RandomStream random{5, Purpose::test, 0};
  for (uint64_t step = 0; step < 20000; ++step) noise += static_cast<char>(random.below(step, 256));
  noise[0] = 'x';
  const auto garbage = read_csv({folder.file("20240101g.bin", noise)}, preset("lean_fx"), instrument(0.1));
  CHECK(garbage.consistent());
  CHECK(garbage.ticks.empty());
  CHECK(garbage.counts.rows_read > 0);
  const auto pk = read_csv({folder.file("20240101p.zip", "PK\x03\x04" + noise)}, preset("lean_fx"), instrument(0.1));
  CHECK(!pk.damage.empty());
  const auto gz = read_csv({folder.file("20240101p.gz", "\x1f\x8b" + noise)}, preset("lean_fx"), instrument(0.1));
  CHECK(!gz.damage.empty());
  const auto zst = read_csv({folder.file("20240101.zst", "\x28\xB5\x2F\xFDxxxx")}, preset("lean_fx"), instrument(0.1));
  CHECK(zst.damage.find("zstd") != std::string::npos);
  const auto long_line =
      read_csv({folder.file("20240101l.csv", "1,1.1,1.2\n" + std::string(3 << 20, '7') + "\n2,1.1,1.2\n")},
               preset("lean_fx"), instrument(0.1));
  CHECK(long_line.consistent());
  CHECK(long_line.counts.rows_stored == 2);
  CHECK(long_line.counts.refused.at("line too long").line == 2);
}

TEST_CASE("random changes of the bytes never break the parser or its counts") {
  const made::Folder folder;
  const std::string seeds[] = {
      "1,1.1,1.2\n2.5,1.3,1.4\n\"3\",1.1,1.2\n4,1e-1,2E+1\r\n5,1.1,1.2",
      "t,b,a\n2024-01-02T03:04:05Z,1.1,1.2\n2024-03-10 02:30:00.5,1.1,1.2\n20240102 030405123,1.1,1.2\n"};
  CsvParams custom;
  custom.time_column = "1";
  custom.time_format = "datetime";
  custom.zone = "America/New_York";
  custom.bid_column = "2";
  custom.ask_column = "3";
  const RandomStream random{11, Purpose::test, 1};
  uint64_t step = 0;
  int64_t stored = 0, refused = 0;
  for (int round = 0; round < 4000; ++round) {
    const bool second = round % 2;
    std::string text = seeds[second];
    const int changes = 1 + static_cast<int>(random.below(step++, 4));
    for (int change = 0; change < changes && !text.empty(); ++change) {
      const std::size_t where = random.below(step++, static_cast<uint32_t>(text.size()));
      switch (random.below(step++, 4)) {
        case 0:
          text[where] = static_cast<char>(random.below(step++, 256));
          break;
        case 1:
          text.erase(where, 1 + random.below(step++, 5));
          break;
        case 2:
          text.insert(where, 1, "\",;\n\r.-e0:9"[random.below(step++, 11)]);
          break;
        default:
          text.insert(where, text.substr(where / 2, random.below(step++, 30)));
      }
    }
    std::string bytes = round % 4 < 2 ? text : made::gzip(text);
    if (round % 4 >= 2 && round % 8 >= 4) bytes[random.below(step++, static_cast<uint32_t>(bytes.size()))] ^= 0x40;
    try {
      const auto all =
          read_csv({folder.file("20240101.csv", bytes)}, second ? custom : preset("lean_fx"), instrument(0.1), 7);
      REQUIRE(all.consistent());
      stored += all.counts.rows_stored;
      refused += all.refused();
    } catch (const Error&) {
      // a header that lost its names, or bytes that look like another format: an error, not a crash
    }
  }
  CHECK(stored > 4000);
  CHECK(refused > 1000);
}
