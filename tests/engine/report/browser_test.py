"""The report in a real browser: charts are drawn, nothing of the document runs, the console stays silent.

Needs chromium and plotly.js; exits 77 without them. `--screenshot FOLDER` leaves pictures of every page there.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[3]
PLOTLY = SOURCE / ".deps/py/plotly/package_data/plotly.min.js"
PROGRAM = pathlib.Path(os.environ.get("TF_BUILD_DIR", SOURCE / "build/release")) / "test_engine_report_report"
CHARTS = ["calibration", "equity", "folds", "paired", "price", "trials"]
DARK = "--blink-settings=preferredColorScheme=0"


def skip(why):
    print("skipped:", why)
    sys.exit(77)


def browser():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return name
    skip("no chromium")


def visit(page, profile, *options):
    """What chromium prints on stdout for the page, and the lines of its console."""
    command = [browser(), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={profile}",
               "--enable-logging=stderr", "--v=0", "--virtual-time-budget=8000", *options, page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def chart(dom, name):
    """The markup of one chart, up to the next place that ends a section."""
    begin = dom.index(f'id="chart-{name}"')
    return dom[begin:dom.index("</section>", begin)]


def check(holds, what):
    if not holds:
        sys.exit("failed: " + what)
    print("ok:", what)


def check_charts(dom, page, marks):
    """`marks`: upright lines in the histogram of trials; the candidate's needs a scorecard of that name."""
    check(f'data-drawn="{len(CHARTS)}"' in dom, f"{page}: the script drew {len(CHARTS)} charts")
    for name in CHARTS:
        check('class="main-svg"' in chart(dom, name), f"{page}: {name} has a drawing")
    lines = {"equity": 5, "price": 3, "calibration": 2, "trials": marks, "paired": 1}
    for name, count in lines.items():
        found = len(re.findall(r'<g class="trace scatter ', chart(dom, name)))
        check(found == count, f"{page}: {name} shows {count} lines or marks (found {found})")
    bars = {"folds": 30, "calibration": 10}
    for name, count in bars.items():
        found = len(re.findall(r'<g class="point"><path ', chart(dom, name)))
        check(found == count, f"{page}: {name} shows {count} bars (found {found})")
    check(len(re.findall(r'<g class="point"><path ', chart(dom, "trials"))) > 5, f"{page}: trials shows a histogram")
    check("sendChartToCloud" not in dom and "cloud.plotly.com" not in dom, f"{page}: no button sends a chart away")
    check("NaN" not in re.sub(r"<script.*?</script>", "", dom, flags=re.S), f"{page}: nothing is drawn at NaN")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--screenshot", type=pathlib.Path, metavar="FOLDER")
    pictures = arguments.parse_args().screenshot
    browser()
    if not PLOTLY.exists():
        skip("plotly.js is not installed")
    if not PROGRAM.exists():
        skip(f"{PROGRAM} is not built")

    with tempfile.TemporaryDirectory() as folder:
        root, profile = pathlib.Path(folder) / "pages", pathlib.Path(folder) / "profile"
        environment = dict(os.environ, TF_REPORT_SAMPLE_DIR=str(root), TF_REPORT_PLOTLY=str(PLOTLY))
        subprocess.run([PROGRAM, "--test-case=a sample page*"], env=environment, check=True, capture_output=True)
        page = {name: root / name / "index.html" for name in ("full", "hostile", "bare")}

        dom, console = visit(page["full"], profile, "--dump-dom")
        check(not console, f"full: the console is silent {console}")
        check_charts(dom, "full", marks=2)
        check("background: rgb(255, 255, 255)" in chart(dom, "equity"), "full: charts are light where light is preferred")

        dark, console = visit(page["full"], profile, "--dump-dom", DARK)
        check(not console, f"dark: the console is silent {console}")
        check("background: rgb(22, 29, 38)" in chart(dark, "equity"), "dark: charts are dark where dark is preferred")

        dom, console = visit(page["hostile"], profile, "--dump-dom")
        check(not console, f"hostile: the console is silent {console}")
        check_charts(dom, "hostile", marks=1)
        check("data-pwned" not in dom, "hostile: nothing of the document ran")
        check("<img" not in dom, "hostile: nothing of the document became an element")

        dom, console = visit(page["bare"], profile, "--dump-dom")
        check(not console, f"bare: the console is silent {console}")
        check("main-svg" not in dom and dom.count("Not available:") >= 12, "bare: every part says that it is not available")

        (root / "full/plotly.min.js").rename(root / "full/elsewhere.js")
        dom, _ = visit(page["full"], profile, "--dump-dom")
        check(dom.count('class="absent">Not drawn: plotly.min.js is not beside this page.') == len(CHARTS),
              "without plotly.js the page says what is missing")
        (root / "full/elsewhere.js").rename(root / "full/plotly.min.js")

        if pictures:
            pictures.mkdir(parents=True, exist_ok=True)
            shots = {"light": ("full", "1280,5400"), "dark": ("full", "1280,5400", DARK), "phone": ("full", "500,7400"),
                     "hostile": ("hostile", "1280,6000"), "bare": ("bare", "1280,1900")}
            for name, (which, size, *options) in shots.items():
                visit(page[which], profile, f"--window-size={size}", f"--screenshot={pictures / (name + '.png')}", *options)
            visit(page["full"], profile, f"--print-to-pdf={pictures / 'print.pdf'}", "--no-pdf-header-footer")
            visit(page["full"], profile, f"--print-to-pdf={pictures / 'print_dark.pdf'}", "--no-pdf-header-footer", DARK)


main()
