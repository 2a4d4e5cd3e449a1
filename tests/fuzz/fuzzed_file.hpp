// What the fuzz entries share: bytes as a file, and a source drained of all it gives.
#pragma once
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "cuda/base/error.hpp"
#include "data/sources/source.hpp"

namespace fuzzed {

/// One folder a process; its files are overwritten by each input.
inline const std::filesystem::path& folder() {
  static const std::filesystem::path made = [] {
    const auto path = std::filesystem::temp_directory_path() / ("tickfold_fuzz_" + std::to_string(getpid()));
    std::filesystem::create_directories(path);
    return path;
  }();
  return made;
}

inline std::string file(const std::string& name, const uint8_t* bytes, std::size_t count) {
  const auto path = folder() / name;
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes), static_cast<std::streamsize>(count));
  return path.string();
}

/// Drains the source and holds it to the contract's sums; errors of the user's kind are fine.
inline void drain(const tf::data::SourceEntry& entry, const std::vector<std::string>& files,
                  const std::shared_ptr<void>& params) {
  tf::Instrument instrument;
  instrument.venue = "fuzz";
  instrument.symbol = "AAPL";
  instrument.tick_size = 0.01;
  instrument.lot_size = 1;
  try {
    const auto source = entry.open({files, instrument}, params.get());
    std::vector<tf::Tick> batch(777);
    int64_t ticks = 0, row_ends = 0;
    while (const std::size_t count = source->next_batch(batch)) {
      ticks += static_cast<int64_t>(count);
      for (std::size_t at = 0; at < count; ++at) row_ends += (batch[at].flags & tf::data::kRowEnd) != 0;
    }
    const tf::data::SourceCounts& counts = source->counts();
    int64_t refused = 0;
    for (const auto& [reason, refusal] : counts.refused) refused += refusal.rows;
    if (counts.rows_read != counts.rows_stored + refused || counts.ticks != ticks || row_ends != counts.rows_stored)
      std::abort();
  } catch (const tf::Error& error) {
    if (error.kind() == tf::ErrorKind::internal) std::abort();
  }
}

}  // namespace fuzzed
