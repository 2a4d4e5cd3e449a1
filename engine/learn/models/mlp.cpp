// A multilayer perceptron of one or two hidden layers.
#include <string>

#include "engine/learn/catalogue.hpp"

namespace tf::model_catalogue {
namespace {

struct Params {
  int hidden1 = 32;
  int hidden2 = 32;
  std::string activation = "relu";
  double dropout = 0;

  static std::span<const Field> fields() {
    using P = Params;
    static const Field table[] = {
        TF_FIELD(P, hidden1, 1, 1024, "units", "width of the first hidden layer"),
        TF_FIELD(P, hidden2, 0, 1024, "units", "width of the second hidden layer; 0 = none"),
        TF_TEXT_FIELD(P, activation, "relu|tanh", "of the hidden layers"),
        TF_FIELD(P, dropout, 0, 0.9, "", "share of hidden outputs left out at random in each training step"),
    };
    return table;
  }
};

network::Network build(const void* params, int inputs, network::Task task) {
  const Params& p = *static_cast<const Params*>(params);
  const auto activation = p.activation == "tanh" ? network::Activation::tanh : network::Activation::relu;
  network::Network network{inputs, task, {{p.hidden1, activation, p.dropout}}};
  if (p.hidden2 > 0) network.layers.push_back({p.hidden2, activation, p.dropout});
  network.layers.push_back({1, network::Activation::identity, 0});
  return network;
}

}  // namespace

const Entry& tf_model_mlp() {
  static const Entry entry{"multilayer perceptron of one or two hidden layers", params_type<Params>(), build};
  return entry;
}

}  // namespace tf::model_catalogue
