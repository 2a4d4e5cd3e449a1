#include "cuda/series/columns.hpp"

#include "cuda/base/error.hpp"
#include "cuda/series/frames.hpp"
#include "cuda/series/services.hpp"

namespace tf::series {

const char* column_name(BarColumn column) {
  static const char* const names[kBarColumns] = {
      "open", "high", "low",  "close",    "volume",        "buy_volume",  "sell_volume", "ticks",
      "bid",  "ask",  "vwap", "clock_ns", "since_open_ns", "to_close_ns", "weekday",     "reference"};
  return names[static_cast<int>(column)];
}

const char* column_name(TickColumn column) {
  static const char* const names[kTickColumns] = {
      "bid",          "ask",          "bid_size",   "ask_size",       "signed_size",
      "trade_px",     "trade_size",   "time_ns",    "bid_depth",      "ask_depth",
      "bid_depth_px", "ask_depth_px", "added_size", "cancelled_size", "reference_mid"};
  return names[static_cast<int>(column)];
}

int raw_columns(const Input& input, BarColumn (&columns)[kMostRawColumns]) {
  int count = 0;
  const auto add = [&](BarColumn column) { columns[count++] = column; };
  switch (input.transform) {
    case Transform::true_range:
    case Transform::typical:
    case Transform::weighted:
      for (const BarColumn column : {BarColumn::high, BarColumn::low, BarColumn::close}) add(column);
      break;
    case Transform::average:
      for (const BarColumn column : {BarColumn::open, BarColumn::high, BarColumn::low, BarColumn::close}) add(column);
      break;
    case Transform::difference:
    case Transform::product:
    case Transform::mean_of:
    case Transform::log_quotient:
    case Transform::log_gap:
      add(input.column);
      add(input.with);
      break;
    default:
      add(input.column);
  }
  return count;
}

const char* kind_name(IndicatorKind kind) {
  static const char* const names[] = {"recurrence", "window", "tick", "chain"};
  return names[static_cast<int>(kind)];
}

const char* stability_name(Stability stability) {
  static const char* const names[] = {"exact", "epsilon", "converging"};
  return names[static_cast<int>(stability)];
}

std::vector<BarColumn> raw_bar_columns(const FrameTable& frames) {
  bool reads[kBarColumns] = {};
  const auto add = [&](const FrameTable& table) {
    for (const Input& input : table.inputs) {
      BarColumn columns[kMostRawColumns];
      const int count = raw_columns(input, columns);
      for (int at = 0; at < count; ++at)
        if (static_cast<int>(columns[at]) < kBarColumns) reads[static_cast<int>(columns[at])] = true;
    }
  };
  add(frames);
  for (const Stage& stage : frames.stages) add(*stage.frames);
  std::vector<BarColumn> columns;
  for (int column = 0; column < kBarColumns; ++column)
    if (reads[column]) columns.push_back(static_cast<BarColumn>(column));
  return columns;
}

const ServiceTable& services(const Exec& exec) {
  if (exec.device == Device::cuda) {
#if defined(TF_WITH_CUDA)
    return services_cuda();
#else
    throw Error(ErrorKind::no_device, "built without CUDA");
#endif
  }
  return exec.level == CpuLevel::v4 ? services_v4() : services_v3();
}

}  // namespace tf::series
