#include "engine/report/document.hpp"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>

#include "cuda/base/error.hpp"
#include "cuda/base/time.hpp"

namespace tf::report {
namespace {

using nlohmann::json;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// A place in the document that knows its own name: every complaint says where.
class Node {
 public:
  Node(const json* value, std::string path) : value_(value), path_(std::move(path)) {}

  bool absent() const { return !value_ || value_->is_null(); }

  [[noreturn]] void refuse(const std::string& expected) const {
    const std::string found = value_ ? value_->type_name() : "nothing";
    throw Error(ErrorKind::bad_data, "report document: " + path_ + ": expected " + expected + ", found " + found);
  }

  Node member(const char* name) const {
    if (absent()) return {nullptr, path_ + "." + name};
    if (!value_->is_object()) refuse("an object");
    const auto found = value_->find(name);
    return {found == value_->end() ? nullptr : &*found, path_.empty() ? name : path_ + "." + name};
  }

  std::size_t size() const {
    if (absent()) return 0;
    if (!value_->is_array()) refuse("an array");
    return value_->size();
  }

  Node item(std::size_t place) const { return {&(*value_)[place], path_ + "[" + std::to_string(place) + "]"}; }

  double number() const {
    if (absent()) return kNan;
    if (!value_->is_number()) refuse("a number or null");
    return value_->get<double>();
  }

  int64_t whole() const {
    if (value_ && value_->is_number_unsigned() &&
        value_->get<uint64_t>() > uint64_t{std::numeric_limits<int64_t>::max()})
      refuse("an integer below 2^63");
    if (value_ && value_->is_number_integer()) return value_->get<int64_t>();
    if (value_ && value_->is_number_float() && std::abs(value_->get<double>()) < 9e18)
      return static_cast<int64_t>(value_->get<double>());
    refuse("an integer");
  }

  bool yes() const {
    if (absent()) return false;
    if (!value_->is_boolean()) refuse("true or false");
    return value_->get<bool>();
  }

  /// A number is taken as its digits: days and dates come either way.
  std::string text() const {
    if (absent()) return {};
    if (value_->is_string()) return value_->get<std::string>();
    if (value_->is_number()) return value_->dump();
    refuse("text");
  }

  /// A name, or a time in nanoseconds.
  std::string time_or_text() const {
    if (value_ && value_->is_number_integer()) return time_text(whole());
    return text();
  }

  const std::string& path() const { return path_; }
  const json& value() const { return *value_; }

