#include "data/export.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "cuda/base/error.hpp"
#include "data/arrow/arrow_library.hpp"
#include "data/export_rows.hpp"
#include "data/export_sink.hpp"
#include "data/store/digest.hpp"

namespace tf::data {
namespace {

constexpr std::size_t kFlushBytes = 1 << 18;

constexpr const char* kKindNames[] = {"none",       "trade",  "best_bid",   "best_ask",     "depth_bid",
                                      "depth_ask",  "clear",  "order_add",  "order_modify", "order_cancel",
                                      "order_fill", "status", "trade_break"};

template <class Number>
void append_number(Number value, std::string& out) {
  char text[24];
  out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

__extension__ typedef __int128 Wide;

}  // namespace

const char* kind_name(uint32_t flags) {
  const uint32_t kind = flags & kKindMask;
  return kind < std::size(kKindNames) ? kKindNames[kind] : "none";
}

const char* side_name(uint32_t flags) { return flags & kFlagBuy ? "buy" : flags & kFlagSell ? "sell" : ""; }

double size_step(const Instrument& instrument) { return instrument.lot_size > 0 ? instrument.lot_size : 1; }

StepText::StepText(double step) : step_(shortest_decimal(step)) {
  expect(step > 0 && step_.mantissa > 0, "a step is above 0");
}

void StepText::append(int64_t steps, std::string& out) const {
  Wide value = static_cast<Wide>(steps) * step_.mantissa;
  if (value < 0) {
    out += '-';
    value = -value;
  }
  char digits[64];
  int count = 0;
  do {
    digits[count++] = static_cast<char>('0' + static_cast<int>(value % 10));
    value /= 10;
  } while (value > 0);
  if (step_.exponent >= 0) {
    while (count > 0) out += digits[--count];
    if (steps != 0) out.append(static_cast<std::size_t>(step_.exponent), '0');
    return;
  }
  const int places = -step_.exponent;
  for (int digit = std::max(count, places + 1) - 1; digit >= 0; --digit) {
    out += digit < count ? digits[digit] : '0';
    if (digit == places) out += '.';
  }
}

double StepText::value(int64_t steps) const {
  std::string text;
  append(steps, text);
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void for_each_span(const ExportRequest& request, const TickStore& store,
                   const std::function<void(Day, const TickSpan&)>& visit, std::vector<std::string>& digests) {
  std::vector<Day> days = request.days;
  const std::vector<DayInfo> infos = store.days(request.instrument);
  if (days.empty())
    for (const DayInfo& info : infos) days.push_back(info.day);
  std::sort(days.begin(), days.end());
  for (const DayInfo& info : infos)
    if (std::binary_search(days.begin(), days.end(), info.day)) digests.push_back(info.content_digest);
  ReadOptions options;
  options.from_ts = request.from_ts;
  options.to_ts = request.to_ts;
  const std::unique_ptr<TickReader> reader = store.read(request.instrument, days, options);
  const auto day_number = [&](Day day) {
    return static_cast<double>(std::lower_bound(days.begin(), days.end(), day) - days.begin());
  };
  while (const TickBlock* block = reader->next()) {
    if (request.progress)
      request.progress("exporting " + to_text(block->day), day_number(block->day) / static_cast<double>(days.size()));
    if (block->ticks.size() > 0) visit(block->day, block->ticks);
  }
}

int64_t export_csv(const ExportRequest& request, const TickStore& store, ExportReport& report) {
  const Instrument instrument = store.instrument(request.instrument);
  ExportFile file(request.path, request.replace);
  const std::unique_ptr<PackedText> text = make_packed_text(file, request.path);
  const StepText px(request.raw ? 1 : instrument.tick_size), qty(request.raw ? 1 : size_step(instrument));
  std::string rows;
  for (const char* column : kExportColumns) rows += (rows.empty() ? "" : ",") + std::string(column);
  rows += '\n';
  int64_t ticks = 0;
  for_each_span(
      request, store,
      [&](Day, const TickSpan& span) {
        for (std::size_t row = 0; row < span.size(); ++row) {
          append_number(span.exch_ts[row], rows);
          rows += ',';
          append_number(span.local_ts[row], rows);
          rows += ',';
          rows += kind_name(span.flags[row]);
          rows += ',';
          rows += side_name(span.flags[row]);
          rows += ',';
          px.append(span.px[row], rows);
          rows += ',';
          qty.append(span.qty[row], rows);
          rows += ',';
          append_number(span.order_id.empty() ? 0 : span.order_id[row], rows);
          rows += ',';
          append_number(span.flags[row], rows);
          rows += '\n';
          if (rows.size() >= kFlushBytes) {
            text->write(rows);
            rows.clear();
          }
        }
        ticks += static_cast<int64_t>(span.size());
      },
      report.content_digests);
  text->write(rows);
  text->finish();
  file.publish();
  return ticks;
}

int64_t export_parquet(const ExportRequest& request, const TickStore& store, ExportReport& report) {
  const Instrument instrument = store.instrument(request.instrument);
  const ArrowLibrary& library = arrow_library();
  ExportFile file(request.path, request.replace);
  using Type = ForeignColumn::Type;
  const Type number = request.raw ? Type::int64 : Type::float64;
  const ArrowColumn columns[] = {{"exch_ts", Type::time_ns},
                                 {"local_ts", Type::time_ns},
                                 {"kind", Type::text},
                                 {"side", Type::text},
                                 {"px", number},
                                 {"qty", number},
                                 {"order_id", Type::uint64},
                                 {"flags", Type::int64}};
  std::string tick, lot;
  const StepText px(instrument.tick_size), qty(size_step(instrument));
  px.append(1, tick);
  qty.append(1, lot);
  const std::unique_ptr<ArrowWriter> writer = library.create_parquet(file.temporary(), columns,
                                                                     {{"tickfold.instrument", request.instrument},
                                                                      {"tickfold.tick_size", tick},
                                                                      {"tickfold.lot_size", lot},
                                                                      {"tickfold.zone", instrument.zone},
                                                                      {"tickfold.currency", instrument.currency}});
  int64_t ticks = 0;
  const auto copy = [](auto from, auto convert) {
    std::vector<decltype(convert(from[0]))> to;
    to.reserve(from.size());
    for (const auto& value : from) to.push_back(convert(value));
    return ForeignValues{std::move(to), {}};
  };
  const auto steps = [&](std::span<const int64_t> from, const StepText& text) {
    return request.raw ? copy(from, [](int64_t value) { return value; })
                       : copy(from, [&](int64_t value) { return text.value(value); });
  };
  const auto same = [](int64_t value) { return value; };
  for_each_span(
      request, store,
      [&](Day, const TickSpan& span) {
        ForeignBatch batch;
        batch.first_row = ticks;
        batch.rows = static_cast<int64_t>(span.size());
        batch.columns.push_back(copy(span.exch_ts, same));
        batch.columns.push_back(copy(span.local_ts, same));
        batch.columns.push_back(copy(span.flags, [](uint32_t flags) { return std::string(kind_name(flags)); }));
        batch.columns.push_back(copy(span.flags, [](uint32_t flags) { return std::string(side_name(flags)); }));
        batch.columns.push_back(steps(span.px, px));
        batch.columns.push_back(steps(span.qty, qty));
        batch.columns.push_back(span.order_id.empty() ? ForeignValues{std::vector<uint64_t>(span.size()), {}}
                                                      : copy(span.order_id, [](uint64_t value) { return value; }));
        batch.columns.push_back(copy(span.flags, [](uint32_t flags) { return static_cast<int64_t>(flags); }));
        writer->write(batch);
        ticks += batch.rows;
      },
      report.content_digests);
  writer->finish();
  file.publish();
  return ticks;
}

ExportReport export_ticks(const ExportRequest& request, const TickStore& store) {
  ExportReport report;
  store.instrument(request.instrument);
  if (request.from_ts >= request.to_ts)
    throw Error(ErrorKind::usage, "export: the range is empty: from is not before to");
  if (request.format == "csv") {
    report.ticks = export_csv(request, store, report);
  } else if (request.format == "parquet") {
    report.ticks = export_parquet(request, store, report);
  } else if (request.format == "npz") {
    report.ticks = export_npz(request, store, report);
  } else {
    throw Error(ErrorKind::usage, "export: unknown format '" + request.format + "'; there are: csv, parquet, npz");
  }
  report.bytes = static_cast<int64_t>(std::filesystem::file_size(request.path));
  report.sha256 = file_sha256(request.path);
  return report;
}

}  // namespace tf::data
