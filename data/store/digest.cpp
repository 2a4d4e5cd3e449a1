#include "data/store/digest.hpp"

#include <openssl/evp.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

#include "cuda/base/error.hpp"

namespace tf::data {

struct Sha256::State {
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context{EVP_MD_CTX_new()};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  expect(state_->context && EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr) == 1,
         "SHA-256 is available");
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(const void* bytes, std::size_t count) {
  expect(EVP_DigestUpdate(state_->context.get(), bytes, count) == 1, "SHA-256 takes bytes");
}

Sha256 Sha256::copy() const {
  Sha256 other;
  expect(EVP_MD_CTX_copy_ex(other.state_->context.get(), state_->context.get()) == 1, "SHA-256 is copied");
  return other;
}

Digest Sha256::digest() {
  Digest digest;
  unsigned length = 0;
  expect(EVP_DigestFinal_ex(state_->context.get(), digest.data(), &length) == 1 && length == digest.size(),
         "SHA-256 ends");
  return digest;
}

std::string Sha256::hex() { return hex_text(digest()); }

Digest sha256(const void* bytes, std::size_t count) {
  Sha256 sum;
  sum.add(bytes, count);
  return sum.digest();
}

std::string hex_text(const Digest& digest) {
  std::string text;
  for (const uint8_t byte : digest) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

std::string file_sha256(const std::string& path) {
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  const std::unique_ptr<std::FILE, Close> file{std::fopen(path.c_str(), "rb")};
  if (!file) throw Error(ErrorKind::no_input, path + ": cannot open: " + std::strerror(errno));
  Sha256 sum;
  std::vector<char> buffer(1 << 20);
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), file.get()))
    sum.add(buffer.data(), count);
  if (std::ferror(file.get())) throw Error(ErrorKind::io, path + ": reading failed: " + std::strerror(errno));
  return sum.hex();
}

}  // namespace tf::data
