#include "data/ingest.hpp"

#include <algorithm>
#include <filesystem>
#include <list>
#include <optional>
#include <set>

#include "cuda/base/error.hpp"
#include "data/sources/parse/open.hpp"
#include "data/store/digest.hpp"
#include "data/trading_day.hpp"
#include "data/validate.hpp"

namespace tf::data {
namespace {

constexpr std::size_t kBatchTicks = 1 << 16;

/// Compares ticks with those of a day in the store as they come.
class StoredDay {
 public:
  StoredDay(const TickStore& store, const std::string& id, Day day, bool may_be_damaged)
      : reader_(store.read(id, {day})), may_be_damaged_(may_be_damaged) {}

  bool equal() const { return equal_; }
  int64_t rows() const { return row_; }  ///< compared so far

  void compare(std::span<const Tick> ticks) {
    for (const Tick& tick : ticks) {
      if (!equal_) return;
      if (!fill() || block_->ticks[at_] != tick) {
        equal_ = false;
        return;
      }
      ++at_;
      ++row_;
    }
  }
  /// At the end: nothing may be left.
  void finish() {
    if (equal_ && fill()) equal_ = false;
  }

 private:
  bool fill() {
    try {
      while (!block_ || at_ == block_->ticks.size()) {
        block_ = reader_->next();
        at_ = 0;
        if (!block_) return false;
      }
    } catch (const Error& error) {
      if (!may_be_damaged_ || error.kind() != ErrorKind::bad_data) throw;
      block_ = nullptr;
      return false;
    }
    return true;
  }

  std::unique_ptr<TickReader> reader_;
  const TickBlock* block_ = nullptr;
  std::size_t at_ = 0;
  int64_t row_ = 0;
  bool equal_ = true, may_be_damaged_;
};

/// A day whose rows still arrive.
struct OpenDay {
  Day day;
  QualityMeter meter;
  int64_t rows = 0;
  std::optional<StoredDay> stored;
  std::unique_ptr<DayWriter> writer;
};

class Ingest {
 public:
  Ingest(const IngestRequest& request, const TickStore& store)
      : request_(request), store_(store), id_(request.input.instrument.id()), days_(request.input.instrument) {
    report_.instrument = id_;
    report_.files = request.input.files;
  }

  IngestReport run() {
    const source_catalogue::Entry& entry = find_source(request_.source);
    const std::shared_ptr<void> params = request_.source_params ? request_.source_params : entry.params.make();
    digest_files();
    attributes_ = {{"instrument", id_},
                   {"source", request_.source},
                   {"source_params", params_text(entry.params, params.get())},
                   {"source_files", base_names()},
                   {"source_digest", source_digest()}};
    const std::unique_ptr<Source> source = entry.open(request_.input, params.get());
    if (!request_.dry_run) store_.add_instrument(request_.input.instrument);

    std::vector<Tick> batch(kBatchTicks);
    while (const std::size_t count = source->next_batch(batch)) {
      take(std::span<Tick>(batch).first(count));
      if (request_.progress && current_) request_.progress("reading " + to_text(current_->day), source->share());
    }
    report_.counts = source->counts();
    report_.damage = source->damage();
    finish_all();
    std::sort(report_.days.begin(), report_.days.end(),
              [](const DayReport& one, const DayReport& other) { return one.day < other.day; });
    fill_infos();
    move_to_refused("day already written", late_);
    move_to_refused("day not written, input damaged", unwritten_);
    return std::move(report_);
  }

 private:
  void digest_files() {
    for (const std::string& file : report_.files) {
      if (request_.progress) request_.progress("digest of " + file, 0);
      if (std::filesystem::is_directory(file))
        throw Error(ErrorKind::no_input, file + ": is a folder; a file was expected");
      report_.file_digests.push_back(file_sha256(file));
    }
  }
  std::string base_names() const {
    std::string names;
    for (const std::string& file : report_.files)
      names += (names.empty() ? "" : "\n") + std::filesystem::path(file).filename().string();
    return names;
  }
  /// Of one file its own SHA-256; of several the SHA-256 over their hex digests, each with a newline; "" of none.
  std::string source_digest() const {
    if (report_.file_digests.size() < 2) return report_.file_digests.empty() ? "" : report_.file_digests[0];
    Sha256 sum;
    for (const std::string& digest : report_.file_digests) sum.add((digest + "\n").data(), digest.size() + 1);
    return sum.hex();
  }

  // Hands runs of rows of one day to that day.
  void take(std::span<Tick> ticks) {
    for (std::size_t from = 0; from < ticks.size();) {
      const Day day = days_.day_at(ticks[from].exch_ts);
      std::size_t to = from + 1;
      while (to < ticks.size() && days_.day_at(ticks[to].exch_ts) == day) ++to;
      add(day, ticks.subspan(from, to - from));
      from = to;
    }
  }

