// Input files cut into blocks of whole lines, with what is known of the member they belong to.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cuda/base/time.hpp"
#include "data/sources/parse/csv_columns.hpp"
#include "data/sources/parse/csv_params.hpp"

namespace tf::data {

/// Text of one input file, member after member: what InputFile is, or something that makes lines of another format.
class TextFile {
 public:
  virtual ~TextFile() = default;
  virtual bool next_member() = 0;
  virtual std::size_t read(std::span<char> out) = 0;  ///< 0 = end of the member
  virtual std::string where() const = 0;
  virtual std::string member() const = 0;
  virtual std::string damage() const = 0;
  virtual double share() const = 0;
};
using OpenTextFile = std::function<std::unique_ptr<TextFile>(const std::string& path)>;

/// The file as it is.
std::unique_ptr<TextFile> open_text_file(const std::string& path);

/// One member of an input: a file, or an entry of an archive.
struct CsvMember {
  std::string where;
  CsvColumns columns;
  std::optional<Day> day;  ///< in its name, where the times need one
};

struct CsvBlock {
  static constexpr std::size_t kMargin = 64;  ///< readable bytes before and after the text

  std::vector<char> bytes;
  std::size_t begin = 0, end = 0;  ///< the text; ends with a line end
  int64_t lines_before = 0;        ///< lines left out between the block before and this one: header, skipped ones
  std::shared_ptr<const CsvMember> member;
  bool unfinished = false;  ///< the file ends without a line end after the last line
  bool too_long = false;    ///< the text is the start of one line that is longer than kLongest
  std::string damage;       ///< of the input, found after this text
  double share = 0;

  std::string_view text() const { return {bytes.data() + begin, end - begin}; }
};

class CsvBlocks {
 public:
  static constexpr std::size_t kBlock = std::size_t{1} << 17;
  static constexpr std::size_t kLongest = std::size_t{1} << 20;  ///< bytes of a line

  CsvBlocks(std::vector<std::string> files, const CsvParams& full, OpenTextFile open);
  /// False at the end. Throws what opening a file and finding its columns throws. Damage ends the input.
  bool next(CsvBlock& block);

 private:
  bool start_member();
  bool fill(CsvBlock& block);
  static void show_long_line(CsvBlock& block);
  void drop_long_line(CsvBlock& block);
  bool find_first_row(CsvBlock& block);

  std::vector<std::string> files_;
  CsvParams full_;
  OpenTextFile open_;
  bool needs_day_;

  std::size_t next_file_ = 0;
  std::unique_ptr<TextFile> file_;
  std::shared_ptr<CsvMember> making_;        // until its columns are known
  std::shared_ptr<const CsvMember> member_;  // then
  std::vector<char> rest_;                   // the start of a line whose end is not read yet
  int64_t line_ = 0, lines_left_out_ = 0;
  bool member_ended_ = false, first_bytes_ = true, carriage_returns_ = false;
  std::string damage_;
};

}  // namespace tf::data
