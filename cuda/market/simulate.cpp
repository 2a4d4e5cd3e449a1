#include "cuda/market/simulate.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <thread>

#include "cuda/base/buffer.hpp"
#include "cuda/base/error.hpp"
#include "cuda/market/account.hpp"
#include "cuda/market/day_replay.hpp"

namespace tf::market {

namespace {

constexpr double kExact = 4503599627370496.0;  // 2^52: half ticks are exact up to here
constexpr int64_t kLanesATask = 64;            // a multiple of every pack width
constexpr int64_t kWorthAThread = 1 << 16;     // lane-decisions below which a thread costs more than it saves

/// Lanes of one strategy: their places, constants and state, lane after lane.
struct Group {
  const StrategyEntry* entry = nullptr;
  std::vector<int32_t> lane;
  std::vector<int64_t> signal_lane;
  std::vector<double> coef, state;

  int64_t count() const { return static_cast<int64_t>(lane.size()); }
  double* account_words(int64_t at) { return state.data() + at * entry->program->state_words; }
  Account<double> account(int64_t at) {
    Account<double> account;
    std::copy_n(account_words(at), kAccountWords, reinterpret_cast<double*>(&account));
    return account;
  }
  void set_account(int64_t at, const Account<double>& account) {
    std::copy_n(reinterpret_cast<const double*>(&account), kAccountWords, account_words(at));
  }
};

void add_fill(void* sink, const LaneFill& fill) { static_cast<std::vector<LaneFill>*>(sink)->push_back(fill); }

}  // namespace

struct Simulator::Body {
  Exec exec;
  Costs costs;
  int64_t entry_latency_ns;
  std::vector<LaneSpec> lanes;
  std::vector<Group> groups;
  DayReplay replay;
  double mark = 0;
  std::string status;

