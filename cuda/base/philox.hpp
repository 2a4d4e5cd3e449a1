// Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC 2011). A draw is a pure function of its
// key and counter, so that any thread of any device draws the same number. Checked against the paper's known answers.
#pragma once
#include <cstdint>

#include "cuda/base/host_device.hpp"

namespace tf {

struct Words4 {
  uint32_t w[4];
};

TF_HD Words4 philox4x32(Words4 counter, uint32_t key0, uint32_t key1) {
  for (int round = 0; round < 10; ++round) {
    const uint64_t p0 = uint64_t{0xD2511F53u} * counter.w[0], p1 = uint64_t{0xCD9E8D57u} * counter.w[2];
    counter = {{static_cast<uint32_t>(p1 >> 32) ^ counter.w[1] ^ key0, static_cast<uint32_t>(p1),
                static_cast<uint32_t>(p0 >> 32) ^ counter.w[3] ^ key1, static_cast<uint32_t>(p0)}};
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return counter;
}

/// What a stream of random numbers is for: part of the key, so that two uses never share draws.
enum class Purpose : uint32_t {
  synth_price = 1,
  synth_trade = 2,
  synth_edge = 3,
  init_weights = 10,
  shuffle_rows = 11,
  dropout = 12,
  bootstrap = 20,
  shuffle_labels = 21,
  drift_chunks = 22,
  random_strategy = 23,
  sequential_bootstrap = 24,
  audit = 40,  ///< the audit alone: shares no draw with anything it audits
  skew_depth = 41,
  test = 99,
};

/// One stream, keyed by (seed, purpose, lane); position = step.
struct RandomStream {
  uint64_t seed = 0;
  Purpose purpose = Purpose::test;
  uint32_t lane = 0;

  TF_HD Words4 words(uint64_t step) const {
    return philox4x32(
        {{static_cast<uint32_t>(step), static_cast<uint32_t>(step >> 32), lane, static_cast<uint32_t>(purpose)}},
        static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32));
  }
  TF_HD uint64_t bits(uint64_t step) const {
    const Words4 words4 = words(step);
    return uint64_t{words4.w[0]} << 32 | words4.w[1];
  }
  /// Uniform in (0, 1), 53 bits; never 0 and never 1.
  TF_HD double uniform(uint64_t step) const {
    return (static_cast<double>(bits(step) >> 12) + 0.5) * (1.0 / 4503599627370496.0);
  }
  /// Uniform integer in [0, count), count < 2^32 (bias below 2^-32).
  TF_HD uint32_t below(uint64_t step, uint32_t count) const {
    return static_cast<uint32_t>(uint64_t{words(step).w[0]} * count >> 32);
  }
};

}  // namespace tf
