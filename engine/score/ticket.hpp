// A score cannot be computed without a ticket, and only the trial ledger makes tickets (DESIGN section 8).
#pragma once
#include <cstdint>
#include <string>
#include <utility>

namespace tf::registry {
class TrialLedger;
}

namespace tf::score {

/// Names one trial that the ledger has already recorded: what was tried, on what, with which seed.
class Ticket {
 public:
  int64_t number() const { return number_; }  ///< position among the ledger's trials, from 0
  const std::string& trial_digest() const {
    return trial_;
  }  ///< hex SHA-256 of (search, config digest, data digest, fold, seed)

 private:
  friend class tf::registry::TrialLedger;
  Ticket(int64_t number, std::string trial) : number_(number), trial_(std::move(trial)) {}
  int64_t number_;
  std::string trial_;
};

}  // namespace tf::score
