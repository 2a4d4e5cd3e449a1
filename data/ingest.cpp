#include "data/ingest.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <filesystem>
#include <future>
#include <thread>

#include "cuda/base/error.hpp"
#include "data/day_sink.hpp"
#include "data/judge.hpp"
#include "data/pipe.hpp"
#include "data/sources/parse/open.hpp"
#include "data/store/digest.hpp"

namespace tf::data {
namespace {

/// Parameters as text; how many threads read is no property of the ticks.
std::string without_threads(std::string text) {
  const std::size_t from = text.find(",threads=");
  if (from != text.npos) text.erase(from, text.find(',', from + 1) - from);
  return text;
}

constexpr std::size_t kBatchTicks = 8192;  // 384 KiB: a batch stays in a core's cache while it is judged
constexpr std::size_t kBatches = 12;       // in flight

int64_t refused_rows(const SourceCounts& counts) {
  int64_t rows = 0;
  for (const auto& [reason, refusal] : counts.refused) rows += refusal.rows;
  return rows;
}

/// What travels from the source through the judge to the store, and back empty.
struct Batch {
  std::vector<Tick> ticks;
  std::size_t count = 0;       // 0: the input is over
  SourceCounts counts;         // of the source, after this batch; the judge's are added when a day is closed in it
  int64_t refused_before = 0;  // rows the source had refused before this batch
  double share = -1;
  std::string damage;          // of the last batch
  std::exception_ptr failure;  // the source threw instead
  std::vector<JudgeStep> steps;
};
using BatchPtr = std::unique_ptr<Batch>;

class Ingest {
 public:
  Ingest(const IngestRequest& request, const TickStore* store)
      : request_(request),
        store_(store),
        entry_(find_source(request.source)),
        params_(request.source_params ? request.source_params : entry_.params.make()),
        judge_(request.policy, request.input.instrument, request.input.files),
        sink_(request, store, [this] { return attributes(); }) {
    report_.source = request.source;
    report_.source_params = without_threads(params_text(entry_.params, params_.get()));
    report_.policy = policy_text(request.policy);
    report_.instrument = request.input.instrument.id();
    report_.tick_size = request.input.instrument.tick_size;
    report_.lot_size = request.input.instrument.lot_size;
    report_.zone = request.input.instrument.zone;
    report_.guessed = request.guessed;
    report_.files = request.input.files;
  }

  IngestReport run() {
    check_files();
    digests_ = std::async(std::launch::async, [files = report_.files] {
                 std::vector<std::string> digests;
                 for (const std::string& file : files) digests.push_back(file_sha256(file));
                 return digests;
               }).share();
    source_ = entry_.open(request_.input, params_.get());
    check_instrument();
    if (request_.one_thread) {
      run_alone();
    } else {
      run_pipeline();
    }
    finish_report();
    return std::move(report_);
  }

 private:
  void check_files() const {
    for (const std::string& file : report_.files) {
      std::error_code error;
      const auto status = std::filesystem::status(file, error);
      if (!std::filesystem::exists(status)) throw Error(ErrorKind::no_input, file + ": there is no such file");
      if (std::filesystem::is_directory(status))
        throw Error(ErrorKind::no_input, file + ": is a folder; a file was expected");
    }
  }

  /// One that is there must be the same; a new one is recorded with its first day.
  void check_instrument() const {
    if (!store_ || request_.dry_run) return;
    const auto known = store_->instruments();
    if (std::binary_search(known.begin(), known.end(), report_.instrument))
      store_->add_instrument(request_.input.instrument);
  }

  /// Those that all days share; called by the writer alone.
  const DaySink::Attributes& attributes() {
    if (!attributes_.empty()) return attributes_;
    attributes_ = {{"instrument", report_.instrument},       {"source", report_.source},
                   {"source_params", report_.source_params}, {"policy", report_.policy},
                   {"source_files", file_names()},           {"source_digest", source_digest()}};
    return attributes_;
  }
  /// One a line; of very many the first and the last, since every day has them.
  std::string file_names() const {
    constexpr std::size_t kMostBytes = 32 * 1024;
    std::string names;
    for (const std::string& file : report_.files)
      names += (names.empty() ? "" : "\n") + std::filesystem::path(file).filename().string();
    if (names.size() <= kMostBytes) return names;
    return names.substr(0, names.find('\n')) + "\n... " + std::to_string(report_.files.size() - 2) + " more ...\n" +
           names.substr(names.rfind('\n') + 1);
  }
  /// Of one file its own SHA-256; of several the SHA-256 over their hex digests, each with a newline; "" of none.
  std::string source_digest() const {
    const std::vector<std::string>& digests = digests_.get();
    if (digests.size() < 2) return digests.empty() ? "" : digests[0];
    Sha256 sum;
    for (const std::string& digest : digests) sum.add((digest + "\n").data(), digest.size() + 1);
    return sum.hex();
  }

  // The three stations of a batch.

  void parse(Batch& batch) {
    batch.ticks.resize(kBatchTicks);
    batch.steps.clear();
    batch.refused_before = source_refused_;
    try {
      batch.count = source_->next_batch(batch.ticks);
      batch.counts = source_->counts();
      batch.share = source_->share();
      if (batch.count == 0) batch.damage = source_->damage();
    } catch (...) {
      batch.count = 0;
      batch.failure = std::current_exception();
    }
    source_refused_ = refused_rows(batch.counts);
  }

