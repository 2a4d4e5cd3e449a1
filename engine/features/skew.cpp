#include "engine/features/skew.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>

#include "cuda/base/parallel.hpp"

namespace tf::features {
namespace {

bool same_bits(double a, double b) {
  return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b) || (std::isnan(a) && std::isnan(b));
}

std::string exact(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.17g", value);
  return text;
}

struct LoadedDay {
  Day day;
  TickColumns ticks, reference;
};

/// One stream over all the days, `piece` ticks at a time; the reference's ticks come before those of a later time.
void feed(Stream& stream, const std::vector<LoadedDay>& days, int64_t piece, const RowSink& sink) {
  for (const LoadedDay& day : days) {
    stream.begin_day(day.day);
    const TickSpan ticks = day.ticks.span(), reference = day.reference.span();
    std::size_t fed = 0;
    for (std::size_t at = 0; at < ticks.size();) {
      const std::size_t count = std::min<std::size_t>(static_cast<std::size_t>(piece), ticks.size() - at);
      const TickSpan part = ticks.part(at, count);
      if (reference.size()) {
        const int64_t until = *std::max_element(part.local_ts.begin(), part.local_ts.end());
        std::size_t end = fed;
        while (end < reference.size() && reference.local_ts[end] <= until) ++end;
        stream.push_reference(reference.part(fed, end - fed));
        fed = end;
      }
      stream.push(part, sink);
      at += count;
    }
    stream.end_day(sink);
  }
}

Skew skew_of(const Exec& exec, const Spec& spec, const data::TickStore& store, const std::string& instrument,
             const std::vector<data::DayInfo>& infos, std::span<const int64_t> pieces) {
  const Table table = compute(exec, spec, store, instrument, infos);
  std::vector<LoadedDay> days;
  for (const data::DayInfo& info : infos) {
    LoadedDay& day = days.emplace_back();
    day.day = info.day;
    day.ticks = store.read_day(instrument, info.day);
    if (!spec.reference.empty() && store.has_day(spec.reference, info.day))
      day.reference = store.read_day(spec.reference, info.day);
  }
  const Instrument of = store.instrument(instrument);
  Skew skew;
  for (const int64_t piece : pieces) {
    const std::string how = piece == INT64_MAX ? "whole days" : "pieces of " + std::to_string(piece);
    skew.merge(compare_rows(table, how, [&](const RowSink& sink) {
      Stream stream(exec, spec, of);
      feed(stream, days, piece, sink);
    }));
  }
  skew.rows = table.rows();
  return skew;
}

}  // namespace

void Skew::merge(const Skew& other) {
  rows += other.rows;
  values += other.values;
  ready += other.ready;
  differing += other.differing;
  if (first.empty()) first = other.first;
}

Skew compare_rows(const Table& table, const std::string& how, const RowFeed& rows) {
  Skew skew;
  const Panel<const double> panel = table.panel();
  const auto note = [&](int64_t row, const std::string& what) {
    if (skew.first.empty())
      skew.first = "streamed in " + how + ", row " + std::to_string(row) +
                   (row < table.rows() ? " known at " + time_text(table.bars.known_ts[static_cast<std::size_t>(row)])
                                       : std::string()) +
                   ": " + what;
  };
  int64_t row = 0;
  rows([&](int64_t known_ts, std::span<const double> values) {
    if (row >= panel.rows || static_cast<int64_t>(values.size()) != panel.lanes) {
      skew.differing += static_cast<int64_t>(values.size());
      note(row++, "the batch has no such row");
      return;
    }
    if (known_ts != table.bars.known_ts[static_cast<std::size_t>(row)]) {
      skew.differing += panel.lanes;
      note(row, "the stream knew it at " + time_text(known_ts));
    } else {
      for (int64_t lane = 0; lane < panel.lanes; ++lane) {
        const double batch = panel(row, lane), live = values[static_cast<std::size_t>(lane)];
        skew.ready += !std::isnan(batch);
        if (same_bits(batch, live)) continue;
        ++skew.differing;
        note(row, table.schema.names[static_cast<std::size_t>(lane)] + ": batch " + exact(batch) + ", stream " +
                      exact(live));
      }
    }
    skew.values += panel.lanes;
    ++row;
  });
  if (row < panel.rows) {
    skew.differing += (panel.rows - row) * panel.lanes;
    note(row, "the stream ended before it");
  }
  return skew;
}

Skew measure_skew(const Exec& exec, const Spec& spec, const data::TickStore& store, const std::string& instrument,
                  const std::vector<data::DayInfo>& days, std::span<const int64_t> pieces) {
  if (spec.carry == Carry::history) return skew_of(exec, spec, store, instrument, days, pieces);
  std::vector<Skew> parts(days.size());
  Exec single = exec;
  single.threads = 1;
  parallel_for(exec.threads, static_cast<int64_t>(days.size()), [&](int64_t at) {
    parts[static_cast<std::size_t>(at)] =
        skew_of(single, spec, store, instrument, {days[static_cast<std::size_t>(at)]}, pieces);
  });
  Skew skew;
  for (const Skew& part : parts) skew.merge(part);
  return skew;
}

}  // namespace tf::features
