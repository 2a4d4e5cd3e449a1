// What needs the rows before: repeated ids, prices that are carried on, events of several rows, books and their touch.
// One after the other, in the order of the input, whatever read the rows.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/sources/parse/csv_rows.hpp"
#include "data/sources/parse/level_book.hpp"
#include "data/sources/parse/recent_ids.hpp"
#include "data/sources/source.hpp"

namespace tf::data {

/// Where the rows of a block stand, and the counts and ticks that they are added to.
struct PassOut {
  std::vector<Tick>& ticks;
  SourceCounts& counts;
  std::string_view text;  ///< of the block
  const std::string& file;
  int64_t lines_before;

  /// Counts the row of `key` under a reason, with its place.
  void count(std::map<std::string, Refusal>& where, const char* what, uint32_t line, uint32_t offset) const;
  void refuse(const char* reason, const RowKey& key) const { count(counts.refused, reason, key.line, key.offset); }
  void note(const char* what, const RowKey& key) const { count(counts.noted, what, key.line, key.offset); }
};

class RowPass {
 public:
  virtual ~RowPass() = default;
  /// Takes the rows of a block; whole events go to out.ticks.
  virtual void add(const CsvTicks& rows, const PassOut& out) = 0;
  /// Ends the event that is open, at the end of a member.
  virtual void end_member(std::vector<Tick>& ticks) { (void)ticks; }
};

/// The pass of a kind of rows; null where the rows are complete as they are.
std::unique_ptr<RowPass> pass_of(const CsvPlan& plan);

/// Trades with ids: a repeat within a short distance is refused, gaps of ids that count up are noted.
class TradePass : public RowPass {
 public:
  explicit TradePass(bool gaps) : gaps_(gaps) {}
  void add(const CsvTicks& rows, const PassOut& out) override;

 private:
  RecentIds ids_;
  bool gaps_;
  uint64_t last_ = kNoNumber;
};

/// Ticks as they were exported: rows up to one with kFlagLast are an event.
class OwnTickPass : public RowPass {
 public:
  void add(const CsvTicks& rows, const PassOut& out) override;
  void end_member(std::vector<Tick>& ticks) override;

 private:
  std::vector<Tick> event_;
};

/// Quotes and trades mixed: a trade whose price is not said has that of the trade before.
class MixedPass : public RowPass {
 public:
  static constexpr int64_t kAsBefore = INT64_MIN;
  void add(const CsvTicks& rows, const PassOut& out) override;

 private:
  int64_t last_px_ = kAsBefore;
};

/// One level a row: rows of equal times, event id and snapshot mark are one event.
class LevelPass : public RowPass {
 public:
  explicit LevelPass(const CsvPlan& plan);
  void add(const CsvTicks& rows, const PassOut& out) override;
  void end_member(std::vector<Tick>& ticks) override;

 private:
  static constexpr std::size_t kMostTicks = std::size_t{1} << 20;  ///< of one event
  static constexpr std::size_t kMostLevels = 200'000;              ///< of one side
  void begin_event(const Tick& tick, const RowKey& key, const PassOut& out);

  bool touch_on_, has_snapshots_, reset_each_;
  LevelBook book_;
  Touch touch_;
  EventQueue queue_;
  std::vector<Tick> event_;
  uint64_t event_id_ = 0, last_id_ = 0;
  bool known_ = false;           // the book, from a snapshot on
  bool after_snapshot_ = false;  // the last event was of snapshot rows
  bool has_last_id_ = false;
};

/// A whole book a row: what has changed since the row before.
class BookPass : public RowPass {
 public:
  explicit BookPass(bool touch) : touch_on_(touch) {}
  void add(const CsvTicks& rows, const PassOut& out) override;

 private:
  void change_side(bool bid, std::vector<Level>& now, const Tick& base, uint32_t flags, std::vector<Tick>& ticks);

  bool touch_on_, begun_ = false;
  std::vector<Level> bids_, asks_, next_bids_, next_asks_;  // by price
  Touch touch_;
  EventQueue queue_;
};

/// Orders by id.
class OrderPass : public RowPass {
 public:
  explicit OrderPass(bool touch) : touch_on_(touch) {}
  void add(const CsvTicks& rows, const PassOut& out) override;

 private:
  static constexpr std::size_t kMostOrders = 4'000'000;

  bool touch_on_;
  OrderBook book_;
  Touch touch_;
  EventQueue queue_;
};

}  // namespace tf::data
