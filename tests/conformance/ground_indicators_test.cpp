// What every indicator of the catalogue owes, whoever wrote it. Each property is checked for the defaults and for
// random parameters within the described bounds.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "cuda/base/error.hpp"
#include "cuda/series/parameter_run.hpp"
#include "tests/cuda/series/sample_rows.hpp"

using namespace tf;
using namespace tf::series;
using sample::append_all;
using sample::first_difference;
using sample::Rows;

namespace {

constexpr int64_t kRows = 6000;
const Rows& market() {
  static const Rows rows = sample::make_rows(kRows);
  return rows;
}

Exec level(CpuLevel wanted) {
  Exec exec;
  exec.level = wanted;
  return exec;
}
const Exec kExec = level(CpuLevel::v3);

/// Defaults first, then random parameters whose lookback leaves rows to look at.
std::vector<Instance> draws(const IndicatorEntry& entry, int count, int64_t longest = 700) {
  std::vector<Instance> instances{{entry.name, entry.params.make()}};
  uint64_t key = 0;
  for (const char* letter = entry.name; *letter; ++letter) key = key * 31 + static_cast<unsigned char>(*letter);
  const RandomStream random{key, Purpose::test, 1};
  uint64_t draw = 0;
  while (!entry.params.fields.empty() && static_cast<int>(instances.size()) < count) {
    const std::shared_ptr<void> params = entry.params.make();
    for (const Field& field : entry.params.fields) {
      const double high = std::min(field.high, 400.0), u = random.uniform(draw++);
      char* member = static_cast<char*>(params.get()) + field.offset;
      // Small ones as often as large ones; every few draws a bound itself.
      const double value = random.below(draw++, 8) == 0 ? field.low : field.low + (high - field.low) * u * u * u;
      if (field.type == FieldType::integer) *reinterpret_cast<int*>(member) = static_cast<int>(value);
      if (field.type == FieldType::integer64) *reinterpret_cast<int64_t*>(member) = static_cast<int64_t>(value);
      if (field.type == FieldType::real) *reinterpret_cast<double*>(member) = value;
    }
    if (entry.lookback(params.get()) <= longest) instances.push_back({entry.name, params});
  }
  return instances;
}

/// Whether a state is carried from row to row, which a poisoned row may spoil for good.
bool remembers(const IndicatorEntry& entry) {
  const auto has_state = [](const FrameTable& frames) { return frames.lane_words > 0; };
  if (has_state(*entry.frames)) return true;
  for (const Stage& stage : entry.frames->stages)
    if (has_state(*stage.frames)) return true;
  return false;
}

void for_each_indicator(int count, const std::function<void(const IndicatorEntry&, const Instance&)>& check) {
  for (const indicator_catalogue::Row& row : indicator_catalogue::rows()) {
    const IndicatorEntry& entry = row.v3();
    for (const Instance& instance : draws(entry, count)) {
      const std::string text = std::string(entry.name) + "(" + params_text(entry.params, instance.params.get()) + ")";
      INFO(text);
      check(entry, instance);
    }
  }
}

std::vector<Instance> whole_catalogue(int count) {
  std::vector<Instance> all;
  for_each_indicator(count, [&](const IndicatorEntry&, const Instance& instance) { all.push_back(instance); });
  return all;
}

/// The columns of one lane, or of several, out of a row-major result.
std::vector<double> lanes_of(const std::vector<double>& values, int64_t stride, int64_t lane, int64_t count) {
  std::vector<double> picked;
  for (std::size_t row = 0; row * stride < values.size(); ++row)
    for (int64_t at = lane; at < lane + count; ++at) picked.push_back(values[row * stride + at]);
  return picked;
}

}  // namespace

TEST_CASE("the catalogue describes its indicators: help, outputs, inputs, launchable frames") {
  CHECK(indicator_catalogue::rows().size() >= 10);
  for (const indicator_catalogue::Row& row : indicator_catalogue::rows())
    for (const CpuLevel one : {CpuLevel::v3, CpuLevel::v4}) {
      if (one == CpuLevel::v4 && !probe_devices().has_v4) continue;  // its table is built by AVX-512 code
      const IndicatorEntry* entry = &find_indicator(level(one), row.name);
      CHECK(std::string(entry->name) == row.name);
      CHECK(std::string(entry->help).size() > 10);
      CHECK(entry->outputs >= 1);
      CHECK(std::string(entry->source).size() > 5);
      CHECK(static_cast<int>(entry->outputs_of.size()) == entry->outputs);
      for (const Output& output : entry->outputs_of) CHECK((output.name && output.unit && output.low < output.high));
      CHECK(entry->tick_inputs.size() + entry->bar_inputs.size() >= 1);
      if (entry->kind == IndicatorKind::chain)
        CHECK(entry->frames->stages.size() >= 2);
      else if (can_launch(*entry))
        CHECK((entry->kind == IndicatorKind::tick ? entry->frames->launch_ticks != nullptr
                                                  : entry->frames->launch_parameters != nullptr));
    }
}

