#include "data/sources/parse/csv_presets.hpp"

namespace tf::data {
namespace {

using P = CsvParams;

// Layouts of TICK_FORMATS section 2. Names first, numbers for files without a header.
std::vector<CsvPreset> make_table() {
  std::vector<CsvPreset> table;
  const auto add = [&](const char* name, std::vector<CsvSetting> settings, double price_scale = 1) {
    table.push_back({name, std::move(settings), price_scale});
  };
  const auto with = [](std::vector<CsvSetting> settings, std::vector<CsvSetting> more) {
    settings.insert(settings.end(), more.begin(), more.end());
    return settings;
  };
  add("none", {});

  // ---- LEAN zips: ms since midnight (with fraction) of the date in the file name.
  const std::vector<CsvSetting> lean = {
      {&P::delimiter, "comma"}, {&P::header, "no"}, {&P::time_column, "1"}, {&P::time_format, "ms_of_day"}};
  // Oanda is UTC; FXCM is UTC-5 all year: set zone = "-05:00".
  add("lean_fx", with(lean, {{&P::bid_column, "2"}, {&P::ask_column, "3"}}));
  // Sale conditions are a set of bits in hex (TradeConditionFlags of LEAN). Auctions: opening, closing and reopening
  // prints, crosses, official open and close. Irregular: other settlement, derivatively priced, late, stopped, out of
  // sequence, acquisition, stock-option, average price, price variation, prior reference price. Extended hours, odd
  // lots and sweeps are normal flow.
  const std::vector<CsvSetting> lean_trade =
      with(lean, {{&P::price_column, "2"}, {&P::size_column, "3"}, {&P::irregular_column, "6|-"}});
  add("lean_trade",
      with(lean_trade, {{&P::zone, "America/New_York"},
                        {&P::condition_column, "5|-"},
                        {&P::auction_words, "0x52001C0"},
                        {&P::irregular_words, "0x2555A0E"}}),
      1e-4);
  // One side a row, the other side 0.
  const std::vector<CsvSetting> lean_quote = with(lean, {{&P::bid_column, "2"},
                                                         {&P::bid_size_column, "3"},
                                                         {&P::ask_column, "4"},
                                                         {&P::ask_size_column, "5"},
                                                         {&P::irregular_column, "8|-"},
                                                         {&P::one_sided, "zero"}});
  add("lean_quote", with(lean_quote, {{&P::zone, "America/New_York"}}), 1e-4);
  add("lean_futures_trade", with(lean_trade, {{&P::zone, "America/New_York"}}));
  add("lean_futures_quote", with(lean_quote, {{&P::zone, "America/New_York"}}));
  // LEAN crypto: UTC, plain prices; trades have no side.
  add("lean_crypto_trade", with(lean, {{&P::price_column, "2"}, {&P::size_column, "3"}}));
  add("lean_crypto_quote", with(lean, {{&P::bid_column, "2"},
                                       {&P::bid_size_column, "3"},
                                       {&P::ask_column, "4"},
                                       {&P::ask_size_column, "5"},
                                       {&P::one_sided, "zero"}}));

  // ---- FX
  // 20200101 170000065,1.121200,1.121690,0: eastern standard time all year; the volume is always 0.
  add("histdata", {{&P::header, "no"},
                   {&P::time_column, "1"},
                   {&P::time_format, "datetime"},
                   {&P::zone, "-05:00"},
                   {&P::bid_column, "2"},
                   {&P::ask_column, "3"}});
  // EUR/USD,20130101 21:59:59.981,1.32023,1.32054
  add("truefx", {{&P::delimiter, "comma"},
                 {&P::time_column, "2"},
                 {&P::time_format, "datetime"},
                 {&P::bid_column, "3"},
                 {&P::ask_column, "4"},
                 {&P::symbol_column, "1"}});
  // MetaTrader 5. The zone is the broker's; UTC+2/+3 with the summer time dates of New York is the usual one.
  add("mt5", {{&P::rows, "mixed"},
              {&P::date_column, "<DATE>|DATE|1"},
              {&P::time_column, "<TIME>|TIME|2"},
              {&P::time_format, "clock"},
              {&P::zone, "broker/NY+7"},
              {&P::bid_column, "<BID>|BID|3"},
              {&P::ask_column, "<ASK>|ASK|4"},
              {&P::price_column, "<LAST>|LAST|5|-"},
              {&P::size_column, "<VOLUME>|VOLUME|6|-"},
              {&P::flags_column, "<FLAGS>|FLAGS|7|-"},
              {&P::one_sided, "empty"}});
  // Gmt time,Ask,Bid,AskVolume,BidVolume: ask first. "Local time" files carry their offset, "… GMT+0100".
  add("dukascopy_csv", {{&P::time_column, "Gmt time|Local time|Time*|timestamp|1"},
                        {&P::time_format, "datetime"},
                        {&P::date_order, "dmy"},
                        {&P::ask_column, "Ask|askPrice|2"},
                        {&P::bid_column, "Bid|bidPrice|3"},
                        {&P::ask_size_column, "AskVolume|Ask Volume|4"},
                        {&P::bid_size_column, "BidVolume|Bid Volume|5"}});

  // ---- Binance public data. Spot and futures files agree in these columns; ms or us is told by magnitude.
  add("binance_trades", {{&P::delimiter, "comma"},
                         {&P::time_column, "time|5"},
                         {&P::id_column, "id|1"},
                         {&P::id_gaps, "yes"},
                         {&P::price_column, "price|2"},
                         {&P::size_column, "qty|3"},
                         {&P::side_column, "is_buyer_maker|isBuyerMaker|6"},
                         {&P::side_means, "buyer_is_maker"}});
  add("binance_agg_trades", {{&P::delimiter, "comma"},
                             {&P::time_column, "transact_time|time|timestamp|6"},
                             {&P::id_column, "agg_trade_id|agg_id|1"},
                             {&P::id_gaps, "yes"},
                             {&P::price_column, "price|2"},
                             {&P::size_column, "quantity|qty|3"},
                             {&P::side_column, "is_buyer_maker|isBuyerMaker|7"},
                             {&P::side_means, "buyer_is_maker"}});
  add("binance_book_ticker", {{&P::delimiter, "comma"},
                              {&P::time_column, "transaction_time|6"},
                              {&P::bid_column, "best_bid_price|2"},
                              {&P::bid_size_column, "best_bid_qty|3"},
                              {&P::ask_column, "best_ask_price|4"},
                              {&P::ask_size_column, "best_ask_qty|5"}});
  // T_DEPTH: snap rows are whole books, one an event; set rows change levels; pu is the update before.
  add("binance_depth", {{&P::rows, "levels"},
                        {&P::delimiter, "comma"},
                        {&P::symbol_column, "symbol|1"},
                        {&P::time_column, "timestamp|2"},
                        {&P::event_column, "last_update_id|4"},
                        {&P::side_column, "side|5"},
                        {&P::snapshot_column, "update_type|6"},
                        {&P::snapshot_words, "snap"},
                        {&P::snapshot_resets, "event"},
                        {&P::price_column, "price|7"},
                        {&P::size_column, "qty|8"},
                        {&P::previous_column, "pu|9|-"},
                        {&P::buy_words, "b|bid|buy"},
                        {&P::sell_words, "a|ask|sell"}});

  // ---- Tardis: two clocks in us
  const std::vector<CsvSetting> tardis = {{&P::delimiter, "comma"},
                                          {&P::symbol_column, "symbol|2"},
                                          {&P::time_column, "timestamp|3"},
                                          {&P::time_unit, "us"},
                                          {&P::local_time_column, "local_timestamp|4"},
                                          {&P::local_time_unit, "us"}};
  add("tardis_trades", with(tardis, {{&P::id_column, "id|5"},
                                     {&P::side_column, "side|6"},
                                     {&P::price_column, "price|7"},
                                     {&P::size_column, "amount|8"}}));
  add("tardis_quotes", with(tardis, {{&P::ask_size_column, "ask_amount|5"},
                                     {&P::ask_column, "ask_price|6"},
                                     {&P::bid_column, "bid_price|7"},
                                     {&P::bid_size_column, "bid_amount|8"},
                                     {&P::one_sided, "gone"}}));
  add("tardis_l2", with(tardis, {{&P::rows, "levels"},
                                 {&P::snapshot_column, "is_snapshot|5"},
                                 {&P::snapshot_words, "true|1"},
                                 {&P::snapshot_resets, "run"},
                                 {&P::side_column, "side|6"},
                                 {&P::price_column, "price|7"},
                                 {&P::size_column, "amount|8"},
                                 {&P::buy_words, "bid|buy"},
                                 {&P::sell_words, "ask|sell"}}));
  add("tardis_book_snapshot",
      with(tardis, {{&P::rows, "book"},
                    {&P::header, "yes"},
                    {&P::book_columns, "asks[#].price,asks[#].amount,bids[#].price,bids[#].amount"}}));

  // ---- Other venues
  const std::vector<CsvSetting> charts = {{&P::delimiter, "comma"}, {&P::header, "no"},      {&P::time_column, "1"},
                                          {&P::time_unit, "s"},     {&P::price_column, "2"}, {&P::size_column, "3"}};
  add("kraken", charts);
  add("bitcoincharts", charts);
  add("mtgox", {{&P::time_column, "id|1"},
                {&P::time_unit, "us"},
                {&P::price_column, "price|2"},
                {&P::size_column, "amount|3"},
                {&P::side_column, "type|4"}});
  // Contracts: seconds with decimals and trdMatchID; spot: ms, and an id that counts the rows of one file only.
  add("bybit", {{&P::delimiter, "comma"},
                {&P::time_column, "timestamp|1"},
                {&P::symbol_column, "symbol|-"},
                {&P::side_column, "side|3"},
                {&P::size_column, "size|volume|4"},
                {&P::price_column, "price|5"},
                {&P::id_column, "trdMatchID|-"}});
  add("bitmex", {{&P::delimiter, "comma"},
                 {&P::time_column, "timestamp|1"},
                 {&P::time_format, "datetime"},
                 {&P::symbol_column, "symbol|2"},
                 {&P::side_column, "side|3"},
                 {&P::size_column, "size|4"},
                 {&P::price_column, "price|5"},
                 {&P::id_column, "trdMatchID|7|-"}});
  add("gateio", {{&P::delimiter, "comma"},
                 {&P::time_column, "timestamp|1"},
                 {&P::time_unit, "s"},
                 {&P::id_column, "dealid|id|2"},
                 {&P::price_column, "price|3"},
                 {&P::size_column, "amount|4"},
                 {&P::side_column, "side|5"},
                 {&P::buy_words, "2|buy"},
                 {&P::sell_words, "1|sell"}});
  // Names of older files carry a second, GBK one: "side/…".
  add("okx", {{&P::delimiter, "comma"},
              {&P::header, "yes"},
              {&P::symbol_column, "instrument_name*|-"},
              {&P::id_column, "trade_id*"},
              {&P::side_column, "side*"},
              {&P::size_column, "size*"},
              {&P::price_column, "price*"},
              {&P::time_column, "created_time*|timestamp"}});
  // The layout of the package ob-analytics; ms since 1970, the volume is what is left of the order.
  add("bitstamp_l3", {{&P::rows, "orders"},
                      {&P::delimiter, "comma"},
                      {&P::id_column, "id|1"},
                      {&P::local_time_column, "timestamp|2"},
                      {&P::time_column, "exchange.timestamp|3"},
                      {&P::price_column, "price|4"},
                      {&P::size_column, "volume|5"},
                      {&P::action_column, "action|6"},
                      {&P::side_column, "direction|7"}});
  const std::vector<CsvSetting> polygon = {{&P::delimiter, "comma"},
                                           {&P::header, "yes"},
                                           {&P::symbol_column, "ticker|-"},
                                           {&P::time_column, "sip_timestamp"},
                                           {&P::time_unit, "ns"}};
  // Condition numbers of the vendor: opening, closing, reopening, official and cross prints; then those that must not
  // move the last price (average price, cash, next day, seller, late, out of sequence, contingent, ...).
  add("polygon_trades", with(polygon, {{&P::price_column, "price"},
                                       {&P::size_column, "size"},
                                       {&P::condition_column, "conditions|-"},
                                       {&P::auction_words, "8|9|15|16|17|18|19|25|28"},
                                       {&P::irregular_words, "2|4|5|7|10|13|20|21|22|29|30|32|33|38|52|53"},
                                       {&P::irregular_column, "correction|-"}}));
  add("polygon_quotes", with(polygon, {{&P::bid_column, "bid_price"},
                                       {&P::ask_column, "ask_price"},
                                       {&P::bid_size_column, "bid_size"},
                                       {&P::ask_size_column, "ask_size"},
                                       {&P::one_sided, "gone"}}));
  // What `export` writes: each row is that tick again, bit for bit.
  add("tickfold", {{&P::delimiter, "comma"},
                   {&P::header, "yes"},
                   {&P::rows, "ticks"},
                   {&P::time_column, "exch_ts"},
                   {&P::time_unit, "ns"},
                   {&P::local_time_column, "local_ts"},
                   {&P::local_time_unit, "ns"},
                   {&P::price_column, "px"},
                   {&P::size_column, "qty"},
                   {&P::id_column, "order_id"},
                   {&P::flags_column, "flags"}});
  // ccxt and freqtrade: [ms, id, type, side, price, amount, cost]
  add("ccxt_trades", {{&P::time_column, "timestamp|1"},
                      {&P::time_unit, "ms"},
                      {&P::id_column, "id|2"},
                      {&P::side_column, "side|4"},
                      {&P::price_column, "price|5"},
                      {&P::size_column, "amount|6"}});
  // [ms, ask, bid, ask volume, bid volume]
  add("dukascopy_rows", {{&P::time_column, "timestamp|1"},
                         {&P::time_unit, "ms"},
                         {&P::ask_column, "askPrice|2"},
                         {&P::bid_column, "bidPrice|3"},
                         {&P::ask_size_column, "askVolume|4|-"},
                         {&P::bid_size_column, "bidVolume|5|-"}});
  return table;
}

}  // namespace

std::span<const CsvPreset> csv_presets() {
  static const std::vector<CsvPreset> table = make_table();
  return table;
}

const char* csv_preset_choices() {
  static const std::string choices = [] {
    std::string names;
    for (const CsvPreset& preset : csv_presets()) names += (names.empty() ? "" : "|") + std::string(preset.name);
    return names;
  }();
  return choices.c_str();
}

}  // namespace tf::data
