"""Every file of ../shared/ticks through `tickfold ingest --dry-run`, without a config: the source is guessed and rows_read is
what COUNTS.tsv says, counted there by a reader written apart from ours. Prints what was guessed."""
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TICKS = ROOT.parent / "shared/ticks"
TICKFOLD = os.environ.get("TICKFOLD", str(ROOT / "build/release/tickfold"))

# One instrument of each recording; any other file is asked for by the symbol in its path.
SYMBOLS = {
    "cryptofeed/BINANCE.ws.1.0": "NKNUSDT", "cryptofeed/BINANCE_DELIVERY.ws.1.0": "XRPUSD_PERP",
    "cryptofeed/BITMEX.ws.1.0": "XBTUSD", "cryptofeed/BITSTAMP.ws.1.0": "batbtc", "cryptofeed/BYBIT.ws.25.0": "LTCUSDT",
    "cryptofeed/COINBASE.ws.28.0": "SKL-USD", "cryptofeed/DERIBIT.ws.1.0": "ETH-30JUL21-2800-C",
    "cryptofeed/KRAKEN.ws.48.0": "SC/EUR", "cryptofeed/KRAKEN.ws.49.0": "SC/EUR", "cryptofeed/KRAKEN.ws.50.0": "XMR/USD",
    "cryptofeed/OKX.ws.1.0": "BTC-USDT", "hftbacktest/cm": "BTCUSD_PERP", "hftbacktest/hyperliquid": "BTC",
    "hftbacktest/spot": "BTCUSDT", "hftbacktest/usdm": "ETHUSDT", "LIVE": "ESZ4", "XNAS.ITCH": "NVDA", "databento": "ESH1",
    "dukascopy": "EURUSD", "xauusd": "XAUUSD", "lean-fx": "EURUSD", "pyalgotrade": "BTCUSD",
}
# Not decided by the bytes and the path alone: seconds, price, amount are written by two; an hour file copied out of its
# folders has no hour. part of the path -> what a user has to say.
NAMED = {
    "bitstampUSD.csv": ("--source", "csv", "--preset", "bitcoincharts"),
    "test.bi5": ("--source", "bi5", "--set", "hour=2019-02-04T05"),
    "sample_tick_data.json": ("--source", "dukascopy_json"),
}
# Inputs without a single tick are refused with exit 65 and the reason; what is no input at all as well.
NO_TICKS = ("definition", "statistics", "status", "imbalance", "ohlcv-1d")
REFUSED = {".dbz": "dbz", ".frag": "", "frag.zst": ""}


def symbol_of(path):
    return next((symbol for part, symbol in SYMBOLS.items() if part in path), "ANY")


def dry_run(path, *more):
    symbol = symbol_of(path)
    if "/" in symbol:  # no name of a folder: the store's name and the venue's are said apart
        more = (*more, "--set", f"symbol={symbol}")
    done = subprocess.run([TICKFOLD, "ingest", "--dry-run", "--json", "--quiet", "--venue", "any", "--symbol",
                           symbol.replace("/", "-"), *more, str(TICKS / path)],
                          capture_output=True, text=True, timeout=300)
    document = json.loads(done.stdout) if done.stdout else {}
    return done.returncode, document, done.stderr.strip()


def main():
    if not TICKS.exists():
        print("skipped: no ../shared/ticks")
        return 77
    wrong, rows = [], []
    for line in (TICKS / "COUNTS.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        path, _, count = line.split("\t")[:3]
        flags = next((flags for part, flags in NAMED.items() if part in path), ())
        code, document, said = dry_run(path, *flags)
        read = document.get("rows_read")
        guessed = "; ".join(document.get("guessed", []))[:110]
        rows.append((path, count, "-" if read is None else str(read), str(code), guessed or said.split("\n")[0][-110:]))

        def complain(what):
            wrong.append(f"{path}: {what} (exit {code}: {said[-300:]})")

        refused = next((word for end, word in REFUSED.items() if path.endswith(end)), None)
        if refused is not None:
            if code != 65 or refused not in said:
                complain(f"expected exit 65 and a word of {refused!r}")
            continue
        if count.isdigit() and read != int(count):
            complain(f"rows_read {read}, expected {count}")
        if read is not None and read != document["rows_stored"] + document["rows_refused"]:
            complain("rows read are not rows stored + rows refused")
        empty = any(f"test_data.{kind}" in path for kind in NO_TICKS) or count == "0"
        if empty and count != "1" and code not in (0, 65):
            complain("expected exit 65: there is no tick in it")
        if not empty and code != 0:
            complain("expected exit 0")
        if not empty and not document.get("guessed"):
            complain("nothing was guessed")
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row[:4], widths)), "", row[4])
    for one in wrong:
        print("WRONG", one)
    print(f"{len(rows)} files, {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
