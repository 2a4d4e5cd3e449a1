#include "data/judge.hpp"

#include <algorithm>

#include "cuda/base/error.hpp"
#include "data/sources/parse/time_column.hpp"

namespace tf::data {
namespace {

constexpr uint32_t bit(TickKind kind) { return 1u << static_cast<uint32_t>(kind); }
constexpr uint32_t kPriced = bit(TickKind::trade) | bit(TickKind::best_bid) | bit(TickKind::best_ask);
constexpr uint32_t kKnown = (1u << 13) - 2;  // none and what has no name are no kinds
// An event without an end is cut after so many ticks, so that memory stays bounded whatever a source does.
constexpr std::size_t kLongestEvent = std::size_t{1} << 22;

bool is_priced(const Tick& tick) { return kPriced >> (tick.flags & kKindMask) & 1; }

int64_t rows_in(std::span<const Tick> ticks) {
  int64_t rows = 0;
  for (const Tick& tick : ticks) rows += tick.flags >> 31;
  return rows;
}

const char* kind_name(TickKind kind) {
  constexpr const char* kNames[] = {"none",       "trade",  "best bid",   "best ask",     "depth bid",
                                    "depth ask",  "clear",  "order add",  "order modify", "order cancel",
                                    "order fill", "status", "trade break"};
  const auto number = static_cast<std::size_t>(kind);
  return number < std::size(kNames) ? kNames[number] : "unknown kind";
}

}  // namespace

Judge::Judge(const IngestPolicy& policy, const Instrument& instrument, const std::vector<std::string>& files)
    : sorts_(policy.exchange_time_back == "sort"),
      refuses_back_(policy.exchange_time_back == "refuse"),
      stops_back_(policy.exchange_time_back == "stop"),
      refuses_local_back_(policy.local_time_back == "refuse"),
      stops_local_back_(policy.local_time_back == "stop"),
      refuses_latency_(policy.negative_latency == "refuse"),
      refuses_zero_(policy.zero_price == "refuse"),
      refuses_negative_(policy.negative_price == "refuse"),
      refuses_empty_(policy.zero_size == "refuse"),
      refuses_crossed_(policy.crossed == "refuse"),
      refuses_locked_(policy.locked == "refuse"),
      refuses_old_(policy.old_trades == "refuse"),
      refuses_outside_(policy.outside_sessions == "refuse"),
      drops_corrections_(policy.corrections == "drop"),
      old_trade_ns_(policy.old_trade_ms * 1'000'000),
      shift_ns_(policy.local_shift_ns),
      max_gap_ns_(policy.max_gap_s * kSecond),
      files_(files),
      days_(instrument),
      sessions_(policy.sessions, instrument.zone),
      window_(policy.sort_window_ms * 1'000'000) {
  check_policy(policy);
  if (policy.auctions == "drop") dropped_flags_ |= kFlagAuction;
  if (policy.irregular == "drop") dropped_flags_ |= kFlagIrregular;
  if (policy.hidden == "drop") dropped_flags_ |= kFlagHidden;
  if (policy.bars == "drop") dropped_flags_ |= kFlagBar;
  refuses_outside_ &= !sessions_.always();
  if (is_test_symbol(instrument.symbol) && policy.test_symbols != "keep") {
    if (policy.test_symbols == "refuse")
      throw Error(ErrorKind::config, instrument.id() + ": " + instrument.symbol +
                                         " is a symbol that venues use for tests (policy test_symbols = refuse)");
    count_row(noted_, "test symbol", "", 0, instrument.symbol);
  }
}

void Judge::take(std::vector<Tick>& ticks, std::size_t count, int64_t refused_before, int64_t refused_after,
                 std::vector<JudgeStep>& steps) {
  refused_before_ = refused_before;
  refused_after_ = refused_after;
  if (shift_ns_ != 0)
    for (Tick& tick : std::span(ticks).first(count)) tick.local_ts += shift_ns_;
  if (!begun_ && count > 0) {
    begun_ = true;
    old_before_ = ticks[0].local_ts - old_trade_ns_;
  }

  // Whole events only: the beginning of one waits for its end. Sorting moves rows, which must be whole too.
  const uint32_t end_flags = sorts_ ? kFlagLast | kRowEnd : uint32_t{kFlagLast};
  std::size_t whole = count;
  while (whole > 0 && (ticks[whole - 1].flags & end_flags) != end_flags) --whole;
  const auto batch = [&](std::size_t at) { return ticks.begin() + static_cast<std::ptrdiff_t>(at); };
  if (whole == 0 && pending_.size() + count <= kLongestEvent) {
    pending_.insert(pending_.end(), batch(0), batch(count));
    return;
  }
  if (whole == 0) whole = count;
  if (!pending_.empty()) {
    whole += pending_.size();
    pending_.insert(pending_.end(), batch(0), batch(count));
    count = pending_.size();
    ticks.swap(pending_);
  }
  pending_.assign(batch(whole), batch(count));
  if (sorts_) {
    sort(ticks, whole, false);
    whole = ticks.size();
  }
  judge(ticks, whole, steps);
}

void Judge::finish(std::vector<Tick>& ticks, std::vector<JudgeStep>& steps) {
  ticks.swap(pending_);
  pending_.clear();
  if (sorts_) sort(ticks, ticks.size(), true);
  judge(ticks, ticks.size(), steps);
  const Day last = current_ ? current_->day : Day{};
  open_.sort([](const OpenDay& one, const OpenDay& other) { return one.day > other.day; });
  current_ = nullptr;
  while (!open_.empty()) close_oldest(open_.back().day >= last, steps);
}

void Judge::sort(std::vector<Tick>& ticks, std::size_t count, bool all) {
  constexpr uint32_t kEnd = kFlagLast | kRowEnd;
  numbered_ = true;
  for (std::size_t from = 0, to; from < count; from = to) {
    to = from;
    while (to < count && (ticks[to].flags & kEnd) != kEnd) ++to;
    to = std::min(to + 1, count);
    const std::span<const Tick> unit = std::span<const Tick>(ticks).subspan(from, to - from);
    if (!window_.put(unit)) refuse_row("too late to sort", unit[0], rows_in(unit));
    rows_passed_ += rows_in(unit);
  }
  numbered_ = false;  // from here on rows are no longer in the order of the input
  ticks.clear();
  window_.take(ticks, all);
}

void Judge::judge(std::vector<Tick>& ticks, std::size_t count, std::vector<JudgeStep>& steps) {
  if (count == 0) return;
  const std::span<Tick> whole = std::span(ticks).first(count);
  if (ordinary(whole)) {
    pass(whole, steps);
  } else {
    judge_events(whole, steps);
  }
}

/// True when nothing in the batch needs a second look: all of one open day, nothing the policy could refuse.
bool Judge::ordinary(std::span<const Tick> ticks) {
  if (!current_ || row_reason_ || refuses_crossed_ || refuses_locked_) return false;
  const bool ordered = refuses_back_ || stops_back_ || refuses_local_back_ || stops_local_back_;
  if ((ordered || refuses_latency_ || refuses_old_ || drops_corrections_) && !ordinary_times(ticks)) return false;
  int64_t from = days_.from_ns(), until = days_.until_ns();
  if (refuses_outside_) {
    if (!sessions_.inside(ticks[0].exch_ts)) return false;
    from = std::max(from, sessions_.from_ns());
    until = std::min(until, sessions_.until_ns());
  }
  const auto word = [](int64_t value) { return static_cast<uint64_t>(value); };
  // The prices refused lie in [low, low + span]: 0 alone, all below, or both; for none no kind is looked at.
  const uint64_t low = refuses_negative_ ? word(INT64_MIN) : 0,
                 span = !refuses_negative_ ? 0 : word(INT64_MAX) + (refuses_zero_ ? 1 : 0);
  const uint32_t refused_kinds = refuses_zero_ || refuses_negative_ ? kPriced : 0,
                 sized_kinds = refuses_empty_ ? kPriced : 0, dropped = dropped_flags_;
  const uint64_t length = word(until) - word(from);
  uint32_t odd = 0;
  for (const Tick& tick : ticks) {
    const uint32_t kind = tick.flags & kKindMask;
    odd |= static_cast<uint32_t>(word(tick.exch_ts) - word(from) >= length) | (~kKnown >> kind & 1) |
           static_cast<uint32_t>(tick.qty < 0) | (tick.flags & dropped) |
           ((refused_kinds >> kind & 1) & static_cast<uint32_t>(word(tick.px) - low <= span)) |
           ((sized_kinds >> kind & 1) & static_cast<uint32_t>(tick.qty == 0));
  }
  return odd == 0;
}

/// The part of it that few policies ask for.
bool Judge::ordinary_times(std::span<const Tick> ticks) const {
  int64_t last = last_exch_, last_local = last_local_;
  for (const Tick& tick : ticks) {
    if (tick.exch_ts < last && (refuses_back_ || stops_back_)) return false;
    if (tick.local_ts < last_local && (refuses_local_back_ || stops_local_back_)) return false;
    if (refuses_latency_ && tick.local_ts < tick.exch_ts) return false;
    if (refuses_old_ && tick.exch_ts < old_before_) return false;
    if (drops_corrections_ && tick.kind() == TickKind::trade_break) return false;
    last = tick.exch_ts;
    last_local = tick.local_ts;
  }
  return true;
}

void Judge::pass(std::span<Tick> ticks, std::vector<JudgeStep>& steps) {
  row_kept_ = !(ticks.back().flags & kRowEnd);
  row_reason_ = nullptr;
  int64_t rows = 0;
  for (Tick& tick : ticks) {
    rows += tick.flags >> 31;
    tick.flags &= ~kRowEnd;
  }
  rows_passed_ += sorts_ ? 0 : rows;
  current_->rows += rows;
  current_->meter.add(ticks);
  last_exch_ = ticks.back().exch_ts;
  last_local_ = ticks.back().local_ts;
  steps.push_back({current_->day, 0, ticks.size(), nullptr});
}

void Judge::judge_events(std::span<Tick> ticks, std::vector<JudgeStep>& steps) {
  std::size_t kept = 0, run = 0;  // ticks kept so far, at the front; where the run of the current day begins
  const auto end_run = [&] {
    if (kept == run) return;
    current_->meter.add(ticks.subspan(run, kept - run));
    steps.push_back({current_->day, run, kept - run, nullptr});
    run = kept;
  };
  for (std::size_t from = 0, to; from < ticks.size(); from = to) {
    to = from;
    while (to < ticks.size() && !(ticks[to].flags & kFlagLast)) ++to;
    to = std::min(to + 1, ticks.size());
    const std::span<const Tick> event = ticks.subspan(from, to - from);
    const Tick* culprit = event.data();
    Reason reason = why_refused(event, culprit);
    if (!reason) {
      const Day day = days_.day_at(event[0].exch_ts);
      if (closed_.contains(day)) {
        reason = "day already written";
      } else if (!current_ || current_->day != day) {
        end_run();
        enter(day, steps);
      }
    }
    account(event, reason, *culprit);
    if (reason) continue;
    last_exch_ = event.back().exch_ts;
    last_local_ = event.back().local_ts;
    for (const Tick& tick : event) {
      Tick& to_keep = ticks[kept++];
      to_keep = tick;
      to_keep.flags &= ~kRowEnd;
    }
  }
  end_run();
  if (current_) days_.day_at(days_.start_ns(current_->day));  // ordinary() asks for the bounds of the current day
}

/// Counts the rows that end in this event; a row that began in an earlier one may have been kept there.
void Judge::account(std::span<const Tick> event, Reason reason, const Tick& culprit) {
  if (reason && !row_reason_) {
    row_reason_ = reason;
    row_culprit_ = culprit;
  }
  row_kept_ |= !reason;
  for (const Tick& tick : event) {
    if (!(tick.flags & kRowEnd)) continue;
    if (row_kept_) {
      if (current_) ++current_->rows;
      if (row_reason_) {
        Refusal& note = noted_[std::string("part of a row refused: ") + row_reason_];
        if (note.rows++ == 0) {
          const Refusal place = place_of(row_culprit_);
          note = {1, place.file, place.line, place.example};
        }
      }
    } else {
      refuse_row(row_reason_, row_culprit_, 1);
    }
    rows_passed_ += sorts_ ? 0 : 1;
    // The next row of the same event shares its fate.
    const bool more = &tick != &event.back();
    row_kept_ = more && !reason;
    row_reason_ = more ? reason : nullptr;
    row_culprit_ = culprit;
  }
}

void Judge::refuse_row(Reason reason, const Tick& culprit, int64_t rows) {
  Refusal& refusal = refused_[reason];
  if (refusal.rows == 0) refusal = place_of(culprit);
  refusal.rows += rows;
  if (current_) current_->refused[reason] += rows;
}

Refusal Judge::place_of(const Tick& tick) const {
  Refusal place;
  const int64_t row = rows_passed_ + 1;
  std::string at;
  if (!numbered_) {
    at = "sorted row";
  } else if (refused_before_ == refused_after_) {
    at = "row " + std::to_string(row + refused_before_);
  } else {
    at = "row " + std::to_string(row + refused_before_) + " to " + std::to_string(row + refused_after_);
  }
  if (files_.size() == 1) {
    place.file = files_[0];
    place.line = numbered_ ? row + refused_before_ : 0;
  } else if (!files_.empty()) {
    at += " of the input of " + std::to_string(files_.size()) + " files";
  }
  const bool in_range = tick.exch_ts >= 0 && tick.exch_ts <= kLatest;
  place.example = at + ": " + kind_name(tick.kind()) + " of " +
                  (in_range ? time_text(tick.exch_ts) : std::to_string(tick.exch_ts) + " ns since 1970") + ", price " +
                  std::to_string(tick.px) + " ticks, size " + std::to_string(tick.qty) + " lots";
  return place;
}

void Judge::stop(const char* what, const Tick& tick, int64_t before) {
  const Refusal place = place_of(tick);
  throw Error(ErrorKind::bad_data, (place.file.empty() ? "" : place.file + ": ") + place.example + ": the " + what +
                                       " time goes back, the row before has " + time_text(before) +
                                       " (the policy says stop)");
}

Judge::Reason Judge::why_refused(std::span<const Tick> event, const Tick*& culprit) {
  int64_t last = last_exch_, last_local = last_local_;
  for (const Tick& tick : event) {
    culprit = &tick;
    if (tick.exch_ts < 0 || tick.exch_ts > kLatest) return "time out of range";
    if (tick.exch_ts < last && refuses_back_) return "exchange time goes back";
    if (tick.exch_ts < last && stops_back_) stop("exchange", tick, last);
    if (tick.local_ts < last_local && refuses_local_back_) return "receive time goes back";
    if (tick.local_ts < last_local && stops_local_back_) stop("receive", tick, last_local);
    if (const Reason reason = why_refused(tick)) return reason;
    last = tick.exch_ts;
    last_local = tick.local_ts;
  }
  culprit = event.data();
  return refuses_crossed_ || refuses_locked_ ? why_crossed(event) : nullptr;
}

Judge::Reason Judge::why_refused(const Tick& tick) {
  if (!(kKnown >> (tick.flags & kKindMask) & 1)) return "row of no known kind";
  if (tick.qty < 0) return "negative size";
  if (refuses_latency_ && tick.local_ts < tick.exch_ts) return "received before it was sent";
  if (drops_corrections_ && tick.kind() == TickKind::trade_break) return "correction of a trade";
  if (const uint32_t dropped = tick.flags & dropped_flags_)
    return dropped & kFlagAuction     ? "auction print"
           : dropped & kFlagIrregular ? "irregular print"
           : dropped & kFlagHidden    ? "hidden execution"
                                      : "print of a bar";
  if (!is_priced(tick)) return nullptr;
  if (refuses_zero_ && tick.px == 0) return "price of zero";
  if (refuses_negative_ && tick.px < 0) return "negative price";
  if (refuses_empty_ && tick.qty == 0 && !(tick.flags & kFlagNoSize)) return "size of zero";
  if (refuses_outside_ && !sessions_.inside(tick.exch_ts)) return "outside the sessions";
  const bool is_old =
      tick.kind() == TickKind::trade && tick.exch_ts < old_before_ && tick.local_ts - tick.exch_ts > old_trade_ns_;
  return refuses_old_ && is_old ? "trade from before the stream began" : nullptr;
}

/// Judges the touch after the event, and moves on to it when it is kept.
Judge::Reason Judge::why_crossed(std::span<const Tick> event) {
  bool has_bid = has_bid_, has_ask = has_ask_, quoted = false;
  int64_t bid = bid_, ask = ask_;
  for (const Tick& tick : event) {
    const bool both = !(tick.flags & (kFlagBuy | kFlagSell));
    switch (tick.kind()) {
      case TickKind::best_bid:
        bid = tick.px;
        has_bid = quoted = true;
        break;
      case TickKind::best_ask:
        ask = tick.px;
        has_ask = quoted = true;
        break;
      case TickKind::clear:
        has_bid &= !(both || (tick.flags & kFlagBuy));
        has_ask &= !(both || (tick.flags & kFlagSell));
        break;
      default:
        break;
    }
  }
  if (quoted && has_bid && has_ask) {
    if (refuses_crossed_ && bid > ask) return "crossed quote";
    if (refuses_locked_ && bid == ask) return "locked quote";
  }
  has_bid_ = has_bid;
  has_ask_ = has_ask;
  bid_ = bid;
  ask_ = ask;
  return nullptr;
}

void Judge::enter(Day day, std::vector<JudgeStep>& steps) {
  const auto known = std::find_if(open_.begin(), open_.end(), [&](const OpenDay& open) { return open.day == day; });
  if (known != open_.end()) {
    open_.splice(open_.begin(), open_, known);
  } else {
    if (open_.size() == 2) close_oldest(false, steps);
    open_.push_front({day, QualityMeter(sessions_, max_gap_ns_), 0, {}});
  }
  current_ = &open_.front();
}

/// Closes the day that was not used for longest.
void Judge::close_oldest(bool reaches_end, std::vector<JudgeStep>& steps) {
  OpenDay& day = open_.back();
  const QualityCounts quality = day.meter.counts();
  if (quality.long_gaps > 0) {
    Refusal& note = noted_["silence longer than max_gap_s"];
    if (note.rows == 0)
      note.example = to_text(day.day) + ": the longest after " + time_text(quality.largest_gap_at) + ", " +
                     std::to_string(quality.largest_gap_ns / kSecond) + " s";
    note.rows += quality.long_gaps;
  }
  closed_.insert(day.day);
  JudgeStep step;
  step.day = day.day;
  step.closed =
      std::make_shared<const JudgedDay>(JudgedDay{day.day, quality, day.rows, std::move(day.refused), reaches_end});
  steps.push_back(std::move(step));
  open_.pop_back();
}

}  // namespace tf::data
