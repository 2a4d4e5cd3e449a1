// Layout, all little-endian: "TFMODEL1", then the fields below in order, then the SHA-256 of all before it.
// text = u64 length + bytes; list = u64 count + elements.
#include "engine/learn/checkpoint.hpp"

#include <bit>
#include <cstring>

#include "cuda/base/error.hpp"
#include "data/store/digest.hpp"

namespace tf::learn {
namespace {

static_assert(std::endian::native == std::endian::little, "the format is the memory's own order");

constexpr char kMagic[] = "TFMODEL1";
constexpr std::size_t kMagicBytes = 8;

std::string digest(const char* bytes, std::size_t count) {
  const data::Digest sum = data::sha256(bytes, count);
  return {reinterpret_cast<const char*>(sum.data()), sum.size()};
}

class Writer {
 public:
  template <class T>
  void number(T value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(const std::string& value) {
    number<uint64_t>(value.size());
    bytes_ += value;
  }
  template <class T>
  void list(const std::vector<T>& values) {
    number<uint64_t>(values.size());
    bytes_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  }
  std::string& bytes() { return bytes_; }

 private:
  std::string bytes_ = kMagic;
};

class Reader {
 public:
  Reader(const char* bytes, std::size_t count, const std::string& where) : at_(bytes), left_(count), where_(where) {}

  template <class T>
  T number() {
    T value;
    std::memcpy(&value, take(sizeof value, 1), sizeof value);
    return value;
  }
  std::string text() {
    const auto count = number<uint64_t>();
    return {take(1, count), static_cast<std::size_t>(count)};
  }
  template <class T>
  std::vector<T> list() {
    const auto count = number<uint64_t>();
    const char* from = take(sizeof(T), count);
    std::vector<T> values(static_cast<std::size_t>(count));
    if (count) std::memcpy(values.data(), from, values.size() * sizeof(T));
    return values;
  }
  std::size_t left() const { return left_; }
  [[noreturn]] void refuse(const std::string& why) const {
    throw Error(ErrorKind::bad_data, where_ + ": not a model that can be read: " + why);
  }

 private:
  const char* take(std::size_t size, uint64_t count) {
    if (count > left_ / size) refuse("it ends too early");
    const char* from = at_;
    at_ += size * count;
    left_ -= size * count;
    return from;
  }
  const char* at_;
  std::size_t left_;
  const std::string& where_;
};

}  // namespace

std::string save(const Checkpoint& checkpoint) {
  const network::Fitted& fitted = checkpoint.fitted;
  Writer writer;
  writer.text(checkpoint.model);
  writer.text(checkpoint.model_params);
  writer.text(checkpoint.schema_digest);
  writer.number<uint64_t>(checkpoint.seed);
  writer.number<int32_t>(fitted.network.inputs);
  writer.number<int32_t>(static_cast<int32_t>(fitted.network.task));
  writer.number<uint64_t>(fitted.network.layers.size());
  for (const network::Dense& layer : fitted.network.layers) {
    writer.number<int32_t>(layer.width);
    writer.number<int32_t>(static_cast<int32_t>(layer.activation));
    writer.number<double>(layer.dropout);
  }
  writer.list(fitted.input_mean);
  writer.list(fitted.input_scale);
  writer.number<double>(fitted.target_mean);
  writer.number<double>(fitted.target_scale);
  writer.list(fitted.weights);
  return writer.bytes() + digest(writer.bytes().data(), writer.bytes().size());
}

Checkpoint load(const std::string& bytes, const std::string& where) {
  const Reader whole(bytes.data(), bytes.size(), where);
  if (bytes.size() < kMagicBytes + sizeof(data::Digest)) whole.refuse("it ends too early");
  if (bytes.compare(0, kMagicBytes, kMagic) != 0) whole.refuse("it does not start with TFMODEL1");
  const std::size_t body = bytes.size() - sizeof(data::Digest);
  if (bytes.compare(body, sizeof(data::Digest), digest(bytes.data(), body)) != 0)
    whole.refuse("its bytes do not have the SHA-256 it was written with");

  Reader reader(bytes.data() + kMagicBytes, body - kMagicBytes, where);
  Checkpoint checkpoint;
  checkpoint.model = reader.text();
  checkpoint.model_params = reader.text();
  checkpoint.schema_digest = reader.text();
  checkpoint.seed = reader.number<uint64_t>();
  network::Fitted& fitted = checkpoint.fitted;
  fitted.network.inputs = reader.number<int32_t>();
  const auto task = reader.number<int32_t>();
  if (task < 0 || task > 1) reader.refuse("unknown task");
  fitted.network.task = static_cast<network::Task>(task);
  const auto layers = reader.number<uint64_t>();
  for (uint64_t at = 0; at < layers; ++at) {
    network::Dense layer;
    layer.width = reader.number<int32_t>();
    const auto activation = reader.number<int32_t>();
    layer.dropout = reader.number<double>();
    if (layer.width < 1 || activation < 0 || activation > 2) reader.refuse("unknown layer");
    layer.activation = static_cast<network::Activation>(activation);
    fitted.network.layers.push_back(layer);
  }
  fitted.input_mean = reader.list<double>();
  fitted.input_scale = reader.list<double>();
  fitted.target_mean = reader.number<double>();
  fitted.target_scale = reader.number<double>();
  fitted.weights = reader.list<float>();
  if (reader.left() != 0) reader.refuse("it goes on after its end");
  const auto inputs = static_cast<std::size_t>(fitted.network.inputs);
  if (fitted.network.inputs < 1 || fitted.network.layers.empty() || fitted.network.layers.back().width != 1 ||
      fitted.input_mean.size() != inputs || fitted.input_scale.size() != inputs ||
      static_cast<int64_t>(fitted.weights.size()) != fitted.network.weight_count())
    reader.refuse("its parts do not fit each other");
  return checkpoint;
}

}  // namespace tf::learn
