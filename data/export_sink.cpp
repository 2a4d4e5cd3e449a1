#include "data/export_sink.hpp"

#include <zlib.h>
#include <zstd.h>

#include <filesystem>
#include <vector>

#include "cuda/base/error.hpp"

namespace tf::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBufferBytes = 1 << 18;
constexpr int kGzipWindow = 15 + 16;  // zlib's way of asking for a gzip header

class Plain : public PackedText {
 public:
  explicit Plain(const ExportFile& file) : file_(file) {}
  void write(std::string_view bytes) override {
    write_at(file_.handle(), bytes.data(), bytes.size(), at_, file_.temporary());
    at_ += static_cast<int64_t>(bytes.size());
  }
  void finish() override {}

 private:
  const ExportFile& file_;
  int64_t at_ = 0;
};

class Gzip : public PackedText {
 public:
  explicit Gzip(const ExportFile& file) : sink_(file), out_(kBufferBytes) {
    expect(deflateInit2(&stream_, 6, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) == Z_OK, "zlib starts");
  }
  ~Gzip() override { deflateEnd(&stream_); }
  void write(std::string_view bytes) override {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    while (stream_.avail_in > 0) run(Z_NO_FLUSH);
  }
  void finish() override {
    while (run(Z_FINISH) != Z_STREAM_END) continue;
  }

 private:
  int run(int flush) {
    stream_.next_out = reinterpret_cast<Bytef*>(out_.data());
    stream_.avail_out = static_cast<uInt>(out_.size());
    const int code = deflate(&stream_, flush);
    sink_.write({out_.data(), out_.size() - stream_.avail_out});
    return code;
  }

  Plain sink_;
  std::vector<char> out_;
  z_stream stream_{};
};

class Zstd : public PackedText {
 public:
  explicit Zstd(const ExportFile& file) : sink_(file), out_(kBufferBytes) {
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
  }
  void write(std::string_view bytes) override { run(bytes, ZSTD_e_continue); }
  void finish() override { run({}, ZSTD_e_end); }

 private:
  void run(std::string_view bytes, ZSTD_EndDirective directive) {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    for (;;) {
      ZSTD_outBuffer out{out_.data(), out_.size(), 0};
      const std::size_t left = ZSTD_compressStream2(context_.get(), &out, &in, directive);
      expect(!ZSTD_isError(left), "zstd compresses a stream");
      sink_.write({out_.data(), out.pos});
      if (directive == ZSTD_e_end ? left == 0 : in.pos == in.size) return;
    }
  }

  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  Plain sink_;
  std::unique_ptr<ZSTD_CCtx, Free> context_{ZSTD_createCCtx()};
  std::vector<char> out_;
};

}  // namespace

ExportFile::ExportFile(const std::string& path, bool replace) : path_(path), replace_(replace) {
  const fs::path absolute = fs::absolute(path).lexically_normal();
  if (fs::is_directory(absolute))
    throw Error(ErrorKind::usage, path + ": is a folder; the name of a file was expected");
  if (!fs::is_directory(absolute.parent_path()))
    throw Error(ErrorKind::no_input, absolute.parent_path().string() + ": no such folder");
  if (!replace && fs::exists(absolute))
    throw Error(ErrorKind::usage, path + ": is there already; ask to replace it if that is meant");
  path_ = absolute.string();
  temporary_ = (absolute.parent_path() / ("." + absolute.filename().string() + ".tmp")).string();
  handle_ = lock_temporary(temporary_);
}

ExportFile::~ExportFile() {
  std::error_code ignored;
  if (!temporary_.empty()) fs::remove(temporary_, ignored);
}

void ExportFile::publish() {
  sync_file(handle_, temporary_);
  if (!data::publish(temporary_, path_, replace_))
    throw Error(ErrorKind::usage, path_ + ": appeared while it was written; ask to replace it if that is meant");
  temporary_.clear();
}

std::unique_ptr<PackedText> make_packed_text(const ExportFile& file, const std::string& name) {
  if (name.ends_with(".gz")) return std::make_unique<Gzip>(file);
  if (name.ends_with(".zst")) return std::make_unique<Zstd>(file);
  return std::make_unique<Plain>(file);
}

}  // namespace tf::data
