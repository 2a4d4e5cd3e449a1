// Bought less sold lots of the bar's trades by the aggressor the venue names, and the lots of all its trades.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct SignedVolume : Pointwise<> {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::signed_size, TickColumn::trade_size};
  static constexpr int kOut = 2, kTerms = 2;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "Hasbrouck, Journal of Finance 46, 1991";
  static constexpr Output kOutputs[] = {{"net", "lots"}, {"total", "lots", 0}};

  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* terms) {
    terms[0] = in.now(0);
    terms[1] = in.now(1);
  }
  template <class R>
  TF_HD static void finish(const Coef&, const R* sums, R, R* out) {
    out[0] = sums[0];
    out[1] = sums[1];
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(signed_volume, SignedVolume, "bought less sold lots, and all lots")
