// SHA-256 as hex text: of bytes as they come, and of a whole file.
#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace tf::data {

/// SHA-256 over bytes given in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void add(const void* bytes, std::size_t count);
  /// 64 hex digits of all that was added. Call once, at the end.
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// SHA-256 of the bytes of a file as they lie on the disk. Throws Error{no_input} when it cannot be opened, Error{io}
/// when reading fails.
std::string file_sha256(const std::string& path);

}  // namespace tf::data
