// One pass over ticks for consumers that use each value once: days are decoded in pieces of at most 1,024 rows that
// never leave the nearest caches, on the caller's thread. Files of codec `packed` block by block, others chunk by
// chunk, handed out in pieces all the same.
#pragma once
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "data/store/tick_store.hpp"

namespace tf::data {

class FusedReader {
 public:
  /// Days in ascending order, all must exist. Of the options: columns, from_ts, to_ts, cancel; with a cache, checksums
  /// are compared once a file (its decoded chunks are not used). Damage always stops, before any row of its chunk is
  /// handed out where a checksum shows it.
  FusedReader(const TickStore& store, const std::string& id, const std::vector<Day>& days,
              const ReadOptions& options = {});
  /// The same from days with their paths, in pieces of at most `rows_at_once`, a multiple of 1,024.
  FusedReader(const std::string& id, std::vector<std::pair<Day, std::string>> days, const ReadOptions& options,
              std::size_t rows_at_once);
  ~FusedReader();
  /// The next rows, at most 1,024 (or those asked for) and never none, or nullptr at the end; they live until the next
  /// call. Columns not asked for are empty, exch_ts too (then TickSpan::size() is 0: ask the column at hand, or
  /// rows()), as is an absent order_id. Throws Error{bad_data}, Error{again}.
  const TickSpan* next();
  /// Of the rows handed out last.
  std::size_t rows() const;
  Day day() const;
  int64_t first_row() const;
  bool last_of_day() const;  ///< no rows of this day come after them

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Calls `consume(const TickSpan&)` with the rows of the given days in order.
template <class Consume>
void for_each_block(const TickStore& store, const std::string& id, const std::vector<Day>& days, uint32_t columns,
                    Consume&& consume) {
  ReadOptions options;
  options.columns = columns;
  FusedReader reader(store, id, days, options);
  while (const TickSpan* ticks = reader.next()) consume(*ticks);
}

}  // namespace tf::data
