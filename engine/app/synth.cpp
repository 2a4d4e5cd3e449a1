// tickfold synth: a synthetic market into a store.
#include "cuda/base/error.hpp"
#include "data/ingest.hpp"
#include "data/sources/parse/open.hpp"
#include "engine/app/instrument_section.hpp"
#include "engine/app/shell.hpp"

namespace tf::app {
namespace {

void run(const Shell& shell) {
  const config::Reader reader = shell.read_config();
  const config::Section root = reader.root();
  const std::string store_root = root.table("paths").path("store");
  const auto& entry = data::find_source("synthetic");
  struct Market {
    Instrument instrument;
    std::shared_ptr<void> params;
  };
  std::vector<Market> markets;
  for (const config::Section& section : root.tables("markets")) {
    Market market{read_instrument(section.table("instrument")), entry.params.make()};
    section.table("model").read(entry.params, market.params.get());
    markets.push_back(std::move(market));
  }
  if (markets.empty())
    root.fail("markets", "at least one [[markets]] with [markets.instrument] and [markets.model] is needed");
  reader.finish();

  const data::TickStore store = data::TickStore::open(store_root, true);
  Json list = Json::array();
  std::vector<std::vector<std::string>> rows{{"instrument", "days", "new", "ticks", "first", "last"}};
  for (const Market& market : markets) {
    data::IngestRequest request;
    request.source = "synthetic";
    request.source_params = market.params;
    request.input.instrument = market.instrument;
    request.progress = shell.progress();
    const data::IngestReport report = data::ingest(request, store);
    int64_t written = 0, ticks = 0;
    for (const data::DayReport& day : report.days) {
      written += day.written;
      ticks += day.quality.ticks;
    }
    const std::string first = report.days.empty() ? "-" : to_text(report.days.front().day),
                      last = report.days.empty() ? "-" : to_text(report.days.back().day);
    rows.push_back({report.instrument, std::to_string(report.days.size()), std::to_string(written),
                    std::to_string(ticks), first, last});
    list.push_back({{"instrument", report.instrument},
                    {"days", report.days.size()},
                    {"written", written},
                    {"ticks", ticks},
                    {"first_day", first},
                    {"last_day", last}});
  }
  shell.result("tickfold.synth/1", {{"store", store_root}, {"markets", list}}, table_text(rows));
}

}  // namespace

void add_synth(CLI::App& app, Shell& shell) {
  CLI::App* command =
      shell.add(app, "synth", "write a synthetic market into a store", "config with [paths] and [[markets]]");
  command->callback([&shell] { shell.action = [&shell] { run(shell); }; });
}

}  // namespace tf::app
