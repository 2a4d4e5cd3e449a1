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
      std::vector<int64_t> wanted;
      for (const int64_t time : left)
        wanted.push_back((ties == AsOf::strict ? std::lower_bound(right.begin(), right.end(), time)
                                               : std::upper_bound(right.begin(), right.end(), time)) -
                         right.begin() - 1);
      CHECK(rows_of(left, right, ties) == wanted);
      CHECK(rows_of(left, right, ties, 3) == wanted);
    }
  }
}
