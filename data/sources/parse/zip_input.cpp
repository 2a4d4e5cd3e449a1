#include <zip.h>

#include <algorithm>
#include <optional>

#include "data/sources/parse/inflate.hpp"
#include "data/sources/parse/input_file.hpp"

namespace tf::data {
namespace {

bool is_data(const std::string& name) {
  return !name.empty() && !name.ends_with('/') && !name.starts_with("__MACOSX/");
}

/// A sound archive, through libzip, which checks every entry's CRC.
class Zip : public Archive {
 public:
  explicit Zip(zip_t* archive) : archive_(archive) {
    const zip_int64_t count = zip_get_num_entries(archive, 0);
    for (zip_int64_t index = 0; index < count; ++index) {
      const char* name = zip_get_name(archive, static_cast<zip_uint64_t>(index), 0);
      if (name && is_data(name)) entries_.emplace_back(name, static_cast<zip_uint64_t>(index));
    }
    std::sort(entries_.begin(), entries_.end());
  }
  int64_t consumed() const override { return consumed_; }

  bool next_member(std::string& name) override {
    if (next_ == entries_.size() || !damage_.empty()) return false;
    name = entries_[next_].first;
    const zip_uint64_t index = entries_[next_++].second;
    zip_stat_t stat;
    zip_stat_init(&stat);
    packed_share_ = 0;
    if (zip_stat_index(archive_.get(), index, 0, &stat) == 0 && stat.size > 0)
      packed_share_ = static_cast<double>(stat.comp_size) / static_cast<double>(stat.size);
    entry_.reset(zip_fopen_index(archive_.get(), index, 0));
    if (!entry_) damage_ = std::string("entry cannot be opened: ") + zip_strerror(archive_.get());
    return true;
  }
  std::size_t read(std::span<char> out) override {
    std::size_t filled = 0;
    while (filled < out.size() && entry_) {
      const zip_int64_t got = zip_fread(entry_.get(), out.data() + filled, out.size() - filled);
      if (got < 0) damage_ = std::string("damaged zip entry: ") + zip_error_strerror(zip_file_get_error(entry_.get()));
      if (got <= 0) {
        entry_.reset();
      } else {
        filled += static_cast<std::size_t>(got);
      }
    }
    decoded_ += packed_share_ * static_cast<double>(filled);
    consumed_ = static_cast<int64_t>(decoded_);
    return filled;
  }

 private:
  struct Discard {
    void operator()(zip_t* archive) const { zip_discard(archive); }
    void operator()(zip_file_t* entry) const { zip_fclose(entry); }
  };
  std::unique_ptr<zip_t, Discard> archive_;
  std::unique_ptr<zip_file_t, Discard> entry_;
  std::vector<std::pair<std::string, zip_uint64_t>> entries_;
  std::size_t next_ = 0;
  double packed_share_ = 0, decoded_ = 0;
  int64_t consumed_ = 0;
};

/// What is left of an archive that lost its central directory: its entries from local header to local header, in the
/// order in which they lie there (PKWARE APPNOTE 4.3.7).
class CutZip : public Archive {
 public:
  CutZip(const std::string& path, const std::string& reason)
      : window_(std::make_unique<FileFeed>(path)), reason_("damaged zip: " + reason) {}
  int64_t consumed() const override { return window_.feed().consumed(); }

  bool next_member(std::string& name) override {
    if (!damage_.empty()) return false;
    for (;;) {
      const std::string_view header = window_.need(30);
      if (header.size() < 30 || !header.starts_with("PK\x03\x04")) return finish();
      const uint64_t bits = word(header, 6, 2), method = word(header, 8, 2);
      const std::size_t name_bytes = word(header, 26, 2), extra_bytes = word(header, 28, 2);
      left_ = word(header, 18, 4);
      const std::string_view whole = window_.need(30 + name_bytes);
      if (whole.size() < 30 + name_bytes) return finish();
      name = std::string(whole.substr(30, name_bytes));
      window_.skip(30 + name_bytes);
      const std::string_view extra = window_.need(extra_bytes).substr(0, extra_bytes);
      if (extra.size() < extra_bytes) return finish();
      if (left_ == UINT32_MAX) left_ = long_size(extra, left_);
      window_.skip(extra_bytes);
      const bool stored = method == 0 && !(bits & 8), deflated = method == 8;
      if ((bits & 1) || (!stored && !deflated)) return finish();
      sized_after_ = bits & 8;
      inflater_.reset();
      if (deflated) inflater_.emplace(-15);
      ended_ = false;
      if (is_data(name)) return true;
      std::vector<char> scrap(1 << 16);
      while (read(scrap) > 0) continue;
      if (!damage_.empty()) return false;
    }
  }
  std::size_t read(std::span<char> out) override {
    if (ended_) return 0;
    std::size_t filled = 0;
    if (inflater_) {
      Inflater::State state;
      filled = inflater_->read(window_, out, state);
      if (state == Inflater::State::ended) {
        ended_ = true;
        skip_descriptor();
      } else if (state != Inflater::State::running) {
        finish();
      }
    } else {
      const std::string_view bytes = window_.need(1);
      filled = std::min({bytes.size(), out.size(), left_});
      std::copy_n(bytes.data(), filled, out.data());
      window_.skip(filled);
      left_ -= filled;
      if (left_ == 0) ended_ = true;
      if (filled == 0) finish();
    }
    return filled;
  }

 private:
  static uint64_t word(std::string_view bytes, std::size_t at, int count) {
    uint64_t value = 0;
    for (int place = count - 1; place >= 0; --place)
      value = value << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(place)]);
    return value;
  }
  // Zip64 (APPNOTE 4.5.3): the packed size stands in the extra field of id 1, after the unpacked one.
  static uint64_t long_size(std::string_view extra, uint64_t otherwise) {
    while (extra.size() >= 4) {
      const std::size_t count = word(extra, 2, 2);
      if (word(extra, 0, 2) == 1 && count >= 16 && extra.size() >= 20) return word(extra, 12, 8);
      extra.remove_prefix(std::min(extra.size(), 4 + count));
    }
    return otherwise;
  }
  void skip_descriptor() {
    if (!sized_after_) return;
    const std::size_t count = window_.need(16).starts_with("PK\x07\x08") ? 16 : 12;
    window_.skip(std::min(count, window_.need(count).size()));
  }
  bool finish() {
    damage_ = reason_;
    ended_ = true;
    return false;
  }

  Window window_;
  std::string reason_;
  std::optional<Inflater> inflater_;
  std::size_t left_ = 0;
  bool ended_ = true, sized_after_ = false;
};

}  // namespace

std::unique_ptr<Archive> open_zip(const std::string& path) {
  int code = 0;
  if (zip_t* archive = zip_open(path.c_str(), ZIP_RDONLY, &code)) return std::make_unique<Zip>(archive);
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  const std::string reason = zip_error_strerror(&error);
  zip_error_fini(&error);
  return std::make_unique<CutZip>(path, reason);
}

}  // namespace tf::data
