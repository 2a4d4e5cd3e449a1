// Packings: told by their bytes, unpacked to the last one, and their damage named.
#include <doctest/doctest.h>

#include "cuda/base/philox.hpp"
#include "data/sources/parse/input_file.hpp"
#include "tests/data/sources/made_files.hpp"
#include "tests/data/sources/made_packings.hpp"

using namespace tf;

namespace {

struct Unpacked {
  std::string bytes, damage;
  std::vector<std::string> members;
};

Unpacked unpack(const std::string& path, std::size_t piece = 5000) {
  Unpacked all;
  data::InputFile file(path);
  std::string buffer(piece, '\0');
  while (file.next_member()) {
    all.members.push_back(file.member());
    while (const std::size_t count = file.read(buffer)) all.bytes.append(buffer, 0, count);
    if (all.damage.empty()) all.damage = file.damage();
  }
  if (all.damage.empty()) all.damage = file.damage();
  return all;
}

std::string noise(std::size_t count, uint64_t seed) {
  const RandomStream random{seed, Purpose::test, 0};
  std::string bytes;
  for (uint64_t step = 0; step < count; ++step) bytes += static_cast<char>(random.below(step, 40));
  return bytes;
}

}  // namespace

TEST_CASE("every packing gives its bytes whatever the file is called and however it is read") {
  const made::Folder folder;
  const std::string one = noise(700'000, 1), two = noise(3, 2), three = noise(90'000, 3), whole = one + two + three;
  const std::vector<std::pair<const char*, std::string>> packed = {
      {"plain", whole},
      {"gzip members", made::gzip(one) + made::gzip(two) + made::gzip("") + made::gzip(three)},
      {"zstd frames", made::zstd(one) + made::zstd(two) + made::zstd("") + made::zstd(three, 0, false)},
      {"zstd frames among skippable ones", made::zstd_skippable("abc") + made::zstd(one) + made::zstd_skippable("") +
                                               made::zstd(two + three) + made::zstd_skippable(noise(70'000, 4))},
      {"xz streams", made::xz(one) + made::xz(two) + made::xz("") + made::xz(three)},
      {"xz streams, padded", made::xz(one) + std::string(8, '\0') + made::xz(two + three) + std::string(4, '\0')},
      {"LZMA with an end marker", made::lzma(whole)},
  };
  for (const auto& [name, bytes] : packed) {
    CAPTURE(name);
    const std::string path = folder.file("input.bin", bytes);
    for (const std::size_t piece : {std::size_t{1} << 20, std::size_t{4099}}) {
      const Unpacked all = unpack(path, piece);
      CHECK(all.bytes == whole);
      CHECK(all.damage == "");
    }
  }
  // With the size in the header an end marker may follow or not; here it does.
  CHECK(unpack(folder.file("sized.bin", made::lzma(whole, false))).bytes == whole);
  // Unusual settings have no magic: the name tells.
  const std::string unusual = made::lzma(whole, true, 1 << 16, 2);
  CHECK(unpack(folder.file("00h_ticks.bi5", unusual)).bytes == whole);
  CHECK(unpack(folder.file("data.LZMA", unusual)).bytes == whole);
  CHECK(unpack(folder.file("data.bin", unusual)).bytes == unusual);
  const Unpacked empty = unpack(folder.file("01h_ticks.bi5", ""));
  CHECK(empty.bytes == "");
  CHECK(empty.damage == "");
}

TEST_CASE("entries of a zip are unpacked once more, in the order of their names") {
  const made::Folder folder;
  const std::string text = noise(50'000, 5);
  const Unpacked all = unpack(folder.zip("a.zip", {{"d.csv", "plain "},
                                                   {"b.csv.zst", made::zstd("zstd ") + made::zstd("frames ")},
                                                   {"a.gz", made::gzip(text)},
                                                   {"c.xz", made::xz("xz ")},
                                                   {"e.gz", made::gzip(made::gzip("inner"))}}));
  CHECK(all.members == std::vector<std::string>{"a.gz", "b.csv.zst", "c.xz", "d.csv", "e.gz"});
  CHECK(all.bytes == text + "zstd frames xz plain " + made::gzip("inner"));
  CHECK(all.damage == "");
}

TEST_CASE("a zip of stored and of deflated entries with sizes of 64 bits loads, whole and cut") {
  // Made from PKWARE APPNOTE 4.3.7, 4.3.12, 4.3.14 and 4.5.3: every size and offset stands in a Zip64 extra field.
  const made::Folder folder;
  const std::string body = "stored bytes of a Zip64 entry";
  const auto little = [](uint64_t value, int count) {
    std::string bytes;
    for (int place = 0; place < count; ++place) bytes += static_cast<char>(value >> (8 * place));
    return bytes;
  };
  const std::string name = "entry.txt";
  const uint32_t crc =
      static_cast<uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size())));
  const std::string local = "PK\x03\x04" + little(45, 2) + little(0, 2) + little(0, 2) + little(0, 4) + little(crc, 4) +
                            little(UINT32_MAX, 4) + little(UINT32_MAX, 4) + little(name.size(), 2) + little(20, 2) +
                            name + little(1, 2) + little(16, 2) + little(body.size(), 8) + little(body.size(), 8) +
                            body;
  const std::string central = "PK\x01\x02" + little(45, 2) + little(45, 2) + little(0, 2) + little(0, 2) +
                              little(0, 4) + little(crc, 4) + little(UINT32_MAX, 4) + little(UINT32_MAX, 4) +
                              little(name.size(), 2) + little(28, 2) + little(0, 2) + little(0, 2) + little(0, 2) +
                              little(0, 4) + little(UINT32_MAX, 4) + name + little(1, 2) + little(24, 2) +
                              little(body.size(), 8) + little(body.size(), 8) + little(0, 8);
  const std::string end64 = "PK\x06\x06" + little(44, 8) + little(45, 2) + little(45, 2) + little(0, 4) + little(0, 4) +
                            little(1, 8) + little(1, 8) + little(central.size(), 8) + little(local.size(), 8);
  const std::string locator = "PK\x06\x07" + little(0, 4) + little(local.size() + central.size(), 8) + little(1, 4);
  const std::string end = "PK\x05\x06" + little(0, 2) + little(0, 2) + little(UINT16_MAX, 2) + little(UINT16_MAX, 2) +
                          little(UINT32_MAX, 4) + little(UINT32_MAX, 4) + little(0, 2);
  const Unpacked whole = unpack(folder.file("long.zip", local + central + end64 + locator + end));
  CHECK(whole.bytes == body);
  CHECK(whole.damage == "");
  const Unpacked cut = unpack(folder.file("cut.zip", local + central));
  CHECK(cut.bytes == body);
  CHECK(cut.damage.find("damaged zip") != std::string::npos);
}

TEST_CASE("what is cut, flipped or followed by other bytes keeps its start and says so") {
  const made::Folder folder;
  const std::string text = noise(300'000, 6);
  const std::pair<const char*, std::string> packed[] = {
      {"gzip", made::gzip(text)}, {"zstd", made::zstd(text)}, {"xz", made::xz(text)}, {"LZMA", made::lzma(text)}};
  for (const auto& [name, bytes] : packed) {
    CAPTURE(name);
    const auto check = [&](const std::string& changed, const std::string& word, std::size_t least) {
      const Unpacked all = unpack(folder.file("damaged.bin", changed));
      CHECK(all.damage.find(word) != std::string::npos);
      CHECK(all.damage.find(name) != std::string::npos);
      CHECK(all.damage.find("damaged.bin") != std::string::npos);
      CHECK(all.bytes.size() >= least);
      CHECK(all.bytes.size() <= text.size());
      CHECK(text.compare(0, least, all.bytes, 0, least) == 0);
    };
    check(bytes.substr(0, bytes.size() / 2), "truncated", 100'000);
    check(bytes.substr(0, bytes.size() - 1), "truncated", text.size());
    check(bytes + "and more", std::string(name) == "xz" ? "damaged" : "bytes after the end", text.size());
    std::string flipped = bytes;
    flipped[bytes.size() / 2] ^= 0x10;
    const Unpacked all = unpack(folder.file("flipped.bin", flipped));
    CHECK((!all.damage.empty() || name == std::string("LZMA")));  // LZMA-alone has no checksum
  }
  const Unpacked inner =
      unpack(folder.zip("inner.zip", {{"a.csv.zst", made::zstd(text).substr(0, 100'000)}, {"b.csv", "next"}}));
  CHECK(inner.damage.find("inner.zip!a.csv.zst: truncated zstd") != std::string::npos);
}

TEST_CASE("a window above 128 MiB is refused by name; one of 128 MiB is not") {
  const made::Folder folder;
  const std::string text = noise(300'000, 7);
  CHECK(unpack(folder.file("largest.zst", made::zstd(text, 27))).bytes == text);
  const Unpacked zstd = unpack(folder.file("larger.zst", made::zstd(text, 28)));
  CHECK(zstd.bytes == "");
  CHECK(zstd.damage.find("window above 128 MiB") != std::string::npos);
  std::string packed = made::lzma(text);
  const auto with_window = [&](uint32_t window) {
    for (int place = 0; place < 4; ++place)
      packed[static_cast<std::size_t>(1 + place)] = static_cast<char>(window >> (8 * place));
    return unpack(folder.file("window.lzma", packed));
  };
  CHECK(with_window(128u << 20).bytes == text);
  const Unpacked lzma = with_window(256u << 20);
  CHECK(lzma.bytes == "");
  CHECK(lzma.damage.find("window above 128 MiB") != std::string::npos);
}

TEST_CASE("the head of a file tells its member and its bytes as stored and unpacked, damaged or not") {
  const made::Folder folder;
  std::string raw, bytes;
  const std::string text = noise(200'000, 8);
  const std::string path = folder.zip("head.zip", {{"b.csv", text}, {"a.csv.gz", made::gzip("DBN first")}});
  const data::InputHead head = data::read_head(path, raw, bytes);
  CHECK(head.path == path);
  CHECK(head.member == "a.csv.gz");
  CHECK(head.raw.starts_with("PK\x03\x04"));
  CHECK(head.bytes == "DBN first");
  CHECK(data::known_format(head.bytes) == std::string("a Databento DBN file"));
  const std::string cut = folder.file("cut.gz", made::gzip(text).substr(0, 90'000));
  const data::InputHead damaged = data::read_head(cut, raw, bytes);
  CHECK(damaged.raw.size() == 65536);
  CHECK(damaged.bytes == text.substr(0, 65536));
  CHECK(data::read_head(folder.file("bad.zst", "\x28\xB5\x2F\xFDxxxx"), raw, bytes).bytes == "");
  CHECK(data::read_head(folder.file("bad.zip", "PK\x03\x04xxxx"), raw, bytes).bytes == "");
  CHECK(data::read_head(folder.file("none", ""), raw, bytes).raw == "");
  CHECK(data::known_format("1,2,3\n") == nullptr);
  CHECK(made::error_with(ErrorKind::no_input, "no such file",
                         [&] { data::read_head((folder.path / "missing").string(), raw, bytes); }));
}
