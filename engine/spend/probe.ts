import * as echarts from 'echarts'
const c = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 400, height: 240 })
c.setOption({
  animation: false,
  aria: { enabled: false },
  title: { text: 'A <b>' },
  xAxis: { type: 'category', data: ['a', 'b'] },
  yAxis: { type: 'value' },
  legend: { top: 20, data: ['x'] },
  series: [
    {
      type: 'line',
      name: 'x',
      areaStyle: {},
      symbol: 'none',
      data: [1, 2],
      silent: true,
      emphasis: { disabled: true },
    },
  ],
})
console.log(c.renderToSVGString())
