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
  FeatureSet(const Exec& exec, std::vector<Instance> instances, Precision precision = Precision::float64);
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

/// What is left of an output when it is not kept.
struct Totals {
  double sum = 0, last = 0;
};
/// The same reduced as it runs, nothing stored: out[set] (output = -1: out[set * outputs + output], all of them) sums
/// rows [counted_from, bars.rows), counted_from being at least every set's lookback, and keeps the last. On the CPU. A
/// recurrence sums row by row; everything else row % 8 by row % 8 in blocks of fixed size: one order, whatever the
/// register's width.
void reduce_parameters(const Exec& exec, const std::string& indicator,
                       std::span<const std::shared_ptr<const void>> params, const BarRows& bars, int output,
                       int64_t counted_from, std::span<Totals> out, Precision precision = Precision::float64);

/// One instance over a whole series that lies in memory, into columns: out[output] of bars.rows doubles each, a null
/// one being left out. The bits are those of a FeatureSet; a recurrence runs eight stretches of the series at once
/// (segment_frame.hpp). `ticks` and `tick_ends` as in FeatureSet::append. On the CPU.
void run_series(const Exec& exec, const Instance& instance, const BarRows& bars, const TickRows& ticks,
                const int64_t* tick_ends, double* const* out);

/// One instance over many equally long series side by side: columns[column] and out[output] are panels [row][series],
/// with the bits of each series alone. Lanes are series (recurrence) or rows (others). Bars alone; on the CPU.
void run_symbols(const Exec& exec, const Instance& instance, std::span<const Panel<const double>> columns,
                 std::span<const Panel<double>> out);

}  // namespace tf::series
