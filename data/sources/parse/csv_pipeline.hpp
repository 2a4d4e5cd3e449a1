// Blocks of lines read in order and parsed at once: by the caller alone, or with threads beside it.
#pragma once
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "data/sources/parse/csv_blocks.hpp"
#include "data/sources/parse/csv_rows.hpp"

namespace tf::data {

class CsvPipeline {
 public:
  struct Slot {
    CsvBlock block;
    CsvTicks ticks;

   private:
    friend class CsvPipeline;
    enum class State { free, busy, done };
    State state = State::free;
    std::exception_ptr error;
    bool end = false;
  };

  /// `threads` includes the caller's; the others start with the second block.
  CsvPipeline(const CsvPlan& plan, CsvBlocks blocks, int threads);
  ~CsvPipeline();

  /// The next block in the order of the input, valid until the next call; null at the end. Throws what reading threw.
  Slot* next();

 private:
  bool work_once(RowParser& parser);
  void run(std::stop_token stop);
  Slot& slot(int64_t number) { return slots_[static_cast<std::size_t>(number) % slots_.size()]; }

  const CsvPlan& plan_;
  CsvBlocks blocks_;
  int threads_;
  RowParser parser_;
  std::vector<Slot> slots_;

  std::mutex reading_;  // blocks_ and the order of claims
  std::mutex lock_;     // what follows, and the states of the slots
  std::condition_variable_any changed_;
  int64_t next_read_ = 0, next_taken_ = 0;
  bool finished_ = false;
  std::vector<std::jthread> workers_;
};

}  // namespace tf::data
