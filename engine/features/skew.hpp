// Batch against stream: the features of whole days, and the same ticks in pieces as a live observer gets them.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/features/table.hpp"

namespace tf::features {

/// Ticks at a time: one, a few (never a whole number of events for long), a block, the whole day.
inline constexpr int64_t kSkewPieces[] = {1, 7, 4096, INT64_MAX};

struct Skew {
  int64_t rows = 0;       ///< bars of the batch
  int64_t values = 0;     ///< compared: rows x features x sizes of a piece
  int64_t ready = 0;      ///< of them not NaN in the batch
  int64_t differing = 0;  ///< other bits (any NaN equals any NaN), another time, or a row too many or too few
  std::string first;      ///< the first that differs, in words; empty: none
  void merge(const Skew& other);
};

/// Days must exist and be ascending. With a memory by day they are compared apart, over exec.threads.
Skew measure_skew(const Exec& exec, const Spec& spec, const data::TickStore& store, const std::string& instrument,
                  const std::vector<data::DayInfo>& days, std::span<const int64_t> pieces = kSkewPieces);

/// The same for rows that are there: what `rows` calls its sink with is compared with the table. `how` names them.
using RowFeed = std::function<void(const RowSink& sink)>;
Skew compare_rows(const Table& table, const std::string& how, const RowFeed& rows);

}  // namespace tf::features
