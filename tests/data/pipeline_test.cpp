// Random inputs under random policies: the report's equation holds, and the pipeline writes the bytes that one thread
// writes.
#include <doctest/doctest.h>

#include <random>

#include "data/ingest.hpp"
#include "data/pipe.hpp"
#include "tests/data/judged.hpp"
#include "tests/data/sources/made_files.hpp"

using namespace tf;
using data::IngestPolicy;
using data::IngestReport;
using data::IngestRequest;
using data::TickStore;

namespace {

/// Trades and garbage: times that repeat and go back, prices and sizes of zero and below, lines that are no rows.
std::string made_csv(std::mt19937& random, int rows) {
  std::string text;
  int64_t ms = 1'704'060'000'000;  // two hours before midnight
  const auto below = [&](uint32_t bound) { return static_cast<int64_t>(random() % bound); };
  for (int row = 0; row < rows; ++row) {
    ms += below(20) == 0 ? 600'000 : below(3) * 100;
    const int64_t back = below(7) == 0 ? below(5000) : 0;
    if (below(40) == 0) text += "no row at all\n";
    text += std::to_string(ms - back) + "," + std::to_string(below(30) - 3) + "," + std::to_string(below(5)) +
            (below(50) == 0 ? ",x" : "") + "\n";
  }
  return text;
}

IngestPolicy made_policy(std::mt19937& random) {
  IngestPolicy policy;
  for (const Field& field : IngestPolicy::fields()) {
    if (field.type != FieldType::text || !field.choices || random() % 3 != 0) continue;
    const std::string choices = std::string(field.choices) + "|";
    std::vector<std::string> known;
    for (std::size_t from = 0; from < choices.size(); from = choices.find('|', from) + 1)
      known.push_back(choices.substr(from, choices.find('|', from) - from));
    const std::string& choice = known[random() % known.size()];
    if (choice != "stop") *reinterpret_cast<std::string*>(reinterpret_cast<char*>(&policy) + field.offset) = choice;
  }
  if (random() % 2 == 0) policy.sessions = "mon-fri 00:00-23:00; sun 22:30-24:00";
  policy.sort_window_ms = static_cast<int64_t>(random() % 4000);
  return policy;
}

IngestRequest request(const std::vector<std::string>& files, const IngestPolicy& policy) {
  data::CsvParams params;
  params.time_column = "1";
  params.price_column = "2";
  params.size_column = "3";
  IngestRequest made;
  made.source = "csv";
  made.source_params = std::make_shared<data::CsvParams>(params);
  made.input = {files, made::instrument(1)};
  made.policy = policy;
  return made;
}

}  // namespace

TEST_CASE("rows read are rows stored and rows refused, and one thread or three make no difference") {
  std::mt19937 random(20240101);
  for (int round = 0; round < 25; ++round) {
    const made::Folder folder;
    std::vector<std::string> files;
    for (int file = 0; file <= round % 3; ++file)
      files.push_back(folder.file("t" + std::to_string(file) + ".csv", made_csv(random, round < 5 ? 20 : 9000)));
    IngestRequest asked = request(files, made_policy(random));
    const TickStore one = TickStore::open((folder.path / "one").string(), true),
                    other = TickStore::open((folder.path / "other").string(), true);
    const IngestReport piped = data::ingest(asked, one);
    asked.one_thread = true;
    const IngestReport alone = data::ingest(asked, other);
    INFO("round " << round << ", " << data::policy_text(asked.policy));
    REQUIRE(piped.counts.rows_read == piped.counts.rows_stored + piped.rows_refused());
    int64_t ticks = 0, rows = 0;
    for (const data::DayReport& day : piped.days) {
      ticks += static_cast<int64_t>(one.read_day("test/TEST", day.day).size());
      rows += day.rows;
    }
    REQUIRE(ticks == piped.counts.ticks);
    REQUIRE(rows == piped.counts.rows_stored);
    REQUIRE(piped.to_json() == alone.to_json());
    REQUIRE(piped.to_text() == alone.to_text());
    for (const data::DayReport& day : piped.days)
      REQUIRE(made::read_bytes(one.day_path("test/TEST", day.day)) ==
              made::read_bytes(other.day_path("test/TEST", day.day)));
    REQUIRE(data::dry_run(asked).counts.rows_stored == piped.counts.rows_stored);
  }
}

TEST_CASE("an error of the source, the judge or the store ends the pipeline, and finished days stay") {
  const made::Folder folder;
  std::mt19937 random(7);
  std::string text;
  for (int row = 0; row < 60'000; ++row) text += std::to_string(1'704'067'200'000 + row * 5000) + ",5,1\n";
  const std::string file = folder.file("t.csv", text);
  const TickStore store = TickStore::open((folder.path / "store").string(), true);

  // The judge: a step back after three days.
  IngestPolicy strict;
  strict.exchange_time_back = "stop";
  const std::string back = folder.file("back.csv", text + "1704067200000,5,1\n");
  CHECK(made::error_with(ErrorKind::bad_data, "row 60001", [&] { data::ingest(request({back}, strict), store); }));
  CHECK(store.day_names("test/TEST").size() >= 1);

  // The store: a day that is there with other ticks.
  const std::string other = folder.file("other.csv", "1704067200000,6,1\n" + text);
  CHECK(made::error_with(ErrorKind::usage, "other ticks", [&] { data::ingest(request({other}, {}), store); }));

  // The source: a second file that is not there, or that is no text.
  CHECK(made::error_with(ErrorKind::no_input, "missing.csv", [&] {
    data::ingest(request({file, (folder.path / "missing.csv").string()}, {}), store);
  }));

  // The user.
  IngestRequest asked = request({file}, {});
  int batches = 0;
  asked.stopped = [&] { return ++batches > 3; };
  CHECK(made::error_with(ErrorKind::again, "interrupted", [&] { data::ingest(asked, store); }));
  asked.stopped = nullptr;
  const IngestReport report = data::ingest(asked, store);
  CHECK(report.days.size() == 4);
  CHECK(report.days[0].note == "unchanged");
  CHECK(report.days[3].note == "written");
}

TEST_CASE("a pipe hands over in order, waits at its bound, and lets go when closed") {
  data::Pipe<int> pipe(2);
  CHECK(pipe.push(1));
  CHECK(pipe.push(2));
  CHECK(*pipe.pop() == 1);
  CHECK(pipe.push(3));
  pipe.close();
  CHECK(!pipe.push(4));
  CHECK(*pipe.pop() == 2);
  CHECK(*pipe.pop() == 3);
  CHECK(!pipe.pop());
}
