#include "engine/app/evidence.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "data/validate.hpp"
#include "engine/registry/canonical_json.hpp"
#include "engine/registry/durable_file.hpp"
#include "engine/report/report.hpp"
#include "engine/walk/run_files.hpp"
#include "engine/walk/version.hpp"

namespace tf::app {
namespace {

Json price_of(const walk::Outcome& run) {
  const auto& bars = run.material.table.bars;
  return {{"t_ns", bars.known_ts}, {"mid", bars.column[static_cast<int>(series::BarColumn::close)]}};
}

Json fills_of(const walk::Details& details) {
  static const char* const causes[] = {"decision", "stop", "target", "day end"};
  Json fills = Json::array();
  for (const market::Fill& fill : details.fills)
    fills.push_back(
        {{"t_ns", fill.time_ns}, {"px", fill.px}, {"qty", fill.qty}, {"cause", causes[std::clamp(fill.cause, 0, 3)]}});
  return fills;
}

/// Values of `line` carried forward to the times of another.
Json carried(const std::vector<int64_t>& times, const std::vector<int64_t>& at, const std::vector<double>& line) {
  Json values = Json::array();
  std::size_t next = 0;
  double value = 0;
  for (const int64_t time : times) {
    while (next < at.size() && at[next] <= time) value = line[next++];
    values.push_back(next == 0 ? Json(nullptr) : walk::number(value));
  }
  return values;
}

/// Gross money is known a day at a time: a step at each day's end.
Json gross_of(const walk::Decision& decision) {
  std::vector<int64_t> at;
  std::vector<double> line;
  double sum = 0;
  for (const score::Period& period : decision.candidate_periods) {
    sum += period.gross;
    at.push_back(period.start_ns + kDay - 1);
    line.push_back(sum);
  }
  return carried(decision.candidate_details.equity_ts, at, line);
}

Json span_json(int64_t begin, int64_t end) { return begin && end > begin ? Json::array({begin, end}) : Json(nullptr); }

Json folds_of(const walk::Outcome& run) {
  Json folds = Json::array();
  for (const walk::Fold& fold : run.material.plan.folds) {
    const int64_t train_end = fold.train_span.end, valid_end = fold.valid_span.end, test = fold.test_span.begin;
    const int64_t last = std::max(train_end, valid_end);
    folds.push_back({{"fold", fold.index},
                     {"train", span_json(fold.train_span.begin, train_end)},
                     {"validation", span_json(fold.valid_span.begin, valid_end)},
                     {"purge", span_json(last, test - fold.embargo_ns)},
                     {"embargo", span_json(std::max(last, test - fold.embargo_ns), test)},
                     {"test", span_json(test, fold.test_span.end)}});
  }
  return folds;
}

/// Out-of-sample predictions against what happened, in ten bins of equal count.
Json calibration_of(const walk::Setup& setup, const walk::Outcome& run) {
  std::vector<std::pair<double, double>> pairs;
  for (const int32_t row : run.material.ready) {
    double predicted = run.best_signals.empty() ? std::nan("") : run.best_signals[row];
    if (setup.task == network::Task::classification) predicted += 0.5;
    if (std::isfinite(predicted)) pairs.emplace_back(predicted, run.material.target[row]);
  }
  std::sort(pairs.begin(), pairs.end());
  Json bins = Json::array();
  constexpr std::size_t kBins = 10;
  for (std::size_t bin = 0; bin < kBins && pairs.size() >= kBins; ++bin) {
    const std::size_t from = pairs.size() * bin / kBins, to = pairs.size() * (bin + 1) / kBins;
    double predicted = 0, realised = 0;
    for (std::size_t at = from; at < to; ++at) {
      predicted += pairs[at].first;
      realised += pairs[at].second;
    }
    const auto count = static_cast<double>(to - from);
    bins.push_back({{"predicted", predicted / count}, {"realised", realised / count}, {"count", to - from}});
  }
  return {{"kind", setup.task == network::Task::classification ? "classification" : "regression"}, {"bins", bins}};
}

/// The ticks of the run, judged once more by ingest's rules: a report stands without the ingest log.
Json quality_of(const walk::Setup& setup, const walk::Outcome& run) {
  const data::TickStore store = data::TickStore::open(setup.store_root);
  Json days = Json::array();
  for (const data::DayInfo& info : run.material.days) {
    data::QualityMeter meter;
    const auto reader = store.read(setup.instrument, {info.day});
    std::vector<Tick> rows;
    while (const data::TickBlock* block = reader->next()) {
      rows.clear();
      for (std::size_t row = 0; row < block->ticks.size(); ++row) rows.push_back(block->ticks[row]);
      meter.add(rows);
    }
    const data::QualityCounts counts = meter.counts();
    days.push_back({{"day", to_text(info.day)},
                    {"ticks", counts.ticks},
                    {"quotes", counts.quotes},
                    {"trades", counts.trades},
                    {"crossed", counts.crossed},
                    {"locked", counts.locked},
                    {"backward_steps", counts.backward_steps},
                    {"largest_gap_s", static_cast<double>(counts.largest_gap_ns) / static_cast<double>(kSecond)},
                    {"spread_median_ticks", walk::number(counts.spread_median_ticks)}});
  }
  return days;
}

Json scorecard(const char* name, const score::Scorecard& card) {
  Json json = walk::to_json(card);
  json["name"] = name;
  return json;
}

}  // namespace

std::string plotly_path() {
  if (const char* path = std::getenv("TF_PLOTLY_JS")) return path;
  return program_folder() + "/plotly.min.js";
}

std::string write_report(const walk::Setup& setup, const walk::Outcome& run, const walk::Decision& decision,
                         const watch::Night* night, const std::string& champion_before) {
  Json page = {{"schema", "tickfold.report/1"},
               {"title", night ? "Night of " + to_text(night->as_of) : "Walk-forward " + run.run_id.substr(0, 12)},
               {"run", run.run_id},
               {"instrument", setup.instrument},
               {"currency", data::TickStore::open(setup.store_root).instrument(setup.instrument).currency},
               {"verdict", score::to_text(decision.gate.verdict)},
               {"reason", decision.gate.reason},
               {"created_ns", run.material.days.back().last_ts},
               {"price", price_of(run)},
               {"folds", folds_of(run)},
               {"calibration", calibration_of(setup, run)},
               {"quality", quality_of(setup, run)}};
  if (decision.candidate) {
    page["fills"] = fills_of(decision.candidate_details);
    page["equity"] = {{"t_ns", decision.candidate_details.equity_ts},
                      {"candidate", decision.candidate_details.equity},
                      {"candidate_gross", gross_of(decision)},
                      {"incumbent", decision.incumbent ? carried(decision.candidate_details.equity_ts,
                                                                 decision.incumbent_details.equity_ts,
                                                                 decision.incumbent_details.equity)
                                                       : Json(nullptr)}};
    page["scorecards"] = Json::array({scorecard("candidate", *decision.candidate)});
    if (decision.incumbent) page["scorecards"].push_back(scorecard("incumbent", *decision.incumbent));
    Json sharpes = Json::array();
    for (const walk::CandidateResult& result : run.results)
      sharpes.push_back(result.failure.empty() ? walk::number(result.card.sharpe) : Json(nullptr));
    page["trials"] = {{"raw", decision.candidate->trials},
                      {"variance", walk::number(decision.candidate->trial_variance)},
                      {"sharpes", sharpes}};
  }
  const Json gate = walk::to_json(decision.gate);
  page["gate"] = gate.at("conditions");
  page["paired"] = gate.at("paired");
  Json data = Json::array();
  for (const data::DayInfo& day : run.material.days)
    data.push_back(
        {{"instrument", setup.instrument}, {"day", to_text(day.day)}, {"content_digest", day.content_digest}});
  page["lineage"] = {{"model", decision.candidate_model},
                     {"parent", champion_before},
                     {"config_digest", setup.digest},
                     {"data", data},
                     {"code", walk::kCodeVersion}};
  if (night) {
    Json triggers = Json::array(), drift = Json::array();
    for (const watch::Trigger& t : night->triggers.triggers)
      triggers.push_back({{"kind", t.kind},
                          {"fired", t.fired},
                          {"measured", walk::number(t.measured)},
                          {"bound", walk::number(t.bound)}});
    for (const watch::FeatureDrift& f : night->triggers.drift)
      drift.push_back({{"feature", f.feature},
                       {"statistic", walk::number(f.statistic)},
                       {"threshold", walk::number(f.threshold)},
                       {"alarm", f.alarm}});
    page["triggers"] = triggers;
    page["drift"] = drift;
  }
  return report::write(page.dump(), run.folder + "/report", plotly_path()).html_path;
}

}  // namespace tf::app
