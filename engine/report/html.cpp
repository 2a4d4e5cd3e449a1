#include "engine/report/html.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>

#include "cuda/base/error.hpp"
#include "cuda/base/time.hpp"

namespace tf::report {
namespace {

constexpr const char* kDash = "–";
constexpr std::size_t kRowsBeforeScroll = 24;

std::string fixed(double value, int decimals) {
  char digits[400];
  const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed, decimals);
  std::string out(digits, end.ptr);
  const std::size_t first = out[0] == '-' ? 1 : 0;
  const std::size_t point = out.find('.') == std::string::npos ? out.size() : out.find('.');
  for (std::size_t at = point; at > first + 3; at -= 3) out.insert(at - 3, ",");
  if (out.find_first_not_of("-0.,") == std::string::npos && first) out.erase(0, 1);  // no minus zero
  return out;
}

const char* tone_css(Tone tone) {
  switch (tone) {
    case Tone::good:
      return "badge good";
    case Tone::fair:
      return "badge fair";
    case Tone::bad:
      return "badge bad";
    case Tone::quiet:
      break;
  }
  return "badge quiet";
}

}  // namespace

Html text(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  for (const char c : raw) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t')
          out += "\xEF\xBF\xBD";  // U+FFFD: HTML has no place for control characters
        else
          out += c;
    }
  }
  return {out};
}

Html element(const char* name, const char* css, const Html& inside) {
  const std::string open = *css ? std::string(name) + " class=\"" + css + "\"" : std::string(name);
  return {"<" + open + ">" + inside.bytes + "</" + name + ">"};
}

Html text_or_dash(std::string_view raw) { return raw.empty() ? Html{kDash} : text(raw); }

std::string count_text(double value) {
  if (!std::isfinite(value)) return kDash;
  return std::abs(value) < 1e15 ? fixed(value, 0) : figure_text(value);
}

std::string figure_text(double value) {
  if (!std::isfinite(value)) return kDash;
  const double size = std::abs(value);
  if (size == 0) return "0";
  if (size >= 1e12 || size < 1e-6) {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::scientific, 3);
    return {digits, end.ptr};
  }
  if (value == std::floor(value)) return fixed(value, 0);
  if (size >= 9.9995) return fixed(value, 2);
  if (size >= 0.001) return fixed(value, size < 1 ? 4 : 3);
  return fixed(value, 3 - static_cast<int>(std::floor(std::log10(size))));
}

std::string percent_text(double share) { return std::isfinite(share) ? fixed(share * 100, 1) + " %" : kDash; }

std::string duration_text(int64_t ns) {
  if (ns < kSecond) return figure_text(static_cast<double>(ns) / 1e9) + " s";
  struct Unit {
    int64_t size;
    const char* name;
  };
  constexpr Unit kUnits[] = {{kDay, " d"}, {kHour, " h"}, {kMinute, " min"}, {kSecond, " s"}};
  std::string out;
  int said = 0;
  for (const Unit& unit : kUnits) {
    const int64_t many = ns / unit.size;
    if (many == 0 && said == 0) continue;
    if (many) out += (out.empty() ? "" : " ") + count_text(static_cast<double>(many)) + unit.name;
    ns -= many * unit.size;
    if (++said == 2) break;
  }
  return out;
}

std::string minute_text(int64_t t_ns) {
  std::string out = time_text(t_ns).substr(0, 16) + " UTC";
  out[10] = ' ';
  return out;
}

Html badge(Tone tone, std::string_view word) { return element("span", tone_css(tone), text(word)); }

Html Table::cells_html(const std::vector<Html>& cells) const {
  expect(cells.size() == columns_.size(), "a table row has a cell for every column");
  Html out = markup("<tr>");
  for (std::size_t at = 0; at < cells.size(); ++at) {
    const char* side = columns_[at].figures ? " class=\"figure\"" : "";
    out += at == 0 ? Html{std::string("<th scope=\"row\"") + side + ">" + cells[at].bytes + "</th>"}
                   : Html{std::string("<td") + side + ">" + cells[at].bytes + "</td>"};
  }
  return out + markup("</tr>\n");
}

void Table::row(const std::vector<Html>& cells) {
  rows_ += cells_html(cells).bytes;
  ++count_;
}

void Table::total(const std::vector<Html>& cells) { foot_ = cells_html(cells).bytes; }

Html Table::html() const {
  const Html caption = text(caption_);
  const std::string css = count_ > kRowsBeforeScroll ? "table long" : "table";
  std::string out = "<div class=\"" + css + "\" role=\"region\" tabindex=\"0\" aria-label=\"" + caption.bytes +
                    "\"><table><caption>" + caption.bytes + "</caption>\n<thead><tr>";
  for (const Column& column : columns_)
    out += std::string("<th scope=\"col\"") + (column.figures ? " class=\"figure\">" : ">") + text(column.title).bytes +
           "</th>";
  out += "</tr></thead>\n<tbody>\n" + rows_ + "</tbody>\n";
  if (!foot_.empty()) out += "<tfoot>\n" + foot_ + "</tfoot>\n";
  return {out + "</table></div>\n"};
}

}  // namespace tf::report
