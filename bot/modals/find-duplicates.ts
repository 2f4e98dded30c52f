import { z } from 'zod'
import { caveats } from '../../engine/duplicates/matrix.ts'
import { listCheckableBuckets, mostBuckets, StartDuplicateCheck } from '../../engine/duplicates/start.ts'
import { context, section } from '../blocks.ts'
import { startAndTell } from '../duplicates.ts'
import { modal } from './modal.ts'

const { bucketIds, minSize } = StartDuplicateCheck.shape

/** Which buckets to look for equal objects in, and how small is too small. */
export default modal({
  name: 'find-duplicates',
  title: 'Find Duplicates',
  submit: 'Find',
  fields: z.object({
    bucketIds: bucketIds.meta({ label: 'Buckets', input: 'several', placeholder: 'Choose up to 100' }),
    minSize: minSize.meta({ label: 'Only objects of at least (MB)', hint: '0: everything that is not empty.' }),
  }),
  async load(ctx) {
    const buckets = await listCheckableBuckets(ctx, { limit: mostBuckets })
    if (buckets.length === 0)
      return {
        blocks: [
          section('No bucket is known yet. Connect an AWS account; its buckets are here after the first discovery.'),
        ],
        closed: true,
      }
    const option = ({ id, name, region, accountName }: (typeof buckets)[number]) => ({
      ...{ value: id, label: name, about: [accountName, region].filter(Boolean).join(' · ') },
    })
    return {
      blocks: [
        section('Objects with equal checksum and size are found across all buckets you choose.'),
        context(...caveats),
      ],
      values: { minSize: 0 },
      choices: { bucketIds: buckets.map(option) },
      hints: buckets.length === mostBuckets ? { bucketIds: 'The 100 dearest are listed; the web view has all.' } : {},
    }
  },
  run: (ctx, { values }) => startAndTell(ctx, values),
})
