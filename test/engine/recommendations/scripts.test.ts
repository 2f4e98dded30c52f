/** The clean-up scripts run for real, against command line tools of clouds that only write down what they are asked. */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import { findings } from '../../../db/schema/recommendations.ts'
import type { Resource } from '../../../db/schema/resources.ts'
import { recommendations } from '../../../engine/recommendations/catalog.ts'
import { dismissFinding } from '../../../engine/recommendations/dismiss.ts'
import { cleanUp, scriptClouds, type CleanUpFiles } from '../../../engine/recommendations/scripts.ts'
import { world, type World } from '../../world.ts'

const volumes = 'volumes_not_attached_for_a_long_time'
const stopped = 'instances_in_stopped_state_for_a_long_time'
let w: World
let folder: string

beforeAll(async () => {
  w = await world()
})
beforeEach(async () => {
  await w.database.sql`truncate findings, dismissals, resources, accounts cascade`
  folder = mkdtempSync(join(tmpdir(), 'clean-up-'))
})

async function finding(account: Account, more: Partial<Resource> = {}, recommendation = volumes) {
  const resource = await w.resource(account, { type: 'Volume', ...more })
  const evidence = { cost_in_detached_state: '41.7049', last_seen_in_attached_state: 0 }
  const row = {
    ...{
      orgId: w.org.id,
      recommendation,
      accountId: account.id,
      resourceId: resource.id,
      key: resource.cloudResourceId,
    },
    ...{ saving: '12.4', evidence, detectedAt: w.clock.now(), checkedAt: w.clock.now() },
  }
  const [made] = await w.database.db.insert(findings).values(row).returning()
  return made!
}

/** A command line tool that appends its arguments to `calls` and answers by the body. */
function fake(tool: string, body: string): void {
  const path = join(folder, tool)
  writeFileSync(path, `#!/usr/bin/env bash\nprintf '%s %s\\n' ${tool} "$*" >> '${folder}/calls'\n${body}\n`)
  chmodSync(path, 0o755)
}

const calls = (): string[] =>
  existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') : []
const changes = () => calls().filter((call) => /delete|Delete|deallocate|StopInstances/.test(call))

function run({ script, json, fileNames }: CleanUpFiles, args: string[] = ['--yes'], input = '') {
  writeFileSync(join(folder, fileNames.script), script)
  writeFileSync(join(folder, fileNames.json), json)
  const path = `${folder}:${process.env['PATH']}`
  const ran = spawnSync('bash', [fileNames.script, ...args, fileNames.json], {
    ...{ cwd: folder, input, encoding: 'utf8' },
    env: { PATH: path, HOME: folder },
  })
  return { code: ran.status, out: ran.stdout, err: ran.stderr }
}

/** AWS with one account and volumes by id: their state, or an error code. Deleting a `locked` one fails. */
const aws = (number: string) =>
  fake(
    'aws',
    `case "$*" in
      *get-caller-identity*) echo ${number} ;;
      *describe-volumes*vol-gone*) echo 'An error occurred (InvalidVolume.NotFound)' >&2; exit 254 ;;
      *describe-volumes*vol-busy*) echo in-use ;;
      *describe-volumes*vol-secret*) echo 'An error occurred (UnauthorizedOperation)' >&2; exit 254 ;;
      *describe-volumes*) echo available ;;
      *delete-volume*vol-locked*) echo 'An error occurred (OperationNotPermitted)' >&2; exit 254 ;;
      *delete-volume*vol-raced*) echo 'An error occurred (InvalidVolume.NotFound)' >&2; exit 254 ;;
    esac`,
  )