  static int64_t rows_in(std::span<const Tick> ticks) {
    return std::count_if(ticks.begin(), ticks.end(), [](const Tick& tick) { return tick.flags & kRowEnd; });
  }

  void add(Day day, std::span<Tick> ticks) {
    const int64_t rows = rows_in(ticks);
    for (Tick& tick : ticks) tick.flags &= ~kRowEnd;
    if (closed_.contains(day)) {
      if (late_.rows == 0) late_.example = "row of " + time_text(ticks[0].exch_ts);
      late_.rows += rows;
      return;
    }
    if (!current_ || current_->day != day) {
      const auto known = std::find_if(open_.begin(), open_.end(), [&](const OpenDay& open) { return open.day == day; });
      if (known != open_.end()) {
        open_.splice(open_.begin(), open_, known);
      } else {
        if (open_.size() == 2) close(false);
        open(day);
      }
      current_ = &open_.front();
    }
    current_->rows += rows;
    current_->meter.add(ticks);
    if (current_->writer) current_->writer->append(ticks);
    if (current_->stored) {
      current_->stored->compare(ticks);
      if (!current_->stored->equal() && !request_.replace) differs(*current_);
    }
  }

  // The day used last stands first in open_.
  void open(Day day) {
    OpenDay& made = open_.emplace_front();
    made.day = day;
    if (request_.dry_run) return;
    const bool there = store_.has_day(id_, day);
    if (there) made.stored.emplace(store_, id_, day, request_.replace);
    if (!there || request_.replace) made.writer = store_.write_day(id_, day, request_.replace);
  }

  [[noreturn]] void differs(const OpenDay& day) const {
    throw Error(ErrorKind::usage, store_.day_path(id_, day.day) + ": the day is there with other ticks (row " +
                                      std::to_string(day.stored->rows()) +
                                      " is the first that differs); ask to replace it if that is meant");
  }

  // Closes the day that was not used for longest.
  void close(bool damaged) {
    OpenDay& day = open_.back();
    DayReport report;
    report.day = day.day;
    report.quality = day.meter.counts();
    if (request_.dry_run) {
      report.note = store_.has_day(id_, day.day) ? "dry run, day is there already" : "dry run";
    } else if (damaged && !request_.keep_damaged_day) {
      report.note = "not written: the input is damaged";
      if (unwritten_.rows == 0) unwritten_.example = "rows of " + to_text(day.day);
      unwritten_.rows += day.rows;
    } else {
      write(day, report);
    }
    if (request_.progress) request_.progress(to_text(day.day) + " " + report.note, -1);
    report_.days.push_back(std::move(report));
    closed_.insert(day.day);
    if (current_ == &day) current_ = nullptr;
    open_.pop_back();
  }

  void write(OpenDay& day, DayReport& report) {
    if (day.stored) {
      day.stored->finish();
      if (day.stored->equal()) {
        report.note = "unchanged";
        return;
      }
      if (!request_.replace) differs(day);
    }
    auto attributes = attributes_;
    attributes.emplace_back("ingest_report", to_json(report.quality));
    report.note = day.stored ? "replaced" : "written";
    day.stored.reset();
    report.info = day.writer->commit(attributes);
    report.written = true;
  }

  // The older of two open days is whole even if the input is damaged: the damage lies in the day read last.
  void finish_all() {
    const Day last = current_ ? current_->day : Day{};
    open_.sort([](const OpenDay& one, const OpenDay& other) { return one.day > other.day; });
    while (!open_.empty()) close(!report_.damage.empty() && open_.back().day >= last);
  }

  void fill_infos() {
    if (std::none_of(report_.days.begin(), report_.days.end(), [](const auto& day) { return day.note == "unchanged"; }))
      return;
    for (const DayInfo& info : store_.days(id_))
      for (DayReport& day : report_.days)
        if (day.day == info.day && day.note == "unchanged") day.info = info;
  }

  void move_to_refused(const std::string& reason, const Refusal& refusal) {
    if (refusal.rows == 0) return;
    report_.counts.rows_stored -= refusal.rows;
    report_.counts.refused[reason] = refusal;
  }

  const IngestRequest& request_;
  const TickStore& store_;
  std::string id_;
  TradingDays days_;
  IngestReport report_;
  std::vector<std::pair<std::string, std::string>> attributes_;
  std::list<OpenDay> open_;  // at most two
  OpenDay* current_ = nullptr;
  std::set<Day> closed_;
  Refusal late_, unwritten_;
};

}  // namespace

IngestReport ingest(const IngestRequest& request, const TickStore& store) { return Ingest(request, store).run(); }

}  // namespace tf::data
