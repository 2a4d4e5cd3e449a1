#include "data/store/zone.hpp"

#include <date/tz.h>

#include <optional>

#include "cuda/base/error.hpp"
#include "cuda/base/time.hpp"

namespace tf::data {
namespace {

using Nanoseconds = std::chrono::nanoseconds;

// "-05:00", "-0500", "-5": seconds east of UTC.
std::optional<int64_t> parse_offset(std::string_view text) {
  if (text.size() < 2 || (text[0] != '-' && text[0] != '+')) return {};
  const int sign = text[0] == '-' ? -1 : 1;
  std::string digits;
  bool colon = false;
  for (const char c : text.substr(1)) {
    if (c == ':' && !colon && (digits.size() == 1 || digits.size() == 2)) {
      colon = true;
      if (digits.size() == 1) digits = "0" + digits;
    } else if (c >= '0' && c <= '9') {
      digits += c;
    } else {
      return {};
    }
  }
  if (!colon && digits.size() <= 2) digits = (digits.size() == 1 ? "0" : "") + digits + "00";
  if (digits.size() != 4) return {};
  const int hours = (digits[0] - '0') * 10 + digits[1] - '0', minutes = (digits[2] - '0') * 10 + digits[3] - '0';
  if (hours > 15 || minutes > 59) return {};
  return sign * (hours * 3600 + minutes * 60);
}

}  // namespace

Zone::Zone(const std::string& text) {
  if (text.empty() || text == "UTC" || text == "GMT" || text == "Z") return;
  std::string_view offset = text;
  if (offset.starts_with("UTC") || offset.starts_with("GMT")) offset.remove_prefix(3);
  if (const auto seconds = parse_offset(offset)) {
    offset_ns_ = *seconds * kSecond;
    return;
  }
  std::string name = text;
  if (text.starts_with("broker/")) {
    name = text.substr(7);
    const std::size_t sign = name.find_last_of("+-");
    const auto shift = sign == name.npos ? std::nullopt : parse_offset(std::string_view(name).substr(sign));
    if (!shift)
      throw Error(ErrorKind::config, "unknown time zone '" + text +
                                         "'; a broker's zone is a place and hours to be added, such as broker/NY+7 "
                                         "or broker/Europe/London+2");
    shift_ns_ = *shift * kSecond;
    name.resize(sign);
    if (name == "NY") name = "America/New_York";
  }
  try {
    zone_ = date::locate_zone(name);
  } catch (const std::exception&) {
    throw Error(ErrorKind::config, "unknown time zone '" + text +
                                       "'; expected UTC, a fixed offset such as -05:00, or an IANA name such as "
                                       "America/New_York, Europe/London, Asia/Tokyo, or broker/NY+7");
  }
  until_ = from_ = 0;
}

bool Zone::slow_to_utc(int64_t local_ns, int64_t& utc_ns) {
  const date::local_time<Nanoseconds> local{Nanoseconds{local_ns - shift_ns_}};
  const date::local_info info = zone_->get_info(date::floor<std::chrono::seconds>(local));
  if (info.result == date::local_info::nonexistent) return false;
  const int64_t offset = int64_t{info.first.offset.count()} * kSecond + shift_ns_;
  if (info.result == date::local_info::unique) {
    // A day inside the span of this offset no other offset can be meant.
    const auto edge = [&](date::sys_seconds at, int64_t shift, int64_t bound) {
      const int64_t seconds = at.time_since_epoch().count();
      if (seconds > 9'000'000'000 || seconds < -9'000'000'000) return bound;
      return seconds * kSecond + offset + shift;
    };
    offset_ns_ = offset;
    from_ = edge(info.first.begin, kDay, -9'000'000'000 * kSecond);
    until_ = edge(info.first.end, -kDay, 9'000'000'000 * kSecond);
  }
  utc_ns = local_ns - offset;
  return true;
}

int64_t Zone::to_local(int64_t utc_ns) const {
  if (!zone_) return utc_ns + offset_ns_;
  const date::sys_time<Nanoseconds> time{Nanoseconds{utc_ns}};
  return utc_ns + int64_t{zone_->get_info(date::floor<std::chrono::seconds>(time)).offset.count()} * kSecond +
         shift_ns_;
}

}  // namespace tf::data
