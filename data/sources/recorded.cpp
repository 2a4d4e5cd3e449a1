// recorded: websocket messages as they came from a venue, one a line (parse/recorded_lines.hpp says how lines may
// look). The venue is named by the user, or told by the address in the recording and its first messages; the rules of
// each venue stand in venues/NAME.cpp, those they share in venues/venue.hpp. Lines are at most 16 MiB. A recording may
// hold many symbols: rows of others are refused as "other symbol", and noted by name when none was the one wanted.
#include <algorithm>
#include <optional>
#include <set>

#include "cuda/base/error.hpp"
#include "data/sources/catalogue.hpp"
#include "data/sources/parse/csv_columns.hpp"
#include "data/sources/parse/recorded_lines.hpp"
#include "data/sources/parse/recorded_params.hpp"
#include "data/sources/venues/venue.hpp"

namespace tf::data {

std::span<const Field> RecordedParams::fields() {
  using P = RecordedParams;
  static const Field table[] = {
      TF_TEXT_FIELD(P, venue, nullptr, "whose messages they are: auto, or a name such as binance_spot, kraken, okx"),
      TF_TEXT_FIELD(P, symbol, nullptr, "as the venue writes it; empty: the instrument's symbol"),
      TF_FIELD(P, touch, 0, 1, "", "best quotes from the rebuilt book where the recording has no stream of them"),
      TF_FIELD(P, depth, 0, 1000000, "levels", "a side that a venue with a limited book keeps; 0: as its messages say"),
      TF_TEXT_FIELD(P, off_grid, "refuse|round", "rows whose price or size is no multiple of the tick or lot size"),
      TF_TEXT_FIELD(P, time_member, nullptr, "JSON lines: the member with the receive time"),
      TF_TEXT_FIELD(P, message_member, nullptr, "JSON lines: the member with the message; empty: the whole line"),
  };
  return table;
}

namespace {

constexpr int64_t kPatience = 1000;     // rows that no venue claims before we give up
constexpr std::size_t kMostNamed = 40;  // other symbols that a note lists

std::string names_of_venues() {
  std::string names;
  for (const VenueEntry& venue : venues()) names += (names.empty() ? "" : ", ") + std::string(venue.name);
  return names;
}

/// Counts rows under literals without looking a text up in the map each time.
class RowTally {
 public:
  explicit RowTally(std::map<std::string, Refusal>& counts) : counts_(counts) {}
  /// True the first time: the caller sets the place.
  Refusal* count(const char* name) {
    for (const auto& [known, refusal] : known_)
      if (known == name) {
        ++refusal->rows;
        return nullptr;
      }
    Refusal& refusal = counts_[name];
    known_.emplace_back(name, &refusal);
    return refusal.rows++ == 0 ? &refusal : nullptr;
  }

 private:
  std::map<std::string, Refusal>& counts_;
  std::vector<std::pair<const char*, Refusal*>> known_;
};

class RecordedSource : public Source {
 public:
  RecordedSource(const SourceInput& input, const RecordedParams& params)
      : files_(input.files),
        framing_(params.time_member, params.message_member),
        refused_(counts_.refused),
        noted_(counts_.noted) {
    const auto demand = [](bool holds, const std::string& what) {
      if (!holds) throw Error(ErrorKind::config, "recorded source: " + what);
    };
    demand(!files_.empty(), "no files given");
    demand(input.instrument.tick_size > 0, "the instrument needs a tick_size above 0");
    demand(input.instrument.lot_size > 0, "the instrument needs a lot_size above 0");
    demand(params.off_grid == "refuse" || params.off_grid == "round", "off_grid is refuse or round");
    venue_input_.symbol = params.symbol.empty() ? input.instrument.symbol : params.symbol;
    demand(!venue_input_.symbol.empty(), "no symbol given");
    venue_input_.price_grid = Grid(input.instrument.tick_size, 1);
    venue_input_.size_grid = Grid(input.instrument.lot_size, 1);
    venue_input_.round = params.off_grid == "round";
    venue_input_.touch = params.touch;
    if (params.depth > 0) venue_input_.depth_rows = static_cast<std::size_t>(params.depth);
    if (params.venue.empty() || params.venue == "auto") return;
    for (const VenueEntry& venue : venues())
      if (params.venue == venue.name) venue_ = venue.open(venue_input_);
    demand(venue_ != nullptr, "unknown venue '" + params.venue + "'; there are: auto, " + names_of_venues());
  }

  std::size_t next_batch(std::span<Tick> out) override {
    return queue_.next_batch(out, [&] { return read_line(); });
  }
  const SourceCounts& counts() const override { return counts_; }
  std::string damage() const override { return damage_; }
  double share() const override { return share_of(file_, next_file_, files_.size()); }

 private:
  // One line, which may give ticks; false at the end of the input.
  bool read_line() {
    std::string_view line;
    if (!next_line(line)) {
      finish();
      return false;
    }
    if (lines_.too_long()) return refuse("line too long", line);
    const FramedLine framed = framing_.frame(line);
    if (framed.kind == FramedLine::Kind::header && !framed.address.empty()) address_ = framed.address;
    if (framed.kind != FramedLine::Kind::message) return true;
    if (lines_.unfinished() && !file_->damage().empty()) return refuse("truncated input", line);
    if (framed.refused) return refuse(framed.refused, line);
    if (!venue_ && !choose_venue(framed)) return refuse("no known venue writes this", line);
    hear(framed, line);
    return true;
  }

