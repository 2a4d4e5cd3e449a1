#include "data/store/ring_reader.hpp"

#include <array>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

#include "cuda/base/error.hpp"
#include "data/store/day_file.hpp"

namespace tf::data {
namespace {

/// A small day file is read whole by one call of this many bytes; of a large one this holds the footer.
constexpr std::size_t kTailBytes = 128 * 1024;

/// One chunk of a day, decoded.
struct Slot {
  std::array<Scratch, kColumns> values;
  TickBlock block;
  std::optional<Damage> damage;
  std::exception_ptr failure;
  bool ready = false;
};

template <class T>
std::span<const T> values_of(const Scratch& bytes, std::size_t rows) {
  return {reinterpret_cast<const T*>(bytes.data()), rows};
}

/// Decodes the asked columns of one chunk into a slot; the first column found damaged ends it.
class ChunkDecoder {
 public:
  explicit ChunkDecoder(uint32_t columns) : columns_(columns | static_cast<uint32_t>(Column::exch_ts)) {}

  void decode(const OpenDay& day, int64_t chunk, Slot& slot) {
    slot.damage.reset();
    const DayFooter& footer = day.footer;
    slot.block = {};
    slot.block.day = footer.day;
    slot.block.first_row = chunk * footer.chunk_rows;
    slot.block.last_of_day = chunk + 1 == footer.chunk_count();
    const auto rows = static_cast<std::size_t>(footer.entry(kExchTs, chunk).rows);
    for (int column = 0; column < kColumns; ++column) {
      if (!(columns_ >> column & 1) || !footer.has(column)) continue;
      const std::string wrong = decode_column(day, column, chunk, slot.values[column]);
      if (wrong.empty()) continue;
      slot.damage = damage_of(day, column, chunk, wrong);
      return;
    }
    TickSpan& ticks = slot.block.ticks;
    ticks.exch_ts = values_of<int64_t>(slot.values[kExchTs], rows);
    if (asked(Column::local_ts))
      ticks.local_ts = footer.has(kLocalTs) ? values_of<int64_t>(slot.values[kLocalTs], rows) : ticks.exch_ts;
    if (asked(Column::px)) ticks.px = values_of<int64_t>(slot.values[kPx], rows);
    if (asked(Column::qty)) ticks.qty = values_of<int64_t>(slot.values[kQty], rows);
    if (asked(Column::order_id) && footer.has(kOrderId))
      ticks.order_id = values_of<uint64_t>(slot.values[kOrderId], rows);
    if (asked(Column::flags)) ticks.flags = values_of<uint32_t>(slot.values[kFlags], rows);
  }

 private:
  bool asked(Column column) const { return columns_ & static_cast<uint32_t>(column); }

  std::string decode_column(const OpenDay& day, int column, int64_t chunk, Scratch& values) {
    const ChunkEntry& entry = day.footer.entry(column, chunk);
    std::span<const uint8_t> bytes;
    if (std::string wrong = read_chunk(day, entry, buffer_, bytes); !wrong.empty()) return wrong;
    const auto rows = static_cast<std::size_t>(entry.rows);
    if (std::string wrong = decoder_of(day.footer.codec)
                                .decode(bytes, values.data(rows * kColumnWidths[column]), rows,
                                        static_cast<std::size_t>(day.footer.chunk_rows), kColumnWidths[column]);
        !wrong.empty())
      return wrong;
    if (column != kExchTs) return {};
    const std::span<const int64_t> times = values_of<int64_t>(values, rows);
    return times.front() == entry.first_ts && times.back() == entry.last_ts
               ? ""
               : "its first and last times are not those of the chunk table";
  }

  uint32_t columns_;
  Decoder& decoder_of(Codec codec) {
    std::optional<Decoder>& decoder = decoders_[static_cast<std::size_t>(codec)];
    if (!decoder) decoder.emplace(codec);
    return *decoder;
  }

  std::array<std::optional<Decoder>, 3> decoders_;
  Scratch buffer_;
};

/// Tickets number the chunks of all days in order; ticket t is decoded into slot t % slots. A thread takes a ticket
/// only when its slot is free, so tickets are at most `slots` ahead of the consumer. Two locks: `plan_` hands out
/// tickets one by one (and opens day files, in order), `ring_` guards the slots' states. plan_ is taken before ring_,
/// never after.
class RingReader final : public TickReader {
 public:
  RingReader(std::string instrument, std::vector<std::pair<Day, std::string>> days, const ReadOptions& options)
      : instrument_(std::move(instrument)),
        days_(std::move(days)),
        on_damage_(options.on_damage),
        slots_(static_cast<std::size_t>(options.blocks_in_flight)) {
    try {
      for (int thread = 0; thread < options.decode_threads; ++thread)
        threads_.emplace_back([this, columns = options.columns] { work(columns); });
    } catch (const std::exception& failure) {
      stop();
      throw Error(ErrorKind::io, std::string("cannot start a decode thread: ") + failure.what());
    }
  }
  ~RingReader() override { stop(); }

