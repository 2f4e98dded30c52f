import { EC2Client, paginateDescribeSpotPriceHistory, type _InstanceType } from '@aws-sdk/client-ec2'
import type { PriceRole, SpotPrice } from '../cloud.ts'
import { awsConfig, pages, type AwsOptions } from './client.ts'
import { sold, systemOf } from './editions.ts'

/** The spot market knows systems without paid software. */
const descriptions = sold.filter(({ software }) => software === 'NA').map(({ description }) => description)

/** How the spot prices of the named machine types moved since `from`, the price that held then first. */
export const readSpotPrices = (options: AwsOptions): PriceRole<SpotPrice> =>
  async function* (credentials, { region, names, from }) {
    if (names.length === 0) return
    const client = new EC2Client(awsConfig(options, { credentials, region }))
    const answer = paginateDescribeSpotPriceHistory(
      { client, pageSize: 1000 },
      { InstanceTypes: names as _InstanceType[], ProductDescriptions: descriptions, StartTime: from },
    )
    for await (const page of pages('ec2:DescribeSpotPriceHistory', answer))
      for (const each of page.SpotPriceHistory ?? []) {
        const { AvailabilityZone: zone, InstanceType: name, SpotPrice: hourlyPrice, Timestamp: at } = each
        const os = systemOf(each.ProductDescription)?.os
        if (zone && name && os && hourlyPrice && at) yield { region, zone, name, os, hourlyPrice, at }
      }
  }
