#include "cuda/market/as_of.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <tuple>
#include <vector>

#include "cuda/base/philox.hpp"

using namespace tf;
using namespace tf::market;

namespace {

std::vector<int64_t> rows_of(const std::vector<int64_t>& left, const std::vector<int64_t>& right, AsOf ties,
                             int threads = 1) {
  std::vector<int64_t> rows(left.size(), -7);
  as_of(left, right, rows, ties, threads);
  return rows;
}

std::vector<int64_t> times(uint64_t seed, int64_t count, uint32_t step) {
  const RandomStream random{seed, Purpose::test, 0};
  std::vector<int64_t> list;
  for (int64_t at = 0, time = -50; at < count; ++at)
    list.push_back(time += static_cast<int64_t>(random.below(static_cast<uint64_t>(at), step)));
  return list;
}

/// Calm stretches and bursts, with runs of one time: gaps of 0 in half the rows, else up to one of four lengths in
/// turn.
std::vector<int64_t> bursts(uint64_t seed, int64_t count) {
  const RandomStream random{seed, Purpose::test, 0};
  std::vector<int64_t> list;
  for (int64_t at = 0, time = 0; at < count; ++at) {
    constexpr uint32_t kGaps[] = {2, 4000, 1, 60};
    const auto word = static_cast<uint32_t>(random.below(static_cast<uint64_t>(at), 1u << 20));
    if (word % 2 == 0) time += word / 2 % kGaps[at / 1500 % 4];
    list.push_back(time);
  }
  return list;
}

std::vector<int64_t> searched(const std::vector<int64_t>& left, const std::vector<int64_t>& right, AsOf ties) {
  std::vector<int64_t> rows;
  for (const int64_t time : left)
    rows.push_back((ties == AsOf::strict ? std::lower_bound(right.begin(), right.end(), time)
                                         : std::upper_bound(right.begin(), right.end(), time)) -
                   right.begin() - 1);
  return rows;
}

}  // namespace

TEST_CASE("a time knows the last row at or before it, or strictly before it") {
  const std::vector<int64_t> left{0, 10, 20, 20, 35}, right{10, 10, 20, 30};
  CHECK(rows_of(left, right, AsOf::inclusive) == std::vector<int64_t>{-1, 1, 2, 2, 3});
  CHECK(rows_of(left, right, AsOf::strict) == std::vector<int64_t>{-1, -1, 1, 1, 3});
}

TEST_CASE("without rows nothing is known, and the ends of time are times too") {
  CHECK(rows_of({1, 2}, {}, AsOf::inclusive) == std::vector<int64_t>{-1, -1});
  CHECK(rows_of({}, {1}, AsOf::inclusive).empty());
  CHECK(rows_of({INT64_MIN, INT64_MAX}, {INT64_MIN, INT64_MAX}, AsOf::inclusive) == std::vector<int64_t>{0, 1});
  CHECK(rows_of({INT64_MIN, INT64_MAX}, {INT64_MIN, INT64_MAX}, AsOf::strict) == std::vector<int64_t>{-1, 0});
}

TEST_CASE("the join equals a search for each time, for sparse and dense columns and any number of threads") {
  for (const auto& [lefts, left_step, rights, right_step] :
       {std::tuple{1000, 3u, 1000, 3u}, std::tuple{200'000, 5u, 3000, 300u}, std::tuple{3000, 500u, 200'000, 7u},
        std::tuple{150'000, 4u, 150'001, 4u}, std::tuple{7, 3u, 100'000, 2u}}) {
    const std::vector<int64_t> left = times(1, lefts, left_step), right = times(2, rights, right_step);
    for (const AsOf ties : {AsOf::inclusive, AsOf::strict}) {
      const std::vector<int64_t> wanted = searched(left, right, ties);
      CHECK(rows_of(left, right, ties) == wanted);
      CHECK(rows_of(left, right, ties, 3) == wanted);
    }
  }
}

TEST_CASE("the join equals a search where columns come in bursts and many rows have one time") {
  for (const auto& [lefts, rights] :
       {std::pair{40'000, 40'000}, std::pair{4096, 150'000}, std::pair{90'000, 700}, std::pair{30'000, 3000}}) {
    const std::vector<int64_t> left = bursts(3, lefts), right = bursts(4, rights);
    for (const AsOf ties : {AsOf::inclusive, AsOf::strict})
      CHECK(rows_of(left, right, ties) == searched(left, right, ties));
  }
}

TEST_CASE("the join equals a search for columns of any small length, at both ends of time too") {
  const std::vector<int64_t> all = times(5, 1100, 3);
  for (std::size_t rights = 0; rights < 70; ++rights)
    for (const std::size_t lefts : {1u, 5u, 1023u, 1024u, 1027u, 1100u}) {
      std::vector<int64_t> left(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(lefts));
      const std::vector<int64_t> right(all.end() - static_cast<std::ptrdiff_t>(rights + 500), all.end() - 500);
      left.front() = INT64_MIN;
      left.back() = INT64_MAX;
      for (const AsOf ties : {AsOf::inclusive, AsOf::strict})
        CHECK(rows_of(left, right, ties) == searched(left, right, ties));
    }
}
