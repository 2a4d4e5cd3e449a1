#include "data/sources/parse/csv_marks.hpp"

#include <bit>
#include <cstring>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "data/sources/parse/csv_blocks.hpp"

namespace tf::data {
namespace {

struct Masks {
  uint64_t delimiters = 0, newlines = 0, quotes = 0;
};

#if defined(__SSE2__)
Masks masks_of(const char* text, char delimiter) {
  const __m128i wanted = _mm_set1_epi8(delimiter), newline = _mm_set1_epi8('\n'), quote = _mm_set1_epi8('"');
  Masks masks;
  for (int piece = 0; piece < 4; ++piece) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + 16 * piece));
    const auto equal = [&](__m128i to) {
      return static_cast<uint64_t>(static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, to)))) << 16 * piece;
    };
    masks.delimiters |= equal(wanted);
    masks.newlines |= equal(newline);
    masks.quotes |= equal(quote);
  }
  return masks;
}
#else
Masks masks_of(const char* text, char delimiter) {
  Masks masks;
  for (int at = 0; at < 64; ++at) {
    masks.delimiters |= uint64_t{text[at] == delimiter} << at;
    masks.newlines |= uint64_t{text[at] == '\n'} << at;
    masks.quotes |= uint64_t{text[at] == '"'} << at;
  }
  return masks;
}
#endif

}  // namespace

void find_marks(std::string_view text, char delimiter, CsvMarks& out) {
  if (out.marks.size() < text.size() + 8) {
    out.marks.resize(text.size() + 8);
    out.row_ends.resize(text.size() + 8);
  }
  uint32_t* mark = out.marks.data();
  uint32_t* row = out.row_ends.data();
  uint64_t quotes = 0;
  for (std::size_t block = 0; block < text.size(); block += 64) {
    Masks masks = masks_of(text.data() + block, delimiter);
    if (text.size() - block < 64) {
      const uint64_t inside = (uint64_t{1} << (text.size() - block)) - 1;
      masks = {masks.delimiters & inside, masks.newlines & inside, masks.quotes & inside};
    }
    quotes |= masks.quotes;
    for (uint64_t found = masks.delimiters | masks.newlines; found; found &= found - 1) {
      const int bit = std::countr_zero(found);
      *row = static_cast<uint32_t>(mark - out.marks.data());
      row += masks.newlines >> bit & 1;
      *mark++ = static_cast<uint32_t>(block) + static_cast<uint32_t>(bit);
    }
  }
  out.count = static_cast<std::size_t>(mark - out.marks.data());
  out.rows = static_cast<std::size_t>(row - out.row_ends.data());
  out.quotes = quotes != 0;
}

CsvRow QuotedRow::split(std::string_view line, char delimiter) {
  text_.assign(CsvBlock::kMargin, '\0');
  marks_.clear();
  for (std::size_t at = 0;; ++at) {
    if (at < line.size() && line[at] == '"') {
      for (++at; at < line.size(); ++at) {
        if (line[at] == '"') {
          if (at + 1 >= line.size() || line[at + 1] != '"') break;
          ++at;
        }
        text_ += line[at];
      }
      if (at < line.size()) ++at;
    }
    for (; at < line.size() && line[at] != delimiter; ++at) text_ += line[at];
    marks_.push_back(static_cast<uint32_t>(text_.size() - CsvBlock::kMargin));
    text_ += delimiter;
    if (at >= line.size()) break;
  }
  text_.append(CsvBlock::kMargin, '\0');
  return {text_.data() + CsvBlock::kMargin, marks_.data(), 0, static_cast<int>(marks_.size())};
}

}  // namespace tf::data
