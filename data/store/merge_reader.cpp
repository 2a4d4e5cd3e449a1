#include "data/store/merge_reader.hpp"

#include <algorithm>
#include <utility>

#include "data/store/chunk_decoder.hpp"

namespace tf::data {
namespace {

class RunMerger final : public MergeReader {
 public:
  RunMerger(std::vector<std::unique_ptr<TickReader>> readers, Clock clock, uint32_t columns)
      : clock_(clock), columns_(columns) {
    lanes_.resize(readers.size());
    for (std::size_t lane = readers.size(); lane-- > 0;) {
      lanes_[lane].reader = std::move(readers[lane]);
      to_enter_.push_back(lane);
    }
  }

  const MergedRun* next() override {
    if (running_) {
      // The first of the heap has run up to the second: it goes back to its new place, or its next block does. Only now
      // may the block of the last run be given back.
      std::pop_heap(heap_.begin(), heap_.end(), is_later);
      Head& ran = heap_.back();
      if (lanes_[ran.lane].row < lanes_[ran.lane].times.size()) {
        ran.time = time_of(ran.lane);
        std::push_heap(heap_.begin(), heap_.end(), is_later);
      } else {
        to_enter_.push_back(ran.lane);
        heap_.pop_back();
      }
      running_ = false;
    }
    // A lane whose reader throws stays in the list: the next call throws again.
    for (; !to_enter_.empty(); to_enter_.pop_back()) enter(to_enter_.back());
    running_ = !heap_.empty();
    if (heap_.empty()) return nullptr;
    Lane& lane = lanes_[heap_.front().lane];
    const std::size_t first = lane.row, past = end_of_run(lane);
    run_.instrument = heap_.front().lane;
    run_.day = lane.block->day;
    run_.ticks = part_of(lane.ticks, first, past - first);
    lane.time = std::max(lane.time, *std::max_element(lane.times.begin() + static_cast<std::ptrdiff_t>(first),
                                                      lane.times.begin() + static_cast<std::ptrdiff_t>(past)));
    lane.row = past;
    return &run_;
  }

 private:
  struct Lane {
    std::unique_ptr<TickReader> reader;
    const TickBlock* block = nullptr;
    TickSpan ticks;  ///< of the block, the columns asked for
    std::span<const int64_t> times;
    std::size_t row = 0;
    int64_t time = INT64_MIN;  ///< the largest so far
  };
  struct Head {
    int64_t time;  ///< at which the lane's next row counts
    std::size_t lane;
  };
  /// The heap's order: its front is the earliest, of equal times the lowest lane.
  static bool is_later(const Head& a, const Head& b) { return std::pair(a.time, a.lane) > std::pair(b.time, b.lane); }

  /// Brings the next block with rows of a lane into the heap, if there is one.
  void enter(std::size_t at) {
    Lane& lane = lanes_[at];
    do lane.block = lane.reader->next();
    while (lane.block && lane.block->ticks.size() == 0);
    if (!lane.block) return;
    lane.ticks = lane.block->ticks;
    lane.times = clock_ == Clock::local ? lane.ticks.local_ts : lane.ticks.exch_ts;
    if (!(columns_ & static_cast<uint32_t>(Column::local_ts))) lane.ticks.local_ts = {};
    lane.row = 0;
    heap_.push_back({time_of(at), at});
    std::push_heap(heap_.begin(), heap_.end(), is_later);
  }

  int64_t time_of(std::size_t lane) const { return std::max(lanes_[lane].time, lanes_[lane].times[lanes_[lane].row]); }

  /// Rows go on until one passes the next lane's time (or, for a higher lane, reaches it). Times that go back count as
  /// the largest so far, which has not passed it.
  std::size_t end_of_run(const Lane& lane) const {
    std::size_t past = lane.row + 1;
    if (heap_.size() == 1) return lane.times.size();
    const Head* other = &heap_[1];
    if (heap_.size() > 2 && is_later(*other, heap_[2])) other = &heap_[2];
    const bool wins_ties = heap_.front().lane < other->lane;
    const int64_t bound = other->time;
    if (wins_ties)
      while (past < lane.times.size() && lane.times[past] <= bound) ++past;
    else
      while (past < lane.times.size() && lane.times[past] < bound) ++past;
    return past;
  }

  const Clock clock_;
  const uint32_t columns_;
  std::vector<Lane> lanes_;
  std::vector<Head> heap_;
  MergedRun run_;
  bool running_ = false;               ///< a run of the heap's first is handed out
  std::vector<std::size_t> to_enter_;  ///< lanes that need a block
};

}  // namespace

std::unique_ptr<MergeReader> merge_readers(std::vector<std::unique_ptr<TickReader>> readers, MergeReader::Clock clock,
                                           uint32_t columns) {
  return std::make_unique<RunMerger>(std::move(readers), clock, columns);
}

}  // namespace tf::data
