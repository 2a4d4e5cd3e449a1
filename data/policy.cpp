#include "data/policy.hpp"

#include <algorithm>
#include <array>

#include "cuda/base/error.hpp"

namespace tf::data {

std::span<const Field> IngestPolicy::fields() {
  using P = IngestPolicy;
  static const Field table[] = {
      TF_TEXT_FIELD(P, exchange_time_back, "keep|sort|refuse|stop",
                    "a row whose exchange time is below that of the row before: keep the order as read; sort events by "
                    "exchange time within sort_window_ms (equal times keep their order); refuse the row (breaks books: "
                    "for trades and quotes); stop with an error"),
      TF_FIELD(P, sort_window_ms, 0, 3'600'000, "ms",
               "how far back a row may be and still be sorted in, at most a million ticks; older rows are refused as "
               "too late to sort"),
      TF_TEXT_FIELD(P, local_time_back, "keep|refuse|stop", "a row whose receive time is below that of the row before"),
      TF_TEXT_FIELD(P, negative_latency, "keep|refuse",
                    "a row received before it was sent: the clocks differ; see local_shift_ns"),
      TF_FIELD(P, local_shift_ns, -86'400e9, 86'400e9, "ns",
               "added to every receive time before anything else, to mend a receiver's clock that is known to be off"),
      TF_TEXT_FIELD(P, zero_price, "refuse|keep", "trades and best quotes at price 0, which mostly means no value"),
      TF_TEXT_FIELD(P, negative_price, "keep|refuse", "legal for spreads and, once, for crude oil"),
      TF_TEXT_FIELD(P, zero_size, "keep|refuse", "trades and best quotes of size 0, in feeds that carry sizes"),
      TF_TEXT_FIELD(P, crossed, "keep|refuse", "best quotes after which the bid is above the ask"),
      TF_TEXT_FIELD(P, locked, "keep|refuse", "best quotes after which the bid equals the ask"),
      TF_TEXT_FIELD(P, auctions, "keep|drop", "trades of auctions, crosses and trial matches; kept ones are flagged"),
      TF_TEXT_FIELD(P, irregular, "keep|drop", "trades printed late, off exchange or under odd conditions; flagged"),
      TF_TEXT_FIELD(P, hidden, "keep|drop", "trades against orders that the book did not show; flagged"),
      TF_TEXT_FIELD(P, bars, "keep|drop", "trades that stand for the trades of a bar; flagged"),
      TF_TEXT_FIELD(P, old_trades, "keep|refuse",
                    "trades from more than old_trade_ms before the first row was received: replayed on subscribing"),
      TF_FIELD(P, old_trade_ms, 0, 86'400'000, "ms", "see old_trades"),
      TF_TEXT_FIELD(P, corrections, "keep|drop",
                    "rows that void an earlier trade: kept with the time at which they became known, never applied "
                    "backwards"),
      TF_TEXT_FIELD(P, sessions, nullptr,
                    "trading hours in the instrument's zone, e.g. \"mon-fri 09:30-11:30 13:00-15:00\" or \"sun-thu "
                    "18:00-17:00\" (into the next day), several separated by ';'; empty: always open"),
      TF_TEXT_FIELD(P, outside_sessions, "keep|refuse", "trades and best quotes outside the sessions; counted if kept"),
      TF_FIELD(P, max_gap_s, 0, 86'400, "s", "longer silence within a day and session is noted; 0: never"),
      TF_TEXT_FIELD(P, test_symbols, "note|keep|refuse", "an instrument whose symbol venues use for tests"),
      TF_TEXT_FIELD(P, damaged_day, "keep|refuse",
                    "the day in which the input is damaged: write what came before the damage, marked as not complete; "
                    "the sound file replaces it later"),
  };
  return table;
}

void check_policy(const IngestPolicy& policy) {
  for (const Field& field : IngestPolicy::fields()) {
    const char* const at = reinterpret_cast<const char*>(&policy) + field.offset;
    if (field.type == FieldType::text && field.choices) {
      const std::string& text = *reinterpret_cast<const std::string*>(at);
      if (text.empty() || ("|" + std::string(field.choices) + "|").find("|" + text + "|") == std::string::npos)
        throw Error(ErrorKind::config,
                    std::string("policy ") + field.name + " = '" + text + "'; expected one of " + field.choices);
    } else if (field.type == FieldType::integer64) {
      const auto value = static_cast<double>(*reinterpret_cast<const int64_t*>(at));
      if (value < field.low || value > field.high)
        throw Error(ErrorKind::config, std::string("policy ") + field.name + " = " +
                                           std::to_string(*reinterpret_cast<const int64_t*>(at)) +
                                           " is out of range (see tickfold catalog)");
    }
  }
}

std::string policy_text(const IngestPolicy& policy) { return params_text(params_type<IngestPolicy>(), &policy); }

bool is_test_symbol(const std::string& symbol) {
  // Nasdaq's and NYSE's published test issues, and the way crypto venues name theirs (TESTBTC:TESTUSD).
  static constexpr std::array<const char*, 15> kTest = {"ZVZZT", "ZWZZT", "ZXZZT", "ZJZZT", "ZAZZT",
                                                        "ZBZZT", "ZCZZT", "ZEXIT", "ZIEXT", "ZTEST",
                                                        "ATEST", "CTEST", "MTEST", "NTEST", "PTEST"};
  if (std::any_of(kTest.begin(), kTest.end(), [&](const char* name) { return symbol == name; })) return true;
  return symbol.starts_with("TEST") && symbol.size() > 4;
}

}  // namespace tf::data
