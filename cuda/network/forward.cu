// The forward pass. Rows are lanes: a pack carries one unit's value of many rows, a GPU thread and the serving path
// carry one row. Whatever the width, an output is one fma chain: bias, then inputs ascending. So the tiling below never
// shows in a bit.
#include "cuda/network/forward.hpp"

#include "cuda/base/launch.hpp"
#include "cuda/base/pack.hpp"
#include "cuda/network/activations.hpp"

namespace tf::network {
inline namespace TF_LEVEL {

template <class R>
struct WordOf {
  static constexpr int kLanes = 1;
  TF_HD static R load(const float* from) { return *from; }
  TF_HD static void store(R value, float* to) { *to = value; }
};
#if defined(TF_HAS_PACK)
template <int W>
struct WordOf<Pack<float, W>> {
  static constexpr int kLanes = W;
  TF_HD static Pack<float, W> load(const float* from) { return Pack<float, W>::load(from); }
  TF_HD static void store(Pack<float, W> value, float* to) { value.store(to); }
};
#endif

/// kOutputs units of one layer for kGroups words of rows. `in` and `out` are [unit][row], `step` floats from unit to
/// unit.
template <class R, int kOutputs, int kGroups>
TF_HD void dense_block(const float* weights, const float* bias, int32_t inputs, Activation activation, const float* in,
                       float* out, int64_t step) {
  using Word = WordOf<R>;
  R sum[kOutputs][kGroups];
  for (int output = 0; output < kOutputs; ++output)
    for (int group = 0; group < kGroups; ++group) sum[output][group] = R(bias[output]);
  for (int32_t input = 0; input < inputs; ++input) {
    R value[kGroups];
    for (int group = 0; group < kGroups; ++group) value[group] = Word::load(in + input * step + group * Word::kLanes);
    for (int output = 0; output < kOutputs; ++output) {
      const R weight(weights[static_cast<int64_t>(output) * inputs + input]);
      for (int group = 0; group < kGroups; ++group) sum[output][group] = fma_(weight, value[group], sum[output][group]);
    }
  }
  for (int output = 0; output < kOutputs; ++output)
    for (int group = 0; group < kGroups; ++group)
      Word::store(activate(sum[output][group], activation), out + output * step + group * Word::kLanes);
}

/// All layers from the standardised inputs in the first half of the scratch; returns where the last layer's values lie.
template <class R, int kOutputs, int kGroups, int kAcross>
TF_HD const float* all_layers(const Forward& job, float* first, float* second, int64_t step) {
  constexpr int kBlock = kGroups * WordOf<R>::kLanes, kRows = kBlock * kAcross;
  const float* weights = job.weights;
  int32_t inputs = job.inputs;
  float *in = first, *out = second;
  for (int32_t at = 0; at < job.layer_count; ++at) {
    const Dense& layer = job.layers[at];
    const float* bias = weights + static_cast<int64_t>(layer.width) * inputs;
    int32_t output = 0;
    for (; output + kOutputs <= layer.width; output += kOutputs)
      for (int row = 0; row < kRows; row += kBlock)
        dense_block<R, kOutputs, kGroups>(weights + static_cast<int64_t>(output) * inputs, bias + output, inputs,
                                          layer.activation, in + row, out + output * step + row, step);
    // What is left of the outputs, most often the single one of the last layer: all rows at once, to have enough
    // chains.
    for (; output < layer.width; ++output)
      dense_block<R, 1, kGroups * kAcross>(weights + static_cast<int64_t>(output) * inputs, bias + output, inputs,
                                           layer.activation, in, out + output * step, step);
    weights = bias + layer.width;
    inputs = layer.width;
    float* const written = out;
    out = in;
    in = written;
  }
  return in;
}

/// One row, one thread. Scratch is [unit][row of the call].
struct ForwardRow {
  Forward job;

  TF_HD void operator()(int64_t row) const {
    float* const first = job.scratch + row;
    float* const second = first + job.rows * job.max_width;
    const double* x = job.x + row * job.x_stride;
    for (int32_t input = 0; input < job.inputs; ++input)
      first[input * job.rows] = standardise(x[input], job.input_mean[input], job.input_scale[input]);
    job.out[row] =
        finish(job.task, job.target_mean, job.target_scale, *all_layers<float, 8, 1, 1>(job, first, second, job.rows));
  }
};

#if defined(TF_HAS_PACK)
/// A tile of kTileRows rows; rows past the end repeat the last one and are not written.
void forward_tile(const Forward& job, int64_t first_row) {
  using R = Pack<float>;
  constexpr int kAcross = static_cast<int>(kTileRows) / (2 * R::kLanes);
  float* const first = job.scratch;
  float* const second = first + kTileRows * job.max_width;
  for (int64_t lane = 0; lane < kTileRows; ++lane) {
    const int64_t row = first_row + lane < job.rows ? first_row + lane : job.rows - 1;
    const double* x = job.x + row * job.x_stride;
    // Row-wise into the half that is still free, where the loop vectorises; then turned.
    for (int32_t input = 0; input < job.inputs; ++input)
      second[input] = standardise(x[input], job.input_mean[input], job.input_scale[input]);
    for (int32_t input = 0; input < job.inputs; ++input) first[input * kTileRows + lane] = second[input];
  }
  const float* raw = all_layers<R, 4, 2, kAcross>(job, first, second, kTileRows);
  for (int64_t lane = 0; lane < kTileRows && first_row + lane < job.rows; ++lane)
    job.out[first_row + lane] = finish(job.task, job.target_mean, job.target_scale, raw[lane]);
}
#endif

}  // namespace TF_LEVEL

void TF_CONCAT(forward_, TF_LEVEL)(const Exec& exec, const Forward& job) {
#if defined(TF_HAS_PACK)
  if (job.rows > 1) {
    NamedRange range("network.forward");
    for (int64_t row = 0; row < job.rows; row += kTileRows) forward_tile(job, row);
    return;
  }
#endif
  launch(exec, "network.forward", job.rows, ForwardRow{job});
}

}  // namespace tf::network
