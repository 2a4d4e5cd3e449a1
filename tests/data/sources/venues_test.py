"""Websocket recordings of six venues: what `ingest` stores, exported again, against books and trades that this script
rebuilds from the same lines by itself. Files: ../shared/ticks (real)."""
import collections
import csv
import datetime
import gzip
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from decimal import Decimal

SHARED = pathlib.Path(__file__).resolve().parents[4] / "shared" / "ticks"
TICKFOLD = os.environ.get("TICKFOLD", "build/release/tickfold")
if not SHARED.is_dir():
    print("skipped: ../shared/ticks is not here")
    sys.exit(77)


def messages(path):
    opened = gzip.open(path, "rt") if path.suffix == ".gz" else open(path, errors="replace")
    with opened as file:
        for line in file:
            framed = re.match(r"^(\d+\.\d+): (.*)$|^(\d{19}) (.*)$", line)
            if framed:
                yield json.loads(framed[2] or framed[4], parse_float=Decimal)


def ns_of_iso(text):
    whole, _, fraction = text.rstrip("Z").partition(".")
    seconds = int(datetime.datetime.fromisoformat(whole + "+00:00").timestamp())
    return seconds * 10**9 + int((fraction + "0" * 9)[:9])


class Expected:
    """Book sides as price -> size, trades as (time, price, size, aggressor)."""

    def __init__(self):
        self.book, self.trades = {"bid": {}, "ask": {}}, []

    def level(self, side, price, size):
        price, size = Decimal(str(price)), Decimal(str(size))
        if size == 0:
            self.book[side].pop(price, None)
        else:
            self.book[side][price] = size

    def clear(self):
        self.book = {"bid": {}, "ask": {}}

    def trade(self, time, price, size, aggressor):
        self.trades.append((time, Decimal(str(price)), Decimal(str(size)), aggressor))


def coinbase(path, symbol):
    out = Expected()
    for message in messages(path):
        if message.get("product_id") != symbol:
            continue
        if message["type"] == "snapshot":
            out.clear()
            for side, rows in (("bid", message["bids"]), ("ask", message["asks"])):
                for price, size in rows:
                    out.level(side, price, size)
        elif message["type"] == "l2update":
            for side, price, size in message["changes"]:
                out.level("bid" if side == "buy" else "ask", price, size)
        elif message["type"] == "match":  # the side is the maker's
            out.trade(ns_of_iso(message["time"]), message["price"], message["size"], {"buy": "sell", "sell": "buy"}[message["side"]])
    return out


def bybit(path, symbol):
    out = Expected()
    for message in messages(path):
        topic = message.get("topic", "")
        if not topic.endswith("." + symbol):
            continue
        if topic.startswith("trade."):
            for row in message["data"]:
                out.trade(int(row["trade_time_ms"]) * 10**6, row["price"], row["size"], row["side"].lower())
        elif message["type"] == "snapshot":
            out.clear()
            for row in message["data"]["order_book"]:
                out.level("bid" if row["side"] == "Buy" else "ask", row["price"], row["size"])
        else:
            for row in message["data"]["delete"]:
                out.level("bid" if row["side"] == "Buy" else "ask", row["price"], 0)
            for row in message["data"]["update"] + message["data"]["insert"]:
                out.level("bid" if row["side"] == "Buy" else "ask", row["price"], row["size"])
    return out


def bitmex(path, symbol):
    out, prices = Expected(), {}
    for message in messages(path):
        rows = [row for row in message.get("data", []) if row["symbol"] == symbol]
        if message.get("table") == "orderBookL2" and rows:
            if message["action"] == "partial":
                out.clear()
            for row in rows:
                prices.setdefault(row["id"], row.get("price"))
                if "price" in row:
                    prices[row["id"]] = row["price"]
                out.level("bid" if row["side"] == "Buy" else "ask", prices[row["id"]], row.get("size", 0))
        elif message.get("table") == "trade" and message["action"] == "insert":
            for row in rows:
                out.trade(ns_of_iso(row["timestamp"]), row["price"], row["size"], row["side"].lower())
    return out


def bitstamp(path, symbol):
    out = Expected()
    for message in messages(path):
        data = message["data"]
        if message["channel"] == "diff_order_book_" + symbol and message["event"] == "data":
            for side, rows in (("bid", data["bids"]), ("ask", data["asks"])):
                for price, size in rows:
                    out.level(side, price, size)
        elif message["channel"] == "live_trades_" + symbol and message["event"] == "trade":
            out.trade(int(data["microtimestamp"]) * 1000, data["price_str"], data["amount_str"], "sell" if data["type"] else "buy")
    return out


def deribit(path, symbol):
    out = Expected()
    for message in messages(path):
        params = message.get("params", {})
        data = params.get("data", {})
        if params.get("channel", "").startswith("book." + symbol + "."):
            if data["type"] == "snapshot":
                out.clear()
            for side, rows in (("bid", data["bids"]), ("ask", data["asks"])):
                for action, price, size in rows:
                    out.level(side, price, 0 if action == "delete" else size)
    return out


