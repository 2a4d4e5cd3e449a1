// npz as hftbacktest 2 reads it: one array `data` of its event_dtype (64 bytes a row; hftbacktest/types.py).
//
//   trade -> TRADE_EVENT, best_bid / best_ask -> DEPTH_BBO_EVENT, depth_bid / depth_ask -> DEPTH_EVENT
//   (DEPTH_SNAPSHOT_EVENT with kFlagSnapshot), clear -> DEPTH_CLEAR_EVENT, order_* -> ADD, MODIFY, CANCEL, FILL.
//   BUY_EVENT and SELL_EVENT: side of the book or the aggressor. status and trade_break have no counterpart and are
//   left out. Prices and sizes are the doubles nearest to the exact decimals; a size that the feed does not carry is 0.
//   A clear of one side means "up to this price" there: 0 for bids, the highest ask price seen so far for asks.
//
// hftbacktest wants exchange events in exchange time and local events in local time. A row that stands at the same
// place in both orders carries both flags; another is written twice, once for each (its documentation, "Data", on event
// order). Times are not changed: where the receiver's clock was behind, correct_local_timestamp is the reader's own
// step. The range is held in memory (about 80 bytes a tick), as hftbacktest will do too.
#include <zip.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>

#include "cuda/base/error.hpp"
#include "data/export_rows.hpp"
#include "data/export_sink.hpp"

namespace tf::data {
namespace {

constexpr uint64_t kExchangeEvent = 1ull << 31, kLocalEvent = 1ull << 30, kBuyEvent = 1ull << 29,
                   kSellEvent = 1ull << 28;
enum : uint64_t {
  kDepth = 1,
  kTrade = 2,
  kClear = 3,
  kSnapshot = 4,
  kBbo = 5,
  kAdd = 10,
  kCancel = 11,
  kModify = 12,
  kFill = 13
};

struct Event {
  uint64_t ev = 0;
  int64_t exch_ts = 0, local_ts = 0;
  double px = 0, qty = 0;
  uint64_t order_id = 0;
  int64_t ival = 0;
  double fval = 0;
};
static_assert(sizeof(Event) == 64);

/// 0: nothing of hftbacktest's.
uint64_t event_kind(const Tick& tick) {
  const uint64_t side = tick.flags & kFlagBuy ? kBuyEvent : tick.flags & kFlagSell ? kSellEvent : 0;
  const uint64_t depth = tick.flags & kFlagSnapshot ? kSnapshot : kDepth;
  switch (tick.kind()) {
    case TickKind::trade:
      return kTrade | side;
    case TickKind::best_bid:
      return kBbo | kBuyEvent;
    case TickKind::best_ask:
      return kBbo | kSellEvent;
    case TickKind::depth_bid:
      return depth | kBuyEvent;
    case TickKind::depth_ask:
      return depth | kSellEvent;
    case TickKind::clear:
      return kClear | side;
    case TickKind::order_add:
      return kAdd | side;
    case TickKind::order_modify:
      return kModify | side;
    case TickKind::order_cancel:
      return kCancel | side;
    case TickKind::order_fill:
      return kFill | side;
    default:
      return 0;
  }
}

std::string npy_header(std::size_t rows) {
  std::string header =
      "{'descr': [('ev', '<u8'), ('exch_ts', '<i8'), ('local_ts', '<i8'), ('px', '<f8'), ('qty', '<f8'), "
      "('order_id', '<u8'), ('ival', '<i8'), ('fval', '<f8')], 'fortran_order': False, 'shape': (" +
      std::to_string(rows) + ",), }";
  const std::size_t fixed = 10;
  header.append(64 - (fixed + header.size() + 1) % 64, ' ');
  header += '\n';
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(header.size() & 0xFF);
  bytes += static_cast<char>(header.size() >> 8);
  return bytes + header;
}

/// Row numbers in the order of each clock; equal times in the order of the rows.
struct Orders {
  std::vector<std::size_t> by_exch, by_local;
};

Orders orders_of(const std::vector<Event>& events) {
  std::vector<std::size_t> by_exch(events.size()), by_local(events.size());
  std::iota(by_exch.begin(), by_exch.end(), 0);
  std::iota(by_local.begin(), by_local.end(), 0);
  const auto sort = [&](std::vector<std::size_t>& order, int64_t Event::*time) {
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return events[a].*time < events[b].*time; });
  };
  sort(by_exch, &Event::exch_ts);
  sort(by_local, &Event::local_ts);
  return {std::move(by_exch), std::move(by_local)};
}

