#include "data/sources/parse/dukascopy.hpp"

#include <algorithm>
#include <bit>
#include <cctype>
#include <charconv>
#include <cmath>

namespace tf::data::dukascopy {
namespace {

constexpr std::string_view kCurrencies[] = {"AUD", "CAD", "CHF", "CNH", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "JPY",
                                            "MXN", "NOK", "NZD", "PLN", "RUB", "SEK", "SGD", "TRY", "USD", "ZAR"};
struct Own {
  std::string_view symbol;
  double point;
};
constexpr Own kOwn[] = {{"XAUUSD", 1e-3},    {"XAGUSD", 1e-3},       {"BTCUSD", 0.1},
                        {"GASCMDUSD", 1e-4}, {"COPPERCMDUSD", 1e-4}, {"BUNDTREUR", 1e-3}};
constexpr std::string_view kShares[] = {"USUSD", "GBGBX", "DEEUR", "FREUR", "NLEUR", "ESEUR", "ITEUR", "BEEUR",
                                        "CHCHF", "JPJPY", "HKHKD", "SESEK", "DKDKK", "NONOK", "FIEUR", "ATEUR"};

bool is_currency(std::string_view code) {
  return std::find(std::begin(kCurrencies), std::end(kCurrencies), code) != std::end(kCurrencies);
}

std::optional<int> digits(std::string_view text, std::size_t count) {
  int value = 0;
  if (text.size() != count) return {};
  const auto [end, error] = std::from_chars(text.data(), text.data() + count, value);
  if (error != std::errc() || end != text.data() + count || text[0] == '-') return {};
  return value;
}

}  // namespace

std::optional<double> point_of(std::string_view symbol) {
  std::string name;
  for (const char c : symbol)
    if (std::isalnum(static_cast<unsigned char>(c)))
      name += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  for (const Own& own : kOwn)
    if (name == own.symbol) return own.point;
  if (name.find("IDX") != name.npos) return 1e-3;
  const std::string_view view = name;
  if (name.size() == 6 && is_currency(view.substr(0, 3)) && is_currency(view.substr(3))) {
    const std::string_view quote = view.substr(3);
    return quote == "JPY" || quote == "HUF" || quote == "RUB" ? 1e-3 : 1e-5;
  }
  for (const std::string_view end : kShares)
    if (name.size() > end.size() && name.ends_with(end)) return 1e-3;
  return {};
}

std::optional<HourFile> hour_of_path(std::string_view path) {
  std::string_view parts[5];  // hour, day, month, year, symbol
  for (std::string_view& part : parts) {
    if (path.empty()) return {};
    const std::size_t slash = path.find_last_of('/');
    part = slash == path.npos ? path : path.substr(slash + 1);
    path = slash == path.npos ? std::string_view() : path.substr(0, slash);
  }
  if (!parts[0].substr(std::min<std::size_t>(2, parts[0].size())).starts_with("h_ticks")) return {};
  const auto hour = digits(parts[0].substr(0, 2), 2), day = digits(parts[1], 2), month = digits(parts[2], 2),
             year = digits(parts[3], 4);
  if (!hour || !day || !month || !year || *hour > 23 || *month > 11) return {};
  char text[9] = "00000000";
  const auto write = [&](int at, int width, int value) {
    for (int place = width - 1; place >= 0; --place, value /= 10)
      text[at + place] = static_cast<char>('0' + value % 10);
  };
  write(0, 4, *year);
  write(4, 2, *month + 1);
  write(6, 2, *day);
  const auto date = parse_day({text, 8});
  if (!date || date->days < 0) return {};
  return HourFile{std::string(parts[4]), date->start_ns() + *hour * kHour};
}

std::optional<int64_t> parse_hour(std::string_view text) {
  if (text.ends_with("Z")) text.remove_suffix(1);
  if (text.size() == 16 && text.ends_with(":00")) text.remove_suffix(3);
  if (text.size() != 13 || (text[10] != 'T' && text[10] != ' ')) return {};
  const auto day = parse_day(text.substr(0, 10));
  const auto hour = digits(text.substr(11), 2);
  if (!day || !hour || *hour > 23 || day->days < 0) return {};
  return day->start_ns() + *hour * kHour;
}

bool VolumeGrid::lots(float volume, int64_t& lots, bool& off) {
  const uint32_t bits = std::bit_cast<uint32_t>(volume);
  Known& known = known_[(bits ^ bits >> 8 ^ bits >> 16) % known_.size()];
  if (known.bits != bits) {
    known = {bits, 0, false, false};
    if (std::isfinite(volume) && volume >= 0) {
      char text[32];
      const auto end = std::to_chars(text, text + sizeof text, volume).ptr;
      Decimal value;
      known.good = parse_decimal({text, static_cast<std::size_t>(end - text)}, value) == ParseState::good;
      const GridState state = known.good ? grid_.steps(value, known.lots) : GridState::out_of_range;
      known.good = state != GridState::out_of_range;
      known.off = state == GridState::off;
    }
  }
  lots = known.lots;
  off = known.off;
  return known.good;
}

}  // namespace tf::data::dukascopy
