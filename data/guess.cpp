#include "data/guess.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "cuda/base/error.hpp"
#include "data/sources/parse/input_file.hpp"
#include "data/sources/parse/open.hpp"

namespace tf::data {
namespace {

struct Answer {
  std::string source;
  Guess guess;
};

bool is_empty_file(const std::string& file) {
  std::error_code error;
  return std::filesystem::is_regular_file(file, error) && std::filesystem::file_size(file, error) == 0;
}

/// What the sources say, without those that say no.
std::vector<Answer> ask(const std::string& file, const std::string& only) {
  std::string raw, bytes;
  const InputHead head = read_head(file, raw, bytes);
  std::vector<Answer> answers;
  for (const source_catalogue::Row& row : source_catalogue::rows()) {
    const source_catalogue::Entry& entry = row.entry();
    if (!entry.guess || (!only.empty() && only != row.name)) continue;
    Guess guess = entry.guess(head);
    if (guess.sure != Guess::Sure::no) answers.push_back({row.name, std::move(guess)});
  }
  return answers;
}

std::string params_words(const Guess& guess) {
  std::string text;
  for (const auto& [name, value] : guess.params) text += ", " + name + " " + value;
  return text;
}

std::string how_to_name(const Answer& answer) {
  std::string text = "--source " + answer.source;
  for (const auto& [name, value] : answer.guess.params)
    text += name == "preset" ? " --preset " + value : " --set " + name + "=" + value;
  return text;
}

std::string source_names() {
  std::string names;
  for (const source_catalogue::Row& row : source_catalogue::rows())
    names += (names.empty() ? "" : ", ") + std::string(row.name);
  return names;
}

[[noreturn]] void undecided(const std::string& file, const std::vector<Answer>& answers) {
  if (answers.empty())
    throw Error(ErrorKind::bad_data,
                file + ": no source knows this input; name one with --source (and --preset): " + source_names());
  std::string text = file + ": it is not certain how to read this input; name one of\n";
  for (const Answer& answer : answers) text += "  " + how_to_name(answer) + "   (" + answer.guess.why + ")\n";
  text += "or another with --source (and --preset): " + source_names();
  throw Error(ErrorKind::usage, text);
}

GuessedSource taken(const std::string& file, const Answer& answer) {
  return {answer.source, answer.guess.params,
          "source " + answer.source + params_words(answer.guess) + ": " + answer.guess.why + " (" +
              std::filesystem::path(file).filename().string() + ")"};
}

constexpr std::array<double, 10> kSteps = {1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9};

/// The largest power of ten, at most 1, on which all values lie that are counted in steps of 10^-digits.
class PowerOfTen {
 public:
  explicit PowerOfTen(std::size_t digits) : digits_(digits) {
    for (std::size_t digit = 0; digit < digits; ++digit) unit_ *= 10;
  }
  void add(int64_t value) {
    while (value % unit_ != 0) unit_ /= 10;
  }
  double step() const {
    std::size_t digits = digits_;
    for (int64_t unit = unit_; unit > 1; unit /= 10) --digits;
    return kSteps[digits];
  }

 private:
  std::size_t digits_;
  int64_t unit_ = 1;
};

/// What one reading of the input showed.
struct Reading {
  std::size_t tick_digits, lot_digits;
  double tick = 0, lot = 0;
  int64_t ticks = 0, priced = 0, sized = 0;
  bool has_local_clock = false;
  SourceCounts counts;