/// Both orders as one sequence, handed to `write` one event at a time.
template <class Write>
void in_both_orders(const std::vector<Event>& events, const Orders& orders, Write write) {
  const auto& [by_exch, by_local] = orders;
  const auto put = [&](std::size_t row, uint64_t whose) {
    Event event = events[row];
    event.ev |= whose;
    write(event);
  };
  std::size_t exch = 0, local = 0;
  while (exch < events.size() || local < events.size()) {
    if (exch < events.size() && local < events.size() && by_exch[exch] == by_local[local]) {
      put(by_exch[exch++], kExchangeEvent | kLocalEvent);
      ++local;
      continue;
    }
    const auto key = [&](std::size_t row) { return std::pair(events[row].exch_ts, events[row].local_ts); };
    const bool exchange_first =
        exch < events.size() && (local == events.size() || key(by_exch[exch]) <= key(by_local[local]));
    if (exchange_first) {
      put(by_exch[exch++], kExchangeEvent);
    } else {
      put(by_local[local++], kLocalEvent);
    }
  }
}

void pack(const std::string& npy, const std::string& zip_path) {
  int code = 0;
  zip_t* const archive = zip_open(zip_path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  const auto fail = [&](const char* what) {
    const std::string reason = archive ? zip_strerror(archive) : "it cannot be opened";
    if (archive) zip_discard(archive);
    throw Error(ErrorKind::io, zip_path + ": " + what + ": " + reason);
  };
  if (!archive) fail("zip");
  zip_source_t* const source = zip_source_file(archive, npy.c_str(), 0, -1);
  if (!source) fail("zip source");
  const zip_int64_t index = zip_file_add(archive, "data.npy", source, ZIP_FL_OVERWRITE);
  if (index < 0) {
    zip_source_free(source);
    fail("zip entry");
  }
  // One fixed time, so that the same ticks give the same bytes.
  zip_file_set_dostime(archive, static_cast<zip_uint64_t>(index), 0, 0x21, 0);
  zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), ZIP_CM_DEFLATE, 1);
  if (zip_close(archive) != 0) fail("zip write");
}

}  // namespace

int64_t export_npz(const ExportRequest& request, const TickStore& store, ExportReport& report) {
  const Instrument instrument = store.instrument(request.instrument);
  if (request.raw) throw Error(ErrorKind::usage, "export: npz holds decimals; raw goes with csv and parquet");
  const StepText px(instrument.tick_size), qty(size_step(instrument));
  std::vector<Event> events;
  int64_t ticks = 0, highest_ask = 0;
  const auto text_value = [last = std::pair<int64_t, double>(0, 0)](const StepText& text, int64_t steps) mutable {
    if (last.first != steps) last = {steps, text.value(steps)};
    return last.second;
  };
  auto price = text_value, size = text_value;
  for_each_span(
      request, store,
      [&](Day, const TickSpan& span) {
        for (std::size_t row = 0; row < span.size(); ++row) {
          const Tick tick = span[row];
          const uint64_t kind = event_kind(tick);
          ++ticks;
          if (kind == 0) continue;
          const bool clear = tick.kind() == TickKind::clear;
          if (tick.kind() == TickKind::best_ask || tick.kind() == TickKind::depth_ask)
            highest_ask = std::max(highest_ask, tick.px);
          const int64_t steps = clear ? (tick.flags & kFlagSell ? highest_ask : 0) : tick.px;
          events.push_back({kind, tick.exch_ts, tick.local_ts, price(px, steps), clear ? 0 : size(qty, tick.qty),
                            tick.order_id, 0, 0});
        }
      },
      report.content_digests);

  std::size_t rows = 0;
  const Orders orders = orders_of(events);
  in_both_orders(events, orders, [&](const Event&) { ++rows; });
  ExportFile file(request.path, request.replace);
  {
    ExportFile npy(request.path + ".npy", true);
    const std::unique_ptr<PackedText> bytes = make_packed_text(npy, "npy");
    bytes->write(npy_header(rows));
    std::vector<Event> chunk;
    const auto flush = [&] {
      bytes->write({reinterpret_cast<const char*>(chunk.data()), chunk.size() * sizeof(Event)});
      chunk.clear();
    };
    in_both_orders(events, orders, [&](const Event& event) {
      chunk.push_back(event);
      if (chunk.size() == 4096) flush();
    });
    flush();
    pack(npy.temporary(), file.temporary());
  }
  file.adopt();
  file.publish();
  return ticks;
}

}  // namespace tf::data
