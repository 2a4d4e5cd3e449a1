#include "data/sources/parse/input_file.hpp"

#include <filesystem>
#include <string_view>
#include <utility>

#include "data/sources/parse/raw_file.hpp"

namespace tf::data {
namespace {

class Plain : public Unpacker {
 public:
  explicit Plain(const std::string& path) : file_(path) {}
  bool next_member(std::string& name) override {
    name.clear();
    return !std::exchange(begun_, true);
  }
  std::size_t read(std::span<char> out) override { return file_.read(out); }
  int64_t consumed() const override { return file_.consumed(); }

 private:
  RawFile file_;
  bool begun_ = false;
};

struct Magic {
  std::string_view bytes;
  const char* format;
};

// First bytes of formats that people do hand over, so that the message can name them.
constexpr Magic kOtherFormats[] = {
    {{"\x28\xB5\x2F\xFD", 4}, "a zstd file"},
    {{"DBN", 3}, "a Databento DBN file"},
    {{"\x89HDF\r\n\x1a\n", 8}, "an HDF5 file"},
    {{"PAR1", 4}, "a Parquet file"},
    {{"\xFD"
      "7zXZ",
      5},
     "an xz file"},
    {{"BZh", 3}, "a bzip2 file"},
    {{"7z\xBC\xAF", 4}, "a 7-zip file"},
    {{"Rar!", 4}, "a RAR file"},
    {{"\xFF\xFE", 2}, "UTF-16 text"},
    {{"\xFE\xFF", 2}, "UTF-16 text"},
    {{"\x7F"
      "ELF",
      4},
     "a program"},
    {{"SQLite format 3", 15}, "an SQLite database"},
    {{"\x5D\x00\x00", 3}, "an LZMA file"},
};

}  // namespace

std::unique_ptr<Unpacker> open_plain(const std::string& path) { return std::make_unique<Plain>(path); }

InputFile::InputFile(const std::string& path) : path_(path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) throw Error(ErrorKind::no_input, path + ": there is no such file");
  if (std::filesystem::is_directory(status))
    throw Error(ErrorKind::no_input, path + ": is a folder; a file was expected");
  if (std::filesystem::is_regular_file(status)) bytes_ = static_cast<int64_t>(std::filesystem::file_size(path, error));
  char head[16];
  const std::string_view start{head, RawFile(path).read(head)};
  if (start.starts_with("\x1f\x8b")) {
    unpacker_ = open_gzip(path);
  } else if (start.starts_with("PK\x03\x04") || start.starts_with("PK\x05\x06")) {
    unpacker_ = open_zip(path);
  } else {
    for (const Magic& magic : kOtherFormats)
      if (start.starts_with(magic.bytes))
        throw Error(ErrorKind::bad_data, path + ": is " + magic.format + "; text, gzip or zip was expected");
    unpacker_ = open_plain(path);
  }
}

InputFile::InputFile(InputFile&&) noexcept = default;
InputFile::~InputFile() = default;

bool InputFile::next_member() { return unpacker_->next_member(member_); }
std::size_t InputFile::read(std::span<char> out) { return unpacker_->read(out); }
std::string InputFile::where() const { return member_.empty() ? path_ : path_ + "!" + member_; }
std::string InputFile::damage() const {
  return unpacker_->damage().empty() ? std::string() : where() + ": " + unpacker_->damage();
}
double InputFile::share() const {
  return bytes_ > 0 ? std::min(1.0, static_cast<double>(unpacker_->consumed()) / static_cast<double>(bytes_)) : 0;
}

}  // namespace tf::data
