#include "data/sources/parse/recorded_lines.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstring>

namespace tf::data {
namespace {

constexpr std::size_t kPadding = 64;
constexpr std::size_t kMostUnpacked = std::size_t{16} << 20;  // bytes of one message

int hex_digit(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

bool begins_with_scheme(std::string_view line) {
  return line.starts_with("wss://") || line.starts_with("ws://") || line.starts_with("https://") ||
         line.starts_with("http://");
}

// Cuts "TIME SEPARATOR" off the front of a line.
bool take_time(std::string_view& line, int64_t& ns) {
  std::size_t end = 0;
  while (end < line.size() && ((line[end] >= '0' && line[end] <= '9') || line[end] == '.')) ++end;
  if (end == line.size() || (line[end] != ' ' && line[end] != ':' && line[end] != '\t')) return false;
  if (!epoch_ns(line.substr(0, end), TimeUnit::automatic, ns)) return false;
  line.remove_prefix(end + (line[end] == ':'));
  line = trim(line);
  return true;
}

// All of an object or array as it was written.
bool whole_text(JsonValue value, std::string_view& text) {
  if (is_object(value)) {
    simdjson::ondemand::object object;
    return !value.get_object().get(object) && !object.raw_json().get(text);
  }
  simdjson::ondemand::array array;
  return !value.get_array().get(array) && !array.raw_json().get(text);
}

}  // namespace

void PaddedLines::start(InputFile& file) {
  file_ = &file;
  if (buffer_.empty()) buffer_.resize(kFirstBytes + kPadding);
  begin_ = end_ = 0;
  number_ = 0;
  ended_ = too_long_ = unfinished_ = false;
}

// Reads on behind what is there; false when the buffer is full of one line.
bool PaddedLines::refill() {
  std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_), buffer_.begin() + static_cast<std::ptrdiff_t>(end_),
            buffer_.begin());
  end_ -= begin_;
  begin_ = 0;
  std::size_t room = buffer_.size() - kPadding;
  if (end_ == room) {
    if (room >= kLongest) return false;
    room = std::min(kLongest, room * 2);
    buffer_.resize(room + kPadding);
  }
  const std::size_t got = file_->read(std::span(buffer_.data() + end_, room - end_));
  end_ += got;
  if (got == 0) ended_ = true;
  return true;
}

