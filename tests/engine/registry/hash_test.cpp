#include <doctest/doctest.h>

#include "cuda/base/error.hpp"
#include "engine/registry/hash.hpp"
#include "folder.hpp"

using namespace tf::registry;

TEST_CASE("Merkle roots of the eight standard leaves are those of the requirements page") {
  const std::string leaves[] = {"",
                                std::string("\0", 1),
                                "\x10",
                                "\x20\x21",
                                "\x30\x31",
                                "\x40\x41\x42\x43",
                                "\x50\x51\x52\x53\x54\x55\x56\x57",
                                "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"};
  const char* roots[] = {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                         "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                         "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                         "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                         "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                         "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                         "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  std::vector<Hash> hashes;
  CHECK(hex(merkle_root(hashes)) == roots[0]);
  for (int count = 1; count <= 8; ++count) {
    hashes.push_back(merkle_leaf(leaves[count - 1]));
    CHECK(hex(merkle_root(hashes)) == roots[count]);
  }
}

TEST_CASE("SHA-256 meets its standard's examples, whole, in parts and from a file") {
  const std::string abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  CHECK(sha256_hex("abc") == abc);
  CHECK(hex(sha256("a", "bc")) == abc);
  const TestFolder folder;
  put_bytes(folder / "abc", "abc");
  CHECK(file_sha256_hex(folder / "abc") == abc);
  const std::string million(1'000'000, 'a');
  put_bytes(folder / "million", million);
  CHECK(file_sha256_hex(folder / "million") == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  CHECK_THROWS_AS(file_sha256_hex(folder / "none"), tf::Error);
}

TEST_CASE("hex texts go back to hashes, and anything else is refused") {
  const Hash hash = sha256("x");
  CHECK(unhex(hex(hash)) == hash);
  CHECK_THROWS_AS(unhex("12"), tf::Error);
  CHECK_THROWS_AS(unhex(std::string(63, 'a') + "g"), tf::Error);
}
