#include "data/store/trading_day.hpp"

#include "cuda/base/error.hpp"

namespace tf::data {

TradingDays::TradingDays(const Instrument& instrument) : zone_(instrument.zone) {
  if (instrument.day_start_s < 0 || instrument.day_start_s >= 86400)
    throw Error(ErrorKind::config, instrument.id() + ": day_start_s = " + std::to_string(instrument.day_start_s) +
                                       "; expected 0 to 86399");
  if (instrument.day_start_s > 0) shift_ns_ = kDay - instrument.day_start_s * kSecond;
}

int64_t TradingDays::start_ns(Day day) {
  int64_t local_ns = day.start_ns() - shift_ns_;
  for (int quarter = 0; quarter < 24 * 4; ++quarter, local_ns += 15 * kMinute)
    if (int64_t utc_ns; zone_.to_utc(local_ns, utc_ns)) return utc_ns;
  return local_ns;  // a zone that skipped a whole day (Samoa, 2011-12-30): that day is empty
}

void TradingDays::find(int64_t utc_ns) {
  Day day = day_of(zone_.to_local(utc_ns) + shift_ns_);
  while (start_ns(day) > utc_ns) day = day + -1;
  while (start_ns(day + 1) <= utc_ns) day = day + 1;
  day_ = day;
  from_ = start_ns(day);
  until_ = start_ns(day + 1);
}

}  // namespace tf::data
