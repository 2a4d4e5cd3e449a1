#include "cuda/series/order_window.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tf::series {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int64_t kPiece = 4096;        ///< rows of a grid between two looks at the range
constexpr int64_t kShortPiece = 16384;  ///< rows of a short window between two sorts
constexpr int64_t kLeastStretch = 1024;
/// The least share of the window that a stretch of rows must bring to be worth a sort of them all.
constexpr int64_t kLeastShare = 8;
constexpr int64_t kMostBins = int64_t{1} << 20, kLeastBins = 4096;
constexpr double kMostStep = 0x1p50;

/// Steps to a unit: prices are decimal, their middles halves of that, bonds and some futures binary.
constexpr double kScales[] = {1,    2,    4,     8,     10,     16,     20,      32,      64,  100, 128, 200, 256,
                              1000, 2000, 10000, 20000, 100000, 200000, 1000000, 2000000, 1e7, 2e7, 1e8, 2e8};

double ordered(double value) { return (value == value ? value : std::numeric_limits<double>::infinity()) + 0.0; }

}  // namespace

void OrderBins::clear(int64_t bins) {
  const int64_t words = bins / 64 + 1, groups = bins / 4096 + 1;
  clear_bits(bins);
  counts.assign(words * 64, 0);
  sums.assign(groups * 64, 0);
  big_sums.assign(groups, 0);
  cursor = below = 0;
}

void OrderBins::clear_bits(int64_t bins) {
  bits.assign(bins / 64 + 1, 0);
  summary.assign(bins / 4096 + 1, 0);
}

const OrderKernels& order_kernels(CpuLevel level) {
  return level == CpuLevel::v4 ? order_kernels_v4() : order_kernels_v3();
}

OrderWindow::OrderWindow(int64_t window, CpuLevel level) : window_(window), kernels_(&order_kernels(level)) {}

void OrderWindow::reset() { next_row_ = -1; }

void OrderWindow::quantile(const double* values, int64_t row, int64_t count, double q, double* out) {
  OrderQuestion question;
  const double place = q * static_cast<double>(window_ - 1);
  question.lower = std::clamp<int64_t>(static_cast<int64_t>(std::floor(place)), 0, window_ - 1);
  question.part = question.lower < window_ - 1 ? place - static_cast<double>(question.lower) : 0;
  run(values, row, count, question, out);
}

void OrderWindow::rank(const double* values, int64_t row, int64_t count, double* out) {
  OrderQuestion question;
  question.rank = true;
  run(values, row, count, question, out);
}

void OrderWindow::run(const double* values, int64_t row, int64_t count, OrderQuestion question, double* out) {
  const int64_t first = std::clamp<int64_t>(window_ - 1 - row, 0, count);
  std::fill_n(out, first, kNaN);
  if (first == count) return;

  if (row + first != next_row_ || held_for_rank_ != question.rank) {
    held_ = Held::nothing;
    held_for_rank_ = question.rank;
    retry_row_ = 0;
    newest_nan_ = row + first - window_;
    for (int64_t at = first - 1; at > first - window_ && newest_nan_ < row + at; --at)
      if (values[at] != values[at]) newest_nan_ = row + at;
  }
  for (int64_t at = first; at < count;) {
    const int64_t rows = step(values + at, row + at, count - at, question, out + at);
    void_where_nan(values, row, at, at + rows, out);
    at += rows;
  }
  next_row_ = row + count;
}

void OrderWindow::void_where_nan(const double* values, int64_t row, int64_t first, int64_t end, double* out) {
  if (newest_nan_ <= row + first - window_ && !kernels_->any_nan(values + first, end - first)) return;
  for (int64_t at = first; at < end; ++at) {
    if (values[at] != values[at]) newest_nan_ = row + at;
    if (newest_nan_ > row + at - window_) out[at] = kNaN;
  }
}

int64_t OrderWindow::step(const double* values, int64_t row, int64_t left, OrderQuestion question, double* out) {
  if (window_ <= kShortWindow) {
    const int64_t rows = std::min(left, kShortPiece);
    scratch_.resize((kShortWindow + 1) * kMostLanes);
    if (question.rank)
      kernels_->short_rank(values, rows, window_, out);
    else
      kernels_->short_quantile(values, rows, window_, question, out, scratch_.data());
    return rows;
  }
  const int64_t piece = std::min(left, kPiece);
  if ((held_ == Held::grid || row >= retry_row_) && step_grid(values, row, piece, question, out)) return piece;

  const int64_t stretch = std::min(left, std::max(4 * window_, kLeastStretch));
  if (stretch * kLeastShare < window_)
    step_list(values, stretch, question, out);
  else
    step_ranks(values, stretch, question, out);
  return stretch;
}

