// synthetic: ticks of one made instrument; the market and its planted edge are described in parse/market_model.hpp.
#include <algorithm>

#include "data/sources/catalogue.hpp"
#include "data/sources/parse/market_model.hpp"

namespace tf::data {
namespace {

class SyntheticSource : public Source {
 public:
  SyntheticSource(const SourceInput& input, const SyntheticParams& params)
      : params_(params), model_(params, input.instrument.tick_size) {
    model_.start_day(params_.skip_days);
  }

  std::size_t next_batch(std::span<Tick> out) override {
    std::size_t filled = 0;
    while (filled < out.size() && refill()) {
      std::size_t count = std::min(out.size() - filled, made_.size() - used_);
      // Never part a quote, unless the batch is smaller than one.
      if (count < made_.size() - used_ && !(made_[used_ + count - 1].flags & kFlagLast) && filled + count > 1) --count;
      if (count == 0) break;
      std::copy_n(made_.begin() + static_cast<std::ptrdiff_t>(used_), count,
                  out.begin() + static_cast<std::ptrdiff_t>(filled));
      for (Tick& tick : out.subspan(filled, count))
        if (tick.flags & kFlagLast) {
          tick.flags |= kRowEnd;
          ++counts_.rows_read;
        }
      used_ += count;
      filled += count;
    }
    counts_.rows_stored = counts_.rows_read;
    counts_.ticks += static_cast<int64_t>(filled);
    return filled;
  }

  const SourceCounts& counts() const override { return counts_; }
  double share() const override { return static_cast<double>(day_) / params_.days; }

 private:
  bool refill() {
    while (used_ == made_.size()) {
      used_ = 0;
      if (model_.next_interval(made_)) continue;
      if (day_ + 1 >= params_.days) {
        day_ = params_.days;
        return false;
      }
      model_.start_day(params_.skip_days + ++day_);
    }
    return true;
  }

  SyntheticParams params_;
  MarketModel model_;
  std::vector<Tick> made_;
  std::size_t used_ = 0;
  int day_ = 0;
  SourceCounts counts_;
};

std::unique_ptr<Source> open(const SourceInput& input, const void* params) {
  return std::make_unique<SyntheticSource>(input, *static_cast<const SyntheticParams*>(params));
}

}  // namespace
}  // namespace tf::data

namespace tf::source_catalogue {

const Entry& tf_source_synthetic() {
  static const Entry entry{"a made market with a planted edge of known size, seeded",
                           params_type<data::SyntheticParams>(), data::open};
  return entry;
}

}  // namespace tf::source_catalogue