 private:
  const json* value_;
  std::string path_;
};

std::vector<double> numbers(const Node& node) {
  std::vector<double> values(node.size());
  for (std::size_t at = 0; at < values.size(); ++at) {
    const json& value = node.value()[at];
    values[at] = value.is_number() ? value.get<double>() : node.item(at).number();
  }
  return values;
}

std::vector<int64_t> times(const Node& node) {
  std::vector<int64_t> values(node.size());
  for (std::size_t at = 0; at < values.size(); ++at) {
    values[at] = node.item(at).whole();
    if (at && values[at] < values[at - 1]) node.item(at).refuse("a time not before the one ahead of it");
  }
  return values;
}

/// Series beside t_ns: either not there at all or one value a time.
std::vector<double> beside(const Node& node, std::size_t length) {
  std::vector<double> values = numbers(node);
  if (!values.empty() && values.size() != length)
    throw Error(ErrorKind::bad_data, "report document: " + node.path() + ": has " + std::to_string(values.size()) +
                                         " values, expected " + std::to_string(length) + " as in t_ns");
  return values;
}

template <class Row, class Read>
std::vector<Row> rows(const Node& node, Read read) {
  std::vector<Row> out;
  out.reserve(node.size());
  for (std::size_t at = 0; at < node.size(); ++at) out.push_back(read(node.item(at)));
  return out;
}

Interval interval(const Node& node) {
  if (node.size() != 2) node.refuse("[t0, t1]");
  const Interval span{node.item(0).whole(), node.item(1).whole()};
  if (span.end_ns < span.start_ns) node.refuse("t0 <= t1");
  return span;
}

/// One interval, a list of them, or none.
std::vector<Interval> intervals(const Node& node) {
  if (node.size() == 0) return {};
  if (!node.value()[0].is_array()) return {interval(node)};
  return rows<Interval>(node, interval);
}

Fold fold(const Node& node) {
  Fold out;
  out.fold = node.member("fold").whole();
  out.train = intervals(node.member("train"));
  out.validation = intervals(node.member("validation"));
  out.purge = intervals(node.member("purge"));
  out.embargo = intervals(node.member("embargo"));
  out.test = intervals(node.member("test"));
  return out;
}

Card card_of(const Node& node) {
  Card out;
  out.name = node.member("name").text();
  out.periods = node.member("periods").number();
  out.net_total = node.member("net_total").number();
  out.gross_total = node.member("gross_total").number();
  out.fees_total = node.member("fees_total").number();
  out.turnover = node.member("turnover").number();
  out.trades = node.member("trades").number();
  out.hit_rate = node.member("hit_rate").number();
  out.sharpe = node.member("sharpe").number();
  out.sharpe_annual = node.member("sharpe_annual").number();
  out.psr = node.member("psr").number();
  out.dsr = node.member("dsr").number();
  out.min_trl = node.member("min_trl").number();
  out.max_drawdown = node.member("max_drawdown").number();
  out.trials = node.member("trials").number();
  return out;
}

GateLine gate_line(const Node& node) {
  return {node.member("name").text(),    node.member("kind").text(),       node.member("direction").text(),
          node.member("outcome").text(), node.member("measured").number(), node.member("bound").number()};
}

Paired paired(const Node& node) {
  return {node.member("mean").number(),    node.member("low").number(),   node.member("high").number(),
          node.member("p_value").number(), node.member("block").number(), node.member("draws").number(),
          node.member("level").number()};
}

QualityDay quality_day(const Node& node) {
  return {node.member("day").text(),
          node.member("ticks").number(),
          node.member("quotes").number(),
          node.member("trades").number(),
          node.member("crossed").number(),
          node.member("locked").number(),
          node.member("backward_steps").number(),
          node.member("largest_gap_s").number(),
          node.member("spread_median_ticks").number()};
}

Lineage lineage(const Node& node) {
  Lineage out{node.member("model").text(),
              node.member("parent").text(),
              node.member("config_digest").text(),
              node.member("code").text(),
              {}};
  out.data = rows<LineageDay>(node.member("data"), [](const Node& day) {
    return LineageDay{day.member("instrument").text(), day.member("day").text(), day.member("content_digest").text()};
  });
  return out;
}

std::string verdict_text(const Node& node) {
  const std::string verdict = node.absent() ? "none" : node.text();
  if (verdict != "promote" && verdict != "hold" && verdict != "reject" && verdict != "none")
    throw Error(ErrorKind::bad_data,
                "report document: verdict: expected promote, hold, reject or none, found " + verdict);
  return verdict;
}

void read_results(const Node& root, Document& out) {
  const Node price = root.member("price");
  out.price.t_ns = times(price.member("t_ns"));
  out.price.mid = beside(price.member("mid"), out.price.t_ns.size());
  out.fills = rows<Fill>(root.member("fills"), [](const Node& node) {
    return Fill{node.member("t_ns").whole(), node.member("px").number(), node.member("qty").number(),
                node.member("cause").text()};
  });
  const Node equity = root.member("equity");
  out.equity.t_ns = times(equity.member("t_ns"));
  out.equity.candidate = beside(equity.member("candidate"), out.equity.t_ns.size());
  out.equity.gross = beside(equity.member("candidate_gross"), out.equity.t_ns.size());
  out.equity.incumbent = beside(equity.member("incumbent"), out.equity.t_ns.size());
  out.folds = rows<Fold>(root.member("folds"), fold);
  out.cards = rows<Card>(root.member("scorecards"), card_of);
  out.gate = rows<GateLine>(root.member("gate"), gate_line);
  if (const Node node = root.member("paired"); !node.absent()) out.paired = paired(node);
  const Node calibration = root.member("calibration");
  const std::string kind = calibration.member("kind").text();
  if (!kind.empty() && kind != "regression" && kind != "classification")
    calibration.member("kind").refuse("regression or classification");
  out.calibration.classification = kind == "classification";
  out.calibration.bins = rows<CalibrationBin>(calibration.member("bins"), [](const Node& node) {
    return CalibrationBin{node.member("predicted").number(), node.member("realised").number(),
                          node.member("count").number()};
  });
  if (const Node node = root.member("trials"); !node.absent())
    out.trials = Trials{node.member("raw").number(), node.member("variance").number(), numbers(node.member("sharpes"))};
}

void read_record(const Node& root, Document& out) {
  out.quality = rows<QualityDay>(root.member("quality"), quality_day);
  out.drift = rows<Drift>(root.member("drift"), [](const Node& node) {
    return Drift{node.member("feature").text(), node.member("statistic").number(), node.member("threshold").number(),
                 node.member("alarm").yes()};
  });
  out.triggers = rows<Trigger>(root.member("triggers"), [](const Node& node) {
    return Trigger{node.member("kind").text(), node.member("fired").yes(), node.member("measured").number(),
                   node.member("bound").number()};
  });
  out.nights = rows<Night>(root.member("nights"), [](const Node& node) {
    return Night{node.member("as_of").time_or_text(), node.member("trigger").text(), node.member("verdict").text(),
                 node.member("model").text(), node.member("reason").text()};
  });
  if (const Node node = root.member("lineage"); !node.absent()) out.lineage = lineage(node);
  if (const Node node = root.member("absent"); !node.absent()) {
    if (!node.value().is_object()) node.refuse("an object");
    for (const auto& [part, why] : node.value().items()) out.absent[part] = Node(&why, "absent." + part).text();
  }
}

}  // namespace

const Card* Document::card(const std::string& name) const {
  for (const Card& card : cards)
    if (card.name == name) return &card;
  return nullptr;
}

Document parse(const std::string& report_json) {
  json document;
  try {
    document = json::parse(report_json);
  } catch (const json::parse_error& error) {
    throw Error(ErrorKind::bad_data, "report document: not JSON in UTF-8: " + std::string(error.what()));
  }
  if (!document.is_object())
    throw Error(ErrorKind::bad_data, "report document: expected an object, found " + std::string(document.type_name()));
  const Node root(&document, "");
  if (const Node schema = root.member("schema"); !schema.absent() && schema.text() != "tickfold.report/1")
    throw Error(ErrorKind::bad_data, "report document: schema: expected tickfold.report/1, found " + schema.text());

  Document out;
  if (root.member("title").absent()) root.member("title").refuse("text");
  out.title = root.member("title").text();
  out.run = root.member("run").text();
  out.instrument = root.member("instrument").text();
  out.currency = root.member("currency").text();
  out.verdict = verdict_text(root.member("verdict"));
  out.reason = root.member("reason").text();
  if (const Node node = root.member("created_ns"); !node.absent()) out.created_ns = node.whole();
  read_results(root, out);
  read_record(root, out);
  return out;
}

}  // namespace tf::report