describe('the script for AWS volumes', () => {
  const ids = ['vol-1', 'vol-gone', 'vol-busy', 'vol-locked', 'vol-secret', 'vol-raced']
  let account: Account
  let files: CleanUpFiles
  beforeEach(async () => {
    account = await w.account('aws', { name: "Lea's prod" })
    for (const cloudResourceId of ids)
      await finding(account, { cloudResourceId, name: `data ${cloudResourceId}`, region: 'eu-west-1' })
    files = await cleanUp(w.as(), { recommendation: volumes })
    aws(account.cloudAccountId)
  })

  it('looks at every volume again, deletes the free ones and lists the rest with the reason', () => {
    const { code, out } = run(files)
    expect(out).toContain('Done: 1\n  vol-1 data vol-1\n')
    expect(out).toMatch(/Already gone: 2\n(  vol-(gone|raced) .*\n){2}/)
    expect(out).toContain('Left alone: 1\n  vol-busy data vol-busy: it is in-use\n')
    expect(out).toContain('Failed: 2\n')
    expect(out).toContain('vol-locked data vol-locked: An error occurred (OperationNotPermitted)')
    expect(out).toContain('vol-secret data vol-secret: An error occurred (UnauthorizedOperation)')
    expect(code).toBe(1)
    expect(changes().toSorted()).toEqual(
      ['vol-1', 'vol-locked', 'vol-raced'].map((id) => `aws --region eu-west-1 ec2 delete-volume --volume-id ${id}`),
    )
  })

  it('changes nothing in a dry run and says what it would do', () => {
    const { code, out } = run(files, ['--dry-run'])
    expect(out).toContain('Dry run: nothing was changed.')
    expect(out).toContain('Would be done: 3\n')
    expect(changes()).toEqual([])
    expect(calls().filter((call) => call.includes('describe-volumes'))).toHaveLength(6)
    expect(code).toBe(1)
  })

  it('asks before it acts, and anything but yes changes nothing', () => {
    const { code, out, err } = run(files, [], 'y\n')
    expect(out).toContain("Delete the volume, after a snapshot if its data may be needed. Resources: 6, in Lea's prod.")
    expect(err).toContain('Nothing was changed.')
    expect(code).toBe(1)
    expect(changes()).toEqual([])
    expect(run(files, [], 'yes\n').out).toContain('Done: 1')
  })

  it('refuses when somebody is signed in to another account', () => {
    aws('999999999999')
    const { code, err } = run(files)
    expect(err).toContain(
      `You are not signed in to an account of this list: Lea's prod (aws ${account.cloudAccountId}). Nothing was changed.`,
    )
    expect(code).toBe(2)
    expect(changes()).toEqual([])
  })

  it('refuses when the tool of the cloud is not there', () => {
    execFileSync('rm', [join(folder, 'aws')])
    expect(run(files).code).toBe(2)
  })

  it('refuses another list than the one it was made for, however alike', () => {
    const other = run({ ...files, json: files.json.replace('vol-1', 'vol-2') })
    expect(other.err).toContain('is not the list this script was made for. Nothing was changed. Download both again.')
    expect(other.code).toBe(2)
    expect(calls()).toEqual([])
  })

  it('refuses a file that is no list', () => {
    expect(run({ ...files, json: '{"a": 1}' }).err).toContain('is not a list of recommendations.')
    expect(run(files, ['--force']).err).toContain('Usage: bash')
    expect(calls()).toEqual([])
  })

  it('succeeds when nothing failed', async () => {
    const rows = await w.database.sql`select id from findings where key in ('vol-1', 'vol-busy')`
    const some = await cleanUp(w.as(), { recommendation: volumes, findingIds: rows.map((row) => row['id'] as string) })
    expect(run(some)).toMatchObject({ code: 0 })
  })
})

describe('the script for AWS snapshots', () => {
  it('deletes what nothing is made from and whose volume is gone', async () => {
    const account = await w.account('aws')
    for (const id of ['snap-free', 'snap-image', 'snap-volume', 'snap-gone', 'snap-secret', 'snap-unsure'])
      await finding(account, { cloudResourceId: id, type: 'Snapshot', name: '' }, 'obsolete_snapshots')
    fake(
      'aws',
      `case "$*" in
        *get-caller-identity*) echo ${account.cloudAccountId} ;;
        *describe-snapshots*snap-gone*) echo 'An error occurred (InvalidSnapshot.NotFound)' >&2; exit 254 ;;
        *describe-snapshots*snap-secret*) echo 'An error occurred (UnauthorizedOperation)' >&2; exit 254 ;;
        *describe-snapshots*snap-volume*) echo vol-alive ;;
        *describe-snapshots*snap-unsure*) echo vol-hidden ;;
        *describe-snapshots*) echo vol-dead ;;
        *describe-images*snap-image*) echo ami-1 ;;
        *describe-volumes*vol-alive*) echo in-use ;;
        *describe-volumes*vol-hidden*) echo 'An error occurred (RequestLimitExceeded)' >&2; exit 254 ;;
        *describe-volumes*) echo 'An error occurred (InvalidVolume.NotFound)' >&2; exit 254 ;;
      esac`,
    )
    const { code, out } = run(await cleanUp(w.as(), { recommendation: 'obsolete_snapshots' }))
    expect(out).toMatch(/Done: 1\n {2}snap-free[\s\S]*gone: 1\n {2}snap-gone[\s\S]*Left alone: 2\n/)
    expect(out).toContain('snap-image snap-image: the image ami-1 is made from it')
    expect(out).toContain('snap-volume snap-volume: its volume vol-alive exists')
    expect(out).toContain('Failed: 2\n')
    expect(out).toContain('snap-secret snap-secret: An error occurred (UnauthorizedOperation)')
    expect(out).toContain('snap-unsure snap-unsure: An error occurred (RequestLimitExceeded)')
    expect(changes()).toEqual(['aws --region eu-west-1 ec2 delete-snapshot --snapshot-id snap-free'])
    expect(code).toBe(1)
  })
})

