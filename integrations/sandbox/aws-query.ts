import type { AwsReply } from './aws-request.ts'
import { xml, type XmlValue } from './aws-xml.ts'

/** An answer of the Query protocol: `<ActionResponse><ActionResult>…`. */
export const queryReply = (action: string, result: XmlValue): AwsReply => ({
  status: 200,
  headers: { 'content-type': 'text/xml' },
  body: xml(`${action}Response`, { [`${action}Result`]: result, ResponseMetadata: { RequestId: 'sandbox' } }),
})
