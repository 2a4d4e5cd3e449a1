// A JSON list of rows as lines of text, cells between tabs: [[1,"a"],[2,"b"]], one row a line without the outer
// brackets, or objects whose keys become a header. Streamed; null is an empty cell, what is nested in a cell is left
// out.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "data/sources/parse/csv_blocks.hpp"
#include "data/sources/parse/input_file.hpp"

namespace tf::data {

class JsonRowsText : public TextFile {
 public:
  explicit JsonRowsText(const std::string& path) : file_(path), buffer_(1 << 16) {}
  bool next_member() override;
  std::size_t read(std::span<char> out) override;
  std::string where() const override { return file_.where(); }
  std::string member() const override { return file_.member(); }
  std::string damage() const override;
  double share() const override { return file_.share(); }

 private:
  enum class State { good, end, broken };
  static constexpr int kEnd = -1;
  int peek();       // the next byte, kEnd at the end
  int peek_word();  // the next byte that is no white space
  void skip() { ++at_; }
  void begin();
  State next_row();
  State read_array();
  State read_object();
  State read_cell(std::string& cell);
  State read_text(std::string& cell);
  State skip_nested();
  State break_off(const char* expected);
  void add_cell(std::string_view cell);

  InputFile file_;
  std::vector<char> buffer_;
  std::size_t at_ = 0, end_ = 0;
  int64_t before_ = 0;  // bytes of the member before the buffer
  bool ended_ = false;

  std::string lines_, row_, cell_;
  std::size_t given_ = 0;  // of lines_
  bool begun_ = false, outer_ = false, first_ = true, over_ = false;
  std::vector<std::string> keys_, values_;
  std::string damage_;
};

std::unique_ptr<TextFile> open_json_rows(const std::string& path);

}  // namespace tf::data
