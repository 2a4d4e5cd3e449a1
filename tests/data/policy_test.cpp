// Every policy, one case each: what it keeps, what it refuses, where it says so.
#include "data/policy.hpp"

#include <doctest/doctest.h>

#include "cuda/base/error.hpp"
#include "tests/data/judged.hpp"

using namespace tf;
using data::IngestPolicy;
using data::kRowEnd;
using judged::judge;
using judged::quote;
using judged::Result;
using judged::trade;

namespace {

using Prices = std::vector<int64_t>;

std::vector<Tick> joined(std::initializer_list<std::vector<Tick>> parts) {
  std::vector<Tick> all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

std::string message_of(const std::vector<Tick>& input, const IngestPolicy& policy, ErrorKind kind) {
  try {
    judge(input, policy);
  } catch (const Error& error) {
    if (error.kind() == kind) return error.what();
  }
  return {};
}

bool has(const std::string& text, const std::string& word) { return text.find(word) != std::string::npos; }

}  // namespace

TEST_CASE("exchange time that goes back is kept in the order as read, and counted") {
  const Result kept = judge({trade(0, 1), trade(5, 2), trade(3, 3), trade(3, 4), trade(6, 5)}, {});
  CHECK(kept.prices() == Prices{1, 2, 3, 4, 5});
  CHECK(kept.quality.begin()->second.backward_steps == 1);
  CHECK(kept.consistent());
}

TEST_CASE("exchange time is sorted within the window, equal times in their order, older rows refused") {
  IngestPolicy policy;
  policy.exchange_time_back = "sort";
  policy.sort_window_ms = 10;
  std::vector<Tick> input = {trade(0, 1),  trade(20, 2), trade(15, 3), trade(20, 4), trade(15, 5),
                             trade(10, 6), trade(9, 7),  trade(40, 8), trade(30, 9), trade(29, 10)};
  const auto pair = quote(35, 98, 99);
  input.insert(input.end(), pair.begin(), pair.end());
  for (const std::size_t batch : {1, 2, 3, 100}) {
    const Result sorted = judge(input, policy, batch);
    CHECK(sorted.prices() == Prices{1, 6, 3, 5, 2, 4, 9, 98, 99, 8});
    CHECK(sorted.refused_for("too late to sort") == 2);
    CHECK(sorted.refused.at("too late to sort").line == 7);
    CHECK(sorted.refused.at("too late to sort").file == "input.csv");
    CHECK(sorted.quality.begin()->second.backward_steps == 0);
    CHECK(sorted.consistent());
  }
  // Rows of one event move together, by the time of the first.
  Tick first = trade(20, 11), second = trade(21, 12);
  first.flags &= ~kFlagLast;
  const Result together = judge({trade(22, 13), first, second}, policy, 1);
  CHECK(together.prices() == Prices{11, 12, 13});
}

TEST_CASE("exchange time that goes back is refused, or stops the ingest with the place") {
  IngestPolicy policy;
  policy.exchange_time_back = "refuse";
  const std::vector<Tick> input = {trade(0, 1), trade(5, 2), trade(3, 3), trade(4, 4), trade(5, 5)};
  const Result refused = judge(input, policy);
  CHECK(refused.prices() == Prices{1, 2, 5});
  CHECK(refused.refused_for("exchange time goes back") == 2);
  CHECK(refused.refused.at("exchange time goes back").line == 3);
  CHECK(refused.consistent());
  policy.exchange_time_back = "stop";
  const std::string message = message_of(input, policy, ErrorKind::bad_data);
  CHECK(has(message, "input.csv: row 3"));
  CHECK(has(message, "12:00:00.003Z"));
  CHECK(has(message, "12:00:00.005Z"));
}

TEST_CASE("receive time that goes back is kept, refused, or stops") {
  std::vector<Tick> input = {trade(0, 1), trade(1, 2), trade(2, 3)};
  input[1].local_ts += 5'000'000;
  IngestPolicy policy;
  const Result kept = judge(input, policy);
  CHECK(kept.prices() == Prices{1, 2, 3});
  CHECK(kept.quality.begin()->second.local_backward_steps == 1);
  policy.local_time_back = "refuse";
  const Result refused = judge(input, policy);
  CHECK(refused.prices() == Prices{1, 2});
  CHECK(refused.refused_for("receive time goes back") == 1);
  policy.local_time_back = "stop";
  CHECK(has(message_of(input, policy, ErrorKind::bad_data), "receive time goes back"));
}

TEST_CASE("a row received before it was sent is kept, refused, or mended by a stated shift") {
  std::vector<Tick> input = {trade(0, 1), trade(1, 2), trade(2, 3)};
  input[1].local_ts -= 300;
  IngestPolicy policy;
  const Result kept = judge(input, policy);
  CHECK(kept.quality.begin()->second.negative_latency == 1);
  CHECK(kept.quality.begin()->second.least_latency_ns == -300);
  policy.negative_latency = "refuse";
  CHECK(judge(input, policy).prices() == Prices{1, 3});
  CHECK(judge(input, policy).refused_for("received before it was sent") == 1);
  policy.local_shift_ns = 300;
  const Result shifted = judge(input, policy);
  CHECK(shifted.prices() == Prices{1, 2, 3});
  CHECK(shifted.ticks[1].local_ts == shifted.ticks[1].exch_ts);
  CHECK(shifted.ticks[0].local_ts == shifted.ticks[0].exch_ts + 300);
}

TEST_CASE("a price of zero is refused unless asked for, with the whole event") {
  const auto input = joined({{trade(0, 1), trade(1, 0)}, quote(2, 0, 101), quote(3, 100, 101)});
  IngestPolicy policy;
  const Result refused = judge(input, policy);
  CHECK(refused.prices() == Prices{1, 100, 101});
  CHECK(refused.refused_for("price of zero") == 2);
  CHECK(refused.refused.at("price of zero").line == 2);
  CHECK(refused.rows == 4);
  CHECK(refused.consistent());
  policy.zero_price = "keep";
  const Result kept = judge(input, policy);
  CHECK(kept.ticks.size() == 6);
  CHECK(kept.quality.begin()->second.zero_px == 2);
}

TEST_CASE("negative prices are legal unless the policy says otherwise") {
  const std::vector<Tick> input = {trade(0, -3763), trade(1, 10)};
  IngestPolicy policy;
  CHECK(judge(input, policy).prices() == Prices{-3763, 10});
  CHECK(judge(input, policy).quality.begin()->second.negative_px == 1);
  policy.negative_price = "refuse";
  CHECK(judge(input, policy).prices() == Prices{10});
  CHECK(judge(input, policy).refused_for("negative price") == 1);
}

TEST_CASE("a size of zero is kept or refused; an unknown size is no size of zero") {
  std::vector<Tick> input = {trade(0, 1, 0), trade(1, 2, 0, kFlagNoSize), trade(2, 3, 5)};
  IngestPolicy policy;
  CHECK(judge(input, policy).ticks.size() == 3);
  CHECK(judge(input, policy).quality.begin()->second.zero_qty == 1);
  policy.zero_size = "refuse";
  CHECK(judge(input, policy).prices() == Prices{2, 3});
  CHECK(judge(input, policy).refused_for("size of zero") == 1);
}

TEST_CASE("crossed and locked quotes are kept and counted, or refused as a whole") {
  const auto input = joined({quote(0, 100, 101), quote(1, 103, 102), quote(2, 102, 102), quote(3, 101, 102)});
  IngestPolicy policy;
  const Result kept = judge(input, policy);
  CHECK(kept.ticks.size() == 8);
  CHECK(kept.quality.begin()->second.crossed == 1);
  CHECK(kept.quality.begin()->second.locked == 1);
  policy.crossed = "refuse";
  CHECK(judge(input, policy).prices() == Prices{100, 101, 102, 102, 101, 102});
  CHECK(judge(input, policy).refused_for("crossed quote") == 1);
  policy.crossed = "keep";
  policy.locked = "refuse";
  CHECK(judge(input, policy).prices() == Prices{100, 101, 103, 102, 101, 102});
  CHECK(judge(input, policy).refused_for("locked quote") == 1);
  // A refused quote leaves no trace: the next bid is judged against the ask that was kept.
  policy.crossed = "refuse";
  Tick lone = quote(4, 103, 0)[0];
  lone.flags |= judged::kEnd;
  auto more = input;
  more.push_back(lone);
  CHECK(judge(more, policy, 3).refused_for("crossed quote") == 2);
}

TEST_CASE("auction, irregular, hidden and bar prints are flagged, counted, or dropped") {
  const std::vector<Tick> input = {trade(0, 1), trade(1, 2, 1, kFlagAuction), trade(2, 3, 1, kFlagIrregular),
                                   trade(3, 4, 1, kFlagHidden), trade(4, 5, 1, kFlagBar)};
  const Result kept = judge(input, {});
  CHECK(kept.ticks.size() == 5);
  const data::QualityCounts counts = kept.quality.begin()->second;
  CHECK(counts.auctions == 1);
  CHECK(counts.irregular == 1);
  CHECK(counts.hidden == 1);
  CHECK(counts.bars == 1);
  const auto dropped = [&](std::string IngestPolicy::*member, const char* reason) {
    IngestPolicy policy;
    policy.*member = "drop";
    const Result result = judge(input, policy);
    CHECK(result.consistent());
    CHECK(result.refused_for(reason) == 1);
    return result.prices();
  };
  CHECK(dropped(&IngestPolicy::auctions, "auction print") == Prices{1, 3, 4, 5});
  CHECK(dropped(&IngestPolicy::irregular, "irregular print") == Prices{1, 2, 4, 5});
  CHECK(dropped(&IngestPolicy::hidden, "hidden execution") == Prices{1, 2, 3, 5});
  CHECK(dropped(&IngestPolicy::bars, "print of a bar") == Prices{1, 2, 3, 4});
}

TEST_CASE("trades replayed on subscribing are kept, or refused when older than the stream's start") {
  std::vector<Tick> input = {trade(0, 1), trade(-60'000, 2), trade(-8'000, 3), trade(1, 4), trade(-30'000, 5)};
  const int64_t start = judged::kNoon;
  for (std::size_t row = 0; row < input.size(); ++row) input[row].local_ts = start + static_cast<int64_t>(row) * 1000;
  IngestPolicy policy;
  CHECK(judge(input, policy).ticks.size() == 5);
  policy.old_trades = "refuse";
  const Result refused = judge(input, policy);
  CHECK(refused.prices() == Prices{1, 3, 4});
  CHECK(refused.refused_for("trade from before the stream began") == 2);
  policy.old_trade_ms = 5'000;
  CHECK(judge(input, policy).prices() == Prices{1, 4});
  // Without a clock of the receiver nothing is replayed: times that go back are another matter.
  for (Tick& tick : input) tick.local_ts = tick.exch_ts;
  CHECK(judge(input, policy).ticks.size() == 5);
}

TEST_CASE("a correction is a row of its own, known from its receive time on, or dropped") {
  std::vector<Tick> input = {trade(0, 1), trade(1, 1)};
  input[1].flags = static_cast<uint32_t>(TickKind::trade_break) | judged::kEnd;
  input[1].local_ts += 5'000'000;
  IngestPolicy policy;
  const Result kept = judge(input, policy);
  REQUIRE(kept.ticks.size() == 2);
  CHECK(kept.ticks[0].kind() == TickKind::trade);
  CHECK(kept.ticks[1].local_ts == input[1].local_ts);
  CHECK(kept.quality.begin()->second.corrections == 1);
  CHECK(kept.quality.begin()->second.trades == 1);
  policy.corrections = "drop";
  CHECK(judge(input, policy).refused_for("correction of a trade") == 1);
  CHECK(judge(input, policy).ticks.size() == 1);
}

TEST_CASE("rows outside the sessions are counted, or refused; book rows always pass") {
  std::vector<Tick> input = {trade(-1, 1), trade(0, 2), trade(3'599'999, 3), trade(3'600'000, 4), trade(7'200'000, 5)};
  Tick depth = trade(3'700'000, 6);
  depth.flags = judged::kDepth | judged::kEnd;
  input.insert(input.begin() + 4, depth);
  IngestPolicy policy;
  policy.sessions = "mon-fri 07:00-08:00 09:00-10:00";  // New York: 12:00-13:00 and 14:00-15:00 UTC in winter
  Instrument instrument = judged::instrument();
  instrument.zone = "America/New_York";
  const Result kept = judge(input, policy, 2, instrument);
  CHECK(kept.ticks.size() == 6);
  CHECK(kept.quality.begin()->second.outside_sessions == 2);
  policy.outside_sessions = "refuse";
  const Result refused = judge(input, policy, 2, instrument);
  CHECK(refused.prices() == Prices{2, 3, 6, 5});
  CHECK(refused.refused_for("outside the sessions") == 2);
  CHECK(refused.refused.at("outside the sessions").line == 1);
  CHECK(refused.consistent());
}

TEST_CASE("long silence is noted within a session, not across its breaks") {
  const std::vector<Tick> input = {trade(0), trade(1'000), trade(4'601'001), trade(9'000'000)};
  IngestPolicy policy;
  CHECK(judge(input, policy).noted.at("silence longer than max_gap_s").rows == 2);
  CHECK(has(judge(input, policy).noted.at("silence longer than max_gap_s").example, "2024-01-02"));
  policy.sessions = "mon-fri 12:00-13:00 13:15-18:00";
  CHECK(judge(input, policy).noted.at("silence longer than max_gap_s").rows == 1);
  policy.max_gap_s = 5000;
  CHECK(judge(input, policy).noted.empty());
  policy.sessions.clear();
  policy.max_gap_s = 0;
  CHECK(judge(input, policy).noted.empty());
}

TEST_CASE("a test symbol is noted, refused, or kept without a word") {
  Instrument instrument = judged::instrument();
  instrument.symbol = "TESTBTC";
  IngestPolicy policy;
  CHECK(judge({trade(0)}, policy, 1, instrument).noted.count("test symbol") == 1);
  policy.test_symbols = "keep";
  CHECK(judge({trade(0)}, policy, 1, instrument).noted.empty());
  policy.test_symbols = "refuse";
  CHECK_THROWS_AS(judge({trade(0)}, policy, 1, instrument), Error);
  CHECK(data::is_test_symbol("ZVZZT"));
  CHECK(!data::is_test_symbol("TEST"));
  CHECK(!data::is_test_symbol("BTCUSDT"));
}

TEST_CASE("what no policy allows is refused always: impossible times, sizes, kinds") {
  std::vector<Tick> input = {trade(0, 1), trade(1, 2), trade(2, 3), trade(3, 4), trade(4, 5)};
  input[1].exch_ts = INT64_MAX;  // "undefined time" of some feeds
  input[2].qty = -1;
  input[3].flags = judged::kEnd;
  const Result result = judge(input, {});
  CHECK(result.prices() == Prices{1, 5});
  CHECK(result.refused_for("time out of range") == 1);
  CHECK(result.refused_for("negative size") == 1);
  CHECK(result.refused_for("row of no known kind") == 1);
  CHECK(result.days.size() == 1);
  CHECK(result.consistent());
}

TEST_CASE("an event over several rows is refused as a whole, a row of several events in part") {
  // One event of three rows, the middle one bad.
  std::vector<Tick> rows = {trade(0, 1), trade(0, 0), trade(0, 3), trade(1, 4)};
  rows[0].flags &= ~kFlagLast;
  rows[1].flags &= ~kFlagLast;
  for (const std::size_t batch : {1, 2, 3, 4}) {
    const Result result = judge(rows, {}, batch);
    CHECK(result.prices() == Prices{4});
    CHECK(result.refused_for("price of zero") == 3);
    CHECK(result.consistent());
  }
  // One row of three events, the middle one bad: the row is stored, and noted.
  std::vector<Tick> events = {trade(0, 1), trade(0, 0), trade(0, 3), trade(1, 4)};
  events[0].flags &= ~kRowEnd;
  events[1].flags &= ~kRowEnd;
  for (const std::size_t batch : {1, 2, 3, 4}) {
    const Result result = judge(events, {}, batch);
    CHECK(result.prices() == Prices{1, 3, 4});
    CHECK(result.refused.empty());
    CHECK(result.noted.at("part of a row refused: price of zero").rows == 1);
    CHECK(result.rows_stored == 2);
  }
  for (Tick& tick : events) tick.px = tick.px == 4 ? 4 : 0;
  CHECK(judge(events, {}, 2).refused_for("price of zero") == 1);
  CHECK(judge(events, {}, 2).consistent());
}

TEST_CASE("an event larger than many batches is judged as one, in memory and time of its size") {
  std::vector<Tick> input;
  for (int tick = 0; tick < 200'000; ++tick) {
    Tick level = trade(0, 100 + tick);
    level.flags = judged::kDepth | (tick == 199'999 ? judged::kEnd : 0u);
    input.push_back(level);
  }
  for (const char* order : {"keep", "sort"}) {
    IngestPolicy policy;
    policy.exchange_time_back = order;
    const Result result = judge(input, policy, 64);
    CHECK(result.ticks.size() == input.size());
    CHECK(result.rows_stored == 1);
    CHECK(result.quality.begin()->second.events == 1);
  }
  input.pop_back();  // its end never comes
  CHECK(judge(input, {}, 64).ticks.size() == input.size());
}

TEST_CASE("a value that is no choice is an error that lists the choices") {
  IngestPolicy policy;
  policy.crossed = "drop";
  CHECK(has(message_of({trade(0)}, policy, ErrorKind::config), "keep|refuse"));
  policy = {};
  policy.sort_window_ms = -1;
  CHECK(has(message_of({trade(0)}, policy, ErrorKind::config), "sort_window_ms"));
  policy = {};
  for (const char* wrong : {"mon-fri", "mon-fri 9:30-16:00", "mo 09:30-16:00", "mon 09:30-25:00", "mon 09:30", "x"}) {
    policy.sessions = wrong;
    CHECK(has(message_of({trade(0)}, policy, ErrorKind::config), "sessions"));
  }
}

TEST_CASE("the text of a policy names every field") {
  const std::string text = data::policy_text({});
  for (const Field& field : IngestPolicy::fields()) CHECK(has("," + text, std::string(",") + field.name + "="));
}
