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
li { min-height: 1.55rem; }
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
summary { cursor: pointer; color: var(--muted); font-size: .87rem; }
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
table.matrix th:first-child { width: 36%; }
table.matrix td:nth-child(2), table.matrix thead th:nth-child(2) { text-align: right; padding-right: 1.25rem; font-variant-numeric: tabular-nums; }
table.matrix td:nth-child(n+3) { width: 18%; }
table.matrix th code { display: block; }
table.flows { min-width: 58rem; }
table.flows th:nth-child(n+2):nth-child(-n+5) { width: 17%; }
table.flows tbody th, table.flows time { white-space: nowrap; font-variant-numeric: tabular-nums; }
.badge { white-space: nowrap; color: var(--muted); }
.badge .sign { display: inline-block; width: 1.15em; font-weight: 700; text-align: center; }
.badge.pass { color: var(--pass); }
.badge.fail, .badge.error { color: var(--fail); }
.badge.fail { font-weight: 700; }
.badge.unknown { color: var(--unknown); }
.badge.informational { color: var(--accent); }
.signs { white-space: nowrap; line-height: 1.6rem; }
a { color: var(--accent); text-underline-offset: .15em; }
h4 a.anchor { color: inherit; text-decoration: none; }
h4 a.anchor:hover, h4 a.anchor:focus-visible { text-decoration: underline; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
article:target, tr:target { box-shadow: 0 0 0 3px var(--accent); }
h2, h3, article, tr { scroll-margin-top: 4.5rem; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem .9rem; background: var(--ground); }
.hint { color: var(--muted); }
.hint { font-size: .87rem; margin: 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.2rem, 1fr)); gap: .6rem; padding: 0; list-style: none; }
.tiles a, .tiles div { display: block; height: 100%; padding: .6rem .8rem; border: 1px solid var(--line); background: var(--raised); color: var(--text); text-decoration: none; }
.tiles a:hover { border-color: var(--accent); }
.tiles strong { display: block; font-size: 1.5rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.todo li { margin: .35rem 0; }
.todo a { font-weight: 600; }
nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; padding: .8rem 0 0; margin: 2rem 0 0; border-top: 1px solid var(--line); list-style: none; }
.toolbar { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: 1rem 0 0; padding: .6rem 0; background: var(--ground); border-bottom: 1px solid var(--line); }
.toolbar input { flex: 1 1 16rem; }
.toolbar input, .toolbar select, button { font: inherit; font-size: .9rem; padding: .35rem .6rem; color: var(--text); background: var(--ground); border: 1px solid var(--muted); border-radius: 3px; }
.found { color: var(--muted); min-width: 6rem; }
button { cursor: pointer; }
button.sort { padding: 0; border: 0; background: none; font-weight: 600; font-size: inherit; text-align: left; }
button.sort:hover { text-decoration: underline; }
th[aria-sort=ascending] button::after { content: " ▲"; }
th[aria-sort=descending] button::after { content: " ▼"; }
button.copy { margin-top: .3rem; padding: .1rem .5rem; font-size: .8rem; }
.commands li { display: flex; flex-wrap: wrap; gap: 0 .5rem; align-items: start; }
.commands small { order: 1; flex-basis: 100%; margin: 0; }
.commands code { flex: 1; }
section.finding { margin: 2rem 0; }
section.finding h3 { font-size: 1.1rem; }
.remedy { margin: 0 0 1rem; padding: 1rem 1.25rem; background: var(--raised); border-left: 4px solid var(--accent); }
.remedy h4 { color: var(--text); }
.remedy ol, .remedy p { margin: .2rem 0 .8rem; }
.remedy .label { margin: 0; color: var(--muted); font-size: .87rem; }
.commands { padding: 0; list-style: none; }
.commands code { display: block; padding: .35rem .6rem; margin-top: .3rem; background: var(--ground); border: 1px solid var(--line); user-select: all; white-space: pre-wrap; }
.accepted { color: var(--unknown); }
dd ul.notes { padding-left: 0; }
.drawing { margin: 1rem 0; }
svg { display: block; max-width: 100%; height: auto; font: 13px system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans CJK KR", "Malgun Gothic", sans-serif; }
svg text { fill: var(--text); }
svg a text { text-decoration: underline; text-underline-offset: .15em; }
svg .node rect { fill: var(--raised); stroke: var(--text); stroke-width: 1.2; }
svg .node text, svg .arrow text, svg .cell text, svg .column { text-anchor: middle; }
svg .arrow text { text-decoration: none; font-weight: 600; }
svg .column { font-weight: 600; }
svg .plate { fill: var(--ground); }
svg .line { fill: none; stroke: var(--muted); stroke-width: 1.5; }
svg .head { fill: var(--muted); }
svg .fail .line, svg .error .line { stroke: var(--fail); stroke-width: 4; }
svg .fail .head, svg .error .head { fill: var(--fail); }
svg .unknown .line { stroke: var(--unknown); stroke-width: 2; stroke-dasharray: 9 5; }
svg .unknown .head { fill: var(--unknown); }
svg .pass .line { stroke: var(--pass); stroke-width: 2; }
svg .pass .head { fill: var(--pass); }
svg .informational .line { stroke: var(--accent); stroke-width: 2; stroke-dasharray: 2 4; }
svg .informational .head { fill: var(--accent); }
svg .none .line { stroke-dasharray: 1 3; }
svg .exposed .line { stroke: var(--fail); stroke-width: 2.5; stroke-dasharray: 5 4; }
svg .exposed .head { fill: var(--fail); }
svg .cell rect { fill: var(--raised); stroke: var(--line); }
svg .cell text { font-size: 12px; }
svg .cell.fail rect, svg .cell.error rect { fill: var(--fail-ground); stroke: var(--fail); stroke-width: 2; }
svg .cell.fail text, svg .cell.error text { fill: var(--fail); font-weight: 700; }
svg .cell.pass rect { fill: var(--pass-ground); stroke: var(--pass); }
svg .cell.pass text { fill: var(--pass); }
svg .cell.unknown rect { fill: var(--unknown-ground); stroke: var(--unknown); stroke-dasharray: 4 3; }
svg .cell.unknown text { fill: var(--unknown); }
svg .lane path, svg .axis path { stroke: var(--line); }
svg .lane rect { fill: var(--fail); }
svg .axis text, svg .total { font-size: 12px; fill: var(--muted); }
svg .end { text-anchor: end; }
svg .bar rect { fill: var(--accent); }
table.flows th:nth-child(6) { min-width: 5.5rem; }
table.undecided td:nth-child(n+2) { width: 26%; }
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
  h1 { font-size: 16pt; }
  article, tr, .verdict, .remedy li, .tiles li, svg { break-inside: avoid; }
  header { break-after: page; }
  nav, .toolbar, .skip, button.copy, .filter:not([open]) { display: none; }
  button.sort { color: var(--text); }
  [hidden] { display: revert; }
  a { color: inherit; text-decoration: none; }
  .tiles { grid-template-columns: repeat(7, 1fr); gap: .2rem; }
  header h2 { margin-top: 1.1rem; }
  header h3 { margin: .6rem 0 .2rem; }
  header p, header ul, header ol { margin-top: .3rem; margin-bottom: .3rem; }
  header li, .todo li { margin: .1rem 0; }
  .verdict { padding: .5rem .8rem; margin: .5rem 0; }
  .tiles li { font-size: 8pt; }
  .tiles strong { font-size: 12pt; }
  .tiles a, .tiles div { padding: .3rem .5rem; }
  .scroll { overflow: visible; }
  table.flows { min-width: 0; font-size: 8pt; }
  thead { display: table-header-group; }
}
`;
