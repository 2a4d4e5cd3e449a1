// Rows of somebody else's table (HDF5, Parquet, Feather) to ticks: one mapping of columns for all of them.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/sources/parse/double_grid.hpp"
#include "data/sources/parse/event_queue.hpp"
#include "data/sources/parse/recent_ids.hpp"
#include "data/sources/parse/time_column.hpp"
#include "data/sources/source.hpp"
#include "data/store/foreign_table.hpp"

namespace tf::data {

/// Names and meanings are those of CsvParams. A column is named; "a|b" takes the first that is there; "-" = none. When
/// neither bid_column and ask_column nor price_column are given, columns of usual names are taken, and noted.
struct TableParams {
  std::string table;  ///< inside the file; empty: the only one
  std::string time_column, time_unit = "auto", zone = "UTC", date_order = "ymd";
  std::string local_time_column, local_time_unit = "auto";
  std::string bid_column, ask_column, bid_size_column, ask_size_column;
  std::string price_column, size_column, side_column, side_means = "auto";
  std::string buy_words = "buy|b|bid|1", sell_words = "sell|s|ask|-1";
  std::string id_column, symbol_column, symbol;
  std::string flags_column;  ///< tickfold's own flags, as `export` writes them: each row is that tick, bit for bit
  std::string one_sided = "empty";
  double price_scale = 1, size_scale = 1;
  std::string off_grid = "refuse";

  static std::span<const Field> fields();
};

/// Opens a table of a file: (path, table inside it).
using TableOpener = std::function<std::unique_ptr<ForeignTable>(const std::string&, const std::string&)>;

/// A null, NaN or empty text is "no value". Times: integers and floats since 1970 in `time_unit`; columns that are
/// times already; texts as date and clock time in `zone`, or a number. Places of refused rows are row numbers from 0.
class TableRows : public Source {
 public:
  /// `name` of the source, for messages. Throws Error{config} as the csv source does.
  TableRows(const char* name, TableOpener opener, const SourceInput& input, const TableParams& params);

  std::size_t next_batch(std::span<Tick> out) override;
  const SourceCounts& counts() const override { return counts_; }
  std::string damage() const override { return damage_; }
  double share() const override;

 private:
  enum Role { kTime, kLocalTime, kBid, kAsk, kBidSize, kAskSize, kPrice, kSize, kSide, kId, kSymbol, kFlags, kRoles };
  using Reason = const char*;
  /// One column in use, and its values of the batch.
  struct Column {
    bool used = false, missing_now = false;
    ForeignColumn about;
    std::size_t place = 0;  // in the batch
  };
  struct QuoteSide {
    int64_t px = 0, qty = 0;
    bool news = true;
  };

  bool next_row();
  bool open_table();
  void find_columns();
  std::string guess_columns();
  Reason parse_row();
  Reason parse_quote(Tick tick);
  Reason parse_trade(Tick tick);
  Reason parse_tick(Tick tick);
  Reason parse_side(Role price, Role size, QuoteSide& side);
  Reason aggressor(uint32_t& flags);
  Reason time(Role role, TimeColumn& how, int64_t& ns);
  Reason steps(Role role, const DoubleGrid& grid, Reason off, int64_t& steps);
  Reason size_of(Role role, int64_t& qty);
  bool missing(Role role) const;
  std::string text(Role role) const;
  const ForeignValues& values(Role role) const { return batch_.columns[columns_[role].place]; }
  bool has(Role role) const { return columns_[role].used; }
  std::string example() const;

  std::string name_;
  TableOpener opener_;
  std::vector<std::string> files_;
  TableParams params_;
  DoubleGrid price_grid_, size_grid_;
  double lot_size_ = 0;
  TimeColumn time_, local_time_;
  bool round_ = false;

  std::size_t next_file_ = 0;
  std::unique_ptr<ForeignTable> table_;
  Column columns_[kRoles];
  ForeignBatch batch_;
  int64_t row_ = 0;  // in the batch
  RecentIds ids_;
  EventQueue queue_;
  SourceCounts counts_;
  std::string damage_;
};

}  // namespace tf::data
