// Independent jobs over a bounded number of threads.
#pragma once
#include <atomic>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace tf {

/// Calls job(0 .. count-1), each once, over at most `threads` threads, taking the next index as one gets free. Results
/// must not depend on the order. The first exception stops the taking of further jobs and is thrown here after all
/// threads ended.
template <class Job>
void parallel_for(int threads, int64_t count, const Job& job) {
  std::atomic<int64_t> next{0};
  std::exception_ptr failure;
  std::mutex guard;
  const auto work = [&] {
    try {
      for (int64_t index = next++; index < count; index = next++) job(index);
    } catch (...) {
      const std::scoped_lock lock(guard);
      if (!failure) failure = std::current_exception();
      next = count;
    }
  };
  {
    std::vector<std::jthread> others;
    for (int64_t thread = 1; thread < threads && thread < count; ++thread) others.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace tf
