// Trading hours of a week in a zone, with breaks: is a time inside, and inside which session.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "data/store/zone.hpp"

namespace tf::data {

class Sessions {
 public:
  /// Text of the policy's or an instrument's `sessions`: clauses "DAYS HOURS..." separated by ';'. DAYS: mon, mon-fri,
  /// fri-mon; HOURS: HH:MM[:SS]-HH:MM[:SS], the end exclusive; an end at or below its start lies in the next day.
  /// Empty: always open. Throws Error{config} for anything else.
  Sessions(const std::string& text, const std::string& zone);

  bool always() const { return spans_.empty(); }
  /// Keeps the last answer's span: not for two threads.
  bool inside(int64_t utc_ns) {
    if (utc_ns < from_ || utc_ns >= until_) find(utc_ns);
    return inside_;
  }
  /// A number that is the same for two times of one session (or of one closed time), and for no others.
  int64_t session_of(int64_t utc_ns) {
    find(utc_ns);
    return session_;
  }
  /// Bounds of the last answer: every time in [from, until) has it too.
  int64_t from_ns() const { return from_; }
  int64_t until_ns() const { return until_; }

 private:
  void find(int64_t utc_ns);

  struct Span {
    int64_t from, until;  // seconds of the week, Monday 00:00 = 0
  };
  std::vector<Span> spans_;  // ascending, apart
  Zone zone_;
  int64_t from_ = 0, until_ = 0, session_ = 0;
  bool inside_ = true;
};

}  // namespace tf::data
