// tickfold: the command line. Errors end here and become exit codes.
#include <algorithm>
#include <cstdio>
#include <exception>

#include "cuda/base/error.hpp"
#include "engine/app/shell.hpp"

int main(int argc, char** argv) {
  using namespace tf;
  CLI::App app{"tickfold turns tick history into a promotion decision", "tickfold"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "tickfold 0.1.0");
  app::Shell shell;
  app::add_synth(app, shell);
  app::add_ingest(app, shell);
  app::add_export(app, shell);
  app::add_inspect(app, shell);
  app::add_prune(app, shell);
  app::add_restore(app, shell);
  app::add_upgrade(app, shell);
  app::add_features(app, shell);
  app::add_explain_step(app, shell);
  app::add_skew(app, shell);
  app::add_audit(app, shell);
  app::add_walk(app, shell);
  app::add_nightly(app, shell);
  app::add_promote(app, shell);
  app::add_rollback(app, shell);
  app::add_lineage(app, shell);
  app::add_verify(app, shell);
  app::add_canary(app, shell);
  app::add_report(app, shell);
  app::add_catalog(app, shell);
  app::add_doctor(app, shell);
  app::add_signature(app, shell);

  const auto complain = [&](int code, const std::string& message) {
    if (shell.json)
      std::fputs((app::Json{{"schema", "tickfold.error/1"}, {"exit_code", code}, {"error", message}}.dump(
                      2, ' ', false, app::Json::error_handler_t::replace) +
                  "\n")
                     .c_str(),
                 stdout);
    std::fprintf(stderr, "tickfold: %s\n", message.c_str());
    return code;
  };
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    const std::string word = argc > 1 ? argv[1] : "";
    std::vector<std::string> known;
    for (const CLI::App* command : app.get_subcommands({})) known.push_back(command->get_name());
    if (!word.empty() && word[0] != '-' && std::find(known.begin(), known.end(), word) == known.end())
      return complain(static_cast<int>(ErrorKind::usage),
                      "unknown command " + word + ": " + config::suggest(word, known));
    return complain(static_cast<int>(ErrorKind::usage), std::string(error.what()) + " (see tickfold --help)");
  }
  try {
    app::watch_signals();
    shell.action();
    return shell.exit_code;
  } catch (const Error& error) { return complain(error.exit_code(), error.what()); } catch (const std::bad_alloc&) {
    return complain(static_cast<int>(ErrorKind::io), "out of memory");
  } catch (const std::exception& error) {
    return complain(static_cast<int>(ErrorKind::internal), std::string("internal error: ") + error.what());
  }
}
