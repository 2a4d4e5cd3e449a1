// Where an export writes: a temporary file that becomes `path` when it is whole, plain or packed.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "data/store/durable.hpp"

namespace tf::data {

/// A file under a temporary name in the folder of `path`; publish() syncs it and gives it its name. Dropped before
/// that, it is removed.
class ExportFile {
 public:
  /// Throws Error{usage} when `path` exists and `replace` is not set, Error{again} while another export writes it.
  ExportFile(const std::string& path, bool replace);
  ~ExportFile();
  ExportFile(const ExportFile&) = delete;
  ExportFile& operator=(const ExportFile&) = delete;

  const std::string& temporary() const { return temporary_; }
  const FileHandle& handle() const { return handle_; }
  /// After another library has put its own file at temporary().
  void adopt() { handle_ = open_to_read(temporary_); }
  void publish();

 private:
  std::string path_, temporary_;
  bool replace_;
  FileHandle handle_;
};

/// Bytes in order, packed as the name says: .gz (zlib), .zst (zstd level 3), else as they are.
class PackedText {
 public:
  virtual ~PackedText() = default;
  virtual void write(std::string_view bytes) = 0;
  virtual void finish() = 0;
};
std::unique_ptr<PackedText> make_packed_text(const ExportFile& file, const std::string& name);

}  // namespace tf::data
