/** Light, dark and print. Text keeps a contrast of at least 4.5 to its ground (WCAG 2.2, 1.4.3); results differ by sign as well as colour. */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --raised: #f6f7f9; --line: #d9dde3; --text: #1c2129; --muted: #57606c; --accent: #1f4e79;
  --fail: #a4161a; --pass: #1b6b3a; --unknown: #7a5200; --fail-ground: #fbeceb; --pass-ground: #ebf5ee; --unknown-ground: #fbf3e0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171b; --raised: #1c2026; --line: #343a43; --text: #e4e7eb; --muted: #a3abb6; --accent: #8db8e8;
    --fail: #ff9d96; --pass: #84d6a0; --unknown: #e8bf6a; --fail-ground: #331a1b; --pass-ground: #16291d; --unknown-ground: #2e2513;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2.5rem 1.5rem 4rem; max-width: 72rem; background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans CJK KR", "Malgun Gothic", sans-serif; }
:lang(ko) { word-break: keep-all; }
h1, h2, h3, h4 { line-height: 1.25; font-weight: 600; }
h1 { font-size: 1.9rem; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.75rem 0 .75rem; padding-bottom: .35rem; border-bottom: 2px solid var(--accent); }
h3 { font-size: 1rem; margin: 1.5rem 0 .75rem; }
h4 { font-size: .95rem; margin: 0 0 .5rem; color: var(--fail); }
p, ul, dl { margin: .5rem 0; }
ul { padding-left: 1.2rem; }
.overline { margin: 0 0 .25rem; color: var(--accent); font-weight: 600; letter-spacing: .04em; }
.subject { margin: 0 0 1.25rem; color: var(--muted); }
.verdict { padding: 1rem 1.25rem; border: 1px solid var(--line); border-left: 6px solid var(--unknown); background: var(--unknown-ground); }
.verdict p { margin: .1rem 0; }
.verdict .word { font-size: 1.35rem; font-weight: 700; letter-spacing: .03em; color: var(--unknown); }
.verdict.failed { border-left-color: var(--fail); background: var(--fail-ground); }
.verdict.failed .word { color: var(--fail); }
.verdict.passed { border-left-color: var(--pass); background: var(--pass-ground); }
.verdict.passed .word { color: var(--pass); }
.notice { padding: .6rem .9rem; border-left: 4px solid var(--accent); background: var(--raised); }
article { margin: 0 0 1rem; padding: 1rem 1.25rem; border: 1px solid var(--line); border-left: 4px solid var(--fail); overflow-wrap: anywhere; }
article h4:not(:first-child) { margin-top: 1.1rem; }
dl { display: grid; grid-template-columns: 6rem 1fr; gap: .25rem 1rem; margin: 0 0 .5rem; }
dt { color: var(--muted); }
dd { margin: 0; }
dd ul { margin: 0; padding: 0; list-style: none; }
.flow { color: var(--muted); font-size: .87rem; }
.filter { margin-bottom: 0; }
.filter span { display: block; color: var(--muted); font-size: .87rem; }
.filter code { display: block; padding: .45rem .7rem; background: var(--raised); border: 1px solid var(--line); user-select: all; }
code { font: .87em/1.45 ui-monospace, "Cascadia Mono", Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
h3 code, th code, td code, li code { color: var(--muted); font-weight: 400; }
.hash { word-break: break-all; }
.scroll { overflow-x: auto; margin: .5rem 0 1rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; color: var(--muted); font-size: .87rem; padding-bottom: .4rem; }
th, td { padding: .45rem .75rem .45rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { border-bottom: 1px solid var(--muted); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 400; }
td ul { margin: 0; padding-left: 1rem; }
small { display: block; color: var(--muted); font-size: .87em; }
table.counts { width: auto; min-width: 22rem; }
table.counts td, table.counts thead th:not(:first-child) { text-align: right; font-variant-numeric: tabular-nums; }
table.matrix th:first-child { width: 36%; }
table.matrix td:nth-child(2), table.matrix thead th:nth-child(2) { text-align: right; padding-right: 1.25rem; font-variant-numeric: tabular-nums; }
table.matrix td:nth-child(n+3) { width: 18%; }
table.matrix th code { display: block; }
table.flows { min-width: 60rem; }
table.flows th:nth-child(n+2):nth-child(-n+5) { width: 17%; }
table.flows tbody th, table.flows time { white-space: nowrap; font-variant-numeric: tabular-nums; }
.badge { white-space: nowrap; color: var(--muted); }
.badge .sign { display: inline-block; width: 1.15em; font-weight: 700; text-align: center; }
.badge.pass { color: var(--pass); }
.badge.fail, .badge.error { color: var(--fail); }
.badge.fail { font-weight: 700; }
.badge.unknown { color: var(--unknown); }
.badge.informational { color: var(--accent); }
.signs { white-space: nowrap; }
.columns { columns: 2 22rem; column-gap: 2rem; }
.columns li { break-inside: avoid; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@page { size: A4; margin: 16mm 14mm; }
@media print {
  :root {
    --ground: #ffffff; --raised: #ffffff; --line: #bfc4cb; --text: #000000; --muted: #454c55; --accent: #1f4e79;
    --fail: #8c1014; --pass: #14532d; --unknown: #664400; --fail-ground: #ffffff; --pass-ground: #ffffff; --unknown-ground: #ffffff;
  }
  html { font-size: 10.5pt; }
  body { max-width: none; padding: 0; font-size: 9.5pt; }
  h2, h3, h4 { break-after: avoid; }
  article, tr, .verdict { break-inside: avoid; }
  .scroll { overflow: visible; }
  table.flows { min-width: 0; font-size: 8pt; }
  thead { display: table-header-group; }
}
`;
