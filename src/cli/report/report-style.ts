/** Dark on white, a chart or table that is wider than the page scrolls by itself. */
export const REPORT_STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 16px; max-width: 960px; color: #1f2328; background: #fff }
h1 { font-size: 24px; margin: 0 } h2 { font-size: 18px; margin: 32px 0 4px } p { margin: 0 0 8px }
.totals { display: flex; flex-wrap: wrap; gap: 8px; list-style: none; margin: 16px 0; padding: 0 }
.totals li { border: 1px solid #d1d9e0; border-radius: 6px; padding: 8px 12px; min-width: 84px }
.totals b { display: block; font-size: 20px }
.chart, .table { overflow-x: auto } .chart svg { display: block; min-width: 620px; width: 100%; height: auto }
table { border-collapse: collapse; font-size: 13px } th, td { text-align: left; padding: 4px 10px; border-bottom: 1px solid #d1d9e0; white-space: nowrap }
.number { text-align: right; font-variant-numeric: tabular-nums } summary { cursor: pointer; color: #0550ae }
footer { margin: 32px 0 0; color: #57606a; font-size: 13px }
`;