  bool next_line(std::string_view& line) {
    for (;;) {
      if (!file_) {
        if (next_file_ == files_.size() || !damage_.empty()) return false;
        file_.emplace(files_[next_file_++]);
        start_member();
        continue;
      }
      if (lines_.next(line)) return true;
      start_member();
    }
  }

  void start_member() {
    if (!next_member_of(file_, damage_)) return;
    expect_text(*file_);
    lines_.start(*file_);
  }

  bool choose_venue(const FramedLine& framed) {
    const std::string_view address = framed.address.empty() ? std::string_view(address_) : framed.address;
    for (const VenueEntry& venue : venues())
      if (venue.claims(address, framed.json)) {
        venue_ = venue.open(venue_input_);
        return true;
      }
    if (++unclaimed_ == kPatience) nobody();
    return false;
  }

  [[noreturn]] void nobody() const {
    throw Error(ErrorKind::bad_data,
                files_.front() + ": no known venue writes such messages; name one by venue = " + names_of_venues());
  }

  void hear(const FramedLine& framed, std::string_view line) {
    const Heard heard = venue_->hear({framed.json, framed.local_ts, framed.address}, queue_);
    const char* reason = heard.refused;
    std::vector<Tick>& ticks = queue_.ticks();
    if (!reason && ticks.empty()) reason = heard::kNotMarketData;
    for (Tick& tick : ticks) {
      if (framed.local_ts == 0) tick.local_ts = tick.exch_ts;
      if (tick.exch_ts <= 0) reason = heard::kBadTime;
    }
    for (const char* const name : heard.noted)
      if (name) place(noted_.count(name), line);
    if (reason) {
      ticks.clear();
      if (reason == heard::kOtherSymbol && others_.size() < kMostNamed) others_.insert(printable(heard.symbol, 40));
      refuse(reason, line);
      return;
    }
    ticks.back().flags |= kRowEnd;
    ++counts_.rows_read;
    ++counts_.rows_stored;
    counts_.ticks += static_cast<int64_t>(ticks.size());
  }

  bool refuse(const char* reason, std::string_view line) {
    ++counts_.rows_read;
    place(refused_.count(reason), line);
    return true;
  }

  void place(Refusal* refusal, std::string_view line) const {
    if (!refusal) return;
    refusal->file = file_->where();
    refusal->line = lines_.number();
    refusal->example = printable(line, 120);
  }

  void finish() {
    if (finished_) return;
    finished_ = true;
    if (!venue_ && counts_.rows_read > 0 && damage_.empty()) nobody();
    if (counts_.rows_stored > 0 || others_.empty()) return;
    std::string list;
    for (const std::string& symbol : others_) list += (list.empty() ? "" : ", ") + symbol;
    Refusal& note = counts_.noted["no message of " + venue_input_.symbol + "; the recording has " + list];
    note = counts_.refused[heard::kOtherSymbol];
  }

  std::vector<std::string> files_;
  VenueInput venue_input_;
  LineFraming framing_;
  std::unique_ptr<Venue> venue_;

  std::size_t next_file_ = 0;
  std::optional<InputFile> file_;
  PaddedLines lines_;
  std::string address_;
  int64_t unclaimed_ = 0;
  EventQueue queue_;
  std::set<std::string> others_;
  SourceCounts counts_;
  RowTally refused_, noted_;
  std::string damage_;
  bool finished_ = false;
};

std::unique_ptr<Source> open(const SourceInput& input, const void* params) {
  return std::make_unique<RecordedSource>(input, *static_cast<const RecordedParams*>(params));
}

// Ours is what frames as a recording and is claimed by a venue; a framing alone could be of a venue that we do not
// know.
Guess guess(const InputHead& head) {
  Guess guess;
  LineFraming framing({}, {});
  std::string text(head.bytes);
  text.resize(text.size() + 64);
  std::string_view rest{text.data(), head.bytes.size()};
  std::string address;
  int64_t framed_rows = 0, rows = 0;
  while (!rest.empty() && rows < kPatience) {
    const std::size_t end = rest.find('\n');
    const FramedLine framed = framing.frame(rest.substr(0, end));
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    if (framed.kind == FramedLine::Kind::header) address = framed.address;
    if (framed.kind != FramedLine::Kind::message) continue;
    ++rows;
    if (framed.refused || framed.json.empty()) continue;
    const bool timed = framed.local_ts != 0 && (framed.json.front() == '{' || framed.json.front() == '[');
    framed_rows += timed;
    for (const VenueEntry& venue : venues()) {
      if (!venue.claims(framed.address.empty() ? std::string_view(address) : framed.address, framed.json)) continue;
      guess.sure = Guess::Sure::yes;
      guess.why = std::string("websocket messages of ") + venue.name;
      guess.params = {{"venue", venue.name}};
      return guess;
    }
  }
  if (framed_rows > 0 && framed_rows * 2 > rows) {
    guess.sure = Guess::Sure::maybe;
    guess.why = "lines of a receive time and a JSON message, of no venue that we know";
  }
  return guess;
}

}  // namespace
}  // namespace tf::data

namespace tf::source_catalogue {

const Entry& tf_source_recorded() {
  static const Entry entry{"recordings of a venue's websocket messages (hftbacktest, cryptofeed, JSON lines)",
                           params_type<data::RecordedParams>(), data::open, data::guess};
  return entry;
}

}  // namespace tf::source_catalogue
