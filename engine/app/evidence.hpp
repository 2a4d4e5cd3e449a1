// What walk and nightly share: the sections they read beside the walk's, and the report they draw.
#pragma once
#include <string>

#include "engine/app/shell.hpp"
#include "engine/watch/canary.hpp"
#include "engine/watch/nightly.hpp"

namespace tf::app {

/// Draws the page of a run into <run folder>/report and returns the path of its index.html. `night` may be nullptr (a
/// plain walk).
std::string write_report(const walk::Setup& setup, const walk::Outcome& run, const walk::Decision& decision,
                         const watch::Night* night, const std::string& champion_before);
/// The sections of a config that walk::read_setup leaves to the watch room: nightly, triggers, canary, paths.metrics.
/// Every command that reads a walk's config reads them, so that one file serves all.
struct WatchSections {
  watch::NightSpec night;
  watch::TriggerSpec triggers;
  watch::CanarySpec canary;
  std::string metrics_path;
};
WatchSections read_watch_sections(const config::Reader& reader);

/// plotly.min.js beside the program, or TF_PLOTLY_JS.
std::string plotly_path();

}  // namespace tf::app
