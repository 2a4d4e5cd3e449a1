#include "engine/report/assets.hpp"

namespace tf::report {

// Two palettes whose curves differ in lightness too, for eyes and printers that see no hue. Print is always light; the
// script sets data-print while it redraws the charts for paper.
const char* const kPageStyle = R"css(
:root {
  color-scheme: light;
  --page: #f4f6f8; --panel: #ffffff; --ink: #18212c; --muted: #5a6675; --line: #e1e6ec; --grid: #e9edf1;
  --candidate: #1a5fb4; --candidate-soft: rgba(26, 95, 180, .16); --incumbent: #c4690a; --price: #5f6f82;
  --buy: #12805c; --sell: #b4233a; --trial: #8fa3bb;
  --train: #7f9cc0; --validation: #b79ad6; --test: #1a5fb4; --purge: #d9822b; --embargo: #b4233a;
  --good: #12714c; --good-soft: #dff3e9; --fair: #8a5a00; --fair-soft: #fcefd2; --bad: #ab1f36; --bad-soft: #fbe3e6;
  --quiet: #52606f; --quiet-soft: #e8ecf1;
}
@media screen and (prefers-color-scheme: dark) {
  :root:not([data-print]) {
    color-scheme: dark;
    --page: #0e1319; --panel: #161d26; --ink: #e5eaf1; --muted: #9aa7b7; --line: #2a3441; --grid: #242e3a;
    --candidate: #6cb0ff; --candidate-soft: rgba(108, 176, 255, .20); --incumbent: #f2a65a; --price: #93a4b8;
    --buy: #3ecf98; --sell: #ff7b8e; --trial: #5f748d;
    --train: #4a6488; --validation: #8c6fb5; --test: #6cb0ff; --purge: #f2a65a; --embargo: #ff7b8e;
    --good: #6fdcae; --good-soft: #143527; --fair: #f5c66b; --fair-soft: #3a2c0d; --bad: #ff93a3; --bad-soft: #431c25;
    --quiet: #a9b5c4; --quiet-soft: #232d39;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 3.5rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", "DejaVu Sans", Arial, sans-serif;
}
code, td, .keys b, .keys span, .facts dd, th.figure[scope="row"] {
  font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: .87em; font-variant-numeric: tabular-nums;
}
header, main, nav ul, footer { max-width: 1180px; margin: 0 auto; padding: 0 1.25rem; }
a { color: inherit; }
:focus-visible { outline: 2px solid var(--candidate); outline-offset: 2px; }

header { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 24rem); gap: 1.25rem 2.5rem; padding-top: 2rem; padding-bottom: 1.5rem; }
h1 { font-size: 1.65rem; line-height: 1.2; font-weight: 650; letter-spacing: -.01em; margin: 0 0 .9rem; overflow-wrap: anywhere; }
.facts { margin: 0; display: flex; flex-wrap: wrap; gap: .5rem 2rem; }
.facts dt, .keys dt { color: var(--muted); font-size: .78rem; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.verdict { border-left: 3px solid var(--line); padding-left: 1.25rem; }
.verdict .badge { font-size: 1.05rem; padding: .25em .8em; }
.reason { margin: .7rem 0 0; overflow-wrap: anywhere; }
.keys { grid-column: 1 / -1; margin: 0; display: flex; flex-wrap: wrap; gap: 1px;
  background: var(--line); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.keys div { flex: 1 1 9.5rem; background: var(--panel); padding: .8rem 1rem; }
.keys dd { margin: 0; }
.keys b { display: block; font-size: 1.3rem; line-height: 1.4; font-weight: 600; }
.keys span { color: var(--muted); font-size: .78rem; }

nav { position: sticky; top: 0; z-index: 10; background: var(--page); border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
nav ul { display: flex; gap: .1rem 1.5rem; list-style: none; margin-top: 0; margin-bottom: 0; overflow-x: auto; white-space: nowrap; padding-top: .55rem; padding-bottom: .55rem; font-size: .87rem; }
nav a { color: var(--muted); text-decoration: none; }
nav a:hover { color: var(--ink); text-decoration: underline; }

main { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1.25rem; padding-top: 1.25rem; padding-bottom: 1.5rem; }
section { grid-column: 1 / -1; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 1.1rem 1.25rem 1.2rem; min-width: 0; }
section.half { grid-column: auto; }
/* A chart reaches up behind its heading, so that its buttons stand on the heading's line. */
h2 { font-size: 1.08rem; font-weight: 650; margin: 0 0 .6rem; position: relative; z-index: 1; pointer-events: none; }
.note { color: var(--muted); font-size: .85rem; margin: .6rem 0 0; max-width: 60rem; }
.muted { color: var(--muted); font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", Arial, sans-serif; }
.absent { color: var(--muted); background: var(--quiet-soft); border-radius: 6px; padding: .7rem 1rem; margin: .5rem 0 0; font-size: .9rem; overflow-wrap: anywhere; }
.absent b { font-weight: 600; color: var(--quiet); }
.chart { width: 100%; }
h2 + .chart { margin-top: -2.3rem; }
details { margin-top: .8rem; }
summary { cursor: pointer; color: var(--muted); font-size: .87rem; }

.table { overflow-x: auto; }
.table + .table, .table + .absent, .absent + .table, .lineage + .table { margin-top: 1.1rem; }
.table.long { max-height: 30rem; overflow-y: auto; }
.table.long thead th { position: sticky; top: 0; background: var(--panel); box-shadow: inset 0 -1px var(--line); }
.table.long tfoot > tr > * { position: sticky; bottom: 0; background: var(--panel); border-top: 0; box-shadow: inset 0 1px var(--muted); }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--muted); font-size: .85rem; padding-bottom: .35rem; }
th, td { text-align: left; vertical-align: top; padding: .38rem .9rem .38rem 0; border-bottom: 1px solid var(--line); }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--muted); font-size: .78rem; font-weight: 600; vertical-align: bottom; white-space: nowrap; }
tbody th { font-weight: 500; font-size: .9rem; font-variant-numeric: tabular-nums; min-width: 6.2rem; max-width: 24rem; overflow-wrap: break-word; }
tbody tr:last-child > * { border-bottom: 0; }
tfoot th, tfoot td { border-top: 1px solid var(--muted); border-bottom: 0; font-weight: 600; font-size: .87em; }
.figure { text-align: right; white-space: nowrap; }
.figure + :not(.figure) { padding-left: 1.4rem; }
td code { font-size: 1em; overflow-wrap: anywhere; }
.prose { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", Arial, sans-serif; font-size: 1.02em; }
.warn { color: var(--fair); font-weight: 600; }
.lineage { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); }

.badge { display: inline-block; border-radius: 999px; padding: .1em .65em; font-size: .8rem; font-weight: 600; white-space: nowrap; font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", Arial, sans-serif; }
.good { color: var(--good); background: var(--good-soft); }
.fair { color: var(--fair); background: var(--fair-soft); }
.bad { color: var(--bad); background: var(--bad-soft); }
.quiet { color: var(--quiet); background: var(--quiet-soft); }
.level { display: block; position: relative; min-width: 7rem; height: .55rem; margin-top: .42rem; background: var(--quiet-soft); border-radius: 3px; }
.level i { display: block; height: 100%; background: var(--trial); border-radius: 3px; }
.level.alarm i { background: var(--bad); }
.level::after { content: ""; position: absolute; left: 66.67%; top: -.15rem; bottom: -.15rem; width: 2px; background: var(--ink); }
footer { color: var(--muted); font-size: .8rem; padding-bottom: 2.5rem; }

@media (max-width: 760px) {
  header { grid-template-columns: minmax(0, 1fr); padding-top: 1.25rem; }
  main { grid-template-columns: minmax(0, 1fr); gap: .9rem; }
  header, main, nav ul, footer { padding-left: .8rem; padding-right: .8rem; }
  section { padding: .9rem .8rem 1rem; }
  section.half { grid-column: 1 / -1; }
}
@page { margin: 14mm; }
@media print {
  body { background: #fff; font-size: 10.5pt; }
  nav, summary, .modebar { display: none !important; }
  header, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  main { display: block; }
  section { border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: .8rem 0; }
  .chart, .keys, tr, .absent { break-inside: avoid; }
  h2, caption { break-after: avoid; }
  thead { display: table-header-group; }
  tfoot { display: table-row-group; }
  thead th { white-space: normal; }
  header { padding-top: 0; gap: .8rem; }
  .keys div { flex-basis: 6rem; padding: .5rem .6rem; }
  .keys b { font-size: 1rem; }
  table { font-size: .9em; }
  .table, .table.long { overflow: visible; max-height: none; }
  .table.long thead th, .table.long tfoot > tr > * { position: static; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
)css";

}  // namespace tf::report
