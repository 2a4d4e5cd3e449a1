// What venues share: texts to the grids, the book of a feed with its sequence, snapshots and best quotes, and trades
// with their ids. The rules are those of venues/venue.hpp.
#pragma once
#include <deque>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/sources/parse/level_book.hpp"
#include "data/sources/parse/recent_ids.hpp"
#include "data/sources/venues/venue.hpp"

namespace tf::data {

/// One level as a message writes it; size 0 removes it.
struct LevelText {
  std::string_view px, qty;
  bool bid = false;
};

/// Both best quotes as a message writes them. An empty price or a size of 0 says that the side has no quote.
struct QuoteText {
  std::string_view bid, bid_qty, ask, ask_qty;
  bool sizes = true;  ///< false: the feed has none, the rows get kFlagNoSize
};

/// One trade as a message writes it.
struct TradeText {
  std::string_view id, px, qty;  ///< id empty: the feed has none
  int64_t exch_ts = 0;
  uint32_t flags = 0;  ///< kFlagBuy or kFlagSell of the aggressor, kFlagAuction, ...
};

struct RowTimes {
  int64_t exch_ts = 0, local_ts = 0;
};

/// Decimal texts to steps of the instrument's grids; the reason why not, or nullptr. `written`: the number as read,
/// trailing zeros included, for checksums.
class FeedGrid {
 public:
  explicit FeedGrid(const VenueInput& input) : price_(input.price_grid), size_(input.size_grid), round_(input.round) {}
  const char* price(std::string_view text, int64_t& px, Decimal* written = nullptr) const;
  const char* size(std::string_view text, int64_t& qty, Decimal* written = nullptr) const;

 private:
  const char* steps(const Grid& grid, std::string_view text, const char* off, int64_t& steps, Decimal* written) const;
  Grid price_, size_;
  bool round_;
};

struct BookRules {
  bool snapshots_in_stream = true;  ///< false: deltas before a snapshot and after a gap are used (and noted)
  std::size_t depth = SIZE_MAX;     ///< levels a side; those pushed out of it are yielded as gone
  bool keep_written = false;        ///< keep the numbers as written, for checksums
};

/// Where best quotes may come from, worst first. The best kind seen so far for the symbol gives them, the others are
/// silent from then on: a ticker is thinned out, the book is all there is, a best-quote stream is the venue's own word.
enum class QuoteKind { none, ticker, book, stream };

class RecordedBook {
 public:
  static constexpr int64_t kNoSequence = INT64_MIN;
  /// A level's price and size as written.
  struct Written {
    Decimal px, qty;
  };

  RecordedBook(const VenueInput& input, BookRules rules);

  /// Replaces the book by a snapshot that ends at `sequence` (kNoSequence: the venue has none). Without snapshots in
  /// the stream, deltas that came before it and are newer are applied on top. Returns a reason to refuse, or nullptr.
  const char* snapshot(std::span<const LevelText> levels, int64_t sequence, RowTimes times, Heard& heard,
                       EventQueue& out);
  /// A delta that follows update `previous` of the venue's sequence and ends at `last`; both kNoSequence: it has none.
  const char* delta(std::span<const LevelText> levels, int64_t previous, int64_t last, RowTimes times, Heard& heard,
                    EventQueue& out);
  /// Best quotes by the venue itself. kOtherQuotes when a better kind was seen for this symbol.
  const char* quote(QuoteKind kind, const QuoteText& text, RowTimes times, Heard& heard, EventQueue& out);

  /// Deltas are refused until the next snapshot (if the stream has any): the venue says that it lost some, or a venue
  /// finds a gap by rules of its own. Notes kGap.
  void lose(Heard& heard);
  void set_depth(std::size_t depth) { rules_.depth = depth; }
  bool whole() const { return state_ == State::whole; }
  const LevelBook& levels() const { return levels_; }
  /// Of a level that is there; needs keep_written.
  const Written& written(bool bid, int64_t px) const { return written_[bid].at(px); }

 private:
  enum class State { empty, part, whole, lost };  // part: made of deltas alone
  struct Change {
    int64_t px, qty;
    bool bid;
    Written written;
  };
  struct Recent {
    int64_t previous, last;
    std::size_t changes;
  };

  const char* parse(std::span<const LevelText> levels);
  const char* admit(int64_t previous, int64_t last, Heard& heard);
  void set(const Change& change);
  void remember(int64_t previous, int64_t last);
  void replay(int64_t sequence, Heard& heard);
  void cut(uint32_t flags, RowTimes times, EventQueue* out);
  void end_event(uint32_t flags, RowTimes times, Heard& heard, EventQueue& out);

  FeedGrid grid_;
  BookRules rules_;
  bool touch_wanted_;
  State state_ = State::empty;
  QuoteKind quotes_ = QuoteKind::none;
  bool quoted_[2] = {};  // ask, bid: the feed's last quote had this side
  bool told_ = false;    // that the feed's quotes are used
  int64_t sequence_ = kNoSequence;
  LevelBook levels_;
  Touch touch_;
  std::unordered_map<int64_t, Written> written_[2];
  std::vector<Change> changes_;  // of the message at hand
  std::deque<Recent> recent_;    // the last deltas, for a snapshot that is older than they are
  std::deque<Change> recent_changes_;
};

/// Trades of a feed: ids that were seen lately are dropped, missing ids noted as kGap.
class RecordedTrades {
 public:
  /// `consecutive`: ids are numbers without holes.
  RecordedTrades(const VenueInput& input, bool consecutive) : grid_(input), consecutive_(consecutive) {}
  /// Pushes the trades of one message, each an event of its own. A trade that cannot be used is noted if others of the
  /// message can, else its reason refuses the message.
  const char* push(std::span<const TradeText> trades, int64_t local_ts, Heard& heard, EventQueue& out);

 private:
  const char* push_one(const TradeText& trade, int64_t local_ts, Heard& heard, EventQueue& out);
  FeedGrid grid_;
  bool consecutive_;
  RecentIds ids_;
  uint64_t last_id_ = 0;
};

}  // namespace tf::data
