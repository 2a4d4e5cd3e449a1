// A set of indicator instances computed together over one series: whole, in chunks, or one bar at a time, always to the
// same bits, because streaming is the same call with one row. State is carried from call to call.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cuda/series/catalogue.hpp"

namespace tf::series {

/// One indicator with its parameters.
struct Instance {
  std::string indicator;               ///< catalogue name
  std::shared_ptr<const void> params;  ///< of that indicator's type; null = its defaults
};

/// The entry of `name` for the level of `exec`. Throws Error{config} listing the candidates.
const IndicatorEntry& find_indicator(const Exec& exec, const std::string& name);

class FeatureSet {
 public:
  /// Runs on the CPU, at exec's level, whatever exec's device: one series has too few lanes for a GPU. Throws
  /// Error{config} for an unknown name or a parameter out of bounds.
  FeatureSet(const Exec& exec, std::vector<Instance> instances);
  ~FeatureSet();
  FeatureSet(FeatureSet&&) noexcept;

  int64_t outputs() const;                      ///< sum of the instances' outputs, in order: the lanes of the panel
  int64_t lookback() const;                     ///< the largest of its instances
  std::string output_name(int64_t lane) const;  ///< "rsi(period=14)" or "macd(fast=12,...).signal"

  /// Appends bars.rows rows: `ticks` holds the ticks of these bars end to end, bar b's being tick_ends[b-1] ..
  /// tick_ends[b] (tick_ends[-1] = 0); both may be empty when no instance reads ticks. Writes out[row][lane],
  /// NaN = not ready.
  void append(const BarRows& bars, const TickRows& ticks, const int64_t* tick_ends, Panel<double> out);
  /// Forgets everything: the next row is the first of a series.
  void reset();
  /// The state as bytes (checksummed, with the digest of the instances), and back; a stream continued from it goes on
  /// to the same bits.
  std::string save_state() const;
  void load_state(const std::string& bytes);  ///< throws Error{bad_data} for another set's state

  bool needs_ticks() const;
  uint32_t tick_columns() const;  ///< the columns of ticks it reads: bit 1 << TickColumn
  int64_t tick_history() const;   ///< how many ticks before those of append() it reads; NaN where there are none

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

/// Many parameter sets of one recurrence or window over one series: out[row][set] of the output numbered `output`.
/// Lanes of a Pack are parameters (recurrence) or bars (window); on a GPU a thread is a set (recurrence) or a bar x
/// set. `bars` and `out` are host memory. Throws Error{config} for a tick indicator, which cannot run over bars alone.
void run_parameters(const Exec& exec, const std::string& indicator, std::span<const std::shared_ptr<const void>> params,
                    const BarRows& bars, int output, Panel<double> out);

}  // namespace tf::series
