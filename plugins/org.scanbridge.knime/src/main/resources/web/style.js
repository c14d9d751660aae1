// The style of all pages. A script, because KNIME serves style sheets without a content type, and a browser may refuse those;
// loaded in the head and not as a module, so that the page is never shown without it. Light whatever the system says: so is KNIME
// around it.
'use strict';
document.head.append(Object.assign(document.createElement('style'), { textContent: `
:root { --ink: #1b1f24; --soft: #57606a; --line: #d8dee4; --paper: #fff; --band: #f6f8fa; --mark: #fff3bf; }
* { box-sizing: border-box; }
html, body { margin: 0; height: 100%; }
body { color: var(--ink); background: var(--paper); font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
#message { padding: 24px; }
main { padding: 12px 16px 40px; overflow-wrap: anywhere; }
main[hidden] { display: none; }
.controls { display: flex; flex-wrap: wrap; gap: 8px 18px; align-items: center; margin-bottom: 8px; }
.controls label { display: flex; gap: 6px; align-items: center; max-width: 100%; white-space: nowrap; }
select { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 4px; padding: 3px 6px; max-width: 40ch; min-width: 0; }
.soft { color: var(--soft); }
h2 { font-size: 1.1em; margin: 22px 0 6px; padding-bottom: 3px; border-bottom: 1px solid var(--line); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 4px 0; }
.legend span { display: flex; align-items: baseline; }
.legend i { flex: none; display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 6px; vertical-align: -1px; }
.charts { display: flex; flex-wrap: wrap; gap: 10px 24px; align-items: flex-start; }
svg { display: block; max-width: 100%; height: auto; }
svg text { fill: var(--soft); font: 11px system-ui, sans-serif; }
svg text.title { fill: var(--ink); font-weight: 600; font-size: 12.5px; }
svg text.end { text-anchor: end; }
svg text.mid { text-anchor: middle; }
svg .grid { stroke: var(--line); }
svg .frame { stroke: var(--soft); }
svg circle { cursor: pointer; }
svg circle.chosen { stroke: var(--ink); stroke-width: 2; }
.scroll { overflow: auto; max-height: 480px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 3px 10px; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { font-weight: 600; background: var(--band); position: sticky; top: 0; }
th.text, td.text { text-align: left; }
th.sortable { cursor: pointer; }
tr.chosen td { background: var(--mark); }
` }));
