// The version of the code that decides results: part of every RunId. Raised whenever `tickfold signature` changes.
#pragma once

namespace tf::walk {

inline constexpr const char* kCodeVersion = "tickfold 0.1.0/1";

}  // namespace tf::walk
