#include "engine/walk/run_files.hpp"

#include <cmath>
#include <cstdio>

#include "cuda/base/error.hpp"
#include "engine/registry/durable_file.hpp"
#include "engine/registry/hash.hpp"
#include "engine/walk/version.hpp"

namespace tf::walk {

using registry::Json;

namespace {

std::string three(int number) {
  char text[16];
  std::snprintf(text, sizeof text, "%03d", number);
  return text;
}

Json interval(const Interval& span) { return Json::array({span.begin, span.end}); }

}  // namespace

std::string fit_stem(const std::string& folder, int fold, int fit) {
  return folder + "/fits/f" + three(fold) + "-m" + three(fit);
}
std::string fold_path(const std::string& folder, int fold) { return folder + "/folds/f" + three(fold) + ".json"; }

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

std::vector<double> net_of(const std::vector<score::Period>& periods) {
  std::vector<double> net;
  for (const score::Period& period : periods) net.push_back(period.net);
  return net;
}

std::string sealed(Json object) {
  object.erase("sha256");
  object["sha256"] = registry::sha256_hex(registry::canonical_json(object));
  return registry::canonical_json(object) + "\n";
}

Json read_sealed(const std::string& path) {
  const std::string text = registry::read_file(path);
  Json object;
  try {
    object = registry::parse_json(text, path);
  } catch (const Error&) {
    throw Error(ErrorKind::bad_data, path + ": damaged: it is no JSON any more; remove it and the run makes it again");
  }
  if (!object.is_object() || sealed(object) != text)
    throw Error(ErrorKind::bad_data, path +
                                         ": damaged: its bytes do not have the SHA-256 they were written with; remove "
                                         "it and the run makes it again");
  return object;
}

std::string manifest_json(const Setup& setup, const Outcome& run) {
  Json data = Json::array(), candidates = Json::array();
  for (const data::DayInfo& day : run.material.days)
    data.push_back({{"instrument", setup.instrument},
                    {"day", to_text(day.day)},
                    {"rows", day.rows},
                    {"content_digest", day.content_digest}});
  for (const Candidate& candidate : run.candidates)
    candidates.push_back({{"text", candidate.text}, {"digest", candidate.digest}});
  return sealed({{"schema", "tickfold.run/1"},
                 {"run", run.run_id},
                 {"code", kCodeVersion},
                 {"config_digest", setup.digest},
                 {"instrument", setup.instrument},
                 {"search", search_of(setup)},
                 {"schema_digest", run.material.table.schema.digest},
                 {"features", run.material.table.schema.names},
                 {"data", data},
                 {"candidates", candidates}});
}

std::string fit_json(const learn::FitReport& report) {
  return sealed({{"epochs", report.epochs},
                 {"best_epoch", report.best_epoch},
                 {"steps", report.steps},
                 {"train_loss", number(report.train_loss)},
                 {"valid_loss", number(report.valid_loss)},
                 {"failure", report.failure}});
}

Json to_json(const std::vector<score::Period>& periods) {
  Json rows = Json::array();
  for (const score::Period& p : periods)
    rows.push_back(
        Json::array({p.start_ns, p.gross, p.net, p.fees, p.turnover, p.trades, p.wins, p.round_trips, p.max_drawdown}));
  return {
      {"columns", {"start_ns", "gross", "net", "fees", "turnover", "trades", "wins", "round_trips", "max_drawdown"}},
      {"rows", rows}};
}

std::vector<score::Period> periods_from(const Json& json, const std::string& where) {
  std::vector<score::Period> periods;
  try {
    for (const Json& row : json.at("rows")) {
      score::Period p;
      p.start_ns = row.at(0).get<int64_t>();
      p.gross = row.at(1).get<double>();
      p.net = row.at(2).get<double>();
      p.fees = row.at(3).get<double>();
      p.turnover = row.at(4).get<double>();
      p.trades = row.at(5).get<int64_t>();
      p.wins = row.at(6).get<int64_t>();
      p.round_trips = row.at(7).get<int64_t>();
      p.max_drawdown = row.at(8).get<double>();
      periods.push_back(p);
    }
  } catch (const Json::exception& error) {
    throw Error(ErrorKind::bad_data, where + ": not a list of periods: " + error.what());
  }
  return periods;
}

std::string fold_json(const std::vector<std::vector<score::Period>>& periods) {
  Json lists = Json::array();
  for (const auto& one : periods) lists.push_back(to_json(one));
  return sealed({{"schema", "tickfold.fold/1"}, {"candidates", lists}});
}

std::vector<std::vector<score::Period>> read_fold(const std::string& path, std::size_t candidates) {
  const Json json = read_sealed(path);
  std::vector<std::vector<score::Period>> periods;
  if (json.contains("candidates"))
    for (const Json& one : json["candidates"]) periods.push_back(periods_from(one, path));
  if (periods.size() != candidates)
    throw Error(ErrorKind::bad_data, path + ": holds " + std::to_string(periods.size()) + " candidates, expected " +
                                         std::to_string(candidates));
  return periods;
}

Json to_json(const score::Scorecard& card) {
  return {{"ticket", card.ticket},
          {"periods", card.periods},
          {"net_total", number(card.net_total)},
          {"gross_total", number(card.gross_total)},
          {"fees_total", number(card.fees_total)},
          {"turnover", number(card.turnover)},
          {"trades", card.trades},
          {"hit_rate", number(card.hit_rate)},
          {"mean", number(card.mean)},
          {"deviation", number(card.deviation)},
          {"skew", number(card.skew)},
          {"kurtosis", number(card.kurtosis)},
          {"sharpe", number(card.sharpe)},
          {"sharpe_annual", number(card.sharpe_annual)},
          {"psr", number(card.psr)},
          {"dsr", number(card.dsr)},
          {"min_trl", number(card.min_trl)},
          {"max_drawdown", number(card.max_drawdown)},
          {"trials", card.trials},
          {"trial_variance", number(card.trial_variance)}};
}

Json to_json(const score::GateResult& result) {
  Json conditions = Json::array();
  for (const score::Condition& condition : result.conditions)
    conditions.push_back({{"name", condition.name},
                          {"kind", condition.kind},
                          {"measured", number(condition.measured)},
                          {"direction", condition.direction},
                          {"bound", number(condition.bound)},
                          {"outcome", score::to_text(condition.outcome)}});
  Json json = {{"verdict", score::to_text(result.verdict)},
               {"reason", result.reason},
               {"conditions", conditions},
               {"paired", nullptr}};
  if (result.paired)
    json["paired"] = {{"mean", number(result.paired->mean)},   {"low", number(result.paired->low)},
                      {"high", number(result.paired->high)},   {"p_value", number(result.paired->p_value)},
                      {"block", number(result.paired->block)}, {"draws", result.paired->draws}};
  return json;
}

std::string result_json(const Setup& setup, const Outcome& run) {
  Json folds = Json::array(), results = Json::array();
  for (const Fold& fold : run.material.plan.folds)
    folds.push_back({{"fold", fold.index},
                     {"train", interval(fold.train_span)},
                     {"validation", interval(fold.valid_span)},
                     {"test", interval(fold.test_span)},
                     {"train_rows", fold.train.size()},
                     {"validation_rows", fold.valid.size()},
                     {"purged_rows", fold.purged},
                     {"embargo_ns", fold.embargo_ns}});
  for (std::size_t at = 0; at < run.candidates.size(); ++at)
    results.push_back({{"candidate", run.candidates[at].text},
                       {"digest", run.candidates[at].digest},
                       {"failure", run.results[at].failure},
                       {"scorecard", run.results[at].failure.empty() ? to_json(run.results[at].card) : Json(nullptr)},
                       {"periods", to_json(run.results[at].periods)}});
  Json json = {{"schema", "tickfold.result/1"},
               {"run", run.run_id},
               {"code", kCodeVersion},
               {"instrument", setup.instrument},
               {"days", run.material.days.size()},
               {"bars", run.material.table.rows()},
               {"folds", folds},
               {"candidates", results},
               {"best", run.best >= 0 ? Json(run.candidates[run.best].text) : Json(nullptr)},
               {"model_digest", run.best >= 0 ? Json(registry::sha256_hex(run.best_model)) : Json(nullptr)}};
  return sealed(json);
}

}  // namespace tf::walk
