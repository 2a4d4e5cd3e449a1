#include "data/store/fused_reader.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "cuda/base/error.hpp"
#include "data/store/chunk_decoder.hpp"
#include "data/store/packed.hpp"

namespace tf::data {
namespace {

struct alignas(64) CacheLine {
  uint8_t bytes[64];
};

/// One column of a chunk that is walked block by block.
struct Walk {
  bool walks = false;
  Scratch encoded;
  PackedBlocks blocks;
  std::unique_ptr<CacheLine[]> values;  ///< of a whole piece: up to kPackedBlock values may be written past its rows
};

ReadOptions without_cache(ReadOptions options) {
  options.cache.reset();
  return options;
}

}  // namespace

struct FusedReader::State {
  State(const std::string& id, std::vector<std::pair<Day, std::string>> days, const ReadOptions& asked,
        std::size_t rows_at_once)
      : instrument(id),
        options(asked),
        most_rows(rows_at_once),
        plan(id, std::move(days), asked),
        decoder(without_cache(asked)) {
    expect(most_rows > 0 && most_rows % kPackedBlock == 0, "pieces are whole blocks");
    for (std::size_t column = 1; column < walks.size(); ++column)
      walks[column].blocks = PackedBlocks(PackedBlocks::Beside{walks[0].blocks});
    is_ranged = options.from_ts != INT64_MIN || options.to_ts != INT64_MAX;
  }

  bool open_chunk() {
    if (options.cancel.stop_requested())
      throw Error(ErrorKind::again, "reading ticks of " + instrument + " was cancelled");
    piece = plan.next();
    if (!piece) return false;
    const DayFooter& footer = piece->day->footer;
    row = 0;
    chunk_rows = static_cast<std::size_t>(footer.entry(kExchTs, piece->chunk).rows);
    chunk_row = piece->chunk * footer.chunk_rows;
    // The last row before to_ts is known only when the chunk is there as a whole.
    by_block = footer.codec == Codec::packed && !(is_ranged && (piece->first || piece->last));
    if (!by_block) {
      decoder.decode(*piece, whole);
      if (whole.damage) stop_at(*whole.damage);
      chunk_rows = whole.block.ticks.size();
      chunk_row = whole.block.first_row;
      return true;
    }
    for (int column = 0; column < kColumns; ++column) {
      // An absent local_ts is exch_ts.
      const bool is_clock = column == kExchTs && asked(Column::local_ts) && !footer.has(kLocalTs);
      walks[column].walks = footer.has(column) && ((options.columns >> column & 1) || is_clock);
      if (!walks[column].walks) continue;
      if (!walks[column].values)
        walks[column].values = std::make_unique_for_overwrite<CacheLine[]>(
            most_rows * static_cast<std::size_t>(kColumnWidths[column]) / sizeof(CacheLine));
      open_column(column);
    }
    return true;
  }

  bool asked(Column column) const { return options.columns & static_cast<uint32_t>(column); }

  void open_column(int column) {
    const OpenDay& day = *piece->day;
    const ChunkEntry& entry = day.footer.entry(column, piece->chunk);
    const auto at = static_cast<std::size_t>(&entry - day.footer.chunks.data());
    const bool is_checked = options.cache && options.cache->is_checked(day.identity, at);
    std::span<const uint8_t> bytes;
    std::string wrong = read_chunk(day, entry, walks[column].encoded, bytes, !is_checked);
    if (options.cache && wrong.empty() && !is_checked) options.cache->note_checked(day.identity, at);
    if (wrong.empty())
      wrong = walks[column].blocks.open(bytes, static_cast<std::size_t>(day.footer.chunk_rows), kColumnWidths[column]);
    if (!wrong.empty()) stop_at(damage_of(day, column, piece->chunk, wrong));
  }

  [[noreturn]] void stop_at(const Damage& damage) const { throw Error(ErrorKind::bad_data, to_text(damage)); }

