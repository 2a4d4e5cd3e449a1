// The books of one lane (or a pack of lanes): position, money, orders in flight, bracket, counters of the day.
// Prices are ticks and positions lots, both whole numbers in doubles, so that cash is exact; fees are currency.
#pragma once
#include <limits>

#include "cuda/base/host_device.hpp"
#include "cuda/base/pack.hpp"
#include "cuda/market/lane_program.hpp"

namespace tf::market {
inline namespace TF_LEVEL {

inline constexpr double kNever = std::numeric_limits<double>::infinity();
inline constexpr double kDayEnd = std::numeric_limits<double>::max();  ///< after every time, before kNever
inline constexpr double kNoSignal = std::numeric_limits<double>::quiet_NaN();

/// R words only, so that lanes are packed, moved and stored without knowing the members.
template <class R>
struct Account {
  R position, known;  ///< lots at the exchange; as reported to the strategy
  R cash, gross;      ///< tick * lot since the day's start; gross: filled at mid, at the decision
  R fees, turnover;   ///< currency
  // The order last sent, filled at order_px (order_far: the touch's other side), before tick order_row. Its fate is
  // known to the frame when it is sent, to the strategy at order_known.
  R order_at, order_known, order_to, order_px, order_far, order_mid, order_row, order_stop, order_take;
  // Bracket of the position, and the exit it has sent (kNever = none).
  R stop, take;
  R exit_at, exit_known, exit_px, exit_mid, exit_cause;
  R trip_cash, trip_fees;  ///< cash when the position was last zero; fees since
  R fills, trips, wins;
  R peak, drawdown;         ///< of net equity, currency
  R age, last_fill, worst;  ///< worst: largest |cash|, to prove that it stayed exact
};

inline constexpr int kAccountWords = sizeof(Account<double>) / sizeof(double);

/// A lane that has done nothing yet.
inline Account<double> new_account() {
  Account<double> account{};
  account.order_at = account.exit_at = account.exit_known = kNever;
  account.order_known = -kNever;
  account.age = -1;
  return account;
}

/// Starts a day: money counts from zero, with the position valued at `mark`.
inline void open_day(Account<double>& a, double mark) {
  const double equity = a.cash + a.position * mark;
  a.cash -= equity;
  a.trip_cash -= equity;
  a.gross -= a.gross + a.position * mark;
  a.fees = a.turnover = a.fills = a.trips = a.wins = a.peak = a.drawdown = a.last_fill = 0;
}

/// Stop and target of a position `to` opened at `px`; an infinity that no price reaches where there is none.
template <class R>
TF_HD void bracket_levels(R to, R px, R stop_ticks, R take_ticks, R& stop, R& take) {
  const Mask<R> is_long = to > R(0.0);
  stop = select(stop_ticks > R(0.0), select(is_long, px - stop_ticks, px + stop_ticks),
                select(is_long, R(-kNever), R(kNever)));
  take = select(take_ticks > R(0.0), select(is_long, px + take_ticks, px - take_ticks),
                select(is_long, R(kNever), R(-kNever)));
}

template <class R>
TF_HD R fee_of(const Costs& costs, R px, R lots) {
  return abs_(px) * lots * R(costs.unit) * R(costs.fee_rate) + lots * R(costs.fee_per_lot);
}

/// Moves the lanes of `when` to position `to` at `px`; returns the fee of that fill.
template <class R>
TF_HD R fill(Account<R>& a, const Costs& costs, Mask<R> when, R to, R px, R mid, R time, R stop_ticks, R take_ticks) {
  const R zero(0.0), one(1.0), from = a.position, qty = to - from, lots = abs_(qty), held = abs_(from);
  const R fee = fee_of(costs, px, lots);

  // A fill that reaches or passes zero ends a round trip; what goes beyond begins the next one.
  const Mask<R> closes = and_(when, and_(qty * from < zero, lots >= held));
  const R close_fee = fee_of(costs, px, held), close_cash = a.cash + from * px;
  const R profit = (close_cash - a.trip_cash) * R(costs.unit) - (a.trip_fees + close_fee);
  a.trips = a.trips + select(closes, one, zero);
  a.wins = a.wins + select(and_(closes, profit > zero), one, zero);
  a.trip_cash = select(closes, close_cash, a.trip_cash);
  a.trip_fees = select(closes, fee - close_fee, a.trip_fees + select(when, fee, zero));

  a.cash = a.cash - select(when, qty * px, zero);
  a.gross = a.gross - select(when, qty * mid, zero);
  a.fees = a.fees + select(when, fee, zero);
  a.turnover = a.turnover + select(when, abs_(px) * lots * R(costs.unit), zero);
  a.fills = a.fills + select(when, one, zero);
  a.last_fill = select(when, time, a.last_fill);
  a.worst = max_(a.worst, abs_(a.cash));
  a.position = select(when, to, from);

  // A new, larger or turned position has a new bracket; then, and with no position left, an exit on its way is void.
  const Mask<R> opens = and_(when, and_(to != zero, or_(to * from <= zero, abs_(to) > held)));
  const Mask<R> voids = or_(opens, and_(when, to == zero));
  R stop, take;
  bracket_levels(to, px, stop_ticks, take_ticks, stop, take);
  a.stop = select(opens, stop, a.stop);
  a.take = select(opens, take, a.take);
  a.exit_at = select(voids, R(kNever), a.exit_at);
  a.exit_known = select(voids, R(kNever), a.exit_known);
  return fee;
}

/// Net money since the day's start, the position valued at `mark`.
template <class R>
TF_HD R net_equity(const Account<R>& a, const Costs& costs, R mark) {
  return (a.cash + a.position * mark) * R(costs.unit) - a.fees;
}

template <class R>
TF_HD R note_equity(Account<R>& a, const Costs& costs, R mark) {
  const R equity = net_equity(a, costs, mark);
  a.peak = max_(a.peak, equity);
  a.drawdown = max_(a.drawdown, a.peak - equity);
  return equity;
}

}  // namespace TF_LEVEL
}  // namespace tf::market