/** A finding about what is no resource: its key and its evidence say what it is. */
async function keyed(account: Account, recommendation: string, evidence: Record<string, unknown> & { name: string }) {
  const at = w.clock.now()
  const row = { orgId: w.org.id, recommendation, accountId: account.id, key: evidence.name, evidence }
  await w.database.db.insert(findings).values({ ...row, detectedAt: at, checkedAt: at })
}

describe('the script for AWS images', () => {
  it('deregisters what no instance was started from', async () => {
    const account = await w.account('aws')
    for (const name of ['ami-free', 'ami-used', 'ami-gone'])
      await keyed(account, 'obsolete_images', { cloud_resource_id: name, name, region: 'eu-west-1', snapshots: [] })
    fake(
      'aws',
      `case "$*" in
        *get-caller-identity*) echo ${account.cloudAccountId} ;;
        *describe-images*ami-gone*) echo 'An error occurred (InvalidAMIID.NotFound)' >&2; exit 254 ;;
        *describe-images*) echo available ;;
        *describe-instances*ami-used*) echo i-1 ;;
        *describe-instances*) echo '' ;;
      esac`,
    )
    const { code, out } = run(await cleanUp(w.as(), { recommendation: 'obsolete_images' }))
    expect(out).toMatch(
      /Done: 1\n {2}ami-free[\s\S]*gone: 1\n {2}ami-gone[\s\S]*ami-used: the instance i-1 was started from it/,
    )
    expect(calls().filter((call) => call.includes('deregister'))).toEqual([
      'aws --region eu-west-1 ec2 deregister-image --image-id ami-free',
    ])
    expect(code).toBe(0)
  })
})

