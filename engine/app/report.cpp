// tickfold report: draws the page of a run again from its document.
#include "engine/report/report.hpp"

#include <filesystem>

#include "cuda/base/error.hpp"
#include "engine/app/evidence.hpp"
#include "engine/registry/durable_file.hpp"

namespace tf::app {

void add_report(CLI::App& app, Shell& shell) {
  CLI::App* command = shell.add(app, "report", "the HTML page of a run", "run folder, or a report.json");
  const auto out = std::make_shared<std::string>();
  command->add_option("--out", *out, "folder of the page (default: report/ in the run folder)");
  command->callback([&shell, out] {
    shell.action = [&shell, out] {
      namespace fs = std::filesystem;
      const fs::path given(shell.config);
      const fs::path document = fs::is_directory(given) ? given / "report" / "report.json" : given;
      if (!fs::exists(document))
        throw Error(
            ErrorKind::no_input,
            document.string() + ": no such document; tickfold walk and tickfold nightly write it when they retrain");
      const std::string folder = out->empty() ? document.parent_path().string() : *out;
      const report::Page page = report::write(registry::read_file(document.string()), folder, plotly_path());
      shell.result("tickfold.report_written/1", {{"html", page.html_path}}, "report " + page.html_path + "\n");
    };
  });
}

}  // namespace tf::app