TEST_CASE("an unknown name lists the candidates, a parameter out of bounds is refused") {
  CHECK_THROWS_WITH_AS(FeatureSet(kExec, {{"emma", nullptr}}), doctest::Contains("ema"), Error);
  CHECK_THROWS_WITH_AS(FeatureSet(kExec, {sample::instance(kExec, "ema", {0})}), doctest::Contains("period"), Error);
}

TEST_CASE("an indicator gives the same bits in chunks of 1, 7, 4096 and whole") {
  for_each_indicator(6, [](const IndicatorEntry&, const Instance& instance) {
    FeatureSet set(kExec, {instance});
    const std::vector<double> whole = append_all(set, market(), 0, kRows, kRows);
    for (const int64_t chunk : {1, 7, 4096}) {
      INFO("chunk ", chunk);
      set.reset();
      CHECK(sample::same_bits(append_all(set, market(), 0, kRows, chunk), whole));
    }
  });
}

TEST_CASE("a set of all indicators gives the same bits in chunks of 1, 7, 4096 and whole") {
  FeatureSet set(kExec, whole_catalogue(5));
  const std::vector<double> whole = append_all(set, market(), 0, kRows, kRows);
  for (const int64_t chunk : {1, 7, 4096}) {
    set.reset();
    CHECK(sample::same_bits(append_all(set, market(), 0, kRows, chunk), whole));
  }
}

TEST_CASE("what comes after a row changes nothing at or before it") {
  struct Known {
    Instance instance;
    int outputs;
    std::vector<double> values;
  };
  std::vector<Known> known;
  for_each_indicator(3, [&](const IndicatorEntry& entry, const Instance& instance) {
    known.push_back({instance, entry.outputs, sample::values_of(kExec, instance, market())});
  });
  for (const int64_t cut : {0, 1, 5, 37, 255, 256, 1000, 1001, 2047, 5000})
    for (const double poison : {std::nan(""), 1e30, -7.25}) {
      Rows rows = market();
      const RandomStream random{static_cast<uint64_t>(cut), Purpose::test, 2};
      for (std::vector<double>& column : rows.bar)
        for (int64_t row = cut + 1; row < kRows; ++row) column[row] = poison == -7.25 ? random.uniform(row) : poison;
      for (std::vector<double>& column : rows.tick)
        for (std::size_t tick = sample::kTickHistory + rows.ends[cut]; tick < column.size(); ++tick)
          column[tick] = poison;
      for (const Known& one : known) {
        INFO(one.instance.indicator, " after row ", cut);
        const std::vector<double> seen = sample::values_of(kExec, one.instance, rows);
        CHECK(first_difference(one.values.data(), seen.data(), (cut + 1) * one.outputs) == -1);
      }
    }
}

TEST_CASE("a series cut short agrees with the whole one up to its end") {
  for_each_indicator(3, [](const IndicatorEntry& entry, const Instance& instance) {
    const std::vector<double> truth = sample::values_of(kExec, instance, market());
    for (const int64_t length : {1, 2, 100, 257, 999, 4097}) {
      FeatureSet set(kExec, {instance});
      const std::vector<double> cut = append_all(set, market(), 0, length, length);
      CHECK(first_difference(truth.data(), cut.data(), length * entry.outputs) == -1);
    }
  });
}

TEST_CASE("exactly lookback rows are NaN, then every output is finite") {
  for_each_indicator(12, [](const IndicatorEntry& entry, const Instance& instance) {
    const std::vector<double> values = sample::values_of(kExec, instance, market());
    const int64_t lookback = entry.lookback(instance.params.get());
    int64_t wrong = 0;
    for (int64_t at = 0; at < kRows * entry.outputs; ++at)
      wrong += at / entry.outputs < lookback ? !std::isnan(values[at]) : !std::isfinite(values[at]);
    CHECK(wrong == 0);
  });
}