bool OrderWindow::step_grid(const double* values, int64_t row, int64_t count, OrderQuestion question, double* out) {
  const int64_t history = window_ - 1;
  // First, though it may be for nothing: the values come from memory here, forwards, and the look at the grid goes
  // back.
  if (held_ == Held::grid) kernels_->to_bins(values, count, grid_, now_.data());
  double least = 0, most = 0;
  const bool fits = held_ == Held::grid && kernels_->last_off_grid(values, count, grid_.scale, &least, &most) < 0 &&
                    (least > most || (least >= grid_.base && most < grid_.base + static_cast<double>(grid_.bins)));
  if (!fits) {
    held_ = Held::nothing;
    if (!find_grid(values, row, count)) return false;
    now_.resize(std::max(history, kPiece));
    kernels_->to_bins(values - history, history, grid_, now_.data());
    bins_.clear(grid_.bins);
    kernels_->fill(bins_, now_.data(), history, question.rank);
    held_ = Held::grid;
    kernels_->to_bins(values, count, grid_, now_.data());
  }
  old_.resize(kPiece);
  kernels_->to_bins(values - history, count, grid_, old_.data());
  if (question.rank)
    kernels_->share(bins_, now_.data(), old_.data(), count, window_, out);
  else
    kernels_->walk(bins_, now_.data(), old_.data(), count, question, grid_, out);
  return true;
}

/// The coarsest grid that holds the window before `values` and `count` rows more, with room around them.
bool OrderWindow::find_grid(const double* values, int64_t row, int64_t count) {
  const int64_t history = window_ - 1;
  int64_t oldest_failure = std::numeric_limits<int64_t>::max();
  for (const double scale : kScales) {
    double least, most;
    const int64_t off = kernels_->last_off_grid(values - history, history + count, scale, &least, &most);
    if (off >= 0) {
      oldest_failure = std::min(oldest_failure, off);
      continue;
    }
    if (least > most) least = most = 0;
    if (least < -kMostStep || most > kMostStep || most - least >= static_cast<double>(kMostBins)) {
      oldest_failure = history;
      break;
    }
    const auto span = static_cast<int64_t>(most - least) + 1;
    grid_.scale = scale;
    grid_.bins = kLeastBins;
    while (grid_.bins < kMostBins && grid_.bins < 4 * span) grid_.bins *= 2;
    grid_.base = least - static_cast<double>((grid_.bins - span) / 2);
    return true;
  }
  retry_row_ = row - history + oldest_failure + window_;
  return false;
}

void OrderWindow::step_ranks(const double* values, int64_t count, OrderQuestion question, double* out) {
  const int64_t history = window_ - 1;
  held_ = Held::nothing;
  now_.resize(std::max(history + count, kPiece));
  const double* const first = values - history;
  const int32_t *const old = now_.data(), *const now = old + history;
  if (question.rank) {
    bins_.clear(ranks_.rank_values(first, history + count, now_.data()));
    kernels_->fill(bins_, old, history, true);
    kernels_->share(bins_, now, old, count, window_, out);
  } else {
    ranks_.rank(first, history + count, now_.data());
    bins_.clear_bits(history + count);
    kernels_->fill_bits(bins_, old, history);
    kernels_->walk_ranks(bins_, now, old, count, question, first, ranks_.place_of(), out);
  }
}

void OrderWindow::step_list(const double* values, int64_t count, OrderQuestion question, double* out) {
  const int64_t history = window_ - 1;
  if (held_ != Held::list) {
    scratch_.resize(history);
    std::transform(values - history, values, scratch_.begin(), ordered);
    list_.assign(scratch_);
    held_ = Held::list;
  }
  for (int64_t at = 0; at < count; ++at) {
    const double now = ordered(values[at]);
    list_.add(now);
    if (question.rank) {
      const int64_t below = list_.below(now), equal = list_.not_above(now) - below;
      out[at] = (static_cast<double>(below) + 0.5 * static_cast<double>(equal)) / static_cast<double>(window_);
    } else {
      const double lower = list_.at(question.lower);
      out[at] = question.part == 0 ? lower : between(lower, list_.at(question.lower + 1), question.part);
    }
    list_.take_out(ordered(values[at - history]));
  }
}

}  // namespace tf::series
