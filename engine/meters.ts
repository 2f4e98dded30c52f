/** What is measured, on the one registry `/metrics` serves. Doors observe; nobody reads these in code. */
import { collectDefaultMetrics, Histogram, register } from 'prom-client'

collectDefaultMetrics()

/** Seconds of a web request by method, route pattern and status. */
export const httpSeconds = new Histogram({
  name: 'finops_http_seconds',
  help: 'Time to answer a web request',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10],
})

/** Seconds until a Slack payload was acknowledged, by its kind; Slack gives up after 3. */
export const slackAckSeconds = new Histogram({
  name: 'finops_slack_ack_seconds',
  help: 'Time to acknowledge a payload from Slack',
  labelNames: ['kind'],
  buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 2, 3],
})

/** The registry in the text format of Prometheus, and its content type. */
export const readMeters = async (): Promise<{ text: string; contentType: string }> => ({
  text: await register.metrics(),
  contentType: register.contentType,
})