  const TickBlock* next() override {
    std::unique_lock lock(ring_);
    if (failure_) std::rethrow_exception(failure_);
    for (;;) {
      if (holding_) {
        slots_[released_ % slots_.size()].ready = false;
        ++released_;
        holding_ = false;
        free_.notify_one();
      }
      Slot& slot = slots_[released_ % slots_.size()];
      ready_.wait(lock, [&] { return slot.ready || (ended_ && released_ == tickets_); });
      if (!slot.ready) return nullptr;
      holding_ = true;
      if (slot.failure) fail(slot.failure);
      if (!slot.damage) return &slot.block;
      if (on_damage_ == OnDamage::stop)
        fail(std::make_exception_ptr(Error(ErrorKind::bad_data, to_text(*slot.damage))));
      damages_.push_back(*slot.damage);
      if (slot.block.last_of_day) return &slot.block;
    }
  }

  const std::vector<Damage>& damages() const override { return damages_; }

 private:
  struct Ticket {
    std::shared_ptr<const OpenDay> day;
    int64_t chunk = 0;
    std::exception_ptr failure;
    std::size_t slot = 0;
  };

  [[noreturn]] void fail(std::exception_ptr failure) {
    failure_ = failure;
    std::rethrow_exception(failure);
  }

  void stop() {
    {
      const std::lock_guard lock(ring_);
      stopped_ = true;
    }
    free_.notify_all();
    threads_.clear();
  }

  void work(uint32_t columns) {
    std::optional<ChunkDecoder> decoder;
    while (const std::optional<Ticket> ticket = take_ticket()) {
      Slot& slot = slots_[ticket->slot];
      slot.failure = ticket->failure;
      if (!slot.failure) try {
          if (!decoder) decoder.emplace(columns);
          decoder->decode(*ticket->day, ticket->chunk, slot);
        } catch (...) { slot.failure = std::current_exception(); }
      {
        const std::lock_guard lock(ring_);
        slot.ready = true;
      }
      ready_.notify_one();
    }
  }

  std::optional<Ticket> take_ticket() {
    const std::lock_guard plan(plan_);
    if (exhausted_) return {};
    {
      std::unique_lock lock(ring_);
      free_.wait(lock, [&] { return stopped_ || tickets_ < released_ + slots_.size(); });
      if (stopped_) return {};
    }
    Ticket ticket;
    if (!current_ && next_day_ < days_.size()) try {
        const auto& [day, path] = days_[next_day_];
        current_ = std::make_shared<const OpenDay>(open_sound_day(path, instrument_, day, kTailBytes));
        next_chunk_ = 0;
      } catch (...) { ticket.failure = std::current_exception(); }
    exhausted_ = ticket.failure || !current_;
    if (current_) {
      ticket.day = current_;
      ticket.chunk = next_chunk_;
      if (++next_chunk_ == current_->footer.chunk_count()) {
        current_.reset();
        ++next_day_;
      }
    }
    const std::lock_guard lock(ring_);
    ticket.slot = tickets_ % slots_.size();
    if (ticket.failure || ticket.day) ++tickets_;
    if (!exhausted_) return ticket;
    ended_ = true;
    ready_.notify_one();
    return ticket.failure ? std::optional<Ticket>(ticket) : std::nullopt;
  }

  const std::string instrument_;
  const std::vector<std::pair<Day, std::string>> days_;
  const OnDamage on_damage_;

  std::mutex plan_;
  std::shared_ptr<const OpenDay> current_;
  std::size_t next_day_ = 0;
  int64_t next_chunk_ = 0;
  bool exhausted_ = false;

  std::mutex ring_;
  std::condition_variable free_, ready_;
  std::vector<Slot> slots_;
  std::size_t tickets_ = 0, released_ = 0;  ///< handed out; given back by the consumer
  bool ended_ = false, stopped_ = false;

  bool holding_ = false;  ///< the consumer is looking at slot released_
  std::exception_ptr failure_;
  std::vector<Damage> damages_;
  std::vector<std::jthread> threads_;  ///< last: they use all of the above
};

}  // namespace

std::unique_ptr<TickReader> read_days(const std::string& instrument, std::vector<std::pair<Day, std::string>> days,
                                      const ReadOptions& options) {
  if (options.decode_threads < 1 || options.blocks_in_flight < 1)
    throw Error(ErrorKind::usage, "reading ticks needs at least 1 decode thread and 1 block in flight");
  return std::make_unique<RingReader>(instrument, std::move(days), options);
}

}  // namespace tf::data
