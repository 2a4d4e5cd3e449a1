// Bytes of an input file, unpacked: plain, gzip, zstd, xz, LZMA-alone (each perhaps several streams end to end) or zip
// (several entries, each perhaps packed once more), told apart by their first bytes. Memory is bounded by a few buffers
// and a window of at most 128 MiB, whatever the size of the file and whatever it unpacks to.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "data/sources/parse/feed.hpp"
#include "data/sources/source.hpp"

namespace tf::data {

/// A file of several members; read() yields bytes of the current one as they are stored.
class Archive : public Feed {
 public:
  /// Moves to the next member. False at the end.
  virtual bool next_member(std::string& name) = 0;
  std::string damage() const override { return damage_; }

 protected:
  std::string damage_;
};

/// The members of one file in order: the file itself, or the entries of a zip sorted by name (folders and the resource
/// forks of macOS left out). A damaged archive yields what comes before the damage; damage() then says what is wrong.
/// Any bytes are yielded: a source that reads text calls `expect_text` at the start of each member.
class InputFile {
 public:
  /// Throws Error{no_input} (missing, a folder) or Error{io}.
  explicit InputFile(const std::string& path);
  InputFile(InputFile&&) noexcept;
  ~InputFile();

  bool next_member();
  std::size_t read(std::span<char> out);
  /// The next bytes of the member without using them: at least `count` if it has them, at most 64 KiB.
  std::string_view peek(std::size_t count);
  std::string where() const;                             ///< path, with "!entry" for a member of a zip
  const std::string& member() const { return member_; }  ///< entry name, empty for the file itself
  const std::string& path() const { return path_; }
  std::string damage() const;  ///< "path: what", empty = sound so far
  double share() const;        ///< of the file read so far, 0..1

 private:
  std::string path_, member_;
  int64_t bytes_ = 0;
  bool begun_ = false;
  std::unique_ptr<Feed> whole_;       // a file that is no archive, before its only member is begun
  std::unique_ptr<Archive> archive_;  // or the archive
  std::optional<Window> unpacked_;    // the current member
};

/// What the first bytes (512 are enough) say that a file is, where that is no text: "an HDF5 file", "a Databento DBN
/// file", "UTF-16 text", ...; nullptr when nothing is known.
const char* known_format(std::string_view first_bytes);

/// Throws Error{bad_data} that names the format when the current member is known to be no text.
void expect_text(InputFile& file);

/// The start of a file for guessing: its first 64 KiB as they lie there (kept in `raw`) and those of its first member,
/// unpacked (kept in `bytes`). A damaged container gives what comes before the damage. Throws Error{no_input | io}.
InputHead read_head(const std::string& path, std::string& raw, std::string& bytes);

/// A zip without its central directory (cut short) is read from its local headers on, and damage() says so.
std::unique_ptr<Archive> open_zip(const std::string& path);

/// The next member of the file that is open, the first one included. At its end or at damage the file is closed,
/// `damage` says what is wrong, and the answer is false.
template <class File>  // an optional or a pointer, of InputFile or what reads like it
bool next_member_of(File& file, std::string& damage) {
  damage = file->damage();
  if (damage.empty() && file->next_member()) return true;
  damage = file->damage();
  file.reset();
  return false;
}
/// How much of `files` files is read when `opened` of them were begun: the last is `file`, or is over.
double share_of(const std::optional<InputFile>& file, std::size_t opened, std::size_t files);

}  // namespace tf::data
