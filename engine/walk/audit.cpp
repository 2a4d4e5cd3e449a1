#include "engine/walk/audit.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <mutex>
#include <utility>

#include "cuda/base/error.hpp"
#include "cuda/base/parallel.hpp"
#include "cuda/base/philox.hpp"

namespace tf::walk {
namespace {

/// NaN has many bit patterns and one meaning.
bool same_bits(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) || std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b);
}

AuditLine& line_of(AuditReport& report, const std::string& stage, const std::string& name) {
  for (AuditLine& line : report.lines)
    if (line.stage == stage && line.name == name) return line;
  AuditLine& line = report.lines.emplace_back();
  line.stage = stage;
  line.name = name;
  return line;
}

void note(AuditLine& line, const Difference& difference) {
  ++line.differing[static_cast<std::size_t>(difference.change)];
  line.longest_ns = std::max(line.longest_ns, difference.cut_ts - difference.known_ts);
  if (!line.first || difference.known_ts < line.first->known_ts) line.first = difference;
}

/// The tightest cuts: right when something became known. Stages in turn, so that one fit weighs as much as all bars.
std::vector<int64_t> draw_known(const std::vector<Observation>& seen, int count, uint64_t seed, int64_t earliest) {
  std::vector<std::pair<std::string, std::vector<int64_t>>> stages;
  for (const Observation& one : seen) {
    const auto of_stage =
        std::find_if(stages.begin(), stages.end(), [&](const auto& stage) { return stage.first == one.stage; });
    auto& times =
        of_stage == stages.end() ? stages.emplace_back(one.stage, std::vector<int64_t>{}).second : of_stage->second;
    for (const int64_t time : one.known_ts)
      if (time >= earliest && time > INT64_MIN) times.push_back(time);
  }
  std::erase_if(stages, [](const auto& stage) { return stage.second.empty(); });
  std::vector<int64_t> cuts;
  const RandomStream random{seed, Purpose::audit, 0xFFFFFFFE};
  for (int cut = 0; cut < count && !stages.empty(); ++cut) {
    const auto& times = stages[static_cast<std::size_t>(cut) % stages.size()].second;
    cuts.push_back(times[random.bits(static_cast<uint64_t>(cut)) % times.size()]);
  }
  return cuts;
}

std::vector<int64_t> cuts_of(const std::vector<Observation>& seen, const Market& market, const AuditOptions& options) {
  if (!options.cuts.empty()) return options.cuts;
  std::vector<int64_t> cuts = draw_cuts(market, (options.count + 1) / 2, options.seed, options.earliest);
  const std::vector<int64_t> tight = draw_known(seen, options.count / 2, options.seed, options.earliest);
  cuts.insert(cuts.end(), tight.begin(), tight.end());
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  return cuts;
}

const Observation* find(const std::vector<Observation>& among, const Observation& like) {
  for (const Observation& one : among)
    if (one.stage == like.stage && one.name == like.name) return &one;
  return nullptr;
}

}  // namespace

int64_t AuditLine::total() const {
  int64_t sum = 0;
  for (const int64_t count : differing) sum += count;
  return sum;
}

int64_t AuditReport::compared() const {
  int64_t sum = 0;
  for (const AuditLine& line : lines) sum += line.compared;
  return sum;
}

int64_t AuditReport::differing() const {
  int64_t sum = 0;
  for (const AuditLine& line : lines) sum += line.total();
  return sum;
}

void AuditReport::merge(const AuditReport& other) {
  cuts += other.cuts;
  runs += other.runs;
  refused.insert(refused.end(), other.refused.begin(), other.refused.end());
  for (const AuditLine& from : other.lines) {
    AuditLine& to = line_of(*this, from.stage, from.name);
    to.compared += from.compared;
    for (std::size_t change = 0; change < kChanges; ++change) to.differing[change] += from.differing[change];
    to.runs += from.runs;
    to.reached += from.reached;
    to.longest_ns = std::max(to.longest_ns, from.longest_ns);
    if (from.first && (!to.first || from.first->known_ts < to.first->known_ts)) to.first = from.first;
  }
}

void compare(const std::vector<Observation>& was, const std::vector<Observation>& became, int64_t cut_ts, Change change,
             AuditReport& report) {
  static const Observation nothing;
  for (const Observation& before : was) {
    const Observation* found = find(became, before);
    const Observation& after = found ? *found : nothing;
    AuditLine& line = line_of(report, before.stage, before.name);
    ++line.runs;
    bool reached = false;
    const std::size_t rows = std::max(before.values.size(), after.values.size());
    for (std::size_t row = 0; row < rows; ++row) {
      const bool here = row < before.values.size(), there = row < after.values.size();
      const bool known_here = here && before.known_ts[row] <= cut_ts;
      const bool known_there = there && after.known_ts[row] <= cut_ts;
      const bool same = here && there && before.known_ts[row] == after.known_ts[row] &&
                        same_bits(before.values[row], after.values[row]);
      if (!known_here && !known_there) {
        reached |= !same;
        continue;
      }
      ++line.compared;
      if (!same)
        note(line, {cut_ts, known_here ? before.known_ts[row] : after.known_ts[row], static_cast<int64_t>(row), change,
                    here ? before.values[row] : std::numeric_limits<double>::quiet_NaN(),
                    there ? after.values[row] : std::numeric_limits<double>::quiet_NaN()});
    }
    line.reached += reached;
  }
}

AuditReport audit(const Pipeline& pipeline, const Market& market, const AuditOptions& options) {
  const std::vector<Observation> was = pipeline(market);
  const std::vector<int64_t> cuts = cuts_of(was, market, options);
  std::vector<AuditReport> parts(cuts.size());
  std::mutex guard;
  std::size_t done = 0;
  parallel_for(options.threads, static_cast<int64_t>(cuts.size()), [&](int64_t at) {
    AuditReport& part = parts[static_cast<std::size_t>(at)];
    part.cuts = 1;
    for (const Change change : options.changes) {
      const int64_t cut = cuts[static_cast<std::size_t>(at)];
      ++part.runs;
      try {
        compare(was,
                pipeline(changed_future(market, cut, change, options.seed + static_cast<uint64_t>(at), options.future)),
                cut, change, part);
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::numeric && error.kind() != ErrorKind::bad_data) throw;
        part.refused.push_back(std::string(to_text(change)) + " after " + time_text(cut) + ": " + error.what());
      }
    }
    const std::scoped_lock lock(guard);
    if (options.progress) options.progress(static_cast<double>(++done) / static_cast<double>(cuts.size()));
  });
  AuditReport report;
  for (const AuditReport& part : parts) report.merge(part);
  return report;
}

}  // namespace tf::walk
