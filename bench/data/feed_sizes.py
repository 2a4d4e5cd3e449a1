"""Bits a value of each column and bytes a tick of the real feeds in ../shared/ticks, in the codecs of the store.

    python3 bench/data/feed_sizes.py [--tickfold build/release/tickfold]

Each feed is ingested, rewritten by `tickfold upgrade --codec`, checked by `inspect --deep`, and its manifests are summed;
`file` counts the whole day files. A table in Markdown."""
import argparse
import collections
import json
import pathlib
import subprocess
import tempfile

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--tickfold", default="build/release/tickfold")
options = parser.parse_args()
SHARED = pathlib.Path(__file__).resolve().parents[3] / "shared" / "ticks"
FINE = ("--tick-size", "0.00000001", "--lot-size", "0.00000001")
FEEDS = (("FXCM EUR/USD quotes", "lean-fx/forex/fxcm/tick/eurusd", "EURUSD", ()),
         ("Oanda EUR/USD quotes", "lean-fx/forex/oanda/tick/eurusd", "EURUSD", ()),
         ("Oanda XAU/USD quotes", "lean-fx/cfd/oanda/tick/xauusd", "XAUUSD", ()),
         ("Binance ETHUSDT futures, depth + best + trades", "hftbacktest/usdm", "ETHUSDT", ()),
         ("Binance BTCUSDT spot, depth + best + trades", "hftbacktest/spot", "BTCUSDT", ("--tick-size", "0.01", "--lot-size", "0.00000001")),
         ("Binance BTCUSD_PERP, depth + best + trades", "hftbacktest/cm", "BTCUSD_PERP", ()),
         ("Coinbase SKL-USD, level2 + matches", "cryptofeed/COINBASE.ws.28.0", "SKL-USD", FINE),
         ("Kraken book of 1,000 levels", "cryptofeed/KRAKEN.ws.50.0", None, FINE),
         ("Bybit LTCUSDT, 25 levels + trades", "cryptofeed/BYBIT.ws.25.0", "LTCUSDT", FINE),
         ("BitMEX XBTUSD, full book + quotes", "cryptofeed/BITMEX.ws.1.0", "XBTUSD", FINE),
         ("OKX BTC-USDT, books + trades", "cryptofeed/OKX.ws.1.0", "BTC-USDT", FINE),
         ("Bitstamp trades (bitcoincharts)", "pyalgotrade/bitstampUSD.csv", "BTCUSD", ()))
COLUMNS = ("exch_ts", "local_ts", "px", "qty", "order_id", "flags")


def run(*words):
    done = subprocess.run([options.tickfold, *map(str, words)], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, words))}: {done.returncode}\n{done.stderr[-1500:]}")
    return done.stdout


def kraken_symbol():
    """The pair of the recording with most messages."""
    seen = collections.Counter()
    for line in open(SHARED / "cryptofeed/KRAKEN.ws.50.0"):
        if line.rstrip().endswith("]"):
            message = json.loads(line.split(": ", 1)[1])
            seen[message[-1]] += 1
    return seen.most_common(1)[0][0].replace("/", "-")


print("| feed | ticks | codec | " + " | ".join(COLUMNS) + " | B/tick | file B/tick |\n|---|---|---|" + "---|" * (len(COLUMNS) + 2))
for name, where, symbol, grid in FEEDS:
    path = SHARED / where
    if not path.exists():
        print(f"| {name} | not here |")
        continue
    symbol = symbol or kraken_symbol()
    with tempfile.TemporaryDirectory() as folder:
        run("ingest", "--store", folder, "--venue", "v", "--symbol", symbol, *grid, "--quiet", path)
        for codec in ("packed", "packed+zstd", "zstd"):
            run("upgrade", folder, "--codec", codec, "--quiet")
            run("inspect", folder, "--deep", "--quiet")
            bytes_of, rows, file_bytes = collections.Counter(), 0, 0
            for day in pathlib.Path(folder).glob("v/*/????-??-??.h5"):
                manifest = json.loads(run("inspect", day, "--manifest", "--json", "--quiet"))
                manifest = manifest.get("manifest", manifest)
                rows += manifest["rows"]
                file_bytes += day.stat().st_size
                for chunk in manifest["chunks"]:
                    bytes_of[chunk["column"]] += chunk.get("encoded_bytes", 0)
            bits = " | ".join(f"{8 * bytes_of[column] / rows:.2f}" if bytes_of[column] else "-" for column in COLUMNS)
            print(f"| {name if codec == 'packed' else ''} | {rows if codec == 'packed' else ''} | {codec} | {bits} | "
                  f"{sum(bytes_of.values()) / rows:.3f} | {file_bytes / rows:.3f} |", flush=True)
