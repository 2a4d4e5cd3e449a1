// Merkle trees over SHA-256, as RFC 6962 builds them: a list of leaves has one root, and a leaf is shown to be in it by
// the few nodes beside its way up. A leaf is SHA-256(0x00, data), a node SHA-256(0x01, left, right); on every level a
// last node without a partner moves up unchanged.
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "data/store/digest.hpp"

namespace tf::data {

Digest merkle_leaf(std::span<const uint8_t> data);
/// Of no leaves: SHA-256 of nothing.
Digest merkle_root(std::vector<Digest> leaves);
/// The nodes beside the way from leaf `at` to the root, lowest first.
std::vector<Digest> merkle_path(std::vector<Digest> leaves, std::size_t at);
/// The root that leaf `at` of `count` has along this path; nothing when the path has the wrong length.
std::optional<Digest> merkle_climb(const Digest& leaf, std::size_t at, std::size_t count, std::span<const Digest> path);

}  // namespace tf::data
