// Ticks of a range on their way out: the days of a request as spans, and the words and numbers of their columns.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "data/export.hpp"
#include "data/sources/parse/decimal.hpp"

namespace tf::data {

inline constexpr const char* kExportColumns[] = {"exch_ts", "local_ts", "kind",     "side",
                                                 "px",      "qty",      "order_id", "flags"};

/// "trade", "best_bid", ...; "none" for kinds that are none.
const char* kind_name(uint32_t flags);
/// "buy", "sell" or "" by kFlagBuy and kFlagSell.
const char* side_name(uint32_t flags);

/// Lot size; 1 where the instrument has none (its feed has no sizes).
double size_step(const Instrument& instrument);

/// Steps of a grid as exact decimal text: 112345 steps of 0.00001 = "1.12345". Trailing zeros of the step's places
/// stay.
class StepText {
 public:
  explicit StepText(double step);
  void append(int64_t steps, std::string& out) const;
  /// The double nearest to the exact decimal: what a reader of the text would have.
  double value(int64_t steps) const;

 private:
  Decimal step_;
};

/// Calls visit(day, ticks) for the rows of the request in order; `digests` gets the content digest of each day.
void for_each_span(const ExportRequest& request, const TickStore& store,
                   const std::function<void(Day, const TickSpan&)>& visit, std::vector<std::string>& digests);

/// The writers of one format each; return how many ticks they wrote.
int64_t export_csv(const ExportRequest& request, const TickStore& store, ExportReport& report);
int64_t export_parquet(const ExportRequest& request, const TickStore& store, ExportReport& report);
int64_t export_npz(const ExportRequest& request, const TickStore& store, ExportReport& report);

}  // namespace tf::data
