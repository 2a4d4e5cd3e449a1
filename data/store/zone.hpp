// Local clocks to UTC: fixed offsets and IANA zones with their changes between standard and summer time.
#pragma once
#include <cstdint>
#include <string>

namespace date {
class time_zone;
}

namespace tf::data {

class Zone {
 public:
  Zone() = default;  ///< UTC
  /// "UTC", a fixed offset ("-05:00", "+0530", "UTC-5"), an IANA name, or "broker/NY+7":
  /// a wall clock that many hours before another's (NY: New York), with its change dates. Throws Error{config} for
  /// anything else.
  explicit Zone(const std::string& text);

  /// UTC of a wall-clock time (ns since 1970 as if it were UTC). False for a time that the zone skips when its clocks
  /// go forward; the earlier of the two for a time that it repeats. Keeps the last answer's span: not for two threads.
  bool to_utc(int64_t local_ns, int64_t& utc_ns) {
    if (local_ns < from_ || local_ns >= until_) return slow_to_utc(local_ns, utc_ns);
    utc_ns = local_ns - offset_ns_;
    return true;
  }
  /// Wall clock of a UTC time.
  int64_t to_local(int64_t utc_ns) const;

 private:
  bool slow_to_utc(int64_t local_ns, int64_t& utc_ns);

  const date::time_zone* zone_ = nullptr;  // null: a fixed offset
  int64_t shift_ns_ = 0;                   // of a broker's clock against the zone's
  int64_t offset_ns_ = 0;
  int64_t from_ = INT64_MIN, until_ = INT64_MAX;  // local span in which offset_ns_ is the only answer
};

}  // namespace tf::data
