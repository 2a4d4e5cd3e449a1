// A panel of 120 features as a research desk might take it: trends and oscillators with several periods each, windows,
// order statistics, and 30 lanes that read every tick of a bar. And ten indicators with their defaults.
#pragma once

namespace tf::bench {

inline constexpr const char* kTenIndicators =
    "ema,rsi,atr,adx,macd,sma,bollinger,stochastic,zscore,trade_flow_imbalance";

inline constexpr const char* kPanel =
    "ema:period=5|8|12|20|50|100|200|500,rsi:period=7|9|14|21|28|50,atr:period=7|14|21|28|50,adx:period=7|14|21|28,"
    "macd:fast=5;slow=35;signal=5,macd:fast=8;slow=17;signal=9,macd:fast=12;slow=26;signal=9,"
    "sma:period=10|20|50|100|200,bollinger:period=10|20|50,stochastic:period=14|21,"
    "standard_deviation:period=10|20|50|100|200,zscore:period=20|50|100|200,roc:period=1|5|10|20,"
    "rolling_max:period=20|200|1000,rolling_median:period=20|200|1000,rolling_quantile:period=20|200;quantile=0.1|0.9,"
    "trade_flow_imbalance,order_flow_imbalance,quoted_spread,quote_imbalance,signed_volume,effective_spread,"
    "mid_reversals,trade_size,touch_changes,large_trade_share:lots=5|20|40,trade_intensity:half_life_s=1|60,"
    "realised_volatility:period=20,volume_delta:period=20|60,kyle_lambda:period=50";

}  // namespace tf::bench
