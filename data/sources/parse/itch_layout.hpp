// Messages of NASDAQ TotalView-ITCH 5.0: lengths and places of fields. All integers big-endian.
// Source: the venue's "TotalView-ITCH 5.0" specification, sections 4.1 to 4.8.
#pragma once
#include <array>
#include <cstdint>

namespace tf::data::itch {

/// Every message begins: type (1), stock locate (2), tracking number (2), ns since midnight (6).
inline constexpr std::size_t kLocate = 1, kTime = 5, kBody = 11;
inline constexpr std::size_t kStockBytes = 8;

/// Bytes of a message by its type, 0 = no such type.
inline constexpr std::array<uint8_t, 256> kLengths = [] {
  std::array<uint8_t, 256> table{};
  struct Known {
    char type;
    uint8_t bytes;
  };
  constexpr Known known[] = {{'S', 12}, {'R', 39}, {'H', 25}, {'Y', 20}, {'L', 26}, {'V', 35}, {'W', 12}, {'K', 28},
                             {'J', 35}, {'h', 21}, {'A', 36}, {'F', 40}, {'E', 31}, {'C', 36}, {'X', 23}, {'D', 19},
                             {'U', 35}, {'P', 44}, {'Q', 40}, {'B', 19}, {'I', 50}, {'N', 20}, {'O', 48}};
  for (const Known& one : known) table[static_cast<unsigned char>(one.type)] = one.bytes;
  return table;
}();

/// Where the 8 characters of the stock lie, 0 = the message has none.
inline constexpr std::size_t stock_place(char type) {
  switch (type) {
    case 'R':
    case 'H':
    case 'Y':
    case 'K':
    case 'J':
    case 'h':
    case 'N':
    case 'O':
      return 11;
    case 'L':
      return 15;
    case 'A':
    case 'F':
    case 'P':
      return 24;
    case 'Q':
      return 19;
    case 'I':
      return 28;
    default:
      return 0;
  }
}

// Order messages: reference at 11 in all of them.
inline constexpr std::size_t kReference = 11;
inline constexpr std::size_t kAddSide = 19, kAddShares = 20, kAddPrice = 32;           // A, F; P as well
inline constexpr std::size_t kShares = 19, kMatch = 23, kPrintable = 31, kPrice = 32;  // E, C; X has the shares
inline constexpr std::size_t kNewReference = 19, kNewShares = 27, kNewPrice = 31;      // U
inline constexpr std::size_t kHiddenMatch = 36;                                        // P
inline constexpr std::size_t kCrossShares = 11, kCrossPrice = 27, kCrossMatch = 31;    // Q
inline constexpr std::size_t kBrokenMatch = 11;                                        // B
inline constexpr std::size_t kTradingState = 19, kHaltMarket = 19, kHaltAction = 20;   // H; h

}  // namespace tf::data::itch
