#include "data/store/manifest.hpp"

#include "cuda/base/error.hpp"
#include "data/store/merkle.hpp"

namespace tf::data {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char letter : text) {
    const auto code = static_cast<unsigned char>(letter);
    if (letter == '"' || letter == '\\') out += '\\';
    if (code >= 0x20) {
      out += letter;
    } else {
      out += "\\u00";
      out += "0123456789abcdef"[code >> 4];
      out += "0123456789abcdef"[code & 15];
    }
  }
  return out + '"';
}

/// Members of one JSON object, in order.
class Members {
 public:
  Members& text(const char* name, const std::string& value) { return raw(name, quoted(value)); }
  Members& number(const char* name, int64_t value) { return raw(name, std::to_string(value)); }
  Members& raw(const char* name, const std::string& value) {
    text_ += (text_.empty() ? "" : ", ") + quoted(name) + ": " + value;
    return *this;
  }
  std::string object() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

std::string hex_of(uint64_t word) {
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[word >> shift & 15];
  return text;
}

OpenDay open_any(const std::string& path) {
  OpenDay opened;
  if (const std::string wrong = open_named_day(path, 1 << 16, opened); !wrong.empty())
    throw Error(ErrorKind::bad_data, to_text(damage_of_footer(path, wrong)));
  return opened;
}

std::string chunk_text(const DayFooter& footer, int column, int64_t chunk) {
  const bool stored = footer.has(column);
  const ChunkEntry& entry = footer.entry(stored ? column : int(kExchTs), chunk);
  Members members;
  members.text("column", kColumnNames[column]).number("chunk", chunk).number("first_row", chunk * footer.chunk_rows);
  members.number("rows", entry.rows).number("first_ts", entry.first_ts).number("last_ts", entry.last_ts);
  if (footer.version > 1) members.number("least_ts", entry.least_ts).number("largest_ts", entry.largest_ts);
  members.raw("stored", stored ? "true" : "false");
  if (stored) members.number("encoded_bytes", entry.encoded_bytes).text("xxh3", hex_of(entry.xxh3));
  return members.text("sha256", hex_text(decoded_digest(footer, column, chunk))).object();
}

}  // namespace

std::string day_manifest(const std::string& path) {
  const DayFooter footer = open_any(path).footer;
  std::string chunks;
  for (int column = 0; column < kColumns; ++column)
    for (int64_t chunk = 0; chunk < footer.chunk_count(); ++chunk)
      chunks += (chunks.empty() ? "\n  " : ",\n  ") + chunk_text(footer, column, chunk);
  return Members()
             .number("schema", footer.version)
             .text("instrument", footer.venue + "/" + footer.symbol)
             .text("day", to_text(footer.day))
             .number("rows", footer.rows)
             .number("chunk_rows", footer.chunk_rows)
             .text("codec", name_of(footer.codec))
             .text("source_digest", footer.source_digest)
             .text("content_digest", hex_text(footer.content_digest))
             .text("merkle_root", hex_text(merkle_root(leaves_of(footer))))
             .raw("chunks", "[" + chunks + "]")
             .object() +
         "\n";
}

InclusionProof inclusion_proof(const std::string& path, int column, int64_t chunk) {
  const DayFooter footer = open_any(path).footer;
  if (column < 0 || column >= kColumns || chunk < 0 || chunk >= footer.chunk_count())
    throw Error(ErrorKind::usage, path + ": no chunk " + std::to_string(chunk) + " of column " +
                                      std::to_string(column) + "; there are " + std::to_string(footer.chunk_count()) +
                                      " chunks of " + std::to_string(kColumns) + " columns");
  InclusionProof proof;
  proof.column = column;
  proof.chunk = chunk;
  proof.rows = footer.entry(kExchTs, chunk).rows;
  proof.decoded = decoded_digest(footer, column, chunk);
  proof.at = static_cast<std::size_t>(column * footer.chunk_count() + chunk);
  const std::vector<Digest> leaves = leaves_of(footer);
  proof.leaves = leaves.size();
  proof.path = merkle_path(leaves, proof.at);
  proof.root = merkle_root(leaves);
  return proof;
}

bool is_sound(const InclusionProof& proof) {
  // The leaf's place follows from its column and chunk: a sound path of another leaf proves nothing of this one.
  if (proof.column < 0 || proof.column >= kColumns || proof.leaves % kColumns || proof.leaves == 0 || proof.chunk < 0)
    return false;
  const std::size_t chunks = proof.leaves / kColumns, chunk = static_cast<std::size_t>(proof.chunk);
  if (chunk >= chunks || proof.at != static_cast<std::size_t>(proof.column) * chunks + chunk) return false;
  const Digest leaf = chunk_leaf(proof.column, proof.chunk, proof.rows, proof.decoded);
  return merkle_climb(leaf, proof.at, proof.leaves, proof.path) == proof.root;
}

std::string to_text(const InclusionProof& proof) {
  std::string path;
  for (const Digest& node : proof.path) path += (path.empty() ? "" : ", ") + quoted(hex_text(node));
  return Members()
             .text("column", kColumnNames[proof.column])
             .number("chunk", proof.chunk)
             .number("rows", proof.rows)
             .text("sha256", hex_text(proof.decoded))
             .number("leaf", static_cast<int64_t>(proof.at))
             .number("leaves", static_cast<int64_t>(proof.leaves))
             .raw("path", "[" + path + "]")
             .text("root", hex_text(proof.root))
             .object() +
         "\n";
}

}  // namespace tf::data
