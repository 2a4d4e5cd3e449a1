// The steps of every reader of day files: which chunks of which days a reading touches, and one chunk decoded.
#pragma once
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cuda/base/page_lock.hpp"
#include "data/store/chunk_cache.hpp"
#include "data/store/day_file.hpp"
#include "data/store/read_ahead.hpp"
#include "data/store/tick_store.hpp"

namespace tf::data {

/// One chunk to read.
struct Piece {
  std::shared_ptr<const OpenDay> day;
  int64_t chunk = 0;
  bool first = false, last = false;  ///< of its day's range: rows before, after may lie outside
};

/// Goes through days in order, chunk by chunk, leaving out the chunks outside the range of time. Opens and checks each
/// file when it comes to it, and has the disk work ahead on the columns of the options alone. One thread at a time.
class DayPlan {
 public:
  DayPlan(std::string instrument, std::vector<std::pair<Day, std::string>> days, const ReadOptions& options);
  /// Nothing at the end. Throws Error{bad_data} on a damaged footer.
  std::optional<Piece> next();

 private:
  void open_next_day();

  std::string instrument_;
  std::vector<std::pair<Day, std::string>> days_;
  uint32_t columns_;
  int64_t from_ts_, to_ts_;
  std::shared_ptr<const OpenDay> day_;
  std::size_t next_day_ = 0;
  int64_t first_chunk_ = 0, next_chunk_ = 0, past_chunk_ = 0;
  ReadAhead ahead_;
};

/// A chunk decoded, in memory of its own or in a cache's.
struct DecodedChunk {
  std::array<Scratch, kColumns> values;
  std::array<PageLock, kColumns> locks;  ///< on `values`, when blocks are to be pinned; released before they are
  std::array<std::size_t, kColumns> locked_bytes{};
  std::array<ChunkCache::Values, kColumns> shared;
  TickBlock block;
  std::optional<Damage> damage;  ///< then the block has no rows
  bool is_outside = false;       ///< it turned out to have no row in the range
};

/// Decodes the columns asked for; the first one found damaged ends it. One thread at a time.
class ChunkDecoder {
 public:
  explicit ChunkDecoder(const ReadOptions& options);
  void decode(const Piece& piece, DecodedChunk& chunk);

 private:
  bool asked(Column column) const { return columns_ & static_cast<uint32_t>(column); }
  std::string decode_column(const OpenDay& day, int column, int64_t chunk, DecodedChunk& to);
  void pin(DecodedChunk& chunk, int column, std::size_t bytes) const;
  std::string decode_into(const OpenDay& day, const ChunkEntry& entry, Scratch& values);

  uint32_t columns_;
  int64_t from_ts_, to_ts_;
  std::shared_ptr<ChunkCache> cache_;
  bool pinned_;
  std::array<std::optional<Decoder>, 3> decoders_;  ///< by Codec
  Scratch encoded_;
};

/// Rows of a span; columns that are not there stay empty.
TickSpan part_of(const TickSpan& ticks, std::size_t first, std::size_t count);

}  // namespace tf::data