  int64_t refused(const char* reason) const {
    const auto found = counts.refused.find(reason);
    return found == counts.refused.end() ? 0 : found->second.rows;
  }
};

Reading read_through(const source_catalogue::Entry& entry, const void* params, const SourceInput& given,
                     std::size_t tick_digits, std::size_t lot_digits, const std::function<bool(double)>& progress) {
  SourceInput input = given;
  const bool no_tick = !(given.instrument.tick_size > 0), no_lot = !(given.instrument.lot_size > 0);
  if (no_tick) input.instrument.tick_size = kSteps[tick_digits];
  if (no_lot) input.instrument.lot_size = kSteps[lot_digits];
  const std::unique_ptr<Source> source = entry.open(input, params);
  Reading reading{tick_digits, lot_digits, 0, 0, 0, 0, 0, false, {}};
  PowerOfTen prices(tick_digits), sizes(lot_digits);
  std::vector<Tick> batch(1 << 14);
  while (const std::size_t count = source->next_batch(batch)) {
    for (const Tick& tick : std::span<const Tick>(batch).first(count)) {
      const TickKind kind = tick.kind();
      if (kind == TickKind::clear || kind == TickKind::status) continue;
      if (no_tick) prices.add(tick.px);
      reading.priced += tick.px != 0;
      const bool sized = tick.qty != 0 && !(tick.flags & kFlagNoSize);
      if (no_lot && sized) sizes.add(tick.qty);
      reading.sized += sized;
      reading.has_local_clock |= tick.local_ts != tick.exch_ts;
    }
    reading.ticks += static_cast<int64_t>(count);
    if (!no_tick && !no_lot) break;  // only the clock is asked for: the first batch shows it
    if (progress && !progress(source->share())) throw Error(ErrorKind::again, "interrupted");
  }
  reading.tick = no_tick ? prices.step() : given.instrument.tick_size;
  reading.lot = !no_lot ? given.instrument.lot_size : reading.sized > 0 ? sizes.step() : 1;
  reading.counts = source->counts();
  return reading;
}

constexpr const char* kOffTick = "price off the tick grid";
constexpr const char* kOffLot = "size off the lot grid";
constexpr const char* kTooLarge = "number out of range";

std::string step_text(double step) {
  std::string text = "1";
  if (step < 1) {
    text = "0.";
    for (double rest = step * 10; rest < 0.99; rest *= 10) text += '0';
    text += '1';
  }
  return text;
}

}  // namespace

GuessedSource guess_source(const std::vector<std::string>& files, const std::string& only) {
  std::optional<GuessedSource> found;
  std::string first;
  for (const std::string& file : files) {
    if (is_empty_file(file)) continue;
    const std::vector<Answer> answers = ask(file, only);
    const auto sure = [](const Answer& answer) { return answer.guess.sure == Guess::Sure::yes; };
    const auto one = std::find_if(answers.begin(), answers.end(), sure);
    if (one == answers.end() || std::count_if(answers.begin(), answers.end(), sure) > 1) undecided(file, answers);
    if (!found) {
      found = taken(file, *one);
      first = file;
    } else if (found->source != one->source || found->params != one->guess.params) {
      throw Error(ErrorKind::usage, "the files are not of one kind: " + first + " is for source " + found->said + ", " +
                                        file + " is for " + taken(file, *one).said +
                                        "; ingest them one kind at a time, or name --source");
    }
  }
  if (!found)
    throw Error(ErrorKind::bad_data,
                files.empty() ? "no input file is given" : files[0] + ": the file is empty, there is nothing to read");
  return *found;
}

std::optional<GuessedSource> guess_params(const std::vector<std::string>& files, const std::string& source) {
  for (const std::string& file : files) {
    if (is_empty_file(file)) continue;
    for (const Answer& answer : ask(file, source))
      if (answer.guess.sure == Guess::Sure::yes) return taken(file, answer);
    return {};
  }
  return {};
}

GuessedGrids guess_grids(const std::string& source_name, const void* params, const SourceInput& given,
                         const std::function<bool(double share)>& progress) {
  const source_catalogue::Entry& entry = find_source(source_name);
  const bool no_tick = !(given.instrument.tick_size > 0), no_lot = !(given.instrument.lot_size > 0);
  Reading best = read_through(entry, params, given, 9, 9, progress);
  // Sizes of cheap coins are too large to be counted in billionths: then the lots are coarser.
  while (no_lot && best.lot_digits > 0 && best.refused(kTooLarge) > 0) {
    const Reading coarser = read_through(entry, params, given, best.tick_digits, best.lot_digits - 3, progress);
    if (coarser.refused(kTooLarge) >= best.refused(kTooLarge)) break;
    best = coarser;
  }
  // Binary floats in print (26.310000000000002) are off a grid as fine as that, and on a coarser one.
  for (const bool price : {true, false}) {
    const char* const off = price ? kOffTick : kOffLot;
    while ((price ? no_tick && best.tick_digits > 0 : no_lot && best.lot_digits > 0) && best.refused(off) > 0) {
      const Reading coarser = read_through(entry, params, given, best.tick_digits - (price ? 1 : 0),
                                           best.lot_digits - (price ? 0 : 1), progress);
      if (coarser.refused(off) >= best.refused(off)) break;
      best = coarser;
    }
  }

  GuessedGrids grids;
  grids.has_local_clock = best.has_local_clock;
  grids.lot_size = best.lot;
  if (no_tick && best.priced == 0) {
    std::string reasons;
    for (const auto& [reason, refusal] : best.counts.refused)
      reasons += (reasons.empty() ? "; refused: " : ", ") + std::to_string(refusal.rows) + " " + reason + " (first " +
                 refusal.file + ":" + std::to_string(refusal.line) + ")";
    grids.why_none = (given.files.empty() ? std::string("the input") : given.files[0]) +
                     ": there is no price to find the tick size by (" + std::to_string(best.ticks) + " ticks" +
                     reasons + ")";
    return grids;
  }
  grids.tick_size = best.tick;
  const auto say = [&](const char* what, double step, int64_t count, const char* values) {
    grids.said.push_back(std::string(what) + " size " + step_text(step) +
                         ": the largest power of ten, at most 1, on which all " + std::to_string(count) + " " + values +
                         " lie");
  };
  if (no_tick) say("tick", best.tick, best.priced, "prices");
  if (no_lot && best.sized > 0) say("lot", best.lot, best.sized, "sizes");
  if (no_lot && best.sized == 0) grids.said.push_back("lot size 1: the feed has no sizes");
  for (const char* reason : {kOffTick, kOffLot})
    if (best.refused(reason) > 0)
      grids.said.push_back(std::to_string(best.refused(reason)) + " rows lie on no such grid (" + reason + ")");
  return grids;
}

std::string suggest_instrument(const std::string& path) {
  std::vector<std::string> parts;
  for (const auto& part : std::filesystem::path(path).lexically_normal()) parts.push_back(part.string());
  const auto upper = [](std::string text) {
    for (char& c : text)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
  };
  const auto perhaps = [](const std::string& venue, const std::string& symbol) {
    return "perhaps --venue " + venue + " --symbol " + symbol;
  };
  const auto all = [](const std::string& text, auto test) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](unsigned char c) { return test(c); });
  };
  const auto is_digit = [](unsigned char c) { return c >= '0' && c <= '9'; };
  const auto is_name = [](unsigned char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); };
  const std::size_t count = parts.size();
  const std::string name = parts.empty() ? "" : parts.back();

  // LEAN: <class>/<market>/tick/<symbol>/YYYYMMDD_quote.zip
  for (std::size_t part = 1; part + 1 < count; ++part)
    if (parts[part] == "tick" && parts[part + 1] != name) return perhaps(parts[part - 1], upper(parts[part + 1]));
  // Dukascopy: SYMBOL/YYYY/MM/DD/HHh_ticks.bi5
  if (count >= 5 && name.ends_with("h_ticks.bi5") && all(parts[count - 2], is_digit) && all(parts[count - 4], is_digit))
    return perhaps("dukascopy", upper(parts[count - 5]));
  // Tardis: EXCHANGE_trades_2020-01-01_SYMBOL.csv.gz
  for (const char* kind :
       {"_trades_", "_quotes_", "_incremental_book_L2_", "_book_snapshot_5_", "_book_snapshot_25_"}) {
    const std::size_t at = name.find(kind), end = name.find(".csv");
    const std::size_t date = at + std::string(kind).size();
    if (at != name.npos && end != name.npos && end > date + 11 && name[date + 10] == '_')
      return perhaps(name.substr(0, at), name.substr(date + 11, end - date - 11));
  }
  // LOBSTER: TICKER_YYYY-MM-DD_start_end_message_10.csv
  const std::size_t mark = name.find('_');
  if (mark != name.npos && (name.find("_message_") != name.npos || name.find("_orderbook_") != name.npos) &&
      all(name.substr(0, mark), is_name))
    return perhaps("nasdaq", name.substr(0, mark));
  // Binance: SYMBOL-trades-2024-01-01.zip
  for (const char* kind : {"-trades-", "-aggTrades-", "-bookTicker-"})
    if (const std::size_t at = name.find(kind); at != name.npos) return perhaps("binance", name.substr(0, at));
  return {};
}

}  // namespace tf::data