  template <class T>
  std::span<const T> values_of(int column, std::size_t values) const {
    return {reinterpret_cast<const T*>(walks[column].values.get()), values};
  }

  /// The next piece of every walk, block by block.
  void decode_piece() {
    for (int column = 0; column < kColumns; ++column) {
      Walk& walk = walks[column];
      if (!walk.walks) continue;
      auto* to = walk.values.get();
      for (std::size_t done = 0; done < count; done += kPackedBlock) {
        if (walk.blocks.next(to) < std::min(kPackedBlock, count - done))
          stop_at(damage_of(*piece->day, column, piece->chunk, walk.blocks.error()));
        to += kPackedBlock * static_cast<std::size_t>(kColumnWidths[column]) / sizeof(CacheLine);
      }
    }
    ticks = {};
    const std::span<const int64_t> times = values_of<int64_t>(kExchTs, count);
    if (asked(Column::exch_ts)) ticks.exch_ts = times;
    if (asked(Column::local_ts)) ticks.local_ts = walks[kLocalTs].walks ? values_of<int64_t>(kLocalTs, count) : times;
    if (walks[kPx].walks) ticks.px = values_of<int64_t>(kPx, count);
    if (walks[kQty].walks) ticks.qty = values_of<int64_t>(kQty, count);
    if (walks[kOrderId].walks) ticks.order_id = values_of<uint64_t>(kOrderId, count);
    if (walks[kFlags].walks) ticks.flags = values_of<uint32_t>(kFlags, count);
    if (!walks[kExchTs].walks) return;
    const ChunkEntry& entry = piece->day->footer.entry(kExchTs, piece->chunk);
    if ((row == 0 && times.front() != entry.first_ts) || (row + count == chunk_rows && times.back() != entry.last_ts))
      stop_at(
          damage_of(*piece->day, kExchTs, piece->chunk, "its first and last times are not those of the chunk table"));
  }

  const TickSpan* next() {
    row += count;
    count = 0;
    while (!piece || row == chunk_rows)
      if (!open_chunk()) return nullptr;
    count = std::min(most_rows, chunk_rows - row);
    if (by_block) {
      decode_piece();
    } else {
      ticks = part_of(whole.block.ticks, row, count);
      if (!asked(Column::exch_ts)) ticks.exch_ts = {};
    }
    return &ticks;
  }

  const std::string instrument;
  const ReadOptions options;
  const std::size_t most_rows;  ///< of a piece
  bool is_ranged = false;
  DayPlan plan;
  ChunkDecoder decoder;  ///< of what is not walked
  DecodedChunk whole;
  std::array<Walk, kColumns> walks;
  std::optional<Piece> piece;
  bool by_block = false;
  std::size_t row = 0, count = 0, chunk_rows = 0;  ///< where in the chunk `ticks` begins, their number, all there are
  int64_t chunk_row = 0;                           ///< row of the day at which the chunk begins
  TickSpan ticks;
};

FusedReader::FusedReader(const TickStore& store, const std::string& id, const std::vector<Day>& days,
                         const ReadOptions& options)
    : FusedReader(id, store.paths_of(id, days), options, kPackedBlock) {}
FusedReader::FusedReader(const std::string& id, std::vector<std::pair<Day, std::string>> days,
                         const ReadOptions& options, std::size_t rows_at_once)
    : state_(std::make_unique<State>(id, std::move(days), options, rows_at_once)) {}
FusedReader::~FusedReader() = default;
const TickSpan* FusedReader::next() { return state_->next(); }
std::size_t FusedReader::rows() const { return state_->count; }
Day FusedReader::day() const { return state_->piece->day->footer.day; }
bool FusedReader::last_of_day() const {
  return state_->piece->last && state_->row + state_->count == state_->chunk_rows;
}
int64_t FusedReader::first_row() const { return state_->chunk_row + static_cast<int64_t>(state_->row); }

}  // namespace tf::data
