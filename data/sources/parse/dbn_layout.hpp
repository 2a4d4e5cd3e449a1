// Databento Binary Encoding, versions 1 to 3: where things lie in its records (databento.com/docs/standards-and-
// conventions, github.com/databento/dbn). All integers are little-endian; prices are in units of 1e-9.
#pragma once
#include <cstdint>
#include <cstring>

namespace tf::data::dbn {

inline constexpr std::size_t kHeader = 16;  ///< length / 4 u8, rtype u8, publisher u16, instrument u32, ts_event
inline constexpr std::size_t kLongestRecord = 1020;  ///< 255 words
inline constexpr int kNewestVersion = 3;

inline constexpr int64_t kNoPrice = INT64_MAX;
inline constexpr uint64_t kNoTime = UINT64_MAX;

// Record types.
inline constexpr uint8_t kTrades = 0x00, kMbp1 = 0x01, kMbp10 = 0x0A, kMbo = 0xA0;
inline constexpr uint8_t kStatus = 0x12, kDefinition = 0x13, kImbalance = 0x14, kError = 0x15, kSymbolMapping = 0x16,
                         kSystem = 0x17, kStatistics = 0x18;
inline constexpr uint8_t kOldBar = 0x11, kBar1s = 0x20, kBar1m = 0x21, kBar1h = 0x22, kBar1d = 0x23, kBarEod = 0x24;
inline constexpr uint8_t kCmbp1 = 0xB1, kCbbo1s = 0xC0, kCbbo1m = 0xC1, kTcbbo = 0xC2, kBbo1s = 0xC3, kBbo1m = 0xC4;

// Flags of a record.
inline constexpr uint8_t kLast = 128, kTopOfBook = 64, kSnapshot = 32, kBadReceiveTime = 8, kMaybeBadBook = 4;

// Header.
inline constexpr std::size_t kType = 1, kPublisher = 2, kInstrument = 4, kEventTime = 8;
// trades, mbp, tbbo, bbo and their consolidated kin: one prefix, then the levels of 32 bytes.
inline constexpr std::size_t kPrice = 16, kSize = 24, kAction = 28, kSide = 29, kFlags = 30, kReceiveTime = 32,
                             kLevels = 48, kLevelBytes = 32;
inline constexpr std::size_t kLevelAsk = 8, kLevelBidSize = 16, kLevelAskSize = 20;  // the bid price comes first
// mbo.
inline constexpr std::size_t kOrder = 16, kOrderPrice = 24, kOrderSize = 32, kOrderFlags = 36, kOrderAction = 38,
                             kOrderSide = 39, kOrderReceiveTime = 40;
// Bars.
inline constexpr std::size_t kOpen = 16, kHigh = 24, kLow = 32, kClose = 40, kVolume = 48;
// Status.
inline constexpr std::size_t kStatusReceiveTime = 16, kStatusAction = 24, kIsTrading = 30, kIsQuoting = 31;

/// Bytes of a record of that type without the send time that live files may append; 0 = its layout is of no use here.
constexpr std::size_t record_bytes(uint8_t type) {
  switch (type) {
    case kTrades:
      return 48;
    case kMbp1:
    case kCmbp1:
    case kCbbo1s:
    case kCbbo1m:
    case kTcbbo:
    case kBbo1s:
    case kBbo1m:
      return 80;
    case kMbp10:
      return 368;
    case kMbo:
    case kOldBar:
    case kBar1s:
    case kBar1m:
    case kBar1h:
    case kBar1d:
    case kBarEod:
      return 56;
    case kStatus:
      return 40;
    case kSymbolMapping:
      return 80;
    default:
      return 0;
  }
}

template <class T>
T load(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

}  // namespace tf::data::dbn
