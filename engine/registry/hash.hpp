// SHA-256 and the Merkle tree of RFC 6962 (requirements page, G: formulas).
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tf::registry {

using Hash = std::array<uint8_t, 32>;

Hash sha256(std::string_view bytes);
Hash sha256(std::string_view first, std::string_view second);  ///< of both, one after the other
std::string_view bytes_of(const Hash& hash);                   ///< the 32 raw bytes
std::string hex(const Hash& hash);
Hash unhex(std::string_view text);  ///< throws Error{bad_data}
std::string sha256_hex(std::string_view bytes);
std::string file_sha256_hex(const std::string& path);  ///< throws Error{no_input}

Hash merkle_leaf(std::string_view data);              ///< SHA256(0x00 || data)
Hash merkle_root(std::span<const Hash> leaf_hashes);  ///< MTH; of none: SHA256("")

}  // namespace tf::registry
