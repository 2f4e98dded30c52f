import { Hono } from 'hono'
import { z } from 'zod'
import { clouds } from '../../db/vocabulary.ts'
import { writeGrant } from '../../engine/accounts/forms.ts'
import { notFound } from '../../engine/errors.ts'
import type { WebEnv } from '../env.ts'
import { download } from '../files.ts'

/** The documents that grant what is read, as downloads. */
export const connectFile = new Hono<WebEnv>().get('/files/connect/:cloud/:file', async (c) => {
  const { cloud, file: name } = c.req.param()
  const known = z.enum(clouds).safeParse(cloud)
  if (!known.success) throw notFound('There is no such file.')
  const text = await writeGrant(c.get('ctx'), { cloud: known.data, name })
  return download(c, text, { name, type: name.endsWith('.json') ? 'application/json' : 'text/plain' })
})