def hyperliquid(path, symbol):
    out = Expected()
    for message in messages(path):
        data = message["data"]
        if message["channel"] == "l2Book" and data["coin"] == symbol:
            out.clear()
            for side, rows in zip(("bid", "ask"), data["levels"]):
                for row in rows:
                    out.level(side, row["px"], row["sz"])
        elif message["channel"] == "trades":
            for row in data:
                if row["coin"] == symbol:
                    out.trade(row["time"] * 10**6, row["px"], row["sz"], {"B": "buy", "A": "sell"}[row["side"]])
    return out


def stored(path, venue, symbol, folder):
    """Ticks of the symbol as `export` writes them, and the ingest report."""
    store = str(pathlib.Path(folder) / "store")
    done = subprocess.run([TICKFOLD, "ingest", "--store", store, "--source", "recorded", "--venue", venue, "--symbol", symbol.replace("/", "-"),
                           "--tick-size", "0.00000001", "--lot-size", "0.00000001", "--quiet", "--json", str(path)], capture_output=True, text=True)
    assert done.returncode == 0, (path.name, symbol, done.returncode, done.stderr[-1500:])
    report = json.loads(done.stdout)
    table = str(pathlib.Path(folder) / "ticks.csv")
    subprocess.run([TICKFOLD, "export", store, "--instrument", venue + "/" + symbol.replace("/", "-"), "--out", table, "--replace", "--quiet"],
                   check=True, capture_output=True)
    with open(table) as file:
        return list(csv.DictReader(file)), report


def check(path, venue, symbol, expected):
    with tempfile.TemporaryDirectory() as folder:
        ticks, report = stored(path, venue, symbol, folder)
    refused = sum(one["rows"] for one in report["refused"].values())
    assert report["rows_read"] == report["rows_stored"] + refused, report
    book, best, trades = {"bid": {}, "ask": {}}, {}, []
    for tick in ticks:
        price, size = Decimal(tick["px"]), Decimal(tick["qty"])
        if tick["kind"] == "clear":
            for side in {"buy": ["bid"], "sell": ["ask"], "": ["bid", "ask"]}[tick["side"]]:
                book[side] = {} if int(tick["flags"]) & 0x80 else book[side]
                best.pop(side, None)
        elif tick["kind"] in ("depth_bid", "depth_ask"):
            side = tick["kind"][6:]
            if size == 0:
                book[side].pop(price, None)
            else:
                book[side][price] = size
        elif tick["kind"] in ("best_bid", "best_ask"):
            best[tick["kind"][5:]] = price
        elif tick["kind"] == "trade":
            trades.append((int(tick["exch_ts"]), price, size, tick["side"]))
    assert book == expected.book, f"{path.name} {symbol}: the book differs at the end"
    # One message may hold trades of one time in any order; times themselves are kept.
    assert collections.Counter(trades) == collections.Counter(expected.trades), f"{path.name} {symbol}: {len(trades)} trades, expected {len(expected.trades)}"
    print(f"{path.name} {symbol}: {len(ticks)} ticks, {len(trades)} trades, {len(book['bid'])} + {len(book['ask'])} levels, "
          f"best {best.get('bid')} {best.get('ask')}, read {report['rows_read']}")
    return book, best, trades, report


def rows_of(name):
    with open(SHARED / "COUNTS.tsv") as file:
        return next(int(row["rows"]) for row in csv.DictReader(file, delimiter="\t") if row["path"] == name)


CASES = (("cryptofeed/COINBASE.ws.28.0", "coinbase", coinbase, ("SKL-USD", "DASH-BTC", "NU-GBP")),
         ("cryptofeed/BYBIT.ws.25.0", "bybit", bybit, ("LTCUSDT", "ETHUSDT")),
         ("cryptofeed/BITMEX.ws.1.0", "bitmex", bitmex, ("XBTUSD", "UNIUSDT")),
         ("cryptofeed/BITSTAMP.ws.1.0", "bitstamp", bitstamp, ("ethusd", "batbtc")),
         ("cryptofeed/DERIBIT.ws.1.0", "deribit", deribit, ("BTC-24SEP21-8000-P", "ETH-30JUL21-2800-C")))
for name, venue, rebuild, symbols in CASES:
    for symbol in symbols:
        expected = rebuild(SHARED / name, symbol)
        book, best, trades, report = check(SHARED / name, venue, symbol, expected)
        assert report["rows_read"] == rows_of(name), (name, report["rows_read"])
        assert any(book.values()) or venue == "deribit", (name, symbol)
        if venue not in ("bitstamp", "bitmex") and book["bid"] and book["ask"]:  # a book of deltas alone has no true top
            assert best["bid"] == max(book["bid"]) and best["ask"] == min(book["ask"]), (name, symbol, best)

hyper = sorted((SHARED / "hftbacktest" / "hyperliquid").glob("*.gz"))
for path in hyper:
    book, best, trades, report = check(path, "hyperliquid", "BTC", hyperliquid(path, "BTC"))
    assert best["bid"] == max(book["bid"]) and best["ask"] == min(book["ask"])
    assert len(trades) > 0
print("venues agree")
