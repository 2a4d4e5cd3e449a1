#include "data/store/verify.hpp"

#include <algorithm>

#include "data/store/day_file.hpp"

namespace tf::data {
namespace {

constexpr std::size_t kTailBytes = 128 * 1024;

class Verifier {
 public:
  explicit Verifier(const OpenDay& day) : day_(day), decoder_(day.footer.codec) {}

  std::vector<Damage> run() {
    const DayFooter& footer = day_.footer;
    if (non_chunk_digest_of(day_.file, day_.path, footer) != footer.non_chunk_digest)
      report("metadata", "the bytes outside the chunks do not match their SHA-256");
    for (int column = 0; column < kColumns; ++column) check_column(column);
    if (content_digest_of(footer) != footer.content_digest)
      report("footer", "the content digest is not that of the chunk table");
    if (footer.first_ts != footer.entry(kExchTs, 0).first_ts ||
        footer.last_ts != footer.entry(kExchTs, footer.chunk_count() - 1).last_ts)
      report("footer", "the first and last times are not those of the chunk table");
    return std::move(damages_);
  }

 private:
  void report(const char* what, const std::string& reason) {
    damages_.push_back(damage_of_footer(day_.path, reason));
    damages_.back().column = what;
  }

  void check_column(int column) {
    const DayFooter& footer = day_.footer;
    Sha256 whole;  // schema 1 has a digest a column
    bool sound = true;
    for (int64_t chunk = 0; footer.has(column) && chunk < footer.chunk_count(); ++chunk) {
      const std::string wrong = check_chunk(column, chunk, whole);
      if (wrong.empty()) continue;
      damages_.push_back(damage_of(day_, column, chunk, wrong));
      sound = false;
    }
    if (!sound || footer.version != 1) return;
    if (column == kLocalTs && !footer.has(column)) {
      if (footer.column_digests[kLocalTs] != footer.column_digests[kExchTs])
        report(kColumnNames[column], "it is absent, but its digest is not that of exch_ts");
      return;
    }
    const bool zeros = column == kOrderId && !footer.has(column);
    if ((zeros ? digest_of_zeros(footer.rows) : whole.digest()) != footer.column_digests[column])
      report(kColumnNames[column], "the decoded column does not match its SHA-256");
  }

  std::string check_chunk(int column, int64_t chunk, Sha256& whole) {
    const ChunkEntry& entry = day_.footer.entry(column, chunk);
    std::span<const uint8_t> bytes;
    if (std::string wrong = read_chunk(day_, entry, buffer_, bytes); !wrong.empty()) return wrong;
    const auto rows = static_cast<std::size_t>(entry.rows);
    values_.resize(rows * kColumnWidths[column]);
    if (std::string wrong = decoder_.decode(bytes, values_.data(), rows,
                                            static_cast<std::size_t>(day_.footer.chunk_rows), kColumnWidths[column]);
        !wrong.empty())
      return wrong;
    if (sha256(values_.data(), values_.size()) != entry.decoded) return "the decoded values do not match their SHA-256";
    if (day_.footer.version == 1) whole.add(values_.data(), values_.size());
    if (column != kExchTs) return {};
    const std::span<const int64_t> times(reinterpret_cast<const int64_t*>(values_.data()), rows);
    if (times.front() != entry.first_ts || times.back() != entry.last_ts)
      return "its first and last times are not those of the chunk table";
    const auto [least, largest] = std::minmax_element(times.begin(), times.end());
    if (day_.footer.version != 1 && (*least != entry.least_ts || *largest != entry.largest_ts))
      return "its least and largest times are not those of the chunk table";
    return {};
  }

  const OpenDay& day_;
  Decoder decoder_;
  Scratch buffer_;
  std::vector<uint8_t> values_;
  std::vector<Damage> damages_;
};

}  // namespace

std::vector<Damage> verify_day_file(const std::string& path, const std::string& instrument, Day day) {
  OpenDay opened;
  if (const std::string wrong = open_day(path, instrument, day, kTailBytes, opened); !wrong.empty())
    return {damage_of_footer(path, wrong)};
  return Verifier(opened).run();
}

}  // namespace tf::data
