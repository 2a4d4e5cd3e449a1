#include "data/store/chunk_decoder.hpp"

#include <algorithm>

#include "cuda/base/error.hpp"

namespace tf::data {
namespace {

/// A small day file is read whole by one call of this many bytes; of a large one this holds the footer.
constexpr std::size_t kTailBytes = 128 * 1024;

template <class T>
std::span<const T> values_of(const uint8_t* bytes, std::size_t rows) {
  return {reinterpret_cast<const T*>(bytes), rows};
}

/// Schema 1 does not tell the least and largest time of a chunk. A damaged chunk may hold any.
void find_times(OpenDay& day) {
  ReadOptions times_only;
  times_only.columns = 0;
  ChunkDecoder decoder(times_only);
  DecodedChunk decoded;
  const std::shared_ptr<const OpenDay> seen(&day, [](const OpenDay*) {});
  for (int64_t chunk = 0; chunk < day.footer.chunk_count(); ++chunk) {
    decoder.decode({seen, chunk}, decoded);
    if (decoded.damage) continue;
    const std::span<const int64_t> times = decoded.block.ticks.exch_ts;
    const auto [least, largest] = std::minmax_element(times.begin(), times.end());
    ChunkEntry& entry = day.footer.chunks[static_cast<std::size_t>(chunk)];  // exch_ts comes first
    entry.least_ts = *least, entry.largest_ts = *largest;
  }
}

uint32_t with_times(uint32_t columns) { return columns | static_cast<uint32_t>(Column::exch_ts); }

}  // namespace

DayPlan::DayPlan(std::string instrument, std::vector<std::pair<Day, std::string>> days, const ReadOptions& options)
    : instrument_(std::move(instrument)),
      days_(std::move(days)),
      columns_(options.columns),
      from_ts_(options.from_ts),
      to_ts_(options.to_ts) {}

void DayPlan::open_next_day() {
  const auto& [day, path] = days_[next_day_++];
  auto opened = std::make_shared<OpenDay>(open_sound_day(path, instrument_, day, kTailBytes));
  const DayFooter& footer = opened->footer;
  first_chunk_ = 0;
  past_chunk_ = footer.chunk_count();
  if (from_ts_ != INT64_MIN || to_ts_ != INT64_MAX) {
    if (footer.version == 1) find_times(*opened);
    while (first_chunk_ < past_chunk_ && footer.entry(kExchTs, first_chunk_).largest_ts < from_ts_) ++first_chunk_;
    if (to_ts_ != INT64_MAX)
      while (past_chunk_ > first_chunk_ && footer.entry(kExchTs, past_chunk_ - 1).least_ts >= to_ts_) --past_chunk_;
  }
  next_chunk_ = first_chunk_;
  const bool is_clock = (columns_ & static_cast<uint32_t>(Column::local_ts)) && !footer.has(kLocalTs);
  ahead_ = ReadAhead(*opened, is_clock ? with_times(columns_) : columns_, first_chunk_, past_chunk_);
  day_ = std::move(opened);
}

std::optional<Piece> DayPlan::next() {
  while (!day_ || next_chunk_ == past_chunk_) {
    day_.reset();
    if (next_day_ == days_.size()) return {};
    open_next_day();
  }
  Piece piece{day_, next_chunk_, next_chunk_ == first_chunk_, next_chunk_ + 1 == past_chunk_};
  ahead_.reach(*day_, next_chunk_);
  ++next_chunk_;
  return piece;
}

ChunkDecoder::ChunkDecoder(const ReadOptions& options)
    : columns_(with_times(options.columns)),
      from_ts_(options.from_ts),
      to_ts_(options.to_ts),
      cache_(options.cache),
      pinned_(options.pinned) {}

void ChunkDecoder::decode(const Piece& piece, DecodedChunk& chunk) {
  const OpenDay& day = *piece.day;
  const DayFooter& footer = day.footer;
  chunk.damage.reset();
  chunk.is_outside = false;
  chunk.block = {};
  chunk.block.day = footer.day;
  chunk.block.first_row = piece.chunk * footer.chunk_rows;
  chunk.block.last_of_day = piece.last;
  for (int column = 0; column < kColumns; ++column) {
    chunk.shared[column].reset();
    if (!(columns_ >> column & 1) || !footer.has(column)) continue;
    const std::string wrong = decode_column(day, column, piece.chunk, chunk);
    if (wrong.empty()) continue;
    chunk.damage = damage_of(day, column, piece.chunk, wrong);
    return;
  }
  const auto bytes_of = [&](int column) {
    const Scratch& own = chunk.values[column];
    return chunk.shared[column] ? chunk.shared[column]->data() : own.data();
  };
  const auto rows = static_cast<std::size_t>(footer.entry(kExchTs, piece.chunk).rows);
  TickSpan ticks;
  ticks.exch_ts = values_of<int64_t>(bytes_of(kExchTs), rows);
  if (asked(Column::local_ts))
    ticks.local_ts = footer.has(kLocalTs) ? values_of<int64_t>(bytes_of(kLocalTs), rows) : ticks.exch_ts;
  if (asked(Column::px)) ticks.px = values_of<int64_t>(bytes_of(kPx), rows);
  if (asked(Column::qty)) ticks.qty = values_of<int64_t>(bytes_of(kQty), rows);
  if (asked(Column::order_id) && footer.has(kOrderId)) ticks.order_id = values_of<uint64_t>(bytes_of(kOrderId), rows);
  if (asked(Column::flags)) ticks.flags = values_of<uint32_t>(bytes_of(kFlags), rows);

  std::size_t first = 0, past = rows;
  if (piece.first)
    while (first < past && ticks.exch_ts[first] < from_ts_) ++first;
  if (piece.last && to_ts_ != INT64_MAX)
    while (past > first && ticks.exch_ts[past - 1] >= to_ts_) --past;
  chunk.is_outside = first == past;
  chunk.block.first_row += static_cast<int64_t>(first);
  chunk.block.ticks = part_of(ticks, first, past - first);
}

std::string ChunkDecoder::decode_column(const OpenDay& day, int column, int64_t chunk, DecodedChunk& to) {
  const ChunkEntry& entry = day.footer.entry(column, chunk);
  const std::size_t bytes = static_cast<std::size_t>(entry.rows * kColumnWidths[column]);
  if (!cache_) {
    if (pinned_) pin(to, column, bytes);
    return decode_into(day, entry, to.values[column]);
  }
  ChunkCache::Answer answer = cache_->find_or_decode({day.identity, entry.chunk, entry.column}, bytes,
                                                     [&](Scratch& values) { return decode_into(day, entry, values); });
  to.shared[column] = std::move(answer.values);
  return answer.wrong;
}

// Memory for a whole chunk at once, so that it is locked once and never moves while it is.
void ChunkDecoder::pin(DecodedChunk& chunk, int column, std::size_t bytes) const {
  if (bytes <= chunk.locked_bytes[column]) return;
  chunk.locks[column].release();
  const std::size_t whole = std::max(bytes, static_cast<std::size_t>(kChunkRows * kColumnWidths[column]));
  chunk.locks[column].hold(chunk.values[column].data(whole), whole);
  chunk.locked_bytes[column] = whole;
}

std::string ChunkDecoder::decode_into(const OpenDay& day, const ChunkEntry& entry, Scratch& values) {
  const auto column = static_cast<int>(entry.column);
  const auto at = static_cast<std::size_t>(&entry - day.footer.chunks.data());
  const bool is_checked = cache_ && cache_->is_checked(day.identity, at);
  std::span<const uint8_t> bytes;
  if (std::string wrong = read_chunk(day, entry, encoded_, bytes, !is_checked); !wrong.empty()) return wrong;
  if (cache_ && !is_checked) cache_->note_checked(day.identity, at);
  std::optional<Decoder>& decoder = decoders_[static_cast<std::size_t>(day.footer.codec)];
  if (!decoder) decoder.emplace(day.footer.codec);
  const auto rows = static_cast<std::size_t>(entry.rows);
  std::string wrong = decoder->decode(bytes, values.data(rows * kColumnWidths[column]), rows,
                                      static_cast<std::size_t>(day.footer.chunk_rows), kColumnWidths[column]);
  if (!wrong.empty() || column != kExchTs) return wrong;
  const Scratch& decoded = values;
  const std::span<const int64_t> times = values_of<int64_t>(decoded.data(), rows);
  return times.front() == entry.first_ts && times.back() == entry.last_ts
             ? ""
             : "its first and last times are not those of the chunk table";
}

TickSpan part_of(const TickSpan& ticks, std::size_t first, std::size_t count) {
  const auto part = [&](const auto& column) { return column.empty() ? column : column.subspan(first, count); };
  return {part(ticks.exch_ts), part(ticks.local_ts), part(ticks.px),
          part(ticks.qty),     part(ticks.order_id), part(ticks.flags)};
}

}  // namespace tf::data
