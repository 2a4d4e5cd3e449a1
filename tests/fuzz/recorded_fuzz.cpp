// Any bytes as a recording: the framing, the telling of the venue, and every venue. The first byte picks the venue (0:
// told by the messages), the second the symbol and the rest of the settings, the others are the file.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "cuda/base/error.hpp"
#include "data/sources/catalogue.hpp"
#include "data/sources/parse/recorded_params.hpp"
#include "data/sources/venues/venue.hpp"

namespace tf::source_catalogue {
const Entry& tf_source_recorded();
}

namespace {

using namespace tf;

constexpr const char* kSymbols[] = {"BTC-USDT", "SC/EUR",  "NKNUSDT",       "ETHUSDT", "BTCUSD_PERP", "XBTUSD",
                                    "BTC-USD",  "ETH-USD", "BCHUSDT",       "ethusd",  "BTC",         "XMR/USD",
                                    "SKL-USD",  "adaeur",  "ETH-PERPETUAL", "BTCUSDT"};

void demand(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t bytes) {
  if (bytes < 2) return 0;
  static const std::string path = "/tmp/tickfold_fuzz_recorded_" + std::to_string(getpid());
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (!file) return 0;
  std::fwrite(data + 2, 1, bytes - 2, file);
  std::fclose(file);

  data::RecordedParams params;
  const std::size_t venue = data[0] % (data::venues().size() + 1);
  if (venue > 0) params.venue = data::venues()[venue - 1].name;
  params.touch = (data[1] & 0x10) == 0;
  if (data[1] & 0x20) params.off_grid = "round";
  if (data[1] & 0x40) params.time_member = "E";
  if (data[1] & 0x80) params.message_member = "data";
  data::SourceInput input;
  input.files = {path};
  input.instrument.symbol = kSymbols[data[1] & 0xF];
  input.instrument.tick_size = 0.01;
  input.instrument.lot_size = 0.00000001;
  try {
    const auto source = source_catalogue::tf_source_recorded().open(input, &params);
    std::vector<Tick> batch(data[0] & 0x80 ? 3 : 512);
    int64_t ticks = 0, rows = 0;
    while (const std::size_t count = source->next_batch(batch)) {
      for (std::size_t at = 0; at < count; ++at) {
        demand(batch[at].qty >= 0 && batch[at].exch_ts > 0 && batch[at].kind() != TickKind::none);
        rows += (batch[at].flags & data::kRowEnd) != 0;
      }
      ticks += static_cast<int64_t>(count);
    }
    const data::SourceCounts& counts = source->counts();
    int64_t refused = 0;
    for (const auto& [reason, refusal] : counts.refused) refused += refusal.rows;
    demand(counts.ticks == ticks && counts.rows_stored == rows && counts.rows_read == counts.rows_stored + refused);
  } catch (const Error&) {
    // told what is wrong
  }
  std::remove(path.c_str());
  return 0;
}
