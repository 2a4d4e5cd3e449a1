// tickfold signature: one hash over a small reference pipeline. It changes only when behaviour does; a commit that
// changes it says so.
#include <cstring>

#include "cuda/base/philox.hpp"
#include "cuda/market/labels.hpp"
#include "cuda/market/simulate.hpp"
#include "data/sources/parse/open.hpp"
#include "data/store/digest.hpp"
#include "engine/app/shell.hpp"
#include "engine/score/statistics.hpp"
#include "engine/walk/evaluate.hpp"

namespace tf::app {
namespace {

/// Hashes values as they go by, part by part.
class Parts {
 public:
  void add(const std::string& name, const std::vector<double>& values) {
    data::Sha256 part;
    for (const double value : values) {
      // NaN has many bit patterns, one meaning.
      const double plain = value != value ? std::numeric_limits<double>::quiet_NaN() : value;
      part.add(&plain, sizeof plain);
    }
    const std::string hex = part.hex();
    all_.add(hex.data(), hex.size());
    list.push_back({{"part", name}, {"values", values.size()}, {"digest", hex}});
  }
  std::string hex() { return all_.hex(); }
  Json list = Json::array();

 private:
  data::Sha256 all_;
};

template <class T>
std::vector<double> as_doubles(const std::vector<T>& values) {
  return {values.begin(), values.end()};
}

/// Ticks of the synthetic market with all parameters at their defaults, but few days.
TickColumns reference_ticks(const Instrument& instrument) {
  const auto& entry = data::find_source("synthetic");
  const config::Reader reader = config::Reader::from_text("[m]\ndays = 2\nticks_per_day = 6000\n", "reference");
  const auto params = entry.params.make();
  reader.root().table("m").read(entry.params, params.get());
  const auto source = entry.open({{}, instrument}, params.get());
  TickColumns ticks;
  std::vector<Tick> batch(4096);
  while (const std::size_t count = source->next_batch(batch))
    for (std::size_t at = 0; at < count; ++at) ticks.push(batch[at]);
  return ticks;
}

/// Weights from the counter-based stream: no trainer takes part.
network::Fitted reference_network(int inputs) {
  network::Fitted fitted;
  fitted.network = {
      inputs, network::Task::regression, {{8, network::Activation::tanh, 0}, {1, network::Activation::identity, 0}}};
  fitted.input_mean.assign(static_cast<std::size_t>(inputs), 0);
  fitted.input_scale.assign(static_cast<std::size_t>(inputs), 0.01);
  const RandomStream random{1, Purpose::init_weights, 0};
  for (int64_t at = 0; at < fitted.network.weight_count(); ++at)
    fitted.weights.push_back(static_cast<float>(random.uniform(static_cast<uint64_t>(at)) - 0.5));
  return fitted;
}

/// What the reference model reads: not the whole catalogue, so that a new indicator adds a part and changes none.
constexpr const char* kPredictedFrom[] = {
    "atr", "bollinger",           "ema", "macd", "quote_imbalance", "realised_volatility", "roc", "rsi",
    "sma", "trade_flow_imbalance"};

void run(const Shell& shell) {
  const Exec exec = exec_for(1);
  const Instrument instrument{"ref", "REF", 0.01, 1, 1, "USD", "UTC", 0, false};
  Parts parts;
  const TickColumns ticks = reference_ticks(instrument);
  parts.add("tick times", as_doubles(ticks.exch_ts));
  parts.add("tick prices", as_doubles(ticks.px));
  parts.add("tick sizes", as_doubles(ticks.qty));

  std::vector<series::Instance> all, read;
  for (const auto& row : indicator_catalogue::rows()) all.push_back({row.name, row.v3().params.make()});
  for (const char* name : kPredictedFrom) read.push_back({name, nullptr});
  series::FeatureSet set(exec, all), read_set(exec, read);
  const market::BarSpec bar_spec;
  market::BarBuilder builder(bar_spec, instrument);
  market::BarTable bars;
  market::TickTable tick_table;
  tick_table.wanted = set.tick_columns();
  tick_table.start(set.tick_history());
  builder.push(ticks.span(), bars, &tick_table);
  builder.end_day(bars);
  parts.add("bar closes", bars.column[static_cast<int>(series::BarColumn::close)]);

  const int64_t history = set.tick_history();
  const auto values_of = [&](series::FeatureSet& features) {
    Buffer<double> values(static_cast<std::size_t>(bars.rows() * features.outputs()));
    features.append(bars.view(0, bars.rows()), tick_table.view(history, tick_table.rows() - history, history),
                    bars.tick_end.data(), values.panel(bars.rows(), features.outputs()));
    return values;
  };
  Buffer<double> values = values_of(set), read_values = values_of(read_set);
  const Panel<double> panel = values.panel(bars.rows(), set.outputs());
  for (int64_t lane = 0; lane < set.outputs(); ++lane) {
    std::vector<double> column;
    for (int64_t row = 0; row < panel.rows; ++row) column.push_back(panel(row, lane));
    parts.add(set.output_name(lane), column);
  }

  const market::LabelTable labels = market::make_labels({}, bars);
  parts.add("labels", labels.value);
  std::vector<double> signals(static_cast<std::size_t>(bars.rows()));
  walk::signals_from(exec, reference_network(static_cast<int>(read_set.outputs())),
                     read_values.panel(bars.rows(), read_set.outputs()), signals);
  parts.add("predictions", signals);

  std::vector<market::LaneSpec> lanes;
  for (const auto& row : strategy_catalogue::rows()) lanes.push_back({row.name, row.v3().params.make(), 0});
  market::Simulator simulator(exec, instrument, {}, lanes);
  std::vector<double> money, nets;
  for (const market::LaneDay& day :
       simulator.run_day(ticks.span(), bars.known_ts, Panel<const double>{signals.data(), bars.rows(), 1, 1})) {
    money.insert(money.end(),
                 {day.gross, day.net, day.fees, day.turnover, day.max_drawdown, static_cast<double>(day.fills)});
    nets.push_back(day.net);
  }
  parts.add("simulation", money);
  const std::vector<double> closes = bars.column[static_cast<int>(series::BarColumn::close)];
  const score::BlockLength block = score::block_length(closes);
  const score::Moments moments = score::moments(closes);
  parts.add("statistics",
            {block.stationary, block.circular, moments.mean, moments.deviation, moments.skew, moments.kurtosis,
             score::psr(0.1, 0, 100, moments.skew, 3), score::dsr(0.2, 250, 0, 3, 40, 0.01)});

  const std::string digest = parts.hex();
  std::string text = digest + "\n";
  shell.result("tickfold.signature/1", {{"signature", digest}, {"parts", parts.list}}, text);
}

}  // namespace

void add_signature(CLI::App& app, Shell& shell) {
  CLI::App* command =
      shell.add(app, "signature", "one hash of the small reference pipeline: changes only when behaviour does");
  command->callback([&shell] { shell.action = [&shell] { run(shell); }; });
}

}  // namespace tf::app
