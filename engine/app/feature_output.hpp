// What `tickfold features` shows and writes of a panel, piece by piece.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "cuda/base/view.hpp"
#include "engine/app/shell.hpp"
#include "engine/registry/durable_file.hpp"

namespace tf::app {

/// Count, mean and range of the finite values of each lane.
class PanelSummary {
 public:
  explicit PanelSummary(std::vector<std::string> names);
  void add(Panel<const double> rows);
  int64_t rows() const { return rows_; }
  Json json() const;         ///< [{name, ready, mean, min, max}]
  std::string text() const;  ///< the same as a table

 private:
  struct Lane {
    int64_t ready = 0;
    double sum = 0, low = 0, high = 0;
    double mean() const;
    double least() const;
    double most() const;
  };
  std::vector<std::string> names_;
  std::vector<Lane> lanes_;
  int64_t rows_ = 0;
};

/// Shortest decimal that reads back to the same bits; nothing for NaN: not ready.
void append_number(std::string& text, double value);

/// A CSV of features that is there and whole, or not there. Throws Error{io}.
class FeatureCsv {
 public:
  /// Header: `leading` columns as they are, then the names, quoted. An empty path writes nothing.
  FeatureCsv(const std::string& path, const std::string& leading, const std::vector<std::string>& names);
  ~FeatureCsv();
  FeatureCsv(const FeatureCsv&) = delete;
  FeatureCsv& operator=(const FeatureCsv&) = delete;
  /// One line a row: what lead(text, row) appends, then the values. Written out by up to `threads` threads; lead is
  /// called from each.
  void append(int threads, Panel<const double> values, const std::function<void(std::string&, int64_t)>& lead);
  /// Syncs and gives the file its name.
  void finish();

 private:
  std::string path_, part_;
  registry::FileHandle file_;
  std::vector<std::string> shares_;
};

}  // namespace tf::app
