// What a day file says of itself, for others to check: every chunk with the SHA-256 of its decoded values, the root
// over them, and proofs that one chunk belongs to a root. How leaves and root are made: day_file.hpp.
#pragma once
#include <string>
#include <vector>

#include "data/store/day_file.hpp"

namespace tf::data {

/// JSON: schema, instrument, day, rows, chunk_rows, codec, content_digest, merkle_root (equal to it but for files of
/// schema 1) and chunks [{column, chunk, first_row, rows, first_ts, last_ts, least_ts, largest_ts, stored,
/// encoded_bytes, xxh3, sha256}], columns in order; absent columns (stored false) have no encoded_bytes and xxh3, files
/// of schema 1 no least_ts and largest_ts. From the footer alone: the chunks are not read. Throws Error{bad_data} on a
/// damaged footer.
std::string day_manifest(const std::string& path);

/// That the values of one chunk of a column belong to the ticks named by a root.
struct InclusionProof {
  int column = 0;
  int64_t chunk = 0, rows = 0;
  Digest decoded{};                ///< SHA-256 of the chunk's values
  std::size_t at = 0, leaves = 0;  ///< which leaf of how many
  std::vector<Digest> path;        ///< the nodes beside the way up, lowest first
  Digest root{};
};
/// Throws Error{usage} when the file has no such chunk.
InclusionProof inclusion_proof(const std::string& path, int column, int64_t chunk);
/// Whether the proof's column, chunk, rows and digest lead along its path to its root. Trust in the root comes from
/// elsewhere: a registry, a signature.
bool is_sound(const InclusionProof& proof);
/// JSON of all its members.
std::string to_text(const InclusionProof& proof);

}  // namespace tf::data
