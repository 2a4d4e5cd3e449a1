// tickfold skew: features in batch and streamed, compared bit for bit.
#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "cuda/base/error.hpp"
#include "cuda/base/parallel.hpp"
#include "cuda/base/philox.hpp"
#include "data/sources/parse/open.hpp"
#include "engine/app/evidence.hpp"
#include "engine/features/feature_list.hpp"
#include "engine/features/skew.hpp"
#include "engine/walk/runner.hpp"

namespace tf::app {
namespace {

constexpr const char* kHelp = R"(
Every feature is computed in batch, from the store, and by the stream that serves, fed 1, 7 and 4096 ticks at a time and
by whole days. All bits must be equal (NaN is NaN). Of a CONFIG: its features over its days. With --synthetic: every
indicator there is, with its defaults, on made markets with depth and a reference instrument, over short bars of
several kinds and both memories, until --values values were compared. Exit code 4 where one differs.)";

struct Flags {
  bool synthetic = false;
  double values = 0;
  int64_t seed = 1;
};

/// Five levels a side every few quotes, so that depth indicators have something to read.
std::vector<Tick> with_depth(const std::vector<Tick>& plain, const RandomStream& random) {
  std::vector<Tick> ticks;
  ticks.reserve(plain.size() * 2);
  for (std::size_t row = 0; row < plain.size(); ++row) {
    ticks.push_back(plain[row]);
    const Tick& tick = plain[row];
    if (tick.kind() != TickKind::best_ask || random.below(row, 4) != 0) continue;
    Tick level = tick;
    level.flags = static_cast<uint32_t>(TickKind::clear);
    level.px = level.qty = 0;
    ticks.push_back(level);
    for (int depth = 0; depth < 5; ++depth)
      for (const bool bid : {true, false}) {
        level.flags = static_cast<uint32_t>(bid ? TickKind::depth_bid : TickKind::depth_ask);
        level.px = bid ? tick.px - 1 - depth : tick.px + depth;
        level.qty = 1 + random.below(row * 16 + static_cast<std::size_t>(2 * depth + bid) + (uint64_t{1} << 40), 400);
        ticks.push_back(level);
      }
    ticks.back().flags |= kFlagLast;
  }
  return ticks;
}

/// Two days of a made market.
void write_market(const data::TickStore& store, const Instrument& instrument, int64_t seed, int index) {
  store.add_instrument(instrument);
  const auto& entry = data::find_source("synthetic");
  const config::Reader reader = config::Reader::from_text(
      "[m]\ndays = 2\nticks_per_day = 12000\nlatency_us = 300\nseed = " + std::to_string(seed) +
          "\ninstrument_index = " + std::to_string(index) + "\n",
      "synthetic");
  const auto params = entry.params.make();
  reader.root().table("m").read(entry.params, params.get());
  const auto source = entry.open({{}, instrument}, params.get());
  std::vector<Tick> all, batch(4096);
  while (const std::size_t count = source->next_batch(batch))
    for (std::size_t at = 0; at < count; ++at) {
      batch[at].flags &= ~data::kRowEnd;
      all.push_back(batch[at]);
    }
  const RandomStream random{static_cast<uint64_t>(seed), Purpose::skew_depth, static_cast<uint32_t>(index)};
  const std::vector<Tick> ticks = with_depth(all, random);
  for (std::size_t at = 0; at < ticks.size();) {
    const Day day = day_of(ticks[at].exch_ts);
    std::size_t end = at;
    while (end < ticks.size() && day_of(ticks[end].exch_ts) == day) ++end;
    const auto writer = store.write_day(instrument.id(), day);
    writer->append(std::span(ticks).subspan(at, end - at));
    writer->commit({});
    at = end;
  }
}

/// One made market, all indicators, one kind of bar.
features::Skew synthetic_skew(const Exec& exec, int64_t job, int64_t seed) {
  std::string folder = (std::filesystem::temp_directory_path() / "tickfold-skew-XXXXXX").string();
  if (!mkdtemp(folder.data())) throw Error(ErrorKind::io, folder + ": a temporary folder cannot be made");
  const std::shared_ptr<void> cleaner(nullptr, [&](void*) {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  });
  const data::TickStore store = data::TickStore::open(folder, true);
  const Instrument instrument{"made", "SKEW", 0.01, 1, 1, "USD", "UTC", 0, true},
      other{"made", "OTHER", 0.01, 1, 1, "USD", "UTC", 0, true};
  write_market(store, instrument, seed + job, 0);
  write_market(store, other, seed + job, 1);

  static const char* const bars[] = {"tick:4",
                                     "time:20",
                                     "tick:3;price=trade",
                                     "volume:60",
                                     "dollar:3000",
                                     "tick_imbalance:20",
                                     "volume_runs:30",
                                     "renko:2",
                                     "range:3",
                                     "tick:9",
                                     "time:45;anchor=session"};
  features::Spec spec;
  spec.bars = features::read_bar(bars[job % static_cast<int64_t>(std::size(bars))]);
  spec.carry = job % 2 ? features::Carry::history : features::Carry::day;
  spec.reference = other.id();
  spec.instances = features::read_feature_list("all", exec);
  return features::measure_skew(exec, spec, store, instrument.id(), store.days(instrument.id()));
}

features::Skew run_synthetic(const Shell& shell, const Exec& exec, const Flags& flags, double values) {
  features::Skew skew;
  const auto progress = shell.progress();
  Exec single = exec;
  single.threads = 1;
  constexpr int64_t kRound = 11;  // whatever the number of threads: so many jobs, so many values
  for (int64_t job = 0; static_cast<double>(skew.values) < values; job += kRound) {
    std::vector<features::Skew> parts(kRound);
    parallel_for(exec.threads, kRound, [&](int64_t at) {
      if (stop_asked()) throw Error(ErrorKind::again, "skew: interrupted");
      parts[static_cast<std::size_t>(at)] = synthetic_skew(single, job + at, flags.seed);
    });
    for (const features::Skew& part : parts) skew.merge(part);
    progress("skew", std::min(1.0, static_cast<double>(skew.values) / values));
  }
  return skew;
}

features::Skew run_config(const Shell& shell, const Exec& exec, const Flags& flags) {
  const config::Reader reader = shell.read_config();
  walk::Setup setup = walk::read_setup(reader, exec);
  read_watch_sections(reader);
  walk::seal(setup, reader);
  const data::TickStore store = data::TickStore::open(setup.store_root);
  const auto days = walk::days_of(setup, store, {});
  if (setup.features.carry == features::Carry::history)
    return features::measure_skew(exec, setup.features, store, setup.instrument, days);
  features::Skew skew;
  const auto progress = shell.progress();
  const std::size_t at_once = 8;
  for (std::size_t at = 0; at < days.size(); at += at_once) {
    if (flags.values > 0 && static_cast<double>(skew.values) >= flags.values) break;
    if (stop_asked()) throw Error(ErrorKind::again, "skew: interrupted");
    const std::vector<data::DayInfo> some(
        days.begin() + static_cast<std::ptrdiff_t>(at),
        days.begin() + static_cast<std::ptrdiff_t>(std::min(at + at_once, days.size())));
    skew.merge(features::measure_skew(exec, setup.features, store, setup.instrument, some));
    progress("skew", static_cast<double>(std::min(at + at_once, days.size())) / static_cast<double>(days.size()));
  }
  return skew;
}

void run(Shell& shell, const Flags& flags) {
  if (flags.synthetic != shell.config.empty())
    throw Error(ErrorKind::usage, "skew: give either CONFIG.toml or --synthetic");
  const Exec exec = exec_for(shell.threads);
  const auto begin = std::chrono::steady_clock::now();
  const features::Skew skew = flags.synthetic ? run_synthetic(shell, exec, flags, flags.values > 0 ? flags.values : 2e7)
                                              : run_config(shell, exec, flags);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  shell.say(short_number(seconds, 3) + " s, " + short_number(static_cast<double>(skew.values) / seconds, 3) +
            " values/s");
  std::string text = "skew = " + std::to_string(skew.differing) + " of " + std::to_string(skew.values) + " values (" +
                     std::to_string(skew.rows) + " bars; " + std::to_string(skew.ready) +
                     " values not NaN; pieces of 1, 7, 4096 ticks and whole days)\n";
  if (!skew.first.empty()) text += "first: " + skew.first + "\n";
  shell.result("tickfold.skew/1",
               {{"values", skew.values},
                {"ready", skew.ready},
                {"differing", skew.differing},
                {"bars", skew.rows},
                {"first", skew.first}},
               text);
  if (skew.differing > 0) shell.exit_code = static_cast<int>(ErrorKind::lookahead);
}

}  // namespace

void add_skew(CLI::App& app, Shell& shell) {
  CLI::App* command = shell.add(app, "skew", "features in batch and streamed, compared bit for bit",
                                "config of a walk; none with --synthetic", false);
  command->footer(kHelp);
  const auto flags = std::make_shared<Flags>();
  command->add_flag("--synthetic", flags->synthetic, "the whole catalogue on made markets");
  command->add_option("--values", flags->values, "values to compare at least, e.g. 1e9 (--synthetic: 2e7; CONFIG: all)")
      ->check(CLI::PositiveNumber);
  command->add_option("--seed", flags->seed, "of the made markets")->capture_default_str();
  command->callback([&shell, flags] { shell.action = [&shell, flags] { run(shell, *flags); }; });
}

}  // namespace tf::app
