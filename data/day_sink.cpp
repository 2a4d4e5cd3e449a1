#include "data/day_sink.hpp"

#include <algorithm>
#include <utility>

#include "cuda/base/error.hpp"

namespace tf::data {

StoredDay::StoredDay(const TickStore& store, const std::string& id, Day day, bool may_be_damaged)
    : reader_(store.read(id, {day})), may_be_damaged_(may_be_damaged) {
  try {
    for (const auto& [name, text] : store.day_attributes(id, day))
      if (name == "complete") complete_ = text != "no";
  } catch (const Error& error) {
    if (!may_be_damaged_ || error.kind() != ErrorKind::bad_data) throw;
  }
}

void StoredDay::compare(std::span<const Tick> ticks) {
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

bool StoredDay::ended() { return !fill(); }

bool StoredDay::fill() {
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

DaySink::DaySink(const IngestRequest& request, const TickStore* store, std::function<Attributes()> common)
    : request_(request), store_(store), id_(request.input.instrument.id()), common_(std::move(common)) {}

DaySink::OpenDay& DaySink::find(Day day) {
  const auto known = std::find_if(open_.begin(), open_.end(), [&](const OpenDay& open) { return open.day == day; });
  if (known != open_.end()) return *known;
  OpenDay& made = open_.emplace_back();
  made.day = day;
  if (request_.dry_run || !store_) return made;
  if (!std::exchange(recorded_, true)) store_->add_instrument(request_.input.instrument);
  const bool there = store_->has_day(id_, day);
  if (there) made.stored.emplace(*store_, id_, day, request_.replace);
  const bool may_replace = request_.replace || (there && !made.stored->complete());
  if (!there || may_replace) made.writer = store_->write_day(id_, day, may_replace, {request_.codec});
  return made;
}

void DaySink::append(Day day, std::span<const Tick> ticks) {
  OpenDay& open = find(day);
  if (open.writer) open.writer->append(ticks);
  if (!open.stored) return;
  open.stored->compare(ticks);
  if (!open.stored->equal() && !open.writer) differs(open);
}

void DaySink::differs(const OpenDay& day) const {
  throw Error(ErrorKind::usage, store_->day_path(id_, day.day) + ": the day is there with other ticks (row " +
                                    std::to_string(day.stored->rows()) +
                                    " is the first that differs); ask to replace it if that is meant");
}

void DaySink::close(const JudgedDay& judged, const SourceCounts& counts, bool damaged) {
  const auto found =
      std::find_if(open_.begin(), open_.end(), [&](const OpenDay& open) { return open.day == judged.day; });
  // Without a kept tick there is nothing to write and nothing to report but refusals, which the counts have.
  if (found == open_.end()) return;
  DayReport report;
  report.day = judged.day;
  report.complete = !damaged;
  report.rows = judged.rows;
  report.refused = judged.refused;
  report.quality = judged.quality;
  if (request_.dry_run || !store_) {
    report.note = store_ && store_->has_day(id_, judged.day) ? "dry run, day is there already" : "dry run";
  } else if (damaged && request_.policy.damaged_day == "refuse") {
    leave_out(report, "not written: the input is damaged");
  } else {
    finish(*found, report, counts);
  }
  reports_.push_back(std::move(report));
  open_.erase(found);
}

void DaySink::leave_out(DayReport& report, const char* why) {
  report.note = why;
  if (unwritten_.rows == 0) unwritten_.example = "rows of " + to_text(report.day);
  unwritten_.rows += report.rows;
}

void DaySink::finish(OpenDay& day, DayReport& report, const SourceCounts& counts) {
  report.note = "written";
  if (day.stored) {
    const bool begins_equal = day.stored->equal(), equal = begins_equal && day.stored->ended();
    const bool was_complete = day.stored->complete();
    if (equal && was_complete >= report.complete) {
      report.note = "unchanged";
      return;
    }
    if (!was_complete && !report.complete) {
      // Of two beginnings of a day the longer one is the better one.
      if (begins_equal) return leave_out(report, "not written: more of this day is there, not complete either");
      report.note = "replaced";
    } else if (!was_complete) {
      report.note = "completed";
    } else if (!report.complete && begins_equal) {
      report.note = "unchanged: the input is damaged, the whole day is there";
      return;
    } else if (!request_.replace) {
      differs(day);
    } else {
      report.note = "replaced";
    }
  }
  Attributes attributes = common_();
  attributes.emplace_back("complete", report.complete ? "yes" : "no");
  std::string quality = to_json(report.quality), refused;
  for (const auto& [reason, rows] : report.refused)
    refused += (refused.empty() ? "" : ",") + json_text(reason) + ":" + std::to_string(rows);
  quality.insert(quality.size() - 1, ",\"rows\":" + std::to_string(report.rows) + ",\"refused\":{" + refused + "}");
  attributes.emplace_back("ingest_report", quality);
  attributes.emplace_back("input_report", to_json(counts));
  day.stored.reset();
  report.info = day.writer->commit(attributes);
  report.written = true;
}

}  // namespace tf::data
