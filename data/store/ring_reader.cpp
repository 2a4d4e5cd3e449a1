#include "data/store/ring_reader.hpp"

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "cuda/base/error.hpp"
#include "data/store/chunk_decoder.hpp"
#include "data/store/fused_reader.hpp"

namespace tf::data {
namespace {

/// What the consumer sees of damage and cancelling, the same with and without threads.
class Reader : public TickReader {
 public:
  const std::vector<Damage>& damages() const override { return damages_; }

 protected:
  Reader(const std::string& instrument, const ReadOptions& options)
      : instrument_(instrument), on_damage_(options.on_damage), cancel_(options.cancel) {}

  void throw_if_over() {
    if (failure_) std::rethrow_exception(failure_);
    if (cancel_.stop_requested())
      fail(std::make_exception_ptr(Error(ErrorKind::again, "reading ticks of " + instrument_ + " was cancelled")));
  }
  [[noreturn]] void fail(std::exception_ptr failure) {
    failure_ = failure;
    std::rethrow_exception(failure);
  }
  /// The block to hand out, or nullptr for one to pass over.
  const TickBlock* judge(const DecodedChunk& chunk) {
    if (chunk.is_outside) return nullptr;
    if (!chunk.damage) return &chunk.block;
    if (on_damage_ == OnDamage::stop) fail(std::make_exception_ptr(Error(ErrorKind::bad_data, to_text(*chunk.damage))));
    damages_.push_back(*chunk.damage);
    return chunk.block.last_of_day ? &chunk.block : nullptr;
  }

  const std::string instrument_;
  const OnDamage on_damage_;
  const std::stop_token cancel_;
  std::exception_ptr failure_;
  std::vector<Damage> damages_;
};

/// Decodes in next() itself, one chunk at a time into the same memory.
class PlainReader final : public Reader {
 public:
  PlainReader(const std::string& instrument, std::vector<std::pair<Day, std::string>> days, const ReadOptions& options)
      : Reader(instrument, options), plan_(instrument, std::move(days), options), decoder_(options) {}

  const TickBlock* next() override {
    for (;;) {
      throw_if_over();
      try {
        const std::optional<Piece> piece = plan_.next();
        if (!piece) return nullptr;
        decoder_.decode(*piece, chunk_);
      } catch (...) { fail(std::current_exception()); }
      if (const TickBlock* block = judge(chunk_)) return block;
    }
  }

 private:
  DayPlan plan_;
  ChunkDecoder decoder_;
  DecodedChunk chunk_;
};

/// The same for what needs no whole chunk at once: pieces that stay in the cache between decoding and use.
class PieceReader final : public Reader {
 public:
  PieceReader(const std::string& instrument, std::vector<std::pair<Day, std::string>> days, const ReadOptions& options)
      : Reader(instrument, options), pieces_(instrument, std::move(days), options, kRows) {}
  static bool serves(const ReadOptions& options) {
    return options.decode_threads == 0 && options.on_damage == OnDamage::stop && !options.cache && !options.pinned;
  }

  const TickBlock* next() override {
    throw_if_over();
    try {
      const TickSpan* ticks = pieces_.next();
      if (!ticks) return nullptr;
      block_ = {pieces_.day(), pieces_.first_row(), *ticks, pieces_.last_of_day()};
    } catch (...) { fail(std::current_exception()); }
    return &block_;
  }

 private:
  static constexpr std::size_t kRows = 8 * 1024;  ///< six columns of them take 352 KiB

