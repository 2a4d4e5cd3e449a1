#include "data/sources/parse/csv_pipeline.hpp"

#include <algorithm>

namespace tf::data {

CsvPipeline::CsvPipeline(const CsvPlan& plan, CsvBlocks blocks, int threads)
    : plan_(plan),
      blocks_(std::move(blocks)),
      threads_(threads > 0 ? threads : std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, 4)),
      parser_(plan),
      slots_(threads_ == 1 ? 2 : static_cast<std::size_t>(2 * threads_) + 1) {}

CsvPipeline::~CsvPipeline() {
  for (std::jthread& worker : workers_) worker.request_stop();
  changed_.notify_all();
}

// Reads and parses one block, if there is room for one.
bool CsvPipeline::work_once(RowParser& parser) {
  std::unique_lock reading(reading_);
  Slot* claimed;
  {
    const std::lock_guard guard(lock_);
    claimed = &slot(next_read_);
    if (finished_ || claimed->state != Slot::State::free) return false;
    claimed->state = Slot::State::busy;
    claimed->error = nullptr;
    claimed->end = false;
    ++next_read_;
  }
  try {
    claimed->end = !blocks_.next(claimed->block);
  } catch (...) { claimed->error = std::current_exception(); }
  const bool over = claimed->end || claimed->error;
  if (over) {
    const std::lock_guard guard(lock_);
    finished_ = true;
  }
  reading.unlock();
  if (!over) {
    try {
      parser.parse(claimed->block, claimed->ticks);
    } catch (...) { claimed->error = std::current_exception(); }
  }
  {
    const std::lock_guard guard(lock_);
    claimed->state = Slot::State::done;
  }
  changed_.notify_all();
  return true;
}

void CsvPipeline::run(std::stop_token stop) {
  RowParser parser(plan_);
  while (!stop.stop_requested()) {
    if (work_once(parser)) continue;
    std::unique_lock guard(lock_);
    if (finished_) return;
    changed_.wait(guard, stop, [&] { return finished_ || slot(next_read_).state == Slot::State::free; });
  }
}

CsvPipeline::Slot* CsvPipeline::next() {
  if (next_taken_ > 0) {
    {
      const std::lock_guard guard(lock_);
      Slot& last = slot(next_taken_ - 1);
      if (last.end || last.error) return nullptr;
      last.state = Slot::State::free;
    }
    changed_.notify_all();
    if (workers_.empty())
      for (int worker = 1; worker < threads_; ++worker)
        workers_.emplace_back([this](std::stop_token stop) { run(stop); });
  }
  Slot& wanted = slot(next_taken_);
  for (;;) {
    {
      const std::lock_guard guard(lock_);
      if (wanted.state == Slot::State::done) break;
    }
    if (work_once(parser_)) continue;
    std::unique_lock guard(lock_);
    changed_.wait(guard, [&] { return wanted.state == Slot::State::done; });
  }
  ++next_taken_;
  if (wanted.error) std::rethrow_exception(wanted.error);
  return wanted.end ? nullptr : &wanted;
}

}  // namespace tf::data
