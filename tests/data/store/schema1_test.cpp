#include <doctest/doctest.h>
#include <zstd.h>

#include "data/store/day_file.hpp"
#include "made_days.hpp"

using namespace tf;
using namespace tf::data;

namespace {

// Two day files of made/EURUSD that the writer of schema 1 left (commit bc52836), each through zstd, in hex. The first
// is 2014-05-01: 40 rows of all six columns. The second is 2014-05-02: 262,147 rows in two chunks, without local_ts and
// order_id. One time goes back in each.
// clang-format off
constexpr const char* kSmall =
    "28b52ffd64b21a5545009a74381c38209cab35e1e6fbb0bcc8c9c0aa1981191170b1323419aca694c151190bd86a71929d8a883a78f4"
    "4e539624c8799263b121e5f63ad99a9429a301d1018f019292126e5c482b2212e3f8f73761028c2d8925f4182946a6264342b27c7082"
    "3604ec014f9813c21a06653a5d5c8e80ac6b3cd0a7740ebaad6c7a5c59a40207cfc89eb516c1655ab8ea5e7503034f9c48a7ef3b2d0d"
    "0cf67ab75b24a4451f51d138712627bf7c595c34626470f0ef8f0489ba3a38700e0fdbda78f0e8d06169293252428d709888c8d11106"
    "0c09127c7cb4684181020cecbf73870913349acbdddc1422c4cdede9498d1a0f831c3820219529131858560604d4d8e8e71716f65fa9"
    "a78af8d707d2054bb6bf8e3b87e4f96e7d42bb89e7daaaafffac95503bf4534f7494049d5e7b1be7dd3dafad876a8f423f4e075053a9"
    "d4af2e834fea25196eed7c93cfe652225bc25858d95de9f607644df63cd5af938ab21c0c1e95f858a525a83284142ca4e410e3307ebd"
    "607dddd6d49fe9fabf3e398dde7bfdbf2a62e8f5ebdbb65d5fc0cfcfb4be5dfdd77fcdd6079a7e5bd7b5fd1bd5f56b30583241079a9a"
    "d14bd74d856c2f7920eca09a0a3abd36271e9be7aeafff22eb961eee5fdfc61eebaf72fed96cde6d0bdfb1b2167598f0dc1f29a9f4d7"
    "eb14ab840d027fc758045ab62d342b246ad165b26e88aa4d692a712916e41af745c19f27da92007967b8068fe6a282a1e1218ab30989"
    "31ada48fb8ee28e38bb4019989785fd731826c5374a2a0987084c6b0ecbd0bad8d01855347bc8b615dcc20d52ee138edf098b8fe1de5"
    "2070a84009032b10c084cf7cc8a4a3a377b0158e476a3ede2cb893328d000829602ca4d32b82117b66a3f2494e31b42b8517a20c3cd8"
    "24383f3999cd9de9d6e6ed4d1c1c39cdb9cdb21c73679de7990efad3aece9d9dbc503d51bed110a422f2f43d8310163d059882655528"
    "20a02601c1a38a6d4c635470cd09d281888b88ae9b41349f2969a93433c8de468ef35c672f8f096b0ba1400038061042215229623d71"
    "6045ac91829870a49a25d9cd5c673a34c4bb037c3ed37459d2c3c59d7882b74050e8659827857f7bb75983282d9e368f8b873246c085"
    "bda68e7e6c6dc6a08cd4d4e50325ab3255be6a4fedfad62765a84ac10b47565044c84a16d67d69319f00c27d095c0d2322a01ef9ecab"
    "ea2929eb43ad3ffddea6aafaacc03aa070c5724bcde7ebfbeaebd15151d1513c7848ef74bfdc796c701bebb03fb8ca9401248ea9d92b"
    "2212def46b72727627100163873a7f5e3170768e2bca69e1ed0e9a9a88886d6f5150976b7af0585b63620ab7569677abfbe069f4ed06"
    "474e97cde3fae8329ddd9c79bc962edf6836f1d0b7c7339fab72e335b4f82dfb9fc569f41ad081c2c277d9bc57a58ecbf7f96c37be7a"
    "75fe7cc3cd81804bcfd9d1fd7cfaf59736cff97cda8519ba64c5e59be7b4f4ea3f57f772d2fede8343afc98de1d246c77efa2a2e1516"
    "97eaaa8a6bf5733d3199fa454bb39026d6f339331b9d1ebae7d3df6431ddffea9f2dfa6d57beefaeb77e6aff65331cfa7cdfad89e9ee"
    "b731faa71ee8439f8e4f4499d20e1dec3b46d6176614f484126001f0230f358b06bc1d92b12846f7ff8bfcf1cfef4ce5f72d3f967951"
    "9897716101d8bde0807b855d0eccb87910f3d140db3fc4c172e489c5cfd658565e11fd6c314fcc09fc2f0e7e20aafed749ceb541338c"
    "95e50d1835c2698af2a620668b5c00374a041dfba1fedbd85f0f9e100653b18749faa5ecf67937abeba381cd4cc5f091254ada92b5bf"
    "fdebbf636130c3223b3c8d92b6afa959eaeba8d2ecedebcdc62c80bd58e01efbcceba85abbe5626868e0db58fef20a8b6eff61b6d34f"
    "d7c3492944a517e1f40e4ad8200d0fbee0f0125fd6031414beb051c94ca3730d82a246a5b4e90c6a7636a3bd6ba215b718c0a89e8a21"
    "bb7e4c662d4cd9700055cf27444507794a226b32aa876f9fa121a11d61d914af2c8be285ab1d5969761538fc4927877715ac4b8fb028"
    "2f6041c027d878e35003d82762a19389a62e49241d8f43401c57904e71cf59941c4004d538a340684113349966bbcd0c614a3535d4a9"
    "e9b85244085200d589a610a15d127931eeb6bc34a9eecc88aca54b589e7104b533194729a0e83c645b03438f13c031e01205b7357d8a"
    "a485e7ad24915d413aa50c118cf16cb1c6fd3d26a1d982b74823cd8e011b9107aa2a58fb8c1cb0a15531b18584409a150839b3ebb956"
    "2251ca47854def97833858b4aa6328db3095007f512970800a4526ac9268500c542b92740e4f0e88da865193c88b1a35d22cea1057c9"
    "63428ae627813e2d14a642273c1bc314e022a2156722a71d86025fd78335090828296058c5f41492b4e2328db424a52680861430939f"
    "ffbdae02e1dce9d67dbb9d5aa9bf9797123648c3832f389c3697c76c62eaeff1d9ce8c16faf437b7cdcacb462667dd6d59585ef2ad85"
    "758fdbdac6f7165695778c35deb21a93c537378b4cae225b75b5daaac65eadb66e97aba5e50d80caa85140a994818444444492828214"
    "d201c04c4448a37492d0081b84043901218a1822f1484453a14c4614c8c64d72b92d40dd979a94808e00d2be1eac80b77ee8347a6369"
    "34fbab34b26e696eef5fdb64a6424355fbf9041653982c25a76482ee5034370898edd64a66a65d1fab6112df49eddee17f2ba3e2716a"
    "440215b7d1eb345a44001e2fec256cacb4263524ca0a1d115ce5c18c4605670c5e210c5005000c3c58620f36148b604e557d77b6bc30"
    "4f56876239335792958077baf7147fc8bd2045712cc8103e2b491f821e4f10f76237b9211b14610ace3869a1040dab2aad9bca52984a"
    "9364742022c3a88c4a6aaa6cf0bbddbfce6bff342ba76d149a94bf87d3b3cdd266aec84e1049f7b3cf9b71300e467f80c4bd582310b2"
    "312974a8a94175d2e22f008282f998b5940acaf8bd643d110be9c001ff69a67f264f3d60b8ddab2b12e3a540452a0b90dbfddb89aa06"
    "bba7ad9cb4bf5570c25b708871858b23001a058158405de1b0d843b585c025001797e1b4dd881ae5378076b221ce0c507cf762485131"
    "aaa88af356b704a11f88161d1e05a2760aaf";
constexpr const char* kTwoChunks =
    "28b52ffd64421fb53f002a6c08194d2090ca6a0ceba750139484c7597b897838f3d324503409c9418bbf8bfe7abbfff2eac623416d0a"
    "239e0ffe128ff77f6f54c5cd3d0c9c5b663ace8d6f9c1564bfafa22313fff1e26bfc64ef2d53580152018e01cbe5f7fbadababf37abd"
    "c562f1d8f4c7f77d3636b6e35fa5f7def185f461d8dbf4d7f72dcc8a8d61cb6f1d7dd84b1fd6e371be20c1067be7bc1e7e2e51383b90"
    "3627f68b7ffc8530208cfe11d9d2e61c967247ffd71db9b4beaf362f01607b9c8ed1e8a0f98bfe0c7efca1356e4882522480dd97e1cf"
    "7eb82d370a462dab85dfbf4f1028829f36bf7c1f202a288a2a34ae2e607c84e07d9001b4676ac5b7c817fa677561716f3b87185ffb4c"
    "663f2a0594540df7e93ab080cb873f9469f948ef3ba150525b35a32442a02c1fff5b9138c190f372717509769f6584b903f9c90c6959"
    "3ecaff2cff317c58fe83e6fffb55eed6ecfb3f10adb8bf0fc3f07e004462bc0f03ff34ff33bdaf13cb8ff7def0ffb3f7b792b92722be"
    "731f38eeb2fd925ebd8034acc20cee58fcfdf304bfe7ca64c0dfff4ef0df878787bb70c54fd365875938a155583804f51cf90f7c7f9f"
    "e7782834dc793aa13b0297fff3e1e32b91484c24d23289549e38435a951fdf89a5c5424beac26b762a36632b7cfcba2a15fb0fff07fe"
    "b4f175175b93fdf2e7071f1f3e366bdd6a6bb2a854ac06a36e7ff93a2f3e264a2307459413fa3c138a0b1f706e080119f1bc9e9235c6"
    "a1ff1bec7975c60994feffed5a7ea86991d46e47dc2b1be0ff2e730a5a2445d54f076286240502fec36ecf1a29a38584d7bbd4d08540"
    "f4ff3b7ef5c25e98e5ffedf32bb932a9e3ff3ffff4424d46f2ff863b020dacc9a2fcffbd93f841018610ffe12b0f91c44a0e09c07f9a"
    "c081fecdfff0f0f39f2ab2a2c48c185afb07639817bdec56dfdfbf138af564131467ea34105f51f57fcf0f7fbe139a15156607d04707"
    "beef17edcbf4e56fa09f3efc7fbe1594c5f345d0b8e0f87f58cd37d03e50924b61613dbddacc3c301fe54a1c9884c0b99e12334ccd5c"
    "ee04f622b4863bc7fa5ab01bd37bef799e8d46635858d832561e18015d69730c39204435ae82ee770a42869102eefa4498a0e1cc1279"
    "cb90ca4d8def5a9f092a72ac64db6a48630666f5ad0d606eaf6e8881c2464289fb0245f1672574903445230e9ab11f4e186a8121728d"
    "25657206ace2ca4ab680956016daaac10803bf0e42822870628e1f1196219c57cc08dca491076a10b815d9be61e5e529a9b70bd8854f"
    "d0842d68c56190ab068ec0f88c79b7b6488856293afd80fba8f6dc9c08410d55ff8ee278d0793b3001f2745df98f546433862dbf75de"
    "c771f0f2eff42434dcd982723eb3b8592c752abd5c53b5ddec96e7f1eba492a98aa42e9b6ae494ba642e9bcc1ac964369155a99409c9"
    "9c4a9b94cc6492a95c6232319ba64a5ec965933a6d3631979ab5b2494d22970ec5ddd65fd62a179ba556ad516d5dd5668f5bee7db658"
    "b1ee354b8d72b1f5762a2d5e7efc40560b8c418d5ea5d4ec35ba9582d1ffb552ee36aa731d145935366b06bc4cc5d65a6d973a3bb9f9"
    "b5b5f52ac3cabd76c5888f9f7e70b3570e8f4f949103450719b037f1dff2c4e59d8e3dafcdacdb680caa95fb42c39d2d28e733ab2a2c"
    "c653951e91b62755ba2e1c4c7048e9dc8813c5287ac2b5068d156979171071f22df724b05486afae8bce6c0ad91d579b1374f860a084"
    "f449f4e40dc69424da2f4757ee01c3023cfb4873f601af58142158f25d63f2c18aacc394a74c6127e6662408e7c6d0990ff49ad874bc"
    "c9924783ca498715f33a7049c112e71c2665911a95962e6a5aa8d811c931b1c58321a8470b36560ecc00c1ea8a737264c554033cbfe9"
    "63bf2643a0446843a61722d632458526094479038b80f5c581a6bd0f23fc86249545f0a4d585797784cd5dd6cc6315435b6663aacd19"
    "b2a6f498bf34cfa8c16b82588234264b86b1be3d1d53477c294a9cd920e2e5c54d0ab09a9985abdc9ab948661502afec21311eefc805"
    "01746c3439293b00f056a60e32e318aa74f690071c0eb2bd41ae4a7c2f7aa96bb700972f951c0374a065431b2e4f1bd0c0e2c4cfcd83"
    "5698b838551eb0169d79bcff5f89419af306a22f22292fe2c6404c834c507a30600c148b95107a85a4df178c0d80c8748968441c31ea"
    "11a5a88150058d087c4404246681d01b1a5cd15796ad14656a4bd18ad097eca50f8cc7908d1d1569425021d582472bf8c62380e0a881"
    "30eb142111094c82911414a4e9f04664669b746240285a85224c6088414e608840e224103109852209a3b02e06180d54eb85ca064640"
    "ac86c9119ab05413968ffc63d920e3ec13abfb4ae78e7c6ca013c725c3d05fffb40c072680731f94d059a838067f07b3e04d97a52f33"
    "395ada9589fccbc38828e92c9f194f8d17a80bb4c88c1eb43c343ea7fd7a529aa3bed61e0594c97409d6da1eae67f0422600b30348e0"
    "03c43fd08a44774fa3a8cbed84acea5b19d9b9e7414715da9542996a45641a3986701f6265ecd4cf69aa907a28066c9409bce82ec7e6"
    "d862ea08f8f6257cd371b9f20676d5e6f5775dcc0ed047964be64c28d5ba2e858fdd76714dff69664390481e9d5273cc05e8637b121a"
    "9ed8265038cabfb5f7d892ed448456a00d5d622aaeffeb06f9782a9d58df0aec042726c4c94a05664c12be081483e15bd60054a5a198"
    "b5f0ac6ccd6e66f4cc184c3416ddf50919553e1b8bc8866a62013e278b1f5e4e65f3b4896fea15526740419aee5de9548e5bd40579b5"
    "574d707e1d3a98a1a7c8170d393d34140e20fb9e96bf551f7ca2436103eb5c1db0f6ba775a02679526e8ee5cd5bd125b71338405cc25";
// clang-format on

std::string unpacked(const std::string& hex) {
  std::string packed;
  for (std::size_t at = 0; at < hex.size(); at += 2)
    packed += static_cast<char>(std::stoi(hex.substr(at, 2), nullptr, 16));
  std::string bytes(16'384, '\0');
  const std::size_t size = ZSTD_decompress(bytes.data(), bytes.size(), packed.data(), packed.size());
  REQUIRE_FALSE(ZSTD_isError(size));
  bytes.resize(size);
  return bytes;
}

std::vector<Tick> small_day() {
  std::vector<Tick> ticks(40);
  for (int64_t row = 0; row < 40; ++row) {
    Tick& tick = ticks[static_cast<std::size_t>(row)];
    tick.exch_ts = 1'398'902'400'000'000'000 + row / 2 * 1'000'003 - (row == 21 ? 5'000'000 : 0);
    tick.local_ts = tick.exch_ts + row % 7 * 101;
    tick.px = 130'000 + row * 7919 % 1009 - 500;
    tick.qty = row * row % 1003;
    tick.order_id = static_cast<uint64_t>(row) * 0x9E3779B97F4A7C15u;
    tick.flags = row % 2 ? 3u | kFlagLast : 2u;
  }
  return ticks;
}

std::vector<Tick> large_day() {
  std::vector<Tick> ticks(262'147);
  for (int64_t row = 0; row < 262'147; ++row) {
    Tick& tick = ticks[static_cast<std::size_t>(row)];
    tick.exch_ts = 1'398'988'800'000'000'000 + row / 65'536 * 1000 - (row == 70'000 ? 1500 : 0);
    tick.local_ts = tick.exch_ts;
    tick.px = 7 + row / 262'144;
    tick.qty = 1;
    tick.flags = 1;
  }
  return ticks;
}

struct OldStore {
  made::Folder folder;
  TickStore store = made::store(folder);
  OldStore() {
    made::put_bytes(store.day_path(made::kId, made::kDay), unpacked(kSmall));
    made::put_bytes(store.day_path(made::kId, made::kDay + 1), unpacked(kTwoChunks));
  }
};

}  // namespace

TEST_CASE("files of schema 1 read and verify as ever") {
  const OldStore old;
  CHECK(made::read(old.store, {made::kDay}) == small_day());
  CHECK(made::read(old.store, {made::kDay + 1}) == large_day());
  const std::vector<DayInfo> days = old.store.days(made::kId);
  REQUIRE(days.size() == 2);
  // What the writer of schema 1 said.
  CHECK(days[0].content_digest == "39768e788033f87c1f832d1dd60eadc29c5c7159ecffce58ed756fe6ddb72f0e");
  CHECK(days[1].content_digest == "701c62e67596bc641f3b958572511529ab508aad06550e56454cb0e94c0d821e");
  CHECK(days[1].rows == 262'147);
  CHECK(days[0].source_digest == "abc");
  CHECK(days[0].last_ts == small_day().back().exch_ts);
  for (const DayInfo& day : days) CHECK(old.store.verify_day(made::kId, day.day).empty());
  bool is_first = false;
  for (const auto& [name, value] : old.store.day_attributes(made::kId, made::kDay))
    is_first |= name == "schema_version" && value == "1";
  CHECK(is_first);
}

TEST_CASE("a range of time in a file of schema 1, which does not know the least and largest times of its chunks") {
  const OldStore old;
  const std::vector<Tick> ticks = large_day();
  ReadOptions options;
  options.from_ts = ticks[70'000].exch_ts;
  options.to_ts = ticks[70'000].exch_ts + 1;
  const std::vector<Tick> read = made::read(old.store, {made::kDay + 1}, options);
  // The first time not before the one that went back is row 0's successor by value: rows from 65,536 on hold +1000.
  REQUIRE(read.size() == 70'001);
  CHECK(read.front() == ticks.front());
  CHECK(read.back() == ticks[70'000]);
  options.from_ts = ticks.back().exch_ts;
  options.to_ts = INT64_MAX;
  CHECK(made::read(old.store, {made::kDay + 1}, options) == std::vector<Tick>(ticks.begin() + 262'144, ticks.end()));
}

TEST_CASE("damage to files of schema 1 is noticed") {
  const OldStore old;
  for (const Day day : {made::kDay, made::kDay + 1}) {
    const std::string path = old.store.day_path(made::kId, day), sound = made::bytes_of(path);
    for (std::size_t at = 0; at < sound.size(); at += day == made::kDay ? 13 : 301) {
      CAPTURE(at);
      std::string bytes = sound;
      bytes[at] ^= 16;
      made::put_bytes(path, bytes);
      CHECK_FALSE(old.store.verify_day(made::kId, day).empty());
    }
  }
}
