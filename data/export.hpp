// Out of the store: a range of an instrument's ticks as CSV, Parquet or hftbacktest's npz.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "data/store/tick_store.hpp"

namespace tf::data {

struct ExportRequest {
  std::string instrument;                          ///< "venue/symbol"
  std::vector<Day> days;                           ///< of them; empty: all
  int64_t from_ts = INT64_MIN, to_ts = INT64_MAX;  ///< exch_ts in [from, to)
  std::string format;                              ///< "csv" | "parquet" | "npz"
  std::string path;                                ///< .gz or .zst behind a csv name packs it
  bool raw = false;                                ///< px and qty as stored integers instead of decimals
  bool replace = false;                            ///< an existing file is an error otherwise
  std::function<void(const std::string& what, double share)> progress;
};

struct ExportReport {
  int64_t ticks = 0, bytes = 0;
  std::string sha256;                        ///< of the file written
  std::vector<std::string> content_digests;  ///< of the days read, in order
};

/// Streams, memory bounded, written to a temporary name, synced, renamed. What is exported and ingested again gives the
/// same ticks to the bit (csv and parquet; npz as far as hftbacktest's events can say it: its format is written in the
/// header of export_npz.cpp). Throws Error{usage | no_input | bad_data | io}.
ExportReport export_ticks(const ExportRequest& request, const TickStore& store);

}  // namespace tf::data
