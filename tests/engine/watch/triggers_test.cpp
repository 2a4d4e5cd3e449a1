#include "engine/watch/triggers.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>

#include "../small_market.hpp"
#include "cuda/base/philox.hpp"
#include "engine/registry/durable_file.hpp"
#include "engine/watch/canary.hpp"
#include "engine/watch/nightly.hpp"

using namespace tf;

namespace {

/// A table of `days` days with `rows` rows of one AR(1) feature; the last `shifted` days are shifted by `shift`.
features::Table ar1(int days, int rows, double rho, int shifted, double shift, uint64_t seed) {
  features::Table table;
  table.schema.names = {"x"};
  table.values = Buffer<double>(static_cast<std::size_t>(days) * rows);
  const RandomStream random{seed, Purpose::test, 0};
  double value = 0;
  for (int day = 0; day < days; ++day) {
    table.days.push_back({Day{day}, int64_t{day} * rows, rows, 0, ""});
    for (int row = 0; row < rows; ++row) {
      const auto at = static_cast<uint64_t>(day) * rows + row;
      double noise = -6;
      for (uint64_t part = 0; part < 12; ++part) noise += random.uniform(at * 12 + part);
      value = rho * value + noise * std::sqrt(1 - rho * rho);
      table.values[at] = value + (day >= days - shifted ? shift : 0);
      table.bars.known_ts.push_back(static_cast<int64_t>(at));
    }
  }
  return table;
}

}  // namespace

TEST_CASE(
    "the drift threshold is calibrated on contiguous windows: autocorrelated features do not cry wolf, a shift is "
    "seen") {
  int false_alarms = 0, hits = 0;
  const int histories = 60;
  for (int history = 0; history < histories; ++history) {
    const auto calm = watch::feature_drift(ar1(33, 200, 0.95, 0, 0, static_cast<uint64_t>(history)), 30, 3, 0.05);
    const auto moved = watch::feature_drift(ar1(33, 200, 0.95, 3, 1.5, static_cast<uint64_t>(history)), 30, 3, 0.05);
    REQUIRE(calm.size() == 1);
    false_alarms += calm[0].alarm;
    hits += moved[0].alarm;
  }
  CHECK(false_alarms <= histories / 5);
  CHECK(hits >= histories * 9 / 10);
}

TEST_CASE("a feature that is never ready has no threshold and raises no alarm") {
  features::Table table = ar1(10, 50, 0, 0, 0, 1);
  for (std::size_t at = 0; at < table.values.size(); ++at) table.values[at] = std::nan("");
  const auto drift = watch::feature_drift(table, 8, 2, 0.05);
  CHECK(!drift[0].alarm);
}

TEST_CASE("equal bits are told apart to the last one, and NaN equals NaN") {
  CHECK(watch::same_bits(1.5, 1.5));
  CHECK(!watch::same_bits(1.5, std::nextafter(1.5, 2)));
  CHECK(!watch::same_bits(0.0, -0.0));
  CHECK(watch::same_bits(std::nan("1"), std::nan("2")));
  CHECK(!watch::same_bits(std::nan(""), 1));
}

TEST_CASE("the last success in the metrics survives a failed night") {
  const ScratchFolder folder;
  watch::Night night;
  night.as_of = Day{20000};
  watch::write_metrics(folder / "m.prom", night, 0, 1.5, 1000);
  CHECK(registry::read_file(folder / "m.prom").find("tickfold_night_success_timestamp_seconds 1000\n") !=
        std::string::npos);
  watch::write_metrics(folder / "m.prom", night, 65, 0.5, 2000);
  const std::string text = registry::read_file(folder / "m.prom");
  CHECK(text.find("tickfold_night_success_timestamp_seconds 1000\n") != std::string::npos);
  CHECK(text.find("tickfold_night_exit_code 65\n") != std::string::npos);
}

TEST_CASE("an event is recorded once, however often a night is resumed") {
  const ScratchFolder folder;
  registry::Registry registry(folder / "registry");
  const registry::AuditEvent event{"trigger", "nightly", "key", "schedule", "{}", 5};
  watch::audit_once(registry, event);
  watch::audit_once(registry, event);
  CHECK(registry.audit().size() == 1);
  watch::audit_once(registry, {"trigger", "nightly", "key", "drift", "{}", 5});
  CHECK(registry.audit().size() == 2);
}
