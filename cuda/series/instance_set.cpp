#include "cuda/series/instance_set.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "cuda/base/error.hpp"

namespace tf::series {
namespace {

constexpr std::size_t kPendingColumns = 8;  // a cache line of a panel's row

template <class T>
double number(const void* params, const Field& field) {
  return static_cast<double>(*reinterpret_cast<const T*>(static_cast<const char*>(params) + field.offset));
}

}  // namespace

ResolvedInstance resolve(const IndicatorEntry& entry, const std::shared_ptr<const void>& params) {
  ResolvedInstance resolved{&entry, params ? params : entry.params.make()};
  for (const Field& field : entry.params.fields) {
    double value = field.low;
    if (field.type == FieldType::integer) value = number<int>(resolved.params.get(), field);
    if (field.type == FieldType::integer64) value = number<int64_t>(resolved.params.get(), field);
    if (field.type == FieldType::real) value = number<double>(resolved.params.get(), field);
    if (field.type != FieldType::text && field.type != FieldType::texts && !(value >= field.low && value <= field.high))
      throw Error(ErrorKind::config, std::string("indicator ") + entry.name + "(" +
                                         params_text(entry.params, resolved.params.get()) + "): " + field.name +
                                         " must lie in " + std::to_string(field.low) + " .. " +
                                         std::to_string(field.high));
  }
  return resolved;
}

InstanceSet::InstanceSet(const Exec& exec, std::vector<ResolvedInstance> instances, int output, Precision precision)
    : exec_(exec), output_(output), precision_(precision), services_(services(exec)), sources_(exec, kBlockRows) {
  expect(exec.device == Device::cpu, "an InstanceSet runs on the CPU");
  int widest = 1;
  for (ResolvedInstance& instance : instances) {
    const IndicatorEntry& entry = *instance.entry;
    const FrameTable& frames = *entry.frames;
    Part part{instance, lanes_, entry.lookback(instance.params.get()), {}, {}, {}, nullptr, nullptr};
    part.coef.resize(static_cast<std::size_t>(frames.coef_bytes));
    if (frames.coef) frames.coef(instance.params.get(), part.coef.data());
    const int64_t reach = std::max<int64_t>(part.lookback, frames.ago);
    for (const Input& input : frames.inputs) part.views.push_back(sources_.add(input, reach));
    if (entry.kind == IndicatorKind::tick) part.lanes.resize(static_cast<std::size_t>(frames.lane_words));
    if (entry.kind == IndicatorKind::chain)
      part.run = std::make_unique<ChainRun>(exec, frames, instance.params, kBlockRows, sources_);
    if (frames.make_cache) part.cache = frames.make_cache(instance.params.get());
    lookback_ = std::max(lookback_, part.lookback);
    for (const TickColumn column : entry.tick_inputs) tick_columns_ |= 1u << static_cast<int>(column);
    if (!entry.tick_inputs.empty())
      tick_history_ = std::max<int64_t>(tick_history_, (part.run ? *frames.stages[0].frames : frames).ago);
    widest = std::max(widest, entry.outputs * std::max(frames.pack_lanes, frames.pack_lanes_float));
    lanes_ += kept_outputs(part);
    parts_.push_back(std::move(part));
  }
  sources_.start();
  make_groups();
  for (std::size_t index = 0; index < parts_.size(); ++index)
    if (parts_[index].what.entry->kind != IndicatorKind::recurrence) columns_.push_back(static_cast<int>(index));
  for (const int index : columns_) widest = std::max(widest, parts_[index].what.entry->outputs);
  scratch_ = Buffer<double>(static_cast<std::size_t>((widest + 2 * static_cast<int>(kPendingColumns)) * kBlockRows));
}

// Instances of one recurrence go together in the order given, a pack at a time; one alone stays a scalar.
void InstanceSet::make_groups() {
  std::vector<std::pair<const IndicatorEntry*, std::vector<int>>> by_entry;
  for (std::size_t index = 0; index < parts_.size(); ++index) {
    const IndicatorEntry* entry = parts_[index].what.entry;
    if (entry->kind != IndicatorKind::recurrence) continue;
    auto found = std::find_if(by_entry.begin(), by_entry.end(), [&](const auto& row) { return row.first == entry; });
    if (found == by_entry.end()) found = by_entry.insert(by_entry.end(), {entry, {}});
    found->second.push_back(static_cast<int>(index));
  }
  for (const auto& [entry, members] : by_entry) {
    const FrameTable& frames = *entry->frames;
    for (std::size_t first = 0; first < members.size();) {
      const std::size_t left = members.size() - first;
      Group group{&frames, {}, frames.scalar, 1, {}, {}, 0, -1};
      if (precision_ == Precision::float32 && frames.scalar_float) {
        group.run = left > 1 && frames.pack_float ? frames.pack_float : frames.scalar_float;
        group.width = left > 1 && frames.pack_float ? frames.pack_lanes_float : 1;
      } else if (left > 1 && frames.pack) {
        group.run = frames.pack;
        group.width = frames.pack_lanes;
      }
      const std::size_t width = static_cast<std::size_t>(group.width), taken = std::min(left, width);
      group.parts.assign(members.begin() + first, members.begin() + first + taken);
      first += taken;
      const int words = frames.coef_bytes / static_cast<int>(sizeof(double));
      group.coefs.resize(words * width);
      group.lanes.resize(frames.lane_words * width);
      for (std::size_t lane = 0; lane < width; ++lane) {
        const Part& part = parts_[group.parts[std::min(lane, taken - 1)]];
        group.steady_from = std::max(group.steady_from, part.lookback + 1);
        for (int word = 0; word < words; ++word)
          std::memcpy(&group.coefs[word * width + lane], part.coef.data() + word * sizeof(double), sizeof(double));
      }
      if (entry->outputs == 1 && taken == width && width > 1) {
        group.adjacent_lane = parts_[group.parts[0]].lane;
        for (std::size_t lane = 1; lane < width; ++lane)
          if (parts_[group.parts[lane]].lane != group.adjacent_lane + static_cast<int64_t>(lane)) {
            group.adjacent_lane = -1;
            break;
          }
      }
      groups_.push_back(std::move(group));
    }
  }
}

std::string InstanceSet::lane_name(int64_t lane) const {
  const auto after = std::upper_bound(parts_.begin(), parts_.end(), lane,
                                      [](int64_t wanted, const Part& part) { return wanted < part.lane; });
  expect(after != parts_.begin() && lane < lanes_, "a lane of this set");
  const Part& part = *(after - 1);
  const IndicatorEntry& entry = *part.what.entry;
  std::string name = entry.name;
  const std::string params = params_text(entry.params, part.what.params.get());
  if (!params.empty()) name += "(" + params + ")";
  const int64_t output = output_ < 0 ? lane - part.lane : output_;
  if (entry.outputs > 1) name += std::string(".") + entry.outputs_of[output].name;
  return name;
}

void InstanceSet::append(const BarRows& bars, const TickRows& ticks, const int64_t* tick_ends, Panel<double> out) {
  if (bars.rows == 0) return;
  expect(out.rows >= bars.rows && out.lanes >= lanes_, "the output panel holds every row and lane");
  expect(!needs_ticks() || tick_ends != nullptr, "tick indicators are given the bars' ticks");
  expect(ticks.rows == 0 || ticks.history >= tick_history_, "tick indicators are given the ticks before the bars'");
  for (int64_t first = 0; first < bars.rows; first += kBlockRows) {
    const int64_t count = std::min(kBlockRows, bars.rows - first);
    sources_.append(bars, first, count);
    const Panel<double> block = out.part(first, count);
    for (Group& group : groups_) run_group(group, count, block);
    if (!columns_.empty()) run_columns(bars, ticks, tick_ends, first, count, block);
    if (row_ < lookback_) blank_unready(count, block);
    row_ += count;
  }
}

void InstanceSet::run_group(Group& group, int64_t count, Panel<double> out) {
  const Part& leader = parts_[group.parts[0]];
  const int outputs = leader.what.entry->outputs, width = group.width;
  const std::size_t inputs = leader.views.size();
  InputView views[kMostInputs];
  for (std::size_t f = 0; f < inputs; ++f) views[f] = sources_.view(leader.views[f]);
  double* to[kMostOutputs];
  int64_t stride = width;
  const bool direct = group.adjacent_lane >= 0 || (width == 1 && outputs == 1);
  if (direct) {
    to[0] = out.data + (group.adjacent_lane >= 0 ? group.adjacent_lane : leader.lane);
    stride = out.stride;
  } else {
    for (int output = 0; output < outputs; ++output) to[output] = scratch_.data() + output * width * kBlockRows;
  }
  group.run(group.lanes.data(), group.coefs.data(), views, row_, count, group.steady_from, to, stride);
  if (direct) return;
  for (std::size_t lane = 0; lane < group.parts.size(); ++lane) {
    const Part& part = parts_[group.parts[lane]];
    for (int kept = 0; kept < kept_outputs(part); ++kept) {
      const double* from = to[output_ < 0 ? kept : output_] + lane;
      double* at = out.data + part.lane + kept;
      for (int64_t row = 0; row < count; ++row) at[row * out.stride] = from[row * width];
    }
  }
}

void InstanceSet::run_columns(const BarRows& bars, const TickRows& ticks, const int64_t* tick_ends, int64_t first_bar,
                              int64_t count, Panel<double> out) {
  std::vector<Pending>& pending = pending_;
  std::size_t used = 0;
  for (const int index : columns_) {
    Part& part = parts_[index];
    const IndicatorEntry& entry = *part.what.entry;
    if (used + entry.outputs > scratch_.size() / kBlockRows || pending.size() >= kPendingColumns) {
      flush(pending, count, out);
      used = 0;
    }
    double* to[kMostOutputs];
    for (int output = 0; output < entry.outputs; ++output) to[output] = scratch_.data() + (used + output) * kBlockRows;
    used += entry.outputs;
    run_column(part, bars, ticks, tick_ends, first_bar, count, to);
    for (int kept = 0; kept < kept_outputs(part); ++kept)
      pending.push_back({to[output_ < 0 ? kept : output_], part.lane + kept});
  }
  flush(pending, count, out);
}

void InstanceSet::run_column(Part& part, const BarRows& bars, const TickRows& ticks, const int64_t* tick_ends,
                             int64_t first_bar, int64_t count, double* const* to) {
  const IndicatorEntry& entry = *part.what.entry;
  const FrameTable& frames = *entry.frames;
  const double* columns[kTickColumns];
  for (std::size_t f = 0; f < entry.tick_inputs.size(); ++f) {
    columns[f] = ticks.column[static_cast<int>(entry.tick_inputs[f])];
    expect(columns[f] != nullptr || ticks.rows == 0, "a tick column that an indicator reads was not given");
  }
  if (part.run) return part.run->run(sources_, bars, ticks, tick_ends, first_bar, row_, count, to);
  if (entry.kind == IndicatorKind::tick)
    return frames.ticks(part.coef.data(), part.lanes.data(), columns, first_bar ? tick_ends[first_bar - 1] : 0,
                        tick_ends + first_bar, count, to);
  InputView views[kMostInputs];
  for (std::size_t f = 0; f < part.views.size(); ++f) views[f] = sources_.view(part.views[f]);
  if (part.cache) return frames.cached_window(part.cache.get(), views, row_, count, to);
  frames.window(part.coef.data(), views, count, to);
}

void InstanceSet::flush(std::vector<Pending>& pending, int64_t count, Panel<double> out) const {
  for (std::size_t first = 0; first < pending.size();) {
    const double* columns[64];
    std::size_t together = 0;
    while (together < 64 && first + together < pending.size() &&
           pending[first + together].lane == pending[first].lane + static_cast<int64_t>(together)) {
      columns[together] = pending[first + together].column;
      ++together;
    }
    services_.to_rows(columns, static_cast<int>(together), count, out.data + pending[first].lane, out.stride);
    first += together;
  }
  pending.clear();
}

void InstanceSet::blank_unready(int64_t count, Panel<double> out) const {
  for (const Part& part : parts_)
    for (int64_t at = 0; at < count && row_ + at < part.lookback; ++at)
      for (int kept = 0; kept < kept_outputs(part); ++kept)
        out(at, part.lane + kept) = std::numeric_limits<double>::quiet_NaN();
}

void InstanceSet::reset() {
  sources_.reset();
  for (Group& group : groups_) std::fill(group.lanes.begin(), group.lanes.end(), 0.0);
  for (Part& part : parts_) {
    std::fill(part.lanes.begin(), part.lanes.end(), 0.0);
    if (part.cache) part.cache = part.what.entry->frames->make_cache(part.what.params.get());
    if (part.run) part.run->reset();
  }
  row_ = 0;
}

}  // namespace tf::series