  void judge(Batch& batch) {
    if (batch.failure) std::rethrow_exception(batch.failure);
    if (request_.stopped && request_.stopped())
      throw Error(ErrorKind::again, "interrupted: days finished so far are stored, the same command goes on");
    const std::size_t count = batch.count;
    if (count > 0) {
      judge_.take(batch.ticks, count, batch.refused_before, refused_rows(batch.counts), batch.steps);
    } else {
      report_.damage = batch.damage;
      judge_.finish(batch.ticks, batch.steps);
    }
    for (const JudgeStep& step : batch.steps) {
      if (!step.closed) continue;
      rows_stored_ += step.closed->rows;
      ticks_ += step.closed->quality.ticks;
    }
    const bool closes = std::any_of(batch.steps.begin(), batch.steps.end(),
                                    [](const JudgeStep& step) { return step.closed != nullptr; });
    if (closes || count == 0) add_judged(batch.counts);
    if (count == 0) report_.counts = batch.counts;
    tell(batch, count);
  }

  void store(const Batch& batch) {
    for (const JudgeStep& step : batch.steps) {
      if (step.closed) {
        sink_.close(*step.closed, batch.counts, step.closed->reaches_end && !batch.damage.empty());
      } else {
        sink_.append(step.day, std::span<const Tick>(batch.ticks).subspan(step.first, step.count));
      }
    }
  }

  void run_alone() {
    Batch batch;
    do {
      parse(batch);
      judge(batch);
      store(batch);
    } while (batch.count > 0);
  }

  void run_pipeline() {
    Pipe<BatchPtr> empty(kBatches), parsed(kBatches), judged(kBatches);
    for (std::size_t batch = 0; batch < kBatches; ++batch) empty.push(std::make_unique<Batch>());
    std::exception_ptr failure;
    std::atomic<bool> failed{false};
    std::jthread parser([&] {
      while (auto batch = empty.pop()) {
        parse(**batch);
        const bool last = (*batch)->count == 0;
        if (!parsed.push(std::move(*batch)) || last) break;
      }
      parsed.close();
    });
    std::jthread writer([&] {
      while (auto batch = judged.pop()) {
        if (!failed) try {
            store(**batch);
          } catch (...) {
            failure = std::current_exception();
            failed = true;
          }
        empty.push(std::move(*batch));
      }
    });
    // However this function is left, both threads come to their end before it returns.
    struct Closing {
      Pipe<BatchPtr>&empty, &parsed, &judged;
      std::jthread& writer;
      ~Closing() {
        judged.close();
        writer.join();
        empty.close();
        parsed.close();
      }
    };
    {
      const Closing closing{empty, parsed, judged, writer};
      while (auto batch = parsed.pop()) {
        if (failed) break;
        judge(**batch);
        judged.push(std::move(*batch));
      }
    }
    parser.join();
    if (failure) std::rethrow_exception(failure);
  }

  void add_judged(SourceCounts& counts) const {
    for (const auto& [reason, refusal] : judge_.refused()) {
      Refusal& sum = counts.refused[reason];
      if (sum.rows == 0) sum = {0, refusal.file, refusal.line, refusal.example};
      sum.rows += refusal.rows;
    }
    for (const auto& [name, note] : judge_.noted()) {
      Refusal& sum = counts.noted[name];
      if (sum.rows == 0) sum = {0, note.file, note.line, note.example};
      sum.rows += note.rows;
    }
    counts.rows_stored = counts.rows_read - refused_rows(counts);
  }

  void tell(const Batch& batch, std::size_t count) {
    if (!request_.progress || count == 0) return;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    const auto thousands = static_cast<int64_t>(static_cast<double>(batch.counts.rows_read) / seconds * 1e-3);
    const auto day = judge_.current_day();
    request_.progress(
        "reading " + (day ? to_text(*day) : std::string("...")) + " " +
            (thousands < 10'000 ? std::to_string(thousands) + "k" : std::to_string(thousands / 1000) + "M") + " rows/s",
        batch.share);
  }

  void finish_report() {
    report_.file_digests = digests_.get();
    report_.days = std::move(sink_.reports());
    std::sort(report_.days.begin(), report_.days.end(),
              [](const DayReport& one, const DayReport& other) { return one.day < other.day; });
    fill_infos();
    expect(report_.counts.rows_stored == rows_stored_,
           "a source marks the end of every row that it yields (kRowEnd), and no other tick");
    report_.counts.ticks = ticks_;
    const Refusal& unwritten = sink_.unwritten();
    if (unwritten.rows > 0) {
      report_.counts.rows_stored -= unwritten.rows;
      report_.counts.refused["day not written, input damaged"] = unwritten;
    }
  }

  void fill_infos() {
    const auto unchanged = [](const DayReport& day) { return day.note.starts_with("unchanged"); };
    if (std::none_of(report_.days.begin(), report_.days.end(), unchanged)) return;
    for (const DayInfo& info : store_->days(report_.instrument))
      for (DayReport& day : report_.days)
        if (day.day == info.day && unchanged(day)) day.info = info;
  }

  const IngestRequest& request_;
  const TickStore* store_;
  const source_catalogue::Entry& entry_;
  std::shared_ptr<void> params_;
  std::unique_ptr<Source> source_;
  int64_t source_refused_ = 0;  // the parser's own
  Judge judge_;
  DaySink sink_;  // the writer's own until it is done
  std::shared_future<std::vector<std::string>> digests_;
  DaySink::Attributes attributes_;  // the writer's own
  int64_t rows_stored_ = 0, ticks_ = 0;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  IngestReport report_;
};

}  // namespace

IngestReport ingest(const IngestRequest& request, const TickStore& store) { return Ingest(request, &store).run(); }

IngestReport dry_run(const IngestRequest& request) {
  IngestRequest only = request;
  only.dry_run = true;
  return Ingest(only, nullptr).run();
}

}  // namespace tf::data
