#include "data/sources/parse/csv_blocks.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "cuda/base/error.hpp"
#include "data/sources/parse/input_file.hpp"
#include "data/sources/parse/time_column.hpp"

namespace tf::data {
namespace {

class PlainText : public TextFile {
 public:
  explicit PlainText(const std::string& path) : file_(path) {}
  bool next_member() override {
    if (!file_.next_member()) return false;
    expect_text(file_);
    return true;
  }
  std::size_t read(std::span<char> out) override { return file_.read(out); }
  std::string where() const override { return file_.where(); }
  std::string member() const override { return file_.member(); }
  std::string damage() const override { return file_.damage(); }
  double share() const override { return file_.share(); }

 private:
  InputFile file_;
};

std::string_view base_name(std::string_view path) { return path.substr(path.find_last_of('/') + 1); }

}  // namespace

std::unique_ptr<TextFile> open_text_file(const std::string& path) { return std::make_unique<PlainText>(path); }

CsvBlocks::CsvBlocks(std::vector<std::string> files, const CsvParams& full, OpenTextFile open)
    : files_(std::move(files)),
      full_(full),
      open_(std::move(open)),
      needs_day_(full.date_column.empty() && full.time_format != "epoch" && full.time_format != "datetime") {}

bool CsvBlocks::start_member() {
  if (!next_member_of(file_, damage_)) return false;
  making_ = std::make_shared<CsvMember>();
  making_->where = file_->where();
  member_.reset();
  rest_.clear();
  line_ = lines_left_out_ = 0;
  member_ended_ = carriage_returns_ = false;
  first_bytes_ = true;
  if (!needs_day_) return true;
  making_->day = date_in_name(base_name(file_->member()));
  if (!making_->day) making_->day = date_in_name(base_name(files_[next_file_ - 1]));
  if (!making_->day)
    throw Error(ErrorKind::config, file_->where() + ": times of day need a date: eight digits (YYYYMMDD) in the " +
                                       "name of the file or zip entry, or a date_column");
  return true;
}

bool CsvBlocks::next(CsvBlock& block) {
  for (;;) {
    block.begin = block.end = 0;
    block.unfinished = block.too_long = false;
    block.damage.clear();
    block.lines_before = 0;
    if (!file_) {
      if (!damage_.empty()) {
        block.damage = std::exchange(damage_, {});
        block.member.reset();
        next_file_ = files_.size();
        return true;
      }
      if (next_file_ == files_.size()) return false;
      file_ = open_(files_[next_file_++]);
      start_member();
      continue;
    }
    if (member_ended_ && rest_.empty()) {
      start_member();
      continue;
    }
    if (!fill(block)) continue;
    if (!member_ && !find_first_row(block)) continue;
    block.lines_before = std::exchange(lines_left_out_, 0);
    block.member = member_;
    block.share = (static_cast<double>(next_file_ - 1) + file_->share()) / static_cast<double>(files_.size());
    if (block.unfinished) block.damage = file_->damage();
    return true;
  }
}

// Reads on to the last line end in the buffer; false when the member has nothing more.
bool CsvBlocks::fill(CsvBlock& block) {
  std::size_t room = std::max(kBlock, 2 * rest_.size());
  block.begin = CsvBlock::kMargin;
  block.bytes.resize(CsvBlock::kMargin + room + CsvBlock::kMargin);
  std::copy(rest_.begin(), rest_.end(), block.bytes.begin() + static_cast<std::ptrdiff_t>(block.begin));
  std::size_t used = rest_.size();
  rest_.clear();
  for (;;) {
    char* const text = block.bytes.data() + block.begin;
    while (!member_ended_ && used < room) {
      const std::size_t got = file_->read({text + used, room - used});
      if (got == 0) {
        member_ended_ = true;
        break;
      }
      used += got;
    }
    if (used == 0) return false;
    if (std::exchange(first_bytes_, false))
      carriage_returns_ = !std::memchr(text, '\n', used) && std::memchr(text, '\r', used - 1);
    if (carriage_returns_) std::replace(text, text + used, '\r', '\n');
    const void* const first = std::memchr(text, '\n', used);
    const char* const first_end = first ? static_cast<const char*>(first) + 1 : text + used;
    if (static_cast<std::size_t>(first_end - text) > kLongest && (first || member_ended_)) {
      rest_.assign(first_end, static_cast<const char*>(text + used));
      block.unfinished = !first;
      show_long_line(block);
      return true;
    }
    const void* last = memrchr(text, '\n', used);
    if (member_ended_ && (!last || static_cast<const char*>(last) + 1 < text + used)) {
      text[used++] = '\n';
      block.unfinished = true;
      last = text + used - 1;
    }
    if (last) {
      block.end = static_cast<std::size_t>(static_cast<const char*>(last) - block.bytes.data()) + 1;
      rest_.assign(block.bytes.begin() + static_cast<std::ptrdiff_t>(block.end),
                   block.bytes.begin() + static_cast<std::ptrdiff_t>(block.begin + used));
      return true;
    }
    if (room >= kLongest) {
      drop_long_line(block);
      return true;
    }
    room = std::min(2 * room, kLongest);
    block.bytes.resize(CsvBlock::kMargin + room + CsvBlock::kMargin);
  }
}

void CsvBlocks::show_long_line(CsvBlock& block) {
  block.too_long = true;
  block.end = block.begin + 257;
  block.bytes[block.end - 1] = '\n';
}

// A line that fills the buffer: shows its start, drops it up to its end.
void CsvBlocks::drop_long_line(CsvBlock& block) {
  std::vector<char> more(kBlock);
  for (;;) {
    const std::size_t got = file_->read(more);
    if (got == 0) {
      member_ended_ = block.unfinished = true;
      break;
    }
    if (carriage_returns_) std::replace(more.begin(), more.begin() + static_cast<std::ptrdiff_t>(got), '\r', '\n');
    if (const void* found = std::memchr(more.data(), '\n', got)) {
      const auto from = static_cast<const char*>(found) - more.data() + 1;
      rest_.assign(more.begin() + from, more.begin() + static_cast<std::ptrdiff_t>(got));
      break;
    }
  }
  show_long_line(block);
}

// Leaves out what stands before the first row of a member; true when that row is found.
bool CsvBlocks::find_first_row(CsvBlock& block) {
  if (line_ == 0 && block.text().starts_with("\xEF\xBB\xBF")) block.begin += 3;
  while (block.begin < block.end) {
    const std::string_view text = block.text();
    const std::size_t bytes = text.find('\n') + 1;
    std::string_view line = text.substr(0, bytes - 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const bool no_row = line_ < full_.skip_lines || line.empty() ||
                        (!full_.comment.empty() && line.starts_with(full_.comment)) ||
                        (!full_.trailer.empty() && line.starts_with(full_.trailer));
    if (!no_row) {
      making_->columns = find_columns(full_, line, making_->where);
      member_ = std::move(making_);
      if (!member_->columns.has_header) return true;
    }
    ++line_;
    ++lines_left_out_;
    block.begin += bytes;
    if (member_) break;
  }
  return member_ != nullptr;
}

}  // namespace tf::data
