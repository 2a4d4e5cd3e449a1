// csv: ticks as text, plain or packed; any layout by its columns, known layouts by a preset. A quote row becomes two
// ticks (bid, then ask with kFlagLast), a one-sided quote row or a trade one; rows of levels, books and orders give
// depth or order ticks and the best prices that follow from them.
#include "data/sources/catalogue.hpp"
#include "data/sources/parse/csv_guess.hpp"
#include "data/sources/parse/csv_source.hpp"

namespace tf::data {
namespace {

std::unique_ptr<Source> open(const SourceInput& input, const void* params) {
  return open_csv(input, *static_cast<const CsvParams*>(params), open_text_file);
}

}  // namespace
}  // namespace tf::data

namespace tf::source_catalogue {

const Entry& tf_source_csv() {
  static const Entry entry{"quotes, trades, depth or orders as csv text (plain or packed), by column or by preset",
                           params_type<data::CsvParams>(), data::open, data::guess_csv};
  return entry;
}

}  // namespace tf::source_catalogue
