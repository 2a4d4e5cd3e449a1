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

/// The largest power of ten, at most 1, on which all values lie that are counted in 1e-9.
class PowerOfTen {
 public:
  void add(int64_t value) {
    while (value % unit_ != 0) unit_ /= 10;
  }
  double step() const {
    constexpr std::array<double, 10> kSteps = {1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9};
    std::size_t digits = 0;
    for (int64_t unit = unit_; unit < 1'000'000'000; unit *= 10) ++digits;
    return kSteps[digits];
  }

 private:
  int64_t unit_ = 1'000'000'000;
};

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
  constexpr double kFinest = 1e-9;
  const source_catalogue::Entry& entry = find_source(source_name);
  GuessedGrids grids;
  const bool no_tick = !(given.instrument.tick_size > 0), no_lot = !(given.instrument.lot_size > 0);
  // Sizes of cheap coins are too large to be counted in billionths: then the lots are coarser.
  for (const double finest_lot : {kFinest, 1e-6, 1e-3, 1.0}) {
    SourceInput input = given;
    if (no_tick) input.instrument.tick_size = kFinest;
    if (no_lot) input.instrument.lot_size = finest_lot;
    const std::unique_ptr<Source> source = entry.open(input, params);
    PowerOfTen prices, sizes;
    int64_t priced = 0, sized = 0, ticks = 0;
    const auto coarse = static_cast<int64_t>(finest_lot / kFinest + 0.5);
    grids.has_local_clock = false;
    std::vector<Tick> batch(1 << 14);
    while (const std::size_t count = source->next_batch(batch)) {
      for (const Tick& tick : std::span<const Tick>(batch).first(count)) {
        const TickKind kind = tick.kind();
        if (kind == TickKind::clear || kind == TickKind::status) continue;
        if (tick.px != 0 && no_tick) prices.add(tick.px);
        priced += tick.px != 0;
        if (tick.qty != 0 && !(tick.flags & kFlagNoSize)) {
          int64_t billionths = 0;
          if (no_lot && !__builtin_mul_overflow(tick.qty, coarse, &billionths)) sizes.add(billionths);
          ++sized;
        }
        grids.has_local_clock |= tick.local_ts != tick.exch_ts;
      }
      ticks += static_cast<int64_t>(count);
      if (!no_tick && !no_lot) break;  // only the clock is asked for: the first batch shows it
      if (progress && !progress(source->share())) throw Error(ErrorKind::again, "interrupted");
    }
    const auto& refused = source->counts().refused;
    const auto rows = [&](const char* reason) {
      const auto found = refused.find(reason);
      return found == refused.end() ? int64_t{0} : found->second.rows;
    };
    if (no_lot && finest_lot < 1 && rows("number out of range") > 0) continue;
    if (no_tick && priced == 0) {
      std::string reasons;
      for (const auto& [reason, refusal] : refused)
        reasons += (reasons.empty() ? "; refused: " : ", ") + std::to_string(refusal.rows) + " " + reason + " (first " +
                   refusal.file + ":" + std::to_string(refusal.line) + ")";
      throw Error(ErrorKind::bad_data, (input.files.empty() ? std::string("the input") : input.files[0]) +
                                           ": there is no price to find the tick size by (" + std::to_string(ticks) +
                                           " ticks" + reasons + "); give --tick-size and --lot-size");
    }
    grids.tick_size = no_tick ? prices.step() : given.instrument.tick_size;
    grids.lot_size = no_lot ? (sized > 0 ? sizes.step() : 1) : given.instrument.lot_size;
    if (no_tick)
      grids.said.push_back("tick size " + step_text(grids.tick_size) +
                           ": the largest power of ten, at most 1, on which all " + std::to_string(priced) +
                           " prices lie");
    if (no_lot)
      grids.said.push_back(sized > 0 ? "lot size " + step_text(grids.lot_size) +
                                           ": the largest power of ten, at most 1, on which all " +
                                           std::to_string(sized) + " sizes lie"
                                     : "lot size 1: the feed has no sizes");
    for (const char* reason : {"price off the tick grid", "size off the lot grid"})
      if (rows(reason) > 0)
        grids.said.push_back(std::to_string(rows(reason)) + " rows lie on no such grid down to 1e-9 (" + reason + ")");
    break;
  }
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