describe('the script for inactive users', () => {
  const lastUsed = Date.parse('2026-05-01T00:00:00Z') / 1000
  /** Old: one key works; off: nothing works any more; back: used since; gone: deleted. */
  const iam = (number: string) =>
    fake(
      'aws',
      `case "$*" in
        *get-caller-identity*) echo ${number} ;;
        *'--user-name gone'*) echo 'An error occurred (NoSuchEntity)' >&2; exit 254 ;;
        *'get-user --user-name back'*) echo 2026-11-20T08:00:00+00:00 ;;
        *get-user*) echo None ;;
        *get-access-key-last-used*) echo 2026-04-30T08:00:00+00:00 ;;
        *Active*'list-access-keys --user-name off'*|*'list-access-keys --user-name off'*Active*) echo '' ;;
        *'list-access-keys --user-name'*) echo AKIA1 ;;
        *'get-login-profile --user-name old'*) echo '{}' ;;
        *get-login-profile*) echo 'An error occurred (NoSuchEntity)' >&2; exit 254 ;;
        *list-groups-for-user*) printf 'admins\\tdevelopers\\n' ;;
        *list-attached-user-policies*) echo arn:aws:iam::aws:policy/ReadOnlyAccess ;;
        *list-*) echo '' ;;
      esac`,
    )

  it('switches off what works, deletes a user of which nothing works, and leaves alone who came back', async () => {
    const account = await w.account('aws')
    for (const name of ['old', 'off', 'back', 'gone'])
      await keyed(account, 'inactive_users', {
        cloud_resource_id: `AIDA${name}`,
        name,
        region: '',
        user_name: name,
        last_used: lastUsed,
      })
    iam(account.cloudAccountId)
    const { code, out } = run(await cleanUp(w.as(), { recommendation: 'inactive_users' }))
    expect(out).toContain('Done: 2\n')
    expect(out).toContain('Already gone: 1\n  AIDAgone gone\n')
    expect(out).toContain('Left alone: 1\n  AIDAback back: it was used at 2026-11-20T08:00:00Z\n')
    const did = calls().filter((call) => / (update|delete|detach|remove|deactivate)-/.test(call))
    expect(did.filter((call) => call.includes('--user-name old'))).toEqual([
      'aws iam update-access-key --user-name old --access-key-id AKIA1 --status Inactive',
      'aws iam delete-login-profile --user-name old',
    ])
    expect(did.filter((call) => call.includes('--user-name off'))).toEqual([
      'aws iam delete-access-key --user-name off --access-key-id AKIA1',
      'aws iam detach-user-policy --user-name off --policy-arn arn:aws:iam::aws:policy/ReadOnlyAccess',
      'aws iam remove-user-from-group --user-name off --group-name admins',
      'aws iam remove-user-from-group --user-name off --group-name developers',
      'aws iam delete-user --user-name off',
    ])
    expect(did.filter((call) => /back|gone/.test(call))).toEqual([])
    expect(code).toBe(0)
  })

  it('changes nothing in a dry run', async () => {
    const account = await w.account('aws')
    await keyed(account, 'inactive_users', {
      cloud_resource_id: 'AIDA',
      name: 'old',
      region: '',
      user_name: 'old',
      last_used: lastUsed,
    })
    iam(account.cloudAccountId)
    expect(run(await cleanUp(w.as(), { recommendation: 'inactive_users' }), ['--dry-run']).out).toContain(
      'Would be done: 1\n',
    )
    expect(calls().filter((call) => / (update|delete|detach|remove|deactivate)-/.test(call))).toEqual([])
  })
})

it('one script serves several accounts: those signed in to are done, the others left alone', async () => {
  const [here, there] = [await w.account('aws'), await w.account('aws')]
  await finding(here, { cloudResourceId: 'vol-here' })
  await finding(there, { cloudResourceId: 'vol-there' })
  aws(here.cloudAccountId)
  const { code, out } = run(await cleanUp(w.as(), { recommendation: volumes }))
  expect(out).toContain('Done: 1\n  vol-here')
  expect(out).toContain('Left alone: 1\n  vol-there: of another account')
  expect(code).toBe(0)
  expect(changes()).toHaveLength(1)
})

it('Azure volumes are deleted when they are unattached', async () => {
  const account = await w.account('azure')
  for (const name of ['free', 'used', 'lost'])
    await finding(account, { cloudResourceId: `/subscriptions/s/disks/${name}`, name })
  fake(
    'az',
    `case "$*" in
      'account list'*) echo ${account.cloudAccountId} ;;
      'disk show'*free*) echo Unattached ;;
      'disk show'*used*) echo Attached ;;
      'disk show'*) echo '(ResourceNotFound) The Resource was not found' >&2; exit 3 ;;
    esac`,
  )
  const { code, out } = run(await cleanUp(w.as(), { recommendation: volumes }))
  expect(out).toMatch(/Done: 1\n .*free[\s\S]*gone: 1\n .*lost[\s\S]*alone: 1\n .*used: it is Attached/)
  expect(changes()).toEqual(['az disk delete --ids /subscriptions/s/disks/free --yes'])
  expect(code).toBe(0)
})

it('Google volumes are deleted in their own project and zone', async () => {
  const account = await w.account('gcp', { cloudAccountId: 'shop-prod' })
  const facts = { zone: 'europe-west3-a' }
  for (const name of ['free', 'used', 'lost']) await finding(account, { cloudResourceId: `1${name}`, name, facts })
  fake(
    'gcloud',
    `case "$*" in
      'projects describe'*) echo shop-prod ;;
      *'describe used'*) echo instance-1 ;;
      *'describe lost'*) echo "The resource 'lost' was not found" >&2; exit 1 ;;
    esac`,
  )
  const { out } = run(await cleanUp(w.as(), { recommendation: volumes }))
  expect(out).toMatch(/Done: 1\n .*free[\s\S]*gone: 1\n .*lost[\s\S]*alone: 1\n .*used: it is attached to instance-1/)
  expect(changes()).toEqual(['gcloud compute disks delete free --zone=europe-west3-a --project=shop-prod --quiet'])
})

