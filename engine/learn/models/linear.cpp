// One output straight from the inputs: linear regression, or logistic regression for a 0/1 target.
#include "engine/learn/catalogue.hpp"

namespace tf::model_catalogue {

const Entry& tf_model_linear() {
  static const Entry entry{"weighted sum of the features (regression) or its logistic function (classification)",
                           params_type<NoParams>(), [](const void*, int inputs, network::Task task) {
                             return network::Network{inputs, task, {{1, network::Activation::identity, 0}}};
                           }};
  return entry;
}

}  // namespace tf::model_catalogue
