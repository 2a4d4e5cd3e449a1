#include "data/sources/parse/input_file.hpp"

#include <cctype>
#include <filesystem>
#include <utility>

namespace tf::data {
namespace {

constexpr std::size_t kHead = std::size_t{1} << 16;

struct Magic {
  std::string_view bytes;
  const char* format;
};

// First bytes of formats that people do hand over, so that a message can name them. Packings stand here too: inside
// another packing they are not unpacked.
constexpr Magic kFormats[] = {
    {{"\x28\xB5\x2F\xFD", 4}, "a zstd file"},
    {{"\x1F\x8B", 2}, "a gzip file"},
    {{"PK\x03\x04", 4}, "a zip file"},
    {{"DBN", 3}, "a Databento DBN file"},
    {{"\x89HDF\r\n\x1a\n", 8}, "an HDF5 file"},
    {{"PAR1", 4}, "a Parquet file"},
    {{"ARROW1", 6}, "an Arrow (Feather) file"},
    {{"\xFD"
      "7zXZ",
      5},
     "an xz file"},
    {{"BZh", 3}, "a bzip2 file"},
    {{"7z\xBC\xAF", 4}, "a 7-zip file"},
    {{"Rar!", 4}, "a RAR file"},
    {{"\x04\x22\x4D\x18", 4}, "an lz4 file"},
    {{"\xFF\xFE", 2}, "UTF-16 text"},
    {{"\xFE\xFF", 2}, "UTF-16 text"},
    {{"\x7F"
      "ELF",
      4},
     "a program"},
    {{"SQLite format 3", 15}, "an SQLite database"},
    {{"\x5D\x00\x00", 3}, "an LZMA file"},
    {{"\x93NUMPY", 6}, "a NumPy array"},
    {{"%PDF", 4}, "a PDF document"},
    {{"\xD4\xC3\xB2\xA1", 4}, "a pcap capture"},
    {{"\x4D\x3C\xB2\xA1", 4}, "a pcap capture"},
    {{"\x0A\x0D\x0D\x0A", 4}, "a pcapng capture"},
};

// A skippable frame (0x184D2A50 to 0x184D2A5F) may come first: pzstd writes such files.
bool is_zstd(std::string_view start) {
  if (start.size() < 4) return false;
  return start.starts_with("\x28\xB5\x2F\xFD") || (start.substr(1, 3) == "\x2A\x4D\x18" && (start[0] & 0xF0) == 0x50);
}

bool is_zip(std::string_view start) { return start.starts_with("PK\x03\x04") || start.starts_with("PK\x05\x06"); }

bool ends_with_word(std::string_view name, std::string_view end) {
  return name.size() >= end.size() &&
         std::equal(end.begin(), end.end(), name.end() - static_cast<std::ptrdiff_t>(end.size()),
                    [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
}

/// Bytes that are not packed, from a window that has some of them in view already.
class Plain : public PackedFeed {
 public:
  using PackedFeed::PackedFeed;
  std::size_t read(std::span<char> out) override { return window_.read(out); }
};

/// The current entry of an archive.
class Entry : public Feed {
 public:
  explicit Entry(Archive& archive) : archive_(archive) {}
  std::size_t read(std::span<char> out) override { return archive_.read(out); }
  int64_t consumed() const override { return archive_.consumed(); }
  std::string damage() const override { return archive_.damage(); }

 private:
  Archive& archive_;
};

}  // namespace

std::unique_ptr<Feed> unpack(std::unique_ptr<Feed> feed, std::string_view name) {
  Window window(std::move(feed));
  const std::string_view start = window.need(13);
  if (start.starts_with("\x1f\x8b")) return unpack_gzip(std::move(window));
  if (is_zstd(start)) return unpack_zstd(std::move(window));
  if (start.starts_with(std::string_view("\xFD\x37zXZ\0", 6))) return unpack_xz(std::move(window));
  const bool said = start.starts_with(std::string_view("\x5D\0\0", 3)) || ends_with_word(name, ".lzma") ||
                    ends_with_word(name, ".bi5");
  if (said && is_lzma_header(start)) return unpack_lzma(std::move(window));
  return std::make_unique<Plain>(std::move(window));
}

const char* known_format(std::string_view first_bytes) {
  for (const Magic& magic : kFormats)
    if (first_bytes.starts_with(magic.bytes)) return magic.format;
  if (first_bytes.size() >= 262 && first_bytes.substr(257, 5) == "ustar") return "a tar archive";
  return nullptr;
}

void expect_text(InputFile& file) {
  if (const char* format = known_format(file.peek(512)))
    throw Error(ErrorKind::bad_data,
                file.where() + ": is " + format + "; text was expected, plain or as gzip, zip, zstd or xz");
}

InputFile::InputFile(const std::string& path) : path_(path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) throw Error(ErrorKind::no_input, path + ": there is no such file");
  if (std::filesystem::is_directory(status))
    throw Error(ErrorKind::no_input, path + ": is a folder; a file was expected");
  if (std::filesystem::is_regular_file(status)) bytes_ = static_cast<int64_t>(std::filesystem::file_size(path, error));
  Window start(std::make_unique<FileFeed>(path));
  if (is_zip(start.need(4))) {
    archive_ = open_zip(path);
  } else {
    whole_ = std::make_unique<Plain>(std::move(start));
  }
}

InputFile::InputFile(InputFile&&) noexcept = default;
InputFile::~InputFile() = default;

bool InputFile::next_member() {
  if (archive_) {
    unpacked_.reset();
    if (!archive_->next_member(member_)) return false;
    unpacked_.emplace(unpack(std::make_unique<Entry>(*archive_), member_));
    return true;
  }
  if (std::exchange(begun_, true)) return false;
  unpacked_.emplace(unpack(std::move(whole_), path_));
  return true;
}

std::size_t InputFile::read(std::span<char> out) { return unpacked_ ? unpacked_->read(out) : 0; }
std::string_view InputFile::peek(std::size_t count) {
  return unpacked_ ? unpacked_->need(std::min(count, kHead)) : std::string_view();
}
std::string InputFile::where() const { return member_.empty() ? path_ : path_ + "!" + member_; }
std::string InputFile::damage() const {
  const std::string what = unpacked_ ? unpacked_->feed().damage() : archive_ ? archive_->damage() : std::string();
  return what.empty() ? what : where() + ": " + what;
}
double InputFile::share() const {
  const int64_t used = unpacked_ ? unpacked_->feed().consumed() : archive_ ? archive_->consumed() : 0;
  return bytes_ > 0 ? std::min(1.0, static_cast<double>(used) / static_cast<double>(bytes_)) : 0;
}

InputHead read_head(const std::string& path, std::string& raw, std::string& bytes) {
  InputFile file(path);
  raw.resize(kHead);
  raw.resize(RawFile(path).read(raw));
  bytes.clear();
  if (file.next_member()) bytes = file.peek(kHead).substr(0, kHead);
  return {path, file.member(), raw, bytes};
}

double share_of(const std::optional<InputFile>& file, std::size_t opened, std::size_t files) {
  if (!file) return opened == 0 ? 0 : 1;
  return (static_cast<double>(opened - 1) + file->share()) / static_cast<double>(files);
}

}  // namespace tf::data
