#include "cuda/series/feature_set.hpp"

#include "cuda/series/feature_set_body.hpp"

namespace tf::series {

FeatureSet::~FeatureSet() = default;
FeatureSet::FeatureSet(FeatureSet&&) noexcept = default;

int64_t FeatureSet::outputs() const { return body_->set.lanes(); }
int64_t FeatureSet::lookback() const { return body_->set.lookback(); }
std::string FeatureSet::output_name(int64_t lane) const { return body_->set.lane_name(lane); }
void FeatureSet::append(const BarRows& bars, const TickRows& ticks, const int64_t* tick_ends, Panel<double> out) {
  body_->set.append(bars, ticks, tick_ends, out);
}
void FeatureSet::reset() { body_->set.reset(); }
std::string FeatureSet::save_state() const { return body_->set.save_state(); }
void FeatureSet::load_state(const std::string& bytes) { body_->set.load_state(bytes); }
bool FeatureSet::needs_ticks() const { return body_->set.needs_ticks(); }
uint32_t FeatureSet::tick_columns() const { return body_->set.tick_columns(); }
int64_t FeatureSet::tick_history() const { return body_->set.tick_history(); }

}  // namespace tf::series
