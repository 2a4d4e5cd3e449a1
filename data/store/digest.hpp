// SHA-256 as hex text: of bytes as they come, and of a whole file.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace tf::data {

using Digest = std::array<uint8_t, 32>;

/// SHA-256 over bytes given in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void add(const void* bytes, std::size_t count);
  /// Goes on from the same point as a stream of its own.
  Sha256 copy() const;
  Digest digest();
  /// 64 hex digits of all that was added. Call one of digest() and hex() once, at the end.
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Digest sha256(const void* bytes, std::size_t count);
std::string hex_text(const Digest& digest);

/// SHA-256 of the bytes of a file as they lie on the disk. Throws Error{no_input} when it cannot be opened, Error{io}
/// when reading fails.
std::string file_sha256(const std::string& path);

}  // namespace tf::data
