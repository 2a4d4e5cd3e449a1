#include "engine/registry/hash.hpp"

#include <openssl/evp.h>

#include <fstream>
#include <memory>

#include "cuda/base/error.hpp"

namespace tf::registry {
namespace {

/// SHA-256 of pieces given one after another.
class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    expect(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1, "OpenSSL starts a SHA-256");
  }
  Sha256& add(std::string_view bytes) {
    expect(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1, "OpenSSL continues a SHA-256");
    return *this;
  }
  Hash finish() {
    Hash hash;
    expect(EVP_DigestFinal_ex(context_.get(), hash.data(), nullptr) == 1, "OpenSSL ends a SHA-256");
    return hash;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string_view bytes_of(const Hash& hash) { return {reinterpret_cast<const char*>(hash.data()), hash.size()}; }

Hash sha256(std::string_view bytes) { return Sha256().add(bytes).finish(); }

Hash sha256(std::string_view first, std::string_view second) { return Sha256().add(first).add(second).finish(); }

std::string hex(const Hash& hash) {
  std::string text;
  text.reserve(2 * hash.size());
  for (const uint8_t byte : hash) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

Hash unhex(std::string_view text) {
  Hash hash;
  bool sound = text.size() == 2 * hash.size();
  for (std::size_t at = 0; sound && at < hash.size(); ++at) {
    const int high = nibble(text[2 * at]), low = nibble(text[2 * at + 1]);
    sound = high >= 0 && low >= 0;
    hash[at] = static_cast<uint8_t>(high << 4 | low);
  }
  if (!sound) throw Error(ErrorKind::bad_data, "not a SHA-256 of 64 hex digits: \"" + std::string(text) + "\"");
  return hash;
}

std::string sha256_hex(std::string_view bytes) { return hex(sha256(bytes)); }

std::string file_sha256_hex(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(ErrorKind::no_input, path + ": cannot be read");
  Sha256 digest;
  std::string block(1 << 20, '\0');
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())), file.gcount() > 0)
    digest.add({block.data(), static_cast<std::size_t>(file.gcount())});
  if (file.bad()) throw Error(ErrorKind::io, path + ": reading stopped with an error");
  return hex(digest.finish());
}

Hash merkle_leaf(std::string_view data) { return sha256(std::string_view("\0", 1), data); }

Hash merkle_root(std::span<const Hash> leaf_hashes) {
  if (leaf_hashes.empty()) return sha256("");
  if (leaf_hashes.size() == 1) return leaf_hashes[0];
  std::size_t left = 1;
  while (2 * left < leaf_hashes.size()) left *= 2;
  const Hash l = merkle_root(leaf_hashes.first(left)), r = merkle_root(leaf_hashes.subspan(left));
  return Sha256().add(std::string_view("\1", 1)).add(bytes_of(l)).add(bytes_of(r)).finish();
}

}  // namespace tf::registry