void PaddedLines::give(std::string_view& line, std::size_t bytes) {
  line = {buffer_.data() + begin_, bytes};
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (number_++ == 0 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
}

void PaddedLines::skip_line() {
  for (;;) {
    begin_ = end_ = 0;
    const std::size_t got = file_->read(std::span(buffer_.data(), buffer_.size() - kPadding));
    if (got == 0) {
      ended_ = true;
      return;
    }
    if (const void* newline = std::memchr(buffer_.data(), '\n', got)) {
      begin_ = static_cast<std::size_t>(static_cast<const char*>(newline) - buffer_.data()) + 1;
      end_ = got;
      return;
    }
  }
}

bool PaddedLines::next(std::string_view& line) {
  if (too_long_) skip_line();
  too_long_ = unfinished_ = false;
  std::size_t seen = 0;
  for (;;) {
    const char* const from = buffer_.data() + begin_;
    if (const void* newline = std::memchr(from + seen, '\n', end_ - begin_ - seen)) {
      const std::size_t bytes = static_cast<std::size_t>(static_cast<const char*>(newline) - from);
      give(line, bytes);
      begin_ += bytes + 1;
      return true;
    }
    seen = end_ - begin_;
    if (ended_) break;
    if (!refill()) {
      give(line, end_);
      too_long_ = true;
      begin_ = end_;
      return true;
    }
  }
  if (begin_ == end_) return false;
  give(line, end_ - begin_);
  begin_ = end_;
  unfinished_ = true;
  return true;
}

FramedLine LineFraming::frame(std::string_view line) {
  FramedLine framed;
  line = trim(line);
  if (line.empty()) return framed;
  framed.kind = FramedLine::Kind::message;
  // Lines of cryptofeed that begin with an address, or with the arrow alone.
  if (begins_with_scheme(line)) {
    const std::size_t space = line.find(' ');
    framed.address = line.substr(0, space);
    line = space == line.npos ? std::string_view() : trim(line.substr(space));
    if (!line.starts_with("->")) {
      framed.kind = FramedLine::Kind::header;
      return framed;
    }
    line = trim(line.substr(2));
  } else if (line.starts_with("configuration:") || line.starts_with("<-")) {
    framed.kind = FramedLine::Kind::header;
    return framed;
  }
  if (line.starts_with('{') || line.starts_with('[')) {
    frame_json(line, framed);
    return framed;
  }
  if (!take_time(line, framed.local_ts)) {
    framed.refused = "no receive time before the message";
    return framed;
  }
  framed.refused = plain_message(line);
  framed.json = line;
  return framed;
}

// A JSON line: the message itself, or an object that holds it and the time.
void LineFraming::frame_json(std::string_view line, FramedLine& framed) {
  framed.json = line;
  if (time_member_.empty() && message_member_.empty()) return;
  std::string_view time, message;
  bool sound = json_.open(line) && !json_.is_array();
  sound = sound && json_.members([&](std::string_view key, JsonValue value) {
    if (key == time_member_) time = text_of(value);
    if (key == message_member_) {
      if (is_object(value) || is_array(value)) return whole_text(value, message);
      // A text with its quotes, any other scalar as it is.
      message = text_of(value);
      if (*value.raw_json_token().data() == '"') message = {message.data() - 1, message.size() + 2};
    }
    return true;
  });
  if (!sound) {
    framed.refused = heard::kBadJson;
    return;
  }
  if (!time_member_.empty() && !epoch_ns(time, TimeUnit::automatic, framed.local_ts) &&
      !iso_ns(time, framed.local_ts)) {
    framed.refused = "no receive time before the message";
    return;
  }
  if (message_member_.empty()) return;
  message = trim(message);
  framed.refused = message.empty() ? "no message in the line" : plain_message(message);
  framed.json = message;
}

// Undoes quotes, hexadecimal digits and compression, where there are any.
const char* LineFraming::plain_message(std::string_view& text) {
  if (text.empty()) return "no message in the line";
  if (text.front() == '{' || text.front() == '[') return nullptr;
  if (text.starts_with("b'") || text.starts_with("b\"")) text.remove_prefix(1);
  if (text.front() == '\'' || text.front() == '"') {
    if (text.size() < 2 || text.back() != text.front() || !unescape(text.substr(1, text.size() - 2)))
      return "message with a broken escape";
  } else if (!unhex(text)) {
    return nullptr;  // the venue will say that it is no JSON
  }
  const auto first = [&] { return bytes_ > 0 ? text_[0] : '\0'; };
  if (bytes_ > 0 && first() != '{' && first() != '[' && first() != ' ' && !inflate())
    return "message that does not unpack";
  text_.resize(bytes_ + kPadding);
  text = {text_.data(), bytes_};
  return nullptr;
}

// The inside of a Python or JSON string. \u escapes become UTF-8; a lone surrogate is a broken escape.
bool LineFraming::unescape(std::string_view quoted) {
  text_.clear();
  const auto number = [&](std::size_t at, std::size_t digits) {
    if (at + digits > quoted.size()) return -1;
    int value = 0;
    for (std::size_t digit = 0; digit < digits; ++digit) {
      const int one = hex_digit(quoted[at + digit]);
      if (one < 0) return -1;
      value = value * 16 + one;
    }
    return value;
  };
  for (std::size_t at = 0; at < quoted.size(); ++at) {
    if (quoted[at] != '\\') {
      text_.push_back(quoted[at]);
      continue;
    }
    if (++at == quoted.size()) return false;
    constexpr std::string_view kNames = "nrtbfav0", kMeans{"\n\r\t\b\f\a\v\0", 8};
    const char kind = quoted[at];
    if (kind == 'x' || kind == 'u') {
      const std::size_t digits = kind == 'x' ? 2 : 4;
      const int value = number(at + 1, digits);
      if (value < 0 || (value >= 0xD800 && value < 0xE000)) return false;
      at += digits;
      if (kind == 'x' || value < 0x80) {
        text_.push_back(static_cast<char>(value));
      } else if (value < 0x800) {
        text_.insert(text_.end(), {static_cast<char>(0xC0 | value >> 6), static_cast<char>(0x80 | (value & 0x3F))});
      } else {
        text_.insert(text_.end(), {static_cast<char>(0xE0 | value >> 12), static_cast<char>(0x80 | (value >> 6 & 0x3F)),
                                   static_cast<char>(0x80 | (value & 0x3F))});
      }
    } else if (const std::size_t name = kNames.find(kind); name != kNames.npos) {
      text_.push_back(kMeans[name]);
    } else {
      text_.push_back(kind);
    }
  }
  bytes_ = text_.size();
  return true;
}

bool LineFraming::unhex(std::string_view digits) {
  if (digits.starts_with("0x")) digits.remove_prefix(2);
  if (digits.size() < 4 || digits.size() % 2) return false;
  text_.clear();
  for (std::size_t at = 0; at < digits.size(); at += 2) {
    const int high = hex_digit(digits[at]), low = hex_digit(digits[at + 1]);
    if (high < 0 || low < 0) return false;
    text_.push_back(static_cast<char>(high * 16 + low));
  }
  bytes_ = text_.size();
  return true;
}

bool LineFraming::inflate() {
  packed_.assign(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(bytes_));
  const bool headed = bytes_ > 2 && ((packed_[0] == '\x1f' && packed_[1] == '\x8b') || packed_[0] == '\x78');
  z_stream stream{};
  if (inflateInit2(&stream, headed ? 47 : -15) != Z_OK) return false;
  stream.next_in = reinterpret_cast<Bytef*>(packed_.data());
  stream.avail_in = static_cast<uInt>(packed_.size());
  bytes_ = 0;
  int code = Z_OK;
  while (code == Z_OK && bytes_ < kMostUnpacked) {
    text_.resize(std::min(kMostUnpacked, std::max<std::size_t>(bytes_ * 2, 1 << 16)));
    stream.next_out = reinterpret_cast<Bytef*>(text_.data() + bytes_);
    stream.avail_out = static_cast<uInt>(text_.size() - bytes_);
    code = ::inflate(&stream, Z_NO_FLUSH);
    bytes_ = text_.size() - stream.avail_out;
    // A raw deflate message may end at a flush point instead of the end of its stream.
    if (code == Z_BUF_ERROR || (code == Z_OK && stream.avail_in == 0 && stream.avail_out > 0)) break;
  }
  inflateEnd(&stream);
  return bytes_ > 0 && (code == Z_STREAM_END || (code == Z_OK && stream.avail_in == 0));
}

}  // namespace tf::data
