#include "engine/app/feature_output.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "cuda/base/error.hpp"
#include "cuda/base/parallel.hpp"

namespace tf::app {

double PanelSummary::Lane::mean() const { return ready ? sum / static_cast<double>(ready) : std::nan(""); }
double PanelSummary::Lane::least() const { return ready ? low : std::nan(""); }
double PanelSummary::Lane::most() const { return ready ? high : std::nan(""); }

PanelSummary::PanelSummary(std::vector<std::string> names) : names_(std::move(names)), lanes_(names_.size()) {}

void PanelSummary::add(Panel<const double> rows) {
  for (int64_t row = 0; row < rows.rows; ++row)
    for (std::size_t at = 0; at < lanes_.size(); ++at) {
      const double value = rows(row, static_cast<int64_t>(at));
      if (!std::isfinite(value)) continue;
      Lane& lane = lanes_[at];
      lane.low = lane.ready ? std::min(lane.low, value) : value;
      lane.high = lane.ready ? std::max(lane.high, value) : value;
      lane.sum += value;
      ++lane.ready;
    }
  rows_ += rows.rows;
}

Json PanelSummary::json() const {
  Json lanes = Json::array();
  for (std::size_t at = 0; at < lanes_.size(); ++at)
    lanes.push_back({{"name", names_[at]},
                     {"ready", lanes_[at].ready},
                     {"mean", lanes_[at].mean()},
                     {"min", lanes_[at].least()},
                     {"max", lanes_[at].most()}});
  return lanes;
}

std::string PanelSummary::text() const {
  std::vector<std::vector<std::string>> rows{{"feature", "ready", "mean", "min", "max"}};
  for (std::size_t at = 0; at < lanes_.size(); ++at)
    rows.push_back({names_[at], std::to_string(lanes_[at].ready), short_number(lanes_[at].mean()),
                    short_number(lanes_[at].least()), short_number(lanes_[at].most())});
  return table_text(rows);
}

void append_number(std::string& text, double value) {
  if (std::isnan(value)) return;
  char digits[40];
  text.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

FeatureCsv::FeatureCsv(const std::string& path, const std::string& leading, const std::vector<std::string>& names)
    : path_(path) {
  if (path_.empty()) return;
  const std::string folder = std::filesystem::path(path_).parent_path().string();
  part_ = (folder.empty() ? "." : folder) + "/.part-XXXXXX";
  file_ = registry::FileHandle::adopt(::mkostemp(part_.data(), O_CLOEXEC), part_);
  ::fchmod(file_.number(), 0644);
  std::string header = leading;
  for (const std::string& name : names) header += ",\"" + name + "\"";
  registry::write_all(file_, part_, header + "\n");
}

FeatureCsv::~FeatureCsv() {
  if (!part_.empty()) ::unlink(part_.c_str());
}

void FeatureCsv::append(int threads, Panel<const double> values,
                        const std::function<void(std::string&, int64_t)>& lead) {
  if (path_.empty()) return;
  const int64_t shares = std::max<int64_t>(1, std::min<int64_t>(threads, values.rows / 64));
  shares_.resize(static_cast<std::size_t>(shares));
  parallel_for(threads, shares, [&](int64_t share) {
    std::string& text = shares_[static_cast<std::size_t>(share)];
    text.clear();
    for (int64_t row = values.rows * share / shares; row < values.rows * (share + 1) / shares; ++row) {
      lead(text, row);
      for (int64_t lane = 0; lane < values.lanes; ++lane) {
        text += ',';
        append_number(text, values(row, lane));
      }
      text += '\n';
    }
  });
  for (const std::string& text : shares_) registry::write_all(file_, part_, text);
}

void FeatureCsv::finish() {
  if (path_.empty()) return;
  registry::sync_file(file_, part_);
  if (::rename(part_.c_str(), path_.c_str()) != 0)
    throw Error(ErrorKind::io, path_ + ": cannot be put in place: " + std::strerror(errno));
  part_.clear();
  const std::string folder = std::filesystem::path(path_).parent_path().string();
  registry::sync_folder(folder.empty() ? "." : folder);
}

}  // namespace tf::app
