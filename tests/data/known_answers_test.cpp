// Answers that TICK_FORMATS section 4 and the counts of ../shared/ticks give, as the ingest report gives them.
#include <doctest/doctest.h>

#include <cmath>

#include "data/ingest.hpp"
#include "tests/data/sources/made_files.hpp"

using namespace tf;

namespace {

const std::string kTicks = std::string(TF_SHARED) + "/ticks/";

data::IngestRequest lean(const std::string& folder, const std::vector<std::string>& days, const std::string& zone,
                         double tick = 0.00001) {
  data::CsvParams params = made::preset("lean_fx");
  params.zone = zone;
  data::IngestRequest request;
  request.source = "csv";
  request.source_params = std::make_shared<data::CsvParams>(params);
  for (const std::string& day : days) request.input.files.push_back(kTicks + "lean-fx/" + folder + day + "_quote.zip");
  request.input.instrument = made::instrument(tick);
  return request;
}

/// Mid price at the end of each minute of two days, NaN where there is none yet.
std::vector<double> minutes(const data::TickStore& store, Day from) {
  constexpr std::size_t kMinutes = 2 * 24 * 60;
  std::vector<double> mids(kMinutes, NAN);
  double bid = NAN, ask = NAN;
  for (const Day day : store.day_names("test/TEST")) {
    const TickColumns ticks = store.read_day("test/TEST", day);
    for (std::size_t row = 0; row < ticks.size(); ++row) {
      const Tick tick = ticks.span()[row];
      (tick.kind() == TickKind::best_bid ? bid : ask) = static_cast<double>(tick.px);
      const int64_t minute = (tick.exch_ts - from.start_ns()) / kMinute;
      if (minute >= 0 && minute < static_cast<int64_t>(kMinutes))
        mids[static_cast<std::size_t>(minute)] = (bid + ask) / 2;
    }
  }
  for (std::size_t minute = 1; minute < kMinutes; ++minute)
    if (std::isnan(mids[minute])) mids[minute] = mids[minute - 1];
  return mids;
}

}  // namespace

TEST_CASE("FXCM lags Oanda by exactly 5.0 hours when its times are taken for UTC, and by none when they are not") {
  if (!std::filesystem::exists(kTicks)) {
    MESSAGE("skipped: no ../shared/ticks");
    return;
  }
  const Day day = *parse_day("2014-05-06");
  const std::vector<std::string> days = {"20140506", "20140507"};
  const auto series = [&](const char* venue, const char* zone) {
    const made::Folder folder;
    const auto store = data::TickStore::open((folder.path / "store").string(), true);
    data::ingest(lean(std::string("forex/") + venue + "/tick/eurusd/", days, zone), store);
    return minutes(store, day);
  };
  const auto best_lag = [](const std::vector<double>& late, const std::vector<double>& early) {
    int best = 0;
    double least = 1e300;
    for (int lag = -10 * 60; lag <= 10 * 60; lag += 30) {
      double sum = 0;
      int count = 0;
      for (int minute = 0; minute < static_cast<int>(early.size()); ++minute) {
        const int shifted = minute - lag;  // FXCM read as UTC shows at 10:00 what happened at 15:00
        if (shifted < 0 || shifted >= static_cast<int>(late.size())) continue;
        const double gap = std::abs(late[static_cast<std::size_t>(shifted)] - early[static_cast<std::size_t>(minute)]);
        if (std::isnan(gap)) continue;
        sum += gap;
        ++count;
      }
      if (count > 600 && sum / count < least) {
        least = sum / count;
        best = lag;
      }
    }
    return best;
  };
  const auto oanda = series("oanda", "UTC");
  CHECK(best_lag(series("fxcm", "UTC"), oanda) == 5 * 60);
  CHECK(best_lag(series("fxcm", "-05:00"), oanda) == 0);
}

TEST_CASE("FXCM's quotes are crossed in 2 to 13 of 100 and locked in 3 to 14, Oanda's never; Oanda repeats six rows") {
  if (!std::filesystem::exists(kTicks)) {
    MESSAGE("skipped: no ../shared/ticks");
    return;
  }
  int64_t equal_rows = 0;
  for (const char* name :
       {"20140501", "20140502", "20140504", "20140505", "20140506", "20140507", "20140508", "20140509"}) {
    const auto fxcm = data::dry_run(lean("forex/fxcm/tick/eurusd/", {name}, "-05:00"));
    const auto share = [&](int64_t data::QualityCounts::*member) {
      return static_cast<double>(fxcm.total(member)) / static_cast<double>(fxcm.total(&data::QualityCounts::quotes));
    };
    INFO(name);
    CHECK(share(&data::QualityCounts::crossed) >= 0.015);
    CHECK(share(&data::QualityCounts::crossed) <= 0.135);
    CHECK(share(&data::QualityCounts::locked) >= 0.025);
    CHECK(share(&data::QualityCounts::locked) <= 0.145);
    const auto oanda = data::dry_run(lean("forex/oanda/tick/eurusd/", {name}, "UTC"));
    CHECK(oanda.total(&data::QualityCounts::crossed) == 0);
    CHECK(oanda.total(&data::QualityCounts::locked) == 0);
    CHECK(oanda.total(&data::QualityCounts::equal_ts) >= 13);
    CHECK(oanda.total(&data::QualityCounts::equal_ts) <= 1562);
    equal_rows += oanda.total(&data::QualityCounts::equal_rows);
  }
  CHECK(equal_rows == 6);
}

TEST_CASE(
    "the bitcoincharts file: every row kept, 4,243 share a second, 1,695 equal an earlier row, one has no amount") {
  const std::string file = kTicks + "pyalgotrade/bitstampUSD.csv";
  if (!std::filesystem::exists(file)) {
    MESSAGE("skipped: no ../shared/ticks");
    return;
  }
  data::CsvParams params;
  params.time_column = "1";
  params.time_unit = "s";
  params.price_column = "2";
  params.size_column = "3";
  data::IngestRequest request;
  request.source = "csv";
  request.source_params = std::make_shared<data::CsvParams>(params);
  request.input = {{file}, made::instrument(0.01, 1e-8)};
  const auto report = data::dry_run(request);
  CHECK(report.counts.rows_read == 9999);
  CHECK(report.counts.rows_stored == 9999);
  CHECK(report.total(&data::QualityCounts::equal_ts) == 4243);
  CHECK(report.total(&data::QualityCounts::equal_rows) == 1695);
  CHECK(report.total(&data::QualityCounts::zero_qty) == 1);
  CHECK(report.total(&data::QualityCounts::backward_steps) == 0);
}
