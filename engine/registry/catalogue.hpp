// The SQLite index of a registry (WAL). The files are the truth: everything here can be read from them again. Beside
// the index it remembers how far the logs had come, which is how a file shortened later is noticed.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/registry/audit_log.hpp"

namespace tf::registry {

class Catalogue {
 public:
  explicit Catalogue(std::string root);  ///< opened at first use, and filled from the files if it was not there
  ~Catalogue();

  /// How far a log had come when this was last written; nothing if the catalogue was never filled. Does not fill it.
  std::optional<ChainMark> mark(std::string_view log_name);
  void put_mark(std::string_view log_name, const ChainMark& mark);
  void put_audit(const ChainMark& mark, const AliasTargets& aliases);
  void put_object(const std::string& name, int64_t bytes);
  void put_model(const std::string& model_id, const Json& manifest);

  std::vector<std::string> models();  ///< by created_ns, then id
  std::vector<std::string> models_starting(const std::string& prefix);
  /// Models that read a data set: `text` is an instrument, a day or a content digest.
  std::vector<std::string> models_reading(const std::string& text);

  /// What it holds, for comparing with the files; nothing if it was never filled. Throws Error{ledger} if it is
  /// damaged.
  struct Contents {
    std::optional<ChainMark> ledger, audit;
    std::vector<std::string> objects, models;
    AliasTargets aliases;
  };
  std::optional<Contents> contents();

  /// Empties it and reads the files again. Throws Error{ledger} if the files are damaged or shorter than remembered.
  void rebuild();

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace tf::registry