  FusedReader pieces_;
  TickBlock block_;
};

/// Tickets number the chunks of all days in order; ticket t is decoded into slot t % slots. A thread takes a ticket
/// only when its slot is free, so tickets are at most `slots` ahead of the consumer. Two locks: `plan_` hands out
/// tickets one by one (and opens day files, in order), `ring_` guards the slots' states. plan_ is taken before ring_,
/// never after.
class RingReader final : public Reader {
 public:
  RingReader(const std::string& instrument, std::vector<std::pair<Day, std::string>> days, const ReadOptions& options)
      : Reader(instrument, options),
        days_(instrument, std::move(days), options),
        slots_(static_cast<std::size_t>(options.blocks_in_flight)),
        on_cancel_(options.cancel, [this] { stop(); }) {
    try {
      for (int thread = 0; thread < options.decode_threads; ++thread)
        threads_.emplace_back([this, options] { work(options); });
    } catch (const std::exception& failure) {
      stop();
      throw Error(ErrorKind::io, std::string("cannot start a decode thread: ") + failure.what());
    }
  }
  ~RingReader() override { stop(); }

  const TickBlock* next() override {
    std::unique_lock lock(ring_);
    for (;;) {
      throw_if_over();
      if (holding_) {
        slots_[released_ % slots_.size()].ready = false;
        ++released_;
        holding_ = false;
        free_.notify_one();
      }
      Slot& slot = slots_[released_ % slots_.size()];
      ready_.wait(lock, [&] { return slot.ready || (ended_ && released_ == tickets_) || stopped_; });
      throw_if_over();
      if (!slot.ready) return nullptr;
      holding_ = true;
      if (slot.failure) fail(slot.failure);
      if (const TickBlock* block = judge(slot.chunk)) return block;
    }
  }

 private:
  struct Slot {
    DecodedChunk chunk;
    std::exception_ptr failure;
    bool ready = false;
  };
  struct Ticket {
    std::optional<Piece> piece;
    std::exception_ptr failure;
    std::size_t slot = 0;
  };

  /// Wakes everybody: threads end, next() throws.
  void stop() {
    {
      const std::lock_guard lock(ring_);
      stopped_ = true;
    }
    free_.notify_all();
    ready_.notify_all();
  }

  void work(const ReadOptions& options) {
    std::optional<ChunkDecoder> decoder;
    while (const std::optional<Ticket> ticket = take_ticket()) {
      Slot& slot = slots_[ticket->slot];
      slot.failure = ticket->failure;
      if (!slot.failure) try {
          if (!decoder) decoder.emplace(options);
          decoder->decode(*ticket->piece, slot.chunk);
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
    try {
      ticket.piece = days_.next();
    } catch (...) { ticket.failure = std::current_exception(); }
    exhausted_ = !ticket.piece;
    const std::lock_guard lock(ring_);
    ticket.slot = tickets_ % slots_.size();
    if (ticket.failure || ticket.piece) ++tickets_;
    if (!exhausted_) return ticket;
    ended_ = true;
    ready_.notify_one();
    return ticket.failure ? std::optional<Ticket>(ticket) : std::nullopt;
  }

  std::mutex plan_;
  DayPlan days_;
  bool exhausted_ = false;

  std::mutex ring_;
  std::condition_variable free_, ready_;
  std::vector<Slot> slots_;
  std::size_t tickets_ = 0, released_ = 0;  ///< handed out; given back by the consumer
  bool ended_ = false, stopped_ = false;

  bool holding_ = false;  ///< the consumer is looking at slot released_
  std::stop_callback<std::function<void()>> on_cancel_;
  std::vector<std::jthread> threads_;  ///< last: they use all of the above
};

}  // namespace

std::unique_ptr<TickReader> read_days(const std::string& instrument, std::vector<std::pair<Day, std::string>> days,
                                      const ReadOptions& asked) {
  ReadOptions options = asked;
  options.columns |= static_cast<uint32_t>(Column::exch_ts);
  if (options.decode_threads < 0 || options.blocks_in_flight < 1)
    throw Error(ErrorKind::usage, "reading ticks needs 0 or more decode threads and at least 1 block in flight");
  if (PieceReader::serves(options)) return std::make_unique<PieceReader>(instrument, std::move(days), options);
  if (options.decode_threads == 0) return std::make_unique<PlainReader>(instrument, std::move(days), options);
  return std::make_unique<RingReader>(instrument, std::move(days), options);
}

}  // namespace tf::data
