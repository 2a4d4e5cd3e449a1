#include "cuda/base/page_lock.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "cuda/base/device.hpp"

using namespace tf;

TEST_CASE("a page lock holds where there is a device and does nothing where there is none") {
  std::vector<char> memory(1 << 20), other(1 << 16);
  PageLock lock;
  CHECK_FALSE(lock.is_held());
  const bool held = lock.hold(memory.data(), memory.size());
  CHECK(held == (probe_devices().gpus > 0));
  CHECK(lock.is_held() == held);
  PageLock moved = std::move(lock);
  CHECK(moved.is_held() == held);
  CHECK_FALSE(lock.is_held());
  CHECK(moved.hold(other.data(), other.size()) == held);
  moved.release();
  CHECK_FALSE(moved.is_held());
  if (!held) MESSAGE("no device here: locking itself was not tried");
}
