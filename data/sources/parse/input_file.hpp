// Bytes of an input file, decoded: plain, gzip (several members) or zip (several entries), told apart by their first
// bytes. Memory is bounded by a few buffers whatever the size of the file.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace tf::data {

/// One way of packing; read() yields decoded bytes of the current member.
class Unpacker {
 public:
  virtual ~Unpacker() = default;
  /// Moves to the next member; its name is "" for the file itself. False at the end.
  virtual bool next_member(std::string& name) = 0;
  /// Fills `out` with decoded bytes; 0 = end of the member, or damage.
  virtual std::size_t read(std::span<char> out) = 0;
  virtual int64_t consumed() const = 0;  ///< bytes of the packed file used so far
  const std::string& damage() const { return damage_; }

 protected:
  std::string damage_;
};

/// The members of one file in order: the file itself, or the entries of a zip sorted by name (folders and the resource
/// forks of macOS left out). A damaged archive yields what comes before the damage; damage() then says what is wrong.
class InputFile {
 public:
  /// Throws Error{no_input} (missing, a folder), Error{io}, or Error{bad_data} for bytes known to be another format.
  explicit InputFile(const std::string& path);
  InputFile(InputFile&&) noexcept;
  ~InputFile();

  bool next_member();
  std::size_t read(std::span<char> out);
  std::string where() const;                             ///< path, with "!entry" for a member of a zip
  const std::string& member() const { return member_; }  ///< entry name, empty for the file itself
  const std::string& path() const { return path_; }
  std::string damage() const;  ///< "path: what", empty = sound so far
  double share() const;        ///< of the file read so far, 0..1

 private:
  std::string path_, member_;
  int64_t bytes_ = 0;
  std::unique_ptr<Unpacker> unpacker_;
};

/// Openers of the packings; `bytes` is the size of the file.
std::unique_ptr<Unpacker> open_plain(const std::string& path);
std::unique_ptr<Unpacker> open_gzip(const std::string& path);
/// A zip without its central directory (cut short) is read from its local headers on, and damage() says so.
std::unique_ptr<Unpacker> open_zip(const std::string& path);

}  // namespace tf::data
