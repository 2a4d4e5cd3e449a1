#include "data/sources/parse/csv_source.hpp"

#include <algorithm>

#include "cuda/base/error.hpp"
#include "data/sources/parse/csv_passes.hpp"
#include "data/sources/parse/csv_pipeline.hpp"
#include "data/sources/parse/csv_rows.hpp"

namespace tf::data {
namespace {

class CsvSource : public Source {
 public:
  CsvSource(const SourceInput& input, const CsvParams& params, OpenTextFile open)
      : plan_(complete(params), input.instrument),
        pass_(pass_of(plan_)),
        pipeline_(plan_, CsvBlocks(input.files, plan_.full, std::move(open)), params.threads) {}

  std::size_t next_batch(std::span<Tick> out) override {
    std::size_t filled = 0;
    while (filled < out.size()) {
      if (next_ == ticks_.size()) {
        if (!advance()) break;
        continue;
      }
      const std::size_t count = whole_events(out.size() - filled, filled == 0);
      if (count == 0) break;
      std::copy_n(ticks_.begin() + static_cast<std::ptrdiff_t>(next_), count,
                  out.begin() + static_cast<std::ptrdiff_t>(filled));
      next_ += count;
      filled += count;
    }
    return filled;
  }

  const SourceCounts& counts() const override { return counts_; }
  std::string damage() const override { return damage_; }
  double share() const override { return share_; }

 private:
  // How many of the ticks at hand fit into `room` without parting an event; an event bigger than a batch is parted.
  std::size_t whole_events(std::size_t room, bool part) const {
    const std::size_t left = ticks_.size() - next_;
    if (left <= room) return left;
    for (std::size_t count = room; count > 0; --count)
      if (ticks_[next_ + count - 1].flags & kFlagLast) return count;
    return part ? room : 0;
  }

  // The ticks of the next block; false at the end.
  bool advance() {
    ticks_.clear();
    next_ = 0;
    if (over_) return false;
    CsvPipeline::Slot* const slot = pipeline_.next();
    if (!slot) {
      over_ = true;
      share_ = 1;
      if (pass_) pass_->end_member(ticks_);
    } else {
      take(*slot);
    }
    counts_.ticks += static_cast<int64_t>(ticks_.size());
    return true;
  }

  void take(CsvPipeline::Slot& slot) {
    const CsvBlock& block = slot.block;
    if (!block.damage.empty()) damage_ = block.damage;
    if (!block.member) return;
    if (block.member != member_) {
      member_ = block.member;
      lines_ = 0;
      if (pass_) pass_->end_member(ticks_);
    }
    lines_ += block.lines_before;
    share_ = block.share;
    counts_.rows_read += slot.ticks.rows_read;
    const PassOut out{ticks_, counts_, block.text(), member_->where, lines_};
    for (const CsvTicks::Refused& refused : slot.ticks.refused) {
      out.count(counts_.refused, refused.reason, refused.line, refused.offset);
      counts_.refused[refused.reason].rows += refused.rows - 1;
    }
    if (pass_) {
      pass_->add(slot.ticks, out);
    } else {
      counts_.rows_stored += slot.ticks.rows_stored;
      ticks_.swap(slot.ticks.ticks);
    }
    lines_ += slot.ticks.lines;
  }

  CsvPlan plan_;
  std::unique_ptr<RowPass> pass_;
  std::vector<Tick> ticks_;  // of whole events
  std::size_t next_ = 0;
  std::shared_ptr<const CsvMember> member_;
  int64_t lines_ = 0;  // of the member, before the next block
  SourceCounts counts_;
  std::string damage_;
  double share_ = 0;
  bool over_ = false;
  CsvPipeline pipeline_;  // last: its threads use the plan
};

}  // namespace

std::unique_ptr<Source> open_csv(const SourceInput& input, const CsvParams& params, OpenTextFile open) {
  if (input.files.empty()) throw Error(ErrorKind::config, "csv source: no files given");
  return std::make_unique<CsvSource>(input, params, std::move(open));
}

}  // namespace tf::data
