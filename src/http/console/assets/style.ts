/** All of the look: colours of both schemes keep the contrast of WCAG 2.2 AA. */
export const STYLE = `
:root { color-scheme: light dark; --page: #ffffff; --text: #1f2328; --soft: #57606a; --line: #d1d9e0; --panel: #f6f8fa; --link: #0550ae;
  --good: #1a7f37; --bad: #b42318; --warn: #8a5a00; --calm: #57606a; --bar: #0969da; --on: #ffffff;
  --gap: #cf222e; --pending: #bf8700; --truncated: #8250df; --unscheduled: #8c959f; --disabled: #b7bfc7 }
@media (prefers-color-scheme: dark) { :root { --page: #0d1117; --text: #e6edf3; --soft: #a2abb5; --line: #3d444d; --panel: #151b23; --link: #79b8ff;
  --good: #56d364; --bad: #ff8f86; --warn: #e3b341; --calm: #a2abb5; --bar: #58a6ff; --on: #0d1117;
  --gap: #f85149; --pending: #d29922; --truncated: #b583ff; --unscheduled: #6e7681; --disabled: #4b535d } }
* { box-sizing: border-box }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); overflow-wrap: anywhere }
a { color: var(--link) } :focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
.skip { position: absolute; left: 8px; top: -60px; padding: 8px 12px; background: var(--page); z-index: 2 } .skip:focus { top: 8px }
.heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.top { display: flex; flex-wrap: wrap; gap: 4px 20px; align-items: baseline; padding: 10px 16px; border-bottom: 1px solid var(--line); background: var(--panel) }
.brand { font-weight: 700; font-size: 17px; color: var(--text); text-decoration: none; padding: 4px 0 }
nav ul { display: flex; flex-wrap: wrap; gap: 2px 4px; list-style: none; margin: 0; padding: 0 }
nav a { display: inline-block; padding: 4px 8px; border-radius: 6px; text-decoration: none } nav a[aria-current] { background: var(--link); color: var(--on) }
main { padding: 8px 16px 24px; max-width: 1240px; margin: 0 auto } main:focus { outline: none }
footer { padding: 12px 16px 24px; max-width: 1240px; margin: 0 auto; color: var(--soft); font-size: 13px; border-top: 1px solid var(--line) }
h1 { font-size: 24px; margin: 8px 0 } h2 { font-size: 18px; margin: 28px 0 6px } h3 { font-size: 15px; margin: 16px 0 4px } p { margin: 0 0 8px }
.scroll { overflow-x: auto; max-width: 100% } table { border-collapse: collapse; font-size: 14px }
th, td { text-align: left; vertical-align: top; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); overflow-wrap: normal; max-width: 44em }
th[scope=row] { font-weight: 400 } td.cell { white-space: pre-wrap; overflow-wrap: anywhere } .number { text-align: right; font-variant-numeric: tabular-nums }
.none, .since { color: var(--soft) } .clear { color: var(--good); font-size: 17px } .failed { color: var(--bad) } .needs li { margin: 0 0 10px }
.badge { display: inline-block; padding: 0 8px; border-radius: 10px; border: 1px solid currentColor; font-size: 13px; white-space: nowrap }
.badge.good { color: var(--good) } .badge.bad { color: var(--bad) } .badge.warn { color: var(--warn) } .badge.calm { color: var(--calm) }
pre { margin: 0; padding: 10px 12px; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; overflow: auto; max-height: 32em; font-size: 13px; line-height: 1.45 }
pre .at { color: var(--soft); user-select: none } pre .mark { font-weight: 600 } pre .mark.bad { color: var(--bad) } pre .mark.warn { color: var(--warn) } pre .mark.calm { color: var(--calm) }
.parts { display: flex; list-style: none; margin: 0; padding: 0; font-size: 13px } .parts li { flex: 1 1 0; min-width: 0 } .parts a { display: inline-block; padding: 4px 2px; min-height: 24px; min-width: 24px } code { font-family: ui-monospace, monospace }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 250px), 1fr)); gap: 6px 20px; margin: 8px 0 } .facts div { min-width: 0 }
dt { color: var(--soft); font-size: 13px } dd { margin: 0 }
form.filter { display: flex; flex-wrap: wrap; gap: 8px 14px; align-items: end; margin: 8px 0 12px } label { display: block; font-size: 13px; color: var(--soft) }
.inline { display: inline } input, select, textarea, button { font: inherit; color: var(--text); background: var(--page); border: 1px solid var(--soft); border-radius: 6px; padding: 5px 9px; max-width: 100% }
textarea { width: 100%; font-family: ui-monospace, monospace; font-size: 14px } button, .button { cursor: pointer; background: var(--panel); min-height: 28px }
.button { display: inline-block; border: 1px solid var(--soft); border-radius: 6px; padding: 4px 10px; text-decoration: none }
.links a { display: inline-block; min-height: 24px } form + p { margin-top: 14px } button.link { border: 0; background: none; color: var(--link); text-decoration: underline; padding: 2px 4px } button.danger { border-color: var(--bad); color: var(--bad) }
figure { margin: 0 } figcaption { display: flex; justify-content: space-between; gap: 8px; flex-wrap: wrap; color: var(--soft); font-size: 13px } summary { cursor: pointer; color: var(--link); padding: 3px 0 }
.chart { display: block; width: 100%; height: 174px } .chart text { fill: var(--soft); font-size: 12px } .grid { stroke: var(--line); vector-effect: non-scaling-stroke } .coverage, .timeline { display: block; width: 100%; height: 18px; min-width: 120px } .timeline { height: 44px }
.bar { fill: var(--bar) } .rest { fill: var(--line) } .good { fill: var(--good) } .bad { fill: var(--bad) } .warn { fill: var(--warn) }
.covered { fill: var(--good) } .gap { fill: var(--gap) } .pending { fill: var(--pending) } .truncated { fill: var(--truncated) } .unscheduled { fill: var(--unscheduled) } .disabled { fill: var(--disabled) }
.line0 { color: var(--bar) } .line1 { color: var(--bad) } .line2 { color: var(--good) } .line3 { color: var(--warn) } .line4 { color: var(--truncated) } .line5 { color: var(--soft) }
.lines path { fill: none; stroke: currentColor; stroke-width: 2; vector-effect: non-scaling-stroke } .lines path.grid { stroke: var(--line); stroke-width: 1 }
.lines path.area { fill: currentColor; fill-opacity: .3; stroke: none } .lines path.dots { stroke-width: 6; stroke-linecap: round } .legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 14px; padding: 0; margin: 4px 0 }
.key { display: inline-block; width: 12px; height: 12px; margin: 0 5px 0 0; vertical-align: -1px }
.matrix { display: flex; gap: 8px; overflow-x: auto; padding: 2px } .tactic { flex: 0 0 190px } .tactic h3 { font-size: 14px; min-height: 2.6em } .tactic ul { list-style: none; margin: 0; padding: 0 }
.tactic li { border: 1px solid var(--line); border-left: 4px solid var(--warn); border-radius: 4px; margin: 0 0 6px; padding: 4px 8px; font-size: 13px } .tactic li.tested { border-left-color: var(--good) } .tactic li.off { border-left-color: var(--line) }
.sign { max-width: 26em; margin: 8vh auto; padding: 0 16px } .sign input { width: 100%; margin: 4px 0 12px }
.pager { margin: 12px 0; display: flex; flex-wrap: wrap; gap: 8px 16px } .notice { border: 1px solid var(--good); border-radius: 6px; padding: 8px 12px; margin: 8px 0 }
@media (max-width: 480px) { main, .top, footer { padding-left: 10px; padding-right: 10px } h1 { font-size: 21px } }
`;

export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6" fill="none" stroke="#0969da" stroke-width="2"/><path d="M8 1v5M8 10v5M1 8h5M10 8h5" stroke="#0969da" stroke-width="2"/></svg>`;
