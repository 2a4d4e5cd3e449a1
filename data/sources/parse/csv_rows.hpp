// Rows of csv text to ticks: what can be told from a row alone. What needs the rows before it is csv_passes.hpp.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cuda/base/market.hpp"
#include "data/sources/parse/csv_blocks.hpp"
#include "data/sources/parse/csv_marks.hpp"
#include "data/sources/parse/csv_params.hpp"
#include "data/sources/parse/decimal.hpp"
#include "data/sources/parse/time_column.hpp"

namespace tf::data {

/// One step of reading a row: nullptr = fine, else the reason why the row is refused.
using Reason = const char*;

enum class RowKind { quotes, trades, mixed, levels, book, orders, ticks };

/// What each word of a column means; keeps the last short words that it was asked for.
class WordTable {
 public:
  static constexpr int kUnknown = -1;
  /// `words`: "buy|b"; upper and lower case are one.
  void add(std::string_view words, int means);
  int find(std::string_view word) {
    if (word.size() < 8) {
      uint64_t key = word.size();
      for (const char c : word) key = key << 8 | static_cast<unsigned char>(c);
      for (const Seen& seen : seen_)
        if (seen.key == key) return seen.means;
      return learn(key, word);
    }
    return search(word);
  }

 private:
  struct Seen {
    uint64_t key = ~uint64_t{0};
    int means = kUnknown;
  };
  int search(std::string_view word) const;
  int learn(uint64_t key, std::string_view word);

  std::vector<std::pair<std::string, int>> words_;
  Seen seen_[4];
  unsigned next_ = 0;
};

/// kFlagAuction and kFlagIrregular by a cell of trade conditions.
class Conditions {
 public:
  Conditions() = default;
  Conditions(const std::string& auction, const std::string& irregular);
  uint32_t flags(std::string_view cell) const;

 private:
  struct Rule {
    uint32_t flag = 0;
    uint64_t mask = 0;               // of a hex cell
    std::vector<std::string> words;  // of a list
  };
  std::vector<Rule> rules_;
};

/// Beside the ticks of a row, for the passes that look at the rows before.
struct RowKey {
  uint64_t id = 0, previous = 0;  ///< of trade, order or event; keys of id_key
  uint32_t line = 0, offset = 0;  ///< in the block
  uint32_t ticks = 0;             ///< of the row
  bool has_id = false, has_previous = false;
};

/// What the rows of a block gave.
struct CsvTicks {
  struct Refused {
    Reason reason;
    int64_t rows;
    uint32_t line, offset;  ///< of the first
  };
  std::vector<Tick> ticks;
  std::vector<RowKey> keys;  ///< one a stored row, where a pass needs them
  std::vector<Refused> refused;
  int64_t rows_read = 0, rows_stored = 0, lines = 0;

  void clear() {
    ticks.clear();
    keys.clear();
    refused.clear();
    rows_read = rows_stored = lines = 0;
  }
};

/// The parameters in the form that rows are read with.
struct CsvPlan {
  /// Throws Error{config}.
  CsvPlan(const CsvParams& full, const Instrument& instrument);

  CsvParams full;
  RowKind kind = RowKind::quotes;
  Grid price_grid, size_grid;
  TimeColumn time, local_time;
  bool sizes = false;  ///< there are size columns
  bool needs_keys = false;
};

/// Reads blocks; keeps caches, so one for each thread.
class RowParser {
 public:
  explicit RowParser(const CsvPlan& plan);
  /// Replaces `out`. Rows of kinds that no pass follows carry kRowEnd and are complete events.
  void parse(const CsvBlock& block, CsvTicks& out);

 private:
  enum class SideMeans { aggressor, maker, buyer_is_maker };
  enum class OneSided { no, empty, zero, gone };
  struct QuoteSide {
    int64_t px = 0, qty = 0;
    bool news = true, gone = false;  // news: false when the row says nothing about this side
  };

  template <RowKind kKind>
  void parse_rows(const CsvBlock& block, CsvTicks& out);
  template <RowKind kKind>
  Reason parse_row(const CsvRow& row, CsvTicks& out);
  Reason quote(const CsvRow& row, const Tick& base, CsvTicks& out);
  Reason trade(const CsvRow& row, const Tick& base, CsvTicks& out);
  Reason mixed(const CsvRow& row, const Tick& base, CsvTicks& out);
  Reason level(const CsvRow& row, const Tick& base, CsvTicks& out);
  Reason book(const CsvRow& row, const Tick& base, CsvTicks& out);
  Reason order(const CsvRow& row, const Tick& base, CsvTicks& out);
  Reason own_tick(const CsvRow& row, const Tick& base, CsvTicks& out);

  std::string_view cell(const CsvRow& row, Cell which) const { return row[(*columns_)[which]]; }
  bool has(Cell which) const { return columns_->has(which); }
  ParseState decimal(std::string_view text, Decimal& value);
  Reason time(TimeColumn& column, std::string_view text, std::string_view date, int64_t& ns);
  Reason steps(std::string_view text, const Grid& grid, Reason off, int64_t& steps);
  Reason price(std::string_view text, int64_t& px);
  Reason size(std::string_view text, int64_t& qty);
  Reason quote_side(const CsvRow& row, Cell price_cell, Cell size_cell, QuoteSide& side);
  Reason aggressor(std::string_view word, uint32_t& flags);
  Reason book_side(std::string_view word, uint32_t& flags);
  bool irregular(const CsvRow& row);
  void push_key(const CsvRow& row, std::size_t ticks, CsvTicks& out);

  const CsvPlan& plan_;
  TimeColumn time_, local_time_;
  WordTable sides_, snapshots_, actions_;
  Conditions conditions_;
  SideMeans side_means_;
  OneSided one_sided_;
  bool round_, comma_, flagged_;
  QuotedRow quoted_;
  CsvMarks marks_;
  std::string scratch_;

  const CsvColumns* columns_ = nullptr;
  RowKey key_;  // of the row that is read now
};

}  // namespace tf::data