TEST_CASE("ready values lie in the range that the catalogue tells") {
  for_each_indicator(12, [](const IndicatorEntry& entry, const Instance& instance) {
    const std::vector<double> values = sample::values_of(kExec, instance, market());
    int64_t wrong = 0;
    for (int64_t at = 0; at < kRows * entry.outputs; ++at) {
      const Output& output = entry.outputs_of[at % entry.outputs];
      const double slack = 1e-9 * (1 + std::abs(values[at]));
      wrong += values[at] < output.low - slack || values[at] > output.high + slack;
    }
    CHECK(wrong == 0);
  });
}

TEST_CASE("a value of exact stability does not know where its series began") {
  for_each_indicator(6, [](const IndicatorEntry& entry, const Instance& instance) {
    if (entry.stability != Stability::exact) return;
    const int64_t skipped = 1234, lookback = entry.lookback(instance.params.get());
    const std::vector<double> whole = sample::values_of(kExec, instance, market());
    FeatureSet set(kExec, {instance});
    const std::vector<double> later = append_all(set, market(), skipped, kRows - skipped, 97);
    CHECK(first_difference(whole.data() + (skipped + lookback) * entry.outputs, later.data() + lookback * entry.outputs,
                           (kRows - skipped - lookback) * entry.outputs) == -1);
  });
}

TEST_CASE("a converging value forgets where its series began") {
  for_each_indicator(3, [](const IndicatorEntry& entry, const Instance& instance) {
    if (entry.stability != Stability::converging || entry.lookback(instance.params.get()) > 60) return;
    const std::vector<double> whole = sample::values_of(kExec, instance, market());
    FeatureSet set(kExec, {instance});
    const std::vector<double> later = append_all(set, market(), 1234, kRows - 1234, kRows);
    for (int output = 0; output < entry.outputs; ++output)
      CHECK(whole[(kRows - 1) * entry.outputs + output] ==
            doctest::Approx(later[(kRows - 1235) * entry.outputs + output]).epsilon(1e-9));
  });
}

TEST_CASE("the levels v3 and v4 give the same bits") {
  if (!probe_devices().has_v4) {
    MESSAGE("skipped: this CPU has no AVX-512");
    return;
  }
  const std::vector<Instance> all = whole_catalogue(8);
  FeatureSet narrow(level(CpuLevel::v3), all), wide(level(CpuLevel::v4), all);
  CHECK(sample::same_bits(append_all(narrow, market(), 0, kRows, 501), append_all(wide, market(), 0, kRows, kRows)));
  wide.load_state(narrow.save_state());
  CHECK(sample::same_bits(append_all(narrow, market(), 0, 999, 999), append_all(wide, market(), 0, 999, 999)));
}

TEST_CASE("neighbours and their order change no bit of an instance") {
  std::vector<Instance> all = whole_catalogue(7);
  FeatureSet forward(kExec, all);
  const std::vector<double> truth = append_all(forward, market(), 0, kRows, kRows);
  std::reverse(all.begin(), all.end());
  FeatureSet backward(kExec, all);
  const std::vector<double> reversed = append_all(backward, market(), 0, kRows, kRows);
  int64_t lane = 0, last = forward.outputs();
  for (auto instance = all.rbegin(); instance != all.rend(); ++instance) {
    const int outputs = find_indicator(kExec, instance->indicator).outputs;
    last -= outputs;
    INFO(forward.output_name(lane));
    CHECK(forward.output_name(lane) == backward.output_name(last));
    const std::vector<double> here = lanes_of(truth, forward.outputs(), lane, outputs);
    CHECK(sample::same_bits(here, lanes_of(reversed, backward.outputs(), last, outputs)));
    CHECK(sample::same_bits(here, sample::values_of(kExec, *instance, market())));
    lane += outputs;
  }
}

TEST_CASE("many parameters in packs, and as launched items, give the bits of each alone") {
  for (const indicator_catalogue::Row& row : indicator_catalogue::rows()) {
    const IndicatorEntry& entry = row.v3();
    if (!entry.tick_inputs.empty()) continue;
    INFO(entry.name);
    const std::vector<Instance> instances = draws(entry, 11);
    const int64_t sets = static_cast<int64_t>(instances.size());
    std::vector<std::shared_ptr<const void>> params;
    std::vector<ResolvedInstance> resolved;
    for (const Instance& instance : instances) {
      params.push_back(instance.params);
      resolved.push_back(resolve(entry, instance.params));
    }
    for (int output = 0; output < entry.outputs; ++output) {
      Buffer<double> packed(kRows * sets), launched(kRows * sets);
      run_parameters(kExec, entry.name, params, market().bars(0, kRows), output, packed.panel(kRows, sets));
      const bool launches = can_launch(entry);
      if (launches)
        launch_parameters(kExec, resolved, market().bars(0, kRows), output, launched.panel(kRows, sets), 1000);
      for (int64_t set = 0; set < sets; ++set) {
        const std::vector<double> alone =
            lanes_of(sample::values_of(kExec, instances[set], market()), entry.outputs, output, 1);
        int64_t differ = 0;
        for (int64_t at = 0; at < kRows; ++at)
          differ += first_difference(&alone[at], &packed[at * sets + set], 1) != -1 ||
                    (launches && first_difference(&alone[at], &launched[at * sets + set], 1) != -1);
        CHECK(differ == 0);
      }
    }
  }
}

