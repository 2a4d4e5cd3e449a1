#include "data/store/merkle.hpp"

#include "cuda/base/error.hpp"

namespace tf::data {
namespace {

Digest node_of(const Digest& left, const Digest& right) {
  Sha256 sum;
  const uint8_t mark = 1;
  sum.add(&mark, 1);
  sum.add(left.data(), left.size());
  sum.add(right.data(), right.size());
  return sum.digest();
}

/// The level above, in place.
void rise(std::vector<Digest>& level) {
  const std::size_t pairs = level.size() / 2;
  for (std::size_t pair = 0; pair < pairs; ++pair) level[pair] = node_of(level[2 * pair], level[2 * pair + 1]);
  if (level.size() % 2) level[pairs] = level.back();
  level.resize(pairs + level.size() % 2);
}

}  // namespace

Digest merkle_leaf(std::span<const uint8_t> data) {
  Sha256 sum;
  const uint8_t mark = 0;
  sum.add(&mark, 1);
  sum.add(data.data(), data.size());
  return sum.digest();
}

Digest merkle_root(std::vector<Digest> leaves) {
  if (leaves.empty()) return sha256(nullptr, 0);
  while (leaves.size() > 1) rise(leaves);
  return leaves.front();
}

std::vector<Digest> merkle_path(std::vector<Digest> leaves, std::size_t at) {
  expect(at < leaves.size(), "the leaf is one of the tree's");
  std::vector<Digest> path;
  for (; leaves.size() > 1; at /= 2) {
    const std::size_t beside = at ^ 1;
    if (beside < leaves.size()) path.push_back(leaves[beside]);
    rise(leaves);
  }
  return path;
}

std::optional<Digest> merkle_climb(const Digest& leaf, std::size_t at, std::size_t count,
                                   std::span<const Digest> path) {
  if (at >= count) return {};
  Digest node = leaf;
  for (; count > 1; at /= 2, count = (count + 1) / 2) {
    if ((at ^ 1) >= count) continue;
    if (path.empty()) return {};
    node = at % 2 ? node_of(path.front(), node) : node_of(node, path.front());
    path = path.subspan(1);
  }
  if (!path.empty()) return {};
  return node;
}

}  // namespace tf::data
