#include "engine/walk/setup.hpp"

#include "cuda/base/error.hpp"
#include "engine/learn/catalogue.hpp"

namespace tf::walk {
namespace {

struct Data {
  std::string instrument, first_day, last_day;
  static std::span<const Field> fields() {
    using P = Data;
    static const Field table[] = {
        TF_TEXT_FIELD(P, instrument, nullptr, "venue/symbol in the store"),
        TF_TEXT_FIELD(P, first_day, nullptr, "first day used, YYYY-MM-DD; empty = the first there is"),
        TF_TEXT_FIELD(P, last_day, nullptr, "last day used; empty = the newest there is")};
    return table;
  }
};

struct Search {
  std::string task = "regression";
  int64_t first_seed = 1;
  int seeds = 1;
  bool shuffle_labels = false;
  static std::span<const Field> fields() {
    using P = Search;
    static const Field table[] = {TF_TEXT_FIELD(P, task, "regression|classification", "what the model predicts"),
                                  TF_FIELD(P, first_seed, 0, 1e15, "", "seed of the first repetition"),
                                  TF_FIELD(P, seeds, 1, 1000, "", "repetitions of every model, each with its own seed"),
                                  TF_FIELD(P, shuffle_labels, 0, 1, "", "placebo: train on permuted targets")};
    return table;
  }
};

ParamsType gate_type() {
  using P = score::GatePolicy;
  static const Field table[] = {
      TF_FIELD(P, min_periods, 2, 1e6, "periods", "fewest out-of-sample trading days"),
      TF_FIELD(P, min_trades, 0, 1e9, "fills", "fewest fills over them"),
      TF_FIELD(P, min_sharpe, -kAny, kAny, "per period", "net Sharpe ratio"),
      TF_FIELD(P, min_dsr, 0, 1, "", "deflated Sharpe ratio, N from the ledger"),
      TF_FIELD(P, max_drawdown_share, 0, kAny, "", "drawdown over total net result"),
      TF_FIELD(P, max_turnover_per_period, 0, kAny, "currency", "0 = no bound"),
      TF_FIELD(P, min_improvement, -kAny, kAny, "currency", "mean net per period over the incumbent's"),
      TF_FIELD(P, max_p_value, 0, 1, "", "paired stationary bootstrap, one-sided"),
      TF_FIELD(P, bootstrap_draws, 100, 1e7, "", "resamples of the paired bootstrap"),
      TF_FIELD(P, interval_level, 0.5, 0.999, "", "level of the reported interval"),
      TF_FIELD(P, periods_per_year, 1, 1e6, "", "for annual figures")};
  return {table, [] { return std::shared_ptr<void>(std::make_shared<P>()); },
          [](const void* from) { return std::shared_ptr<void>(std::make_shared<P>(*static_cast<const P*>(from))); }};
}

std::optional<Day> day_or_none(const config::Section& section, const char* key, const std::string& text) {
  if (text.empty()) return {};
  const auto day = parse_day(text);
  if (!day) section.fail(key, "\"" + text + "\" is no date: expected YYYY-MM-DD");
  return day;
}

/// The named entries of an array of tables, grids expanded.
template <class Find>
std::vector<Choice> read_choices(const config::Section& root, const char* key, const Find& params_of) {
  std::vector<Choice> choices;
  for (const config::Section& section : root.tables(key)) {
    const std::string name = section.text("name");
    ParamsType type;
    try {
      type = params_of(name);
    } catch (const Error& error) { section.fail("name", error.what()); }
    for (const auto& params : section.read_grid(type))
      choices.push_back({name, params, name + "(" + params_text(type, params.get()) + ")"});
  }
  if (choices.empty()) root.fail(key, std::string("at least one [[") + key + "]] with a name is needed");
  return choices;
}

}  // namespace

std::span<const Field> FoldSpec::fields() {
  using P = FoldSpec;
  static const Field table[] = {
      TF_TEXT_FIELD(P, scheme, "rolling|expanding", "which days before the test are trained on"),
      TF_FIELD(P, train_days, 1, 100000, "days", "trading days of training"),
      TF_FIELD(P, test_days, 1, 100000, "days", "trading days a fold is tested on, and the step"),
      TF_FIELD(P, history_days, 0, 100000, "days", "newest days that take part; 0 = all"),
      TF_FIELD(P, validation_share, 0, 0.9, "", "tail of the training rows for early stopping"),
      TF_FIELD(P, embargo_minutes, 0, 1e6, "minutes", "kept free between training labels and test")};
  return table;
}

Setup read_setup(const config::Reader& reader, const Exec& exec) {
  const config::Section root = reader.root();
  Setup setup;
  const config::Section paths = root.table("paths");
  setup.store_root = paths.path("store");
  setup.runs_root = paths.path_or("runs", "runs");
  setup.registry_root = paths.path_or("registry", "registry");

  const config::Section data_section = root.table("data");
  const auto data = data_section.read<Data>();
  setup.instrument = data.instrument;
  if (data.instrument.empty()) data_section.fail("instrument", "is missing: expected venue/symbol");
  setup.first_day = day_or_none(data_section, "first_day", data.first_day);
  setup.last_day = day_or_none(data_section, "last_day", data.last_day);

  setup.features = features::read_spec(root, exec);
  setup.label = root.table("label").read<market::LabelSpec>();
  setup.weights = root.table("weights").read<market::WeightSpec>();
  setup.models = read_choices(root, "models", [](const std::string& name) { return learn::find_model(name).params; });
  setup.strategies = read_choices(root, "strategies",
                                  [&](const std::string& name) { return market::find_strategy(exec, name).params; });

  const auto search = root.table("search").read<Search>();
  setup.task = search.task == "regression" ? network::Task::regression : network::Task::classification;
  for (int repetition = 0; repetition < search.seeds; ++repetition)
    setup.seeds.push_back(search.first_seed + repetition);
  setup.shuffle_labels = search.shuffle_labels;

  setup.train = root.table("train").read<learn::TrainSpec>();
  setup.folds = root.table("folds").read<FoldSpec>();
  setup.simulation = root.table("simulation").read<market::SimulationSpec>();
  root.table("gate").read(gate_type(), &setup.gate);
  return setup;
}

void seal(Setup& setup, const config::Reader& reader) {
  reader.finish();
  setup.resolved = reader.resolved();
  setup.digest = reader.digest();
}

Setup reread_setup(const std::string& resolved, const Setup& paths, const Exec& exec) {
  const config::Reader reader = config::Reader::from_text(resolved, "config kept with the model");
  Setup setup = read_setup(reader, exec);
  setup.resolved = resolved;
  setup.digest = reader.digest();
  setup.store_root = paths.store_root;
  setup.runs_root = paths.runs_root;
  setup.registry_root = paths.registry_root;
  return setup;
}

}  // namespace tf::walk
