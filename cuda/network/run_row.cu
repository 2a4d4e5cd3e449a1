// One row at a time on the CPU: units are lanes. An output's chain is that of forward.cu (bias, then inputs ascending),
// so its bits are too. A GPU has no use for it.
#include "cuda/base/pack.hpp"

#if defined(TF_HAS_PACK)
#include "cuda/network/activations.hpp"
#include "cuda/network/row_layout.hpp"

namespace tf::network {
inline namespace TF_LEVEL {

using R = Pack<float>;

/// kPacks registers of units of one layer; `weights` and `out` begin at its first unit.
template <int kPacks>
TF_HD void unit_block(const float* bias, const float* weights, int32_t inputs, int64_t stride, Activation activation,
                      const float* in, float* out) {
  R sum[kPacks];
  for (int pack = 0; pack < kPacks; ++pack) sum[pack] = R::load(bias + pack * R::kLanes);
  for (int32_t input = 0; input < inputs; ++input) {
    const R value(in[input]);
    for (int pack = 0; pack < kPacks; ++pack)
      sum[pack] = fma_(R::load(weights + input * stride + pack * R::kLanes), value, sum[pack]);
  }
  for (int pack = 0; pack < kPacks; ++pack) activate(sum[pack], activation).store(out + pack * R::kLanes);
}

}  // namespace TF_LEVEL

double TF_CONCAT(run_row_, TF_LEVEL)(const RowJob& job, const double* row) {
  float *in = job.first, *out = job.second;
  int32_t inputs = job.inputs;
  for (int32_t input = 0; input < inputs; ++input)
    in[input] = standardise(row[input], job.input_mean[input], job.input_scale[input]);
  const float* bias = job.weights;
  for (int32_t at = 0; at < job.layer_count; ++at) {
    const Dense& layer = job.layers[at];
    const int64_t stride = padded(layer.width);
    const float* weights = bias + stride;
    const auto block = [&]<int kPacks>(int32_t& unit) {
      for (; unit + (kPacks - 1) * R::kLanes < layer.width; unit += kPacks * R::kLanes)
        unit_block<kPacks>(bias + unit, weights + unit, inputs, stride, layer.activation, in, out + unit);
    };
    int32_t unit = 0;
    block.template operator()<8>(unit);
    block.template operator()<4>(unit);
    block.template operator()<2>(unit);
    block.template operator()<1>(unit);
    bias = weights + stride * inputs;
    inputs = layer.width;
    float* const written = out;
    out = in;
    in = written;
  }
  return finish(job.task, job.target_mean, job.target_scale, in[0]);
}

}  // namespace tf::network
#endif
