import { Hono } from 'hono'
import { findAccount } from '../../db/queries/cloud-accounts.ts'
import { findEnvironmentOfResource } from '../../db/queries/environments.ts'
import { listEvents } from '../../db/queries/events.ts'
import { listPeople } from '../../db/queries/organizations.ts'
import { listPools } from '../../db/queries/pools.ts'
import { listFindings, type FindingRow } from '../../db/queries/recommendations.ts'
import { findResource } from '../../db/queries/resources.ts'
import type { Event } from '../../db/schema/events.ts'
import type { Resource } from '../../db/schema/resources.ts'
import { assertCan } from '../../engine/access.ts'
import { assignResources } from '../../engine/assignment/assign.ts'
import type { Context } from '../../engine/context.ts'
import { markShared } from '../../engine/environments/environment.ts'
import { notFound } from '../../engine/errors.ts'
import { getRecommendation } from '../../engine/recommendations/options.ts'
import { act } from '../act.ts'
import type { View, WebEnv } from '../env.ts'
import { evidenceOf } from '../finding-parts.ts'
import { form, postButton, select } from '../form-parts.ts'
import { show } from '../layout.ts'
import {
  code,
  columns,
  facts,
  fold,
  link,
  linkButton,
  money,
  moment,
  quiet,
  section,
  table,
  twoLines,
  type Content,
} from '../parts.ts'
import { decisionForms } from './finding.ts'
import { stateOf } from './resources.ts'
import { spendFigure } from './spend-figure.ts'
