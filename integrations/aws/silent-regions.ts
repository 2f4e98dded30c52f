/**
 * A region that does not answer is asked in haste for a while: its ten parts, read one after the other, would wait two and a
 * half minutes each, and the discovery of every account waits behind that.
 */
import { CloudError, type Credentials } from '../cloud.ts'
import { hasty, type AwsOptions } from './client.ts'

const hasteMs = 30 * 60_000

type Read<T> = (credentials: Credentials, region: string) => AsyncIterable<T>

/** Gives every part two ways to ask and takes the hasty one in regions that were silent within half an hour. */
export function inPatience(options: AwsOptions): <T>(part: (options: AwsOptions) => Read<T>) => Read<T> {
  const now = options.now ?? (() => new Date())
  const silentSince = new Map<string, number>()
  const isSilent = (region: string) => now().getTime() - (silentSince.get(region) ?? -Infinity) < hasteMs
  return (part) => {
    const [patient, brief] = [part(options), part(hasty(options))]
    return async function* (credentials, region) {
      try {
        yield* (isSilent(region) ? brief : patient)(credentials, region)
        silentSince.delete(region)
      } catch (error) {
        const silent = error instanceof CloudError && error.silent
        if (silent && !isSilent(region)) silentSince.set(region, now().getTime())
        throw error
      }
    }
  }
}
