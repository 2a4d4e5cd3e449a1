#include "data/sources/parse/line_reader.hpp"

#include <algorithm>
#include <bit>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace tf::data {

void LineReader::refill() {
  std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_), buffer_.begin() + static_cast<std::ptrdiff_t>(end_),
            buffer_.begin());
  end_ -= begin_;
  begin_ = 0;
  const std::size_t got = file_->read(std::span(buffer_.data() + end_, kLongest - end_));
  end_ += got;
  if (got == 0) ended_ = true;
}

bool LineReader::next_after_read(std::string_view& line) {
  for (;;) {
    if (!ended_ && end_ - begin_ < kLongest) refill();
    const char* const from = buffer_.data() + begin_;
    if (const void* newline = std::memchr(from, '\n', end_ - begin_)) {
      take(line, static_cast<const char*>(newline));
      return true;
    }
    if (ended_) break;
    if (end_ - begin_ < kLongest) continue;
    // A line that fills the buffer: show its start, drop it up to its end.
    ++number_;
    while (!ended_) {
      begin_ = end_ = std::min<std::size_t>(256, kLongest);
      const std::size_t got = file_->read(std::span(buffer_.data() + begin_, kLongest - begin_));
      end_ += got;
      ended_ = got == 0;
      if (const void* newline = std::memchr(buffer_.data() + begin_, '\n', got)) {
        begin_ = static_cast<std::size_t>(static_cast<const char*>(newline) - buffer_.data()) + 1;
        break;
      }
      begin_ = end_;
    }
    line = {buffer_.data(), 256};
    too_long_ = true;
    unfinished_ = ended_;
    return true;
  }
  if (begin_ == end_) return false;
  buffer_[end_] = '\n';
  take(line, buffer_.data() + end_);
  begin_ = end_;
  unfinished_ = true;
  return true;
}

int split_plain(std::string_view line, char delimiter, std::string_view* cells, int count) {
  const char* const text = line.data();
  const std::size_t bytes = line.size();
  std::size_t from = 0;
  int cell = 0;
#if defined(__SSE2__)
  const __m128i wanted = _mm_set1_epi8(delimiter);
  for (std::size_t block = 0; block < bytes; block += 16) {
    const __m128i piece = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + block));
    uint32_t found = static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(piece, wanted)));
    if (bytes - block < 16) found &= (1u << (bytes - block)) - 1;
    for (; found; found &= found - 1) {
      const std::size_t at = block + static_cast<std::size_t>(std::countr_zero(found));
      cells[cell] = {text + from, at - from};
      from = at + 1;
      if (++cell == count) return count;
    }
  }
#else
  for (std::size_t at = 0; at < bytes; ++at) {
    if (text[at] != delimiter) continue;
    cells[cell] = {text + from, at - from};
    from = at + 1;
    if (++cell == count) return count;
  }
#endif
  cells[cell++] = {text + from, bytes - from};
  return cell;
}

int split_quoted(std::string_view line, char delimiter, std::string_view* cells, int count, std::string& scratch) {
  scratch.clear();
  scratch.reserve(line.size());  // the cells point into it: it must not move
  std::size_t at = 0;
  for (int cell = 0; cell < count; ++cell) {
    const std::size_t first = scratch.size();
    if (at < line.size() && line[at] == '"') {
      for (++at; at < line.size(); ++at) {
        if (line[at] == '"') {
          if (at + 1 >= line.size() || line[at + 1] != '"') break;
          ++at;
        }
        scratch += line[at];
      }
      if (at < line.size()) ++at;
    }
    for (; at < line.size() && line[at] != delimiter; ++at) scratch += line[at];
    cells[cell] = std::string_view(scratch).substr(first);
    if (at >= line.size()) return cell + 1;
    ++at;
  }
  return count;
}

}  // namespace tf::data
