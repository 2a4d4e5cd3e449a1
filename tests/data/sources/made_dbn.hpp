// Databento records and files that tests make from the layout of TICK_FORMATS section 2.3.
#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace made {

template <class T>
std::string little(T value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

struct Mapping {
  std::string raw;
  uint32_t from, until;  // YYYYMMDD
  std::string number;
};

inline std::string fixed_text(const std::string& text, std::size_t bytes) {
  std::string out = text;
  out.resize(bytes);
  return out;
}

/// Metadata of any version; `names` more symbols stand in the list of those asked for.
inline std::string dbn_metadata(int version, const std::vector<Mapping>& mappings, uint16_t schema = 1,
                                uint32_t names = 0) {
  const std::size_t cell = version == 1 ? 22 : 71;
  std::string body = fixed_text("GLBX.MDP3", 16) + little<uint16_t>(schema) + little<uint64_t>(0) +
                     little<uint64_t>(0) + little<uint64_t>(0);
  if (version == 1) body += little<uint64_t>(0);
  body += std::string(1, '\1') + std::string(1, '\0') + std::string(1, '\0');
  if (version > 1) body += little<uint16_t>(static_cast<uint16_t>(cell));
  body.resize(100);
  body += little<uint32_t>(0);
  body += little<uint32_t>(names) + std::string(names * cell, 'x');
  body += little<uint32_t>(0) + little<uint32_t>(0);
  body += little<uint32_t>(static_cast<uint32_t>(mappings.size()));
  for (const Mapping& mapping : mappings)
    body += fixed_text(mapping.raw, cell) + little<uint32_t>(1) + little<uint32_t>(mapping.from) +
            little<uint32_t>(mapping.until) + fixed_text(mapping.number, cell);
  return "DBN" + std::string(1, static_cast<char>(version)) + little<uint32_t>(static_cast<uint32_t>(body.size())) +
         body;
}

struct Record {
  uint64_t event = 1609160400000000000, receive = 1609160400000001000;
  uint32_t instrument = 7;
  uint16_t publisher = 1;
  uint8_t flags = 128;
};

inline std::string dbn_header(const Record& record, uint8_t type, std::size_t bytes) {
  return std::string(1, static_cast<char>(bytes / 4)) + std::string(1, static_cast<char>(type)) +
         little(record.publisher) + little(record.instrument) + little(record.event);
}

inline std::string dbn_order(const Record& record, char action, char side, uint64_t id, int64_t px, uint32_t qty) {
  return dbn_header(record, 0xA0, 56) + little(id) + little(px) + little(qty) +
         std::string(1, static_cast<char>(record.flags)) + std::string(1, '\0') + action + side +
         little(record.receive) + little<int32_t>(0) + little<uint32_t>(0);
}

struct Quote {
  int64_t bid = INT64_MAX, ask = INT64_MAX;
  uint32_t bid_qty = 0, ask_qty = 0;
};

inline std::string dbn_level(const Quote& quote) {
  return little(quote.bid) + little(quote.ask) + little(quote.bid_qty) + little(quote.ask_qty) + little<uint64_t>(0);
}

/// Of any type with the common prefix; as many levels as the type has.
inline std::string dbn_quote(const Record& record, uint8_t type, char action, char side, int64_t px, uint32_t qty,
                             const std::vector<Quote>& levels) {
  return dbn_header(record, type, 48 + 32 * levels.size()) + little(px) + little(qty) + action + side +
         std::string(1, static_cast<char>(record.flags)) + std::string(1, '\0') + little(record.receive) +
         little<int32_t>(0) + little<uint32_t>(0) + [&] {
           std::string bytes;
           for (const Quote& level : levels) bytes += dbn_level(level);
           return bytes;
         }();
}

}  // namespace made