it('Alibaba volumes are deleted in the region of that name', async () => {
  const account = await w.account('alibaba')
  for (const id of ['d-free', 'd-used', 'd-lost'])
    await finding(account, { cloudResourceId: id, region: 'Germany (Frankfurt)' })
  fake(
    'aliyun',
    `case "$*" in
      *GetCallerIdentity*) echo '{"AccountId": "${account.cloudAccountId}"}' ;;
      *DescribeRegions*) echo '{"Regions":{"Region":[{"RegionId":"eu-central-1","LocalName":"Germany (Frankfurt)"}]}}' ;;
      *DescribeDisks*d-free*) echo '{"Disks":{"Disk":[{"Status":"Available"}]}}' ;;
      *DescribeDisks*d-used*) echo '{"Disks":{"Disk":[{"Status":"In_use"}]}}' ;;
      *DescribeDisks*) echo '{"Disks":{"Disk":[]}}' ;;
    esac`,
  )
  const { out } = run(await cleanUp(w.as(), { recommendation: volumes }))
  expect(out).toMatch(/Done: 1\n .*d-free[\s\S]*gone: 1\n .*d-lost[\s\S]*alone: 1\n .*d-used.*: it is In_use/)
  expect(changes()).toEqual(['aliyun ecs DeleteDisk --RegionId eu-central-1 --DiskId d-free'])
})

it('Azure instances are deallocated when they are stopped', async () => {
  const account = await w.account('azure')
  for (const name of ['idle', 'busy', 'lost']) await finding(account, { cloudResourceId: `/vm/${name}`, name }, stopped)
  fake(
    'az',
    `case "$*" in
      'account list'*) echo ${account.cloudAccountId} ;;
      *get-instance-view*idle*) echo PowerState/stopped ;;
      *get-instance-view*busy*) echo PowerState/running ;;
      *get-instance-view*) echo '(ResourceNotFound)' >&2; exit 3 ;;
    esac`,
  )
  const { out } = run(await cleanUp(w.as(), { recommendation: stopped }))
  expect(out).toMatch(/Done: 1\n .*idle[\s\S]*gone: 1\n .*lost[\s\S]*alone: 1\n .*busy: it is running/)
  expect(changes()).toEqual(['az vm deallocate --ids /vm/idle'])
})

it('Alibaba instances are stopped without charge when they are stopped and charged', async () => {
  const account = await w.account('alibaba')
  for (const id of ['i-idle', 'i-busy', 'i-free', 'i-lost'])
    await finding(account, { cloudResourceId: id, region: 'eu-central-1' }, stopped)
  fake(
    'aliyun',
    `case "$*" in
      *GetCallerIdentity*) echo '{"AccountId": "${account.cloudAccountId}"}' ;;
      *i-idle*) echo '{"Instances":{"Instance":[{"Status":"Stopped","StoppedMode":"KeepCharging"}]}}' ;;
      *i-busy*) echo '{"Instances":{"Instance":[{"Status":"Running"}]}}' ;;
      *i-free*) echo '{"Instances":{"Instance":[{"Status":"Stopped","StoppedMode":"StopCharging"}]}}' ;;
      *) echo '{"Instances":{"Instance":[]}}' ;;
    esac`,
  )
  const { out } = run(await cleanUp(w.as(), { recommendation: stopped }))
  expect(out).toMatch(/Done: 1\n .*i-idle[\s\S]*gone: 1\n .*i-lost[\s\S]*alone: 2/)
  expect(changes()).toEqual([
    'aliyun ecs StopInstances --RegionId eu-central-1 --StoppedMode StopCharging --InstanceId.1 i-idle',
  ])
})

