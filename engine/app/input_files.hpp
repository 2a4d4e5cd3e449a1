// Paths as users give them: files, folders, patterns.
#pragma once
#include <string>
#include <vector>

namespace tf::app {

/// The files of a folder and its sub-folders, or those that match a pattern (* and ? in the last part of the path),
/// sorted by path; a plain path as it is. Hidden files and checksum files (.CHECKSUM, .md5, .sha256) of a folder are
/// left out. Throws Error{no_input} when nothing is there.
std::vector<std::string> expand_path(const std::string& path);

}  // namespace tf::app