TEST_CASE("tick indicators as launched items give the bits of the set") {
  for_each_indicator(4, [](const IndicatorEntry& entry, const Instance& instance) {
    if (entry.tick_inputs.empty()) return;
    std::vector<double> launched(kRows * entry.outputs);
    const Panel<double> out{launched.data(), kRows, entry.outputs, entry.outputs};
    const ResolvedInstance resolved = resolve(entry, instance.params);
    if (entry.kind == IndicatorKind::tick)
      launch_ticks(kExec, resolved, market().ticks(0, kRows), market().ends.data(), kRows, out);
    else
      launch_chain(kExec, resolved, market().bars(0, kRows), market().ticks(0, kRows), market().ends.data(), out);
    CHECK(sample::same_bits(launched, sample::values_of(kExec, instance, market())));
  });
}

TEST_CASE("a state saved mid-stream goes on to the same bits; another set's or a damaged one is refused") {
  const std::vector<Instance> all = whole_catalogue(6);
  FeatureSet straight(kExec, all);
  const std::vector<double> truth = append_all(straight, market(), 0, kRows, kRows);
  const int64_t lanes = straight.outputs();
  for (const int64_t cut : {0, 1, 13, 300, 2500}) {
    FeatureSet before(kExec, all), after(kExec, all);
    append_all(before, market(), 0, cut, 11);
    const std::string state = before.save_state();
    append_all(after, market(), 0, 50, 50);
    after.load_state(state);
    const std::vector<double> rest = append_all(after, market(), cut, kRows - cut, 129);
    CHECK(first_difference(truth.data() + cut * lanes, rest.data(), (kRows - cut) * lanes) == -1);
  }
  FeatureSet other(kExec, {{"ema", nullptr}});
  CHECK_THROWS_AS(other.load_state(straight.save_state()), Error);
  std::string state = straight.save_state();
  state[state.size() / 2] ^= 1;
  CHECK_THROWS_AS(straight.load_state(state), Error);
  CHECK_THROWS_AS(straight.load_state(""), Error);
  CHECK_THROWS_AS(straight.load_state(straight.save_state().substr(0, 64)), Error);
}

TEST_CASE("non-finite inputs do not crash, and windows recover once they have left") {
  for_each_indicator(4, [](const IndicatorEntry& entry, const Instance& instance) {
    for (const double poison : {std::nan(""), HUGE_VAL, -HUGE_VAL, 1e308, -1.0, 0.0}) {
      Rows rows = market();
      for (std::vector<double>& column : rows.bar) column[1500] = poison;
      for (std::vector<double>& column : rows.tick) column[sample::kTickHistory + rows.ends[1500] - 1] = poison;
      const std::vector<double> truth = sample::values_of(kExec, instance, market());
      const std::vector<double> seen = sample::values_of(kExec, instance, rows);
      if (remembers(entry)) continue;
      // The first bar that reads nothing of the poisoned one, by itself or by ticks it looks back to.
      int64_t clean = 1502;
      while (!entry.tick_inputs.empty() &&
             rows.tick_begin(clean) < rows.ends[1500] + FeatureSet(kExec, {instance}).tick_history())
        ++clean;
      clean += entry.lookback(instance.params.get());
      CHECK(first_difference(&truth[clean * entry.outputs], &seen[clean * entry.outputs],
                             (kRows - clean) * entry.outputs) == -1);
    }
  });
}

TEST_CASE("a series of no rows and a set of no instances are nothing, not errors") {
  FeatureSet empty(kExec, {});
  CHECK(empty.outputs() == 0);
  CHECK(append_all(empty, market(), 0, 10, 10).empty());
  FeatureSet one(kExec, {{"ema", nullptr}});
  one.append(market().bars(0, 0), {}, nullptr, {});
  run_parameters(kExec, "ema", {}, market().bars(0, 10), 0, {nullptr, 10, 0, 0});
}