describe('the files', () => {
  it('the list has the fields of a downloaded item, with its checksum, count and saving', async () => {
    const account = await w.account('aws', { name: 'Prod' })
    const { id } = await finding(account, { cloudResourceId: 'vol-0a1', name: 'data-2', ownerId: w.lea.id })
    const { json, csv, sha256, count, saving, leftOut, fileNames } = await cleanUp(w.as(), { recommendation: volumes })
    const [item] = JSON.parse(json) as Record<string, unknown>[]
    expect(item).toMatchObject({
      ...{ cloud_account_id: account.id, cloud_account_name: 'Prod', cloud_resource_id: 'vol-0a1', cloud_type: 'aws' },
      ...{ cost_in_detached_state: 41.7, detected_at: 1795428000, is_excluded: false, last_seen_in_attached_state: 0 },
      ...{
        region: 'eu-west-1',
        resource_name: 'data-2',
        saving: 12.4,
        zone_id: null,
        owner: { id: w.lea.id, name: 'Lea' },
      },
    })
    expect(Object.keys(item!)).toEqual(Object.keys(item!).toSorted())
    expect(sha256).toBe(createHash('sha256').update(json).digest('hex'))
    expect({ count, saving, leftOut }).toEqual({ count: 1, saving: '12.4', leftOut: 0 })
    expect(fileNames).toEqual({
      script: `cleanup_${volumes}.sh`,
      json: `${volumes}-2026-11-23.json`,
      csv: `${volumes}-2026-11-23.csv`,
    })
    expect(csv).toBe(
      'Resource,Id,Account,Region,Pool,Owner,Saving per month,Cost while not attached,Last attached\r\n' +
        `data-2,vol-0a1,Prod,eu-west-1,${w.org.name},Lea,12.4,41.7049,never\r\n`,
    )
    await dismissFinding(w.as(), { findingId: id })
    await expect(cleanUp(w.as(), { recommendation: volumes })).rejects.toThrow('Nothing is left to clean up')
  })

  it('a name that is a formula is harmless in a spreadsheet', async () => {
    await finding(await w.account(), { name: '=cmd|"/c calc"!A1, x' })
    await finding(await w.account(), { name: "-2+3+cmd|' /C calc'!A0" })
    const { csv } = await cleanUp(w.as(), { recommendation: volumes })
    expect(csv).toContain("\n'-2+3+cmd|' /C calc'!A0,")
    expect(csv).toContain(`"'=cmd|""/c calc""!A1, x"`)
  })

  it('a member who still owns something gets no script for it, and is not named as who can', async () => {
    const zoe = await w.person('Zoe', 'member')
    await finding(await w.account(), { cloudResourceId: 'vol-zoe', ownerId: zoe.id })
    await expect(cleanUp(w.as(zoe), { recommendation: volumes })).rejects.toMatchObject({
      kind: 'forbidden',
      detail: { whoCan: [w.lea.id] },
    })
  })

  it('an engineer gets the script for what is theirs, and nobody’s else', async () => {
    const ann = await w.person('Ann')
    const account = await w.account()
    await finding(account, { cloudResourceId: 'vol-ann', ownerId: ann.id })
    await finding(account, { cloudResourceId: 'vol-other' })
    const { json, leftOut } = await cleanUp(w.as(ann), { recommendation: volumes })
    expect((JSON.parse(json) as { cloud_resource_id: string }[]).map((item) => item.cloud_resource_id)).toEqual([
      'vol-ann',
    ])
    expect(leftOut).toBe(1)
    await expect(cleanUp(w.as(await w.person('Bob')), { recommendation: volumes })).rejects.toThrow(
      'You cannot get clean-up scripts.',
    )
  })

  it('a recommendation without a script says so and what to do by hand', async () => {
    await expect(cleanUp(w.as(), { recommendation: 'abandoned_instances' })).rejects.toMatchObject({
      message: 'There is no clean-up script for Abandoned instances. Nothing was changed.',
      detail: { next: 'Terminate the instance.' },
    })
  })

  it('every assembled script is clean by shellcheck', async () => {
    for (const one of recommendations) {
      for (const cloud of scriptClouds(one)) {
        await finding(await w.account(cloud), {}, one.id)
        const { script, fileNames } = await cleanUp(w.as(), { recommendation: one.id })
        writeFileSync(join(folder, fileNames.script), script)
        const judged = spawnSync('shellcheck', ['--severity=style', join(folder, fileNames.script)], {
          encoding: 'utf8',
        })
        expect(judged.error).toBeUndefined()
        expect(judged.stdout).toBe('')
      }
    }
    expect(recommendations.flatMap((one) => scriptClouds(one).map((cloud) => `${one.id} ${cloud}`))).toEqual([
      'inactive_users aws',
      `${stopped} azure`,
      `${stopped} alibaba`,
      'obsolete_images aws',
      'obsolete_snapshots aws',
      `${volumes} aws`,
      `${volumes} azure`,
      `${volumes} gcp`,
      `${volumes} alibaba`,
    ])
  })
})
