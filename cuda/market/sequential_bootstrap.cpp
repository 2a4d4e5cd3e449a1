#include "cuda/market/sequential_bootstrap.hpp"

#include <algorithm>

#include "cuda/base/error.hpp"

namespace tf::market {
namespace {

constexpr int64_t kOne = int64_t{1} << 44;

/// 1 / (1 + c), rounded to nearest.
int64_t share_of(int64_t drawn) { return (kOne + (1 + drawn) / 2) / (1 + drawn); }

}  // namespace

SequentialBootstrap::SequentialBootstrap(std::span<const int64_t> first, std::span<const int64_t> end)
    : first_(first.begin(), first.end()), end_(end.begin(), end.end()) {
  expect(first.size() == end.size(), "labels have as many starts as ends");
  int64_t bars = 0;
  for (std::size_t label = 0; label < first_.size(); ++label) {
    expect(label == 0 || first_[label] >= first_[label - 1], "labels come by their start");
    expect(first_[label] >= 0 && end_[label] - first_[label] <= (int64_t{1} << 19), "a label has at most 2^19 bars");
    bars = std::max(bars, end_[label]);
    reach_.push_back(bars);
  }
  share_.assign(static_cast<std::size_t>(bars), kOne);
  drawn_.assign(static_cast<std::size_t>(bars), 0);
  while (leaves_ < first_.size()) leaves_ *= 2;
  tree_.assign(2 * leaves_, 0.0);
  for (std::size_t label = 0; label < first_.size(); ++label) {
    sum_.push_back(std::max<int64_t>(0, end_[label] - first_[label]) * kOne);
    set(label);
  }
  for (std::size_t node = leaves_; node-- > 1;) tree_[node] = tree_[2 * node] + tree_[2 * node + 1];
  expect(tree_[1] > 0, "there is a label to draw");
}

void SequentialBootstrap::set(std::size_t label) {
  const int64_t bars = end_[label] - first_[label];
  tree_[leaves_ + label] = bars > 0 ? static_cast<double>(sum_[label]) / static_cast<double>(bars) : 0;
}

double SequentialBootstrap::probability(int64_t label) const {
  return tree_[leaves_ + static_cast<std::size_t>(label)] / tree_[1];
}

int64_t SequentialBootstrap::at(double uniform) const {
  double rest = uniform * tree_[1];
  std::size_t node = 1;
  while (node < leaves_) {
    const double left = tree_[2 * node];
    // Rounding may carry `rest` over the right edge: a branch without weight is never taken.
    const bool right = rest >= left && tree_[2 * node + 1] > 0;
    if (right) rest -= left;
    node = 2 * node + right;
  }
  return static_cast<int64_t>(node - leaves_);
}

void SequentialBootstrap::draw(int64_t label) {
  const int64_t first = first_[static_cast<std::size_t>(label)], end = end_[static_cast<std::size_t>(label)];
  expect(end > first, "an empty label is never drawn");
  // moved_[n]: by how much the shares of the first n bars of this label fell together.
  moved_.assign(1, 0);
  for (int64_t bar = first; bar < end; ++bar) {
    int64_t& share = share_[static_cast<std::size_t>(bar)];
    const int64_t now = share_of(++drawn_[static_cast<std::size_t>(bar)]);
    moved_.push_back(moved_.back() + share - now);
    share = now;
  }

  // Labels that start before the end, backwards until none before reaches the start.
  const auto after = static_cast<std::size_t>(std::lower_bound(first_.begin(), first_.end(), end) - first_.begin());
  std::size_t from = after;
  while (from > 0 && reach_[from - 1] > first) {
    --from;
    const int64_t low = std::max(first, first_[from]), high = std::min(end, end_[from]);
    if (low >= high) continue;
    sum_[from] -= moved_[static_cast<std::size_t>(high - first)] - moved_[static_cast<std::size_t>(low - first)];
    set(from);
  }
  // Their ancestors, a level at a time.
  for (std::size_t low = (leaves_ + from) / 2, high = (leaves_ + after - 1) / 2; low >= 1; low /= 2, high /= 2)
    for (std::size_t node = low; node <= high; ++node) tree_[node] = tree_[2 * node] + tree_[2 * node + 1];
}

std::vector<int64_t> sequential_bootstrap(std::span<const int64_t> first, std::span<const int64_t> end, int64_t draws,
                                          const RandomStream& random) {
  SequentialBootstrap bootstrap(first, end);
  std::vector<int64_t> drawn;
  for (int64_t draw = 0; draw < draws; ++draw) {
    drawn.push_back(bootstrap.at(random.uniform(static_cast<uint64_t>(draw))));
    bootstrap.draw(drawn.back());
  }
  return drawn;
}

}  // namespace tf::market