  void run_cpu(Group& group, LaneRun run, std::vector<LaneFill>* fills);
  void run_cuda(Group& group, LaneRun run, std::vector<LaneFill>* fills);
};

Simulator::Simulator(const Exec& exec, const Instrument& instrument, const SimulationSpec& spec,
                     std::vector<LaneSpec> lanes, std::vector<const StrategyEntry*> entries)
    : body_(std::make_unique<Body>()) {
  expect(entries.size() == lanes.size(), "one strategy entry a lane");
  Body& body = *body_;
  body.exec = exec;
  body.costs = {instrument.tick_size * instrument.lot_size * instrument.multiplier,
                spec.fee_bps * 1e-4,
                spec.fee_per_lot,
                std::floor(spec.max_position_lots),
                static_cast<double>(spec.entry_latency_ns),
                static_cast<double>(spec.response_latency_ns),
                spec.flat_at_day_end};
  body.entry_latency_ns = spec.entry_latency_ns;
  if (!(body.costs.unit > 0))
    throw Error(ErrorKind::config,
                "instrument " + instrument.id() + ": tick_size, lot_size and multiplier must be > 0");
  if (spec.entry_latency_ns < 0 || spec.response_latency_ns < 0)
    throw Error(ErrorKind::config, "simulation: latencies must be >= 0");

  std::map<std::string, std::size_t> group_of;
  for (std::size_t at = 0; at < lanes.size(); ++at) {
    const StrategyEntry& entry = *entries[at];
    if (entry.uses_signal && lanes[at].signal_lane < 0)
      throw Error(ErrorKind::config, "strategy " + lanes[at].strategy + " reads a signal: lane " + std::to_string(at) +
                                         " has none (signal_lane is -1)");
    const auto [place, fresh] = group_of.try_emplace(lanes[at].strategy, body.groups.size());
    if (fresh) body.groups.emplace_back().entry = &entry;
    Group& group = body.groups[place->second];
    group.lane.push_back(static_cast<int32_t>(at));
    group.signal_lane.push_back(lanes[at].signal_lane);
    group.coef.resize(group.coef.size() + static_cast<std::size_t>(entry.program->coef_words));
    group.state.resize(group.state.size() + static_cast<std::size_t>(entry.program->state_words));
    const std::shared_ptr<const void> params = lanes[at].params ? lanes[at].params : entry.params.make();
    entry.program->coef(params.get(), group.coef.data() + group.coef.size() - entry.program->coef_words);
    group.set_account(group.count() - 1, new_account());
  }
  body.lanes = std::move(lanes);
}

Simulator::~Simulator() = default;
Simulator::Simulator(Simulator&&) noexcept = default;
int64_t Simulator::lanes() const { return static_cast<int64_t>(body_->lanes.size()); }
std::string Simulator::status() const { return body_->status; }

/// Tasks of whole packs, dealt to the threads in turn; lanes do not meet, so the deal does not show in the results.
void Simulator::Body::run_cpu(Group& group, LaneRun run, std::vector<LaneFill>* fills) {
  const LaneProgram& program = *group.entry->program;
  const int64_t tasks = (group.count() + kLanesATask - 1) / kLanesATask;
  std::vector<std::vector<LaneFill>> task_fills(fills ? static_cast<std::size_t>(tasks) : 0);
  const auto work = [&](int64_t from, int64_t stride) {
    for (int64_t task = from; task < tasks; task += stride) {
      LaneRun part = run;
      const int64_t first = task * kLanesATask;
      part.count = std::min(kLanesATask, group.count() - first);
      part.lane = group.lane.data() + first;
      part.signal_lane = group.signal_lane.data() + first;
      part.state = group.state.data() + first * program.state_words;
      part.coef = group.coef.data() + first * program.coef_words;
      if (fills) part.sink = &task_fills[static_cast<std::size_t>(task)], part.add = add_fill;
      program.run(exec, part);
    }
  };
  const bool large = group.count() * run.table.decisions >= kWorthAThread;
  const int64_t threads = large ? std::clamp<int64_t>(exec.threads, 1, tasks) : 1;
  std::vector<std::jthread> others;
  for (int64_t thread = 1; thread < threads; ++thread) others.emplace_back(work, thread, threads);
  work(0, threads);
  others.clear();
  for (const auto& part : task_fills) fills->insert(fills->end(), part.begin(), part.end());
}

/// The same lanes as GPU threads. Fills need their places first: one run counts them, a second one writes them.
void Simulator::Body::run_cuda(Group& group, LaneRun run, std::vector<LaneFill>* fills) {
  const LaneProgram& program = *group.entry->program;
  const auto upload = [&]<class T>(const T* from, std::size_t count) {
    Buffer<T> buffer(count, Device::cuda);
    if (count) copy_bytes(Device::cuda, buffer.data(), Device::cpu, from, count * sizeof(T));
    return buffer;
  };
  const std::size_t ticks = static_cast<std::size_t>(run.table.ticks), lanes = group.lane.size();
  const auto steps = upload(run.table.steps, static_cast<std::size_t>(run.table.decisions) + 1);
  const auto exch_ts = upload(run.table.exch_ts, ticks), px = upload(run.table.px, ticks),
             qty = upload(run.table.qty, ticks);
  const auto flags = upload(run.table.flags, ticks);
  const auto signals = upload(run.signals.data, static_cast<std::size_t>(run.signals.rows * run.signals.stride));
  const auto lane = upload(group.lane.data(), lanes);
  const auto signal_lane = upload(group.signal_lane.data(), lanes);
  const auto coef = upload(group.coef.data(), group.coef.size());
  auto state = upload(group.state.data(), group.state.size());
  Buffer<double> equity;
  run.count = group.count();
  run.table.steps = steps.data();
  run.table.exch_ts = exch_ts.data(), run.table.px = px.data(), run.table.qty = qty.data();
  run.table.flags = flags.data();
  run.signals.data = signals.data();
  run.lane = lane.data(), run.signal_lane = signal_lane.data();
  run.coef = coef.data(), run.state = state.data();
  const Panel<double> host_equity = run.equity;
  if (host_equity.data) {
    equity = upload(host_equity.data, static_cast<std::size_t>(host_equity.rows * host_equity.stride));
    run.equity.data = equity.data();
  }
  program.run(exec, run);
  const std::vector<double> before = fills ? group.state : std::vector<double>();
  copy_bytes(Device::cpu, group.state.data(), Device::cuda, state.data(), group.state.size() * sizeof(double));
  if (host_equity.data)
    copy_bytes(Device::cpu, host_equity.data, Device::cuda, equity.data(), equity.size() * sizeof(double));
  if (!fills) return;

  std::vector<int64_t> fill_at;
  int64_t total = 0;
  for (int64_t at = 0; at < group.count(); ++at) {
    fill_at.push_back(total);
    total += static_cast<int64_t>(group.account(at).fills);
  }
  const auto places = upload(fill_at.data(), fill_at.size());
  Buffer<LaneFill> rows(static_cast<std::size_t>(total), Device::cuda);
  copy_bytes(Device::cuda, state.data(), Device::cpu, before.data(), before.size() * sizeof(double));
  run.fill_at = places.data(), run.fills = rows.data(), run.equity.data = nullptr;
  program.run(exec, run);
  fills->resize(rows.size());
  if (total) copy_bytes(Device::cpu, fills->data(), Device::cuda, rows.data(), rows.size() * sizeof(LaneFill));
}

std::vector<LaneDay> Simulator::run_day(const TickSpan& ticks, std::span<const int64_t> decisions,
                                        Panel<const double> signals, std::vector<Fill>* fills, Panel<double> equity) {
  Body& body = *body_;
  const int64_t count = static_cast<int64_t>(decisions.size());
  for (std::size_t at = 0; at < body.lanes.size(); ++at)
    expect(body.lanes[at].signal_lane < 0 || count == 0 ||
               (signals.rows >= count && signals.lanes > body.lanes[at].signal_lane),
           "the signal panel has a row a decision and the column of every lane");
  expect(!equity.data || (equity.rows >= count && equity.lanes >= lanes()), "the equity panel has room");
  body.replay.read(ticks, decisions, body.entry_latency_ns, body.mark);

  std::vector<LaneDay> days(body.lanes.size());
  std::vector<LaneFill> lane_fills;
  for (Group& group : body.groups) {
    for (int64_t at = 0; at < group.count(); ++at) {
      Account<double> account = group.account(at);
      open_day(account, body.mark);
      group.set_account(at, account);
    }
    LaneRun run;
    run.table = body.replay.table();
    run.costs = body.costs;
    run.signals = signals;
    run.equity = equity;
    std::vector<LaneFill> group_fills;
    if (body.exec.device == Device::cuda)
      body.run_cuda(group, run, fills ? &group_fills : nullptr);
    else
      body.run_cpu(group, run, fills ? &group_fills : nullptr);
    lane_fills.insert(lane_fills.end(), group_fills.begin(), group_fills.end());

    for (int64_t at = 0; at < group.count(); ++at) {
      const Account<double> a = group.account(at);
      const int32_t lane = group.lane[static_cast<std::size_t>(at)];
      LaneDay& day = days[static_cast<std::size_t>(lane)];
      day.gross = (a.gross + a.position * body.replay.mark()) * body.costs.unit;
      day.net = net_equity(a, body.costs, body.replay.mark());
      day.fees = a.fees, day.turnover = a.turnover, day.max_drawdown = a.drawdown;
      day.fills = static_cast<int64_t>(a.fills);
      day.round_trips = static_cast<int64_t>(a.trips), day.wins = static_cast<int64_t>(a.wins);
      day.end_position = a.position;
      if (!(a.worst < kExact) && body.status.empty())
        body.status = "lane " + std::to_string(lane) + ": cash left the range of exact numbers (2^52 ticks * lots)";
    }
  }
  body.mark = body.replay.mark();

  if (fills) {
    std::stable_sort(lane_fills.begin(), lane_fills.end(),
                     [](const LaneFill& a, const LaneFill& b) { return a.lane < b.lane; });
    for (const LaneFill& fill : lane_fills)
      fills->push_back({body.replay.table().base_ns + static_cast<int64_t>(fill.time), fill.lane, fill.px, fill.qty,
                        fill.fee, fill.cause});
  }
  return days;
}

std::span<const Field> SimulationSpec::fields() {
  using P = SimulationSpec;
  static const Field table[] = {
      TF_FIELD(P, entry_latency_ns, 0, 1e12, "ns", "from a decision to the order's arrival at the exchange"),
      TF_FIELD(P, response_latency_ns, 0, 1e12, "ns", "from a fill to the strategy's knowledge of it"),
      TF_FIELD(P, fee_bps, -100, 1000, "bps", "fee of notional, a fill; negative = rebate"),
      TF_FIELD(P, fee_per_lot, -1e6, 1e6, "currency", "fee a lot, a fill"),
      TF_FIELD(P, max_position_lots, 1, 1e9, "lots", "bound of the position, whole lots"),
      TF_FIELD(P, flat_at_day_end, 0, 0, "", "close the position at the day's last touch")};
  return table;
}

}  // namespace tf::market
