import { BarChart, CustomChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import { type EChartsCoreOption, init, setPlatformAPI, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { textWidth } from './text-width.ts';

use([BarChart, LineChart, CustomChart, GridComponent, LegendComponent, SVGRenderer]);

// The library goes by one font, in others labels were cut at the edge.
setPlatformAPI({ measureText: (text, font) => ({ width: textWidth(text, font) }) });

const WIDTH = 920;
/** Readable on white. */
const TEXT = '#24292f';
const FONT = 'system-ui, sans-serif';

/** A chart as SVG that needs no script; texts are escaped by the library. `label` is what a screen reader says of it. */
export function drawSvg(option: EChartsCoreOption, height: number, label: string): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  try {
    const textStyle = { color: TEXT, fontFamily: FONT };
    chart.setOption({ animation: false, useUTC: true, backgroundColor: 'transparent', textStyle, ...option });
    const svg = chart.renderToSVGString();
    return svg.replace('<svg ', `<svg role="img" aria-label="${label}" `);
  } finally {
    chart.dispose();
  }
}
