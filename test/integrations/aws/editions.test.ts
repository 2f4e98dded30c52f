import { describe, expect, it } from 'vitest'
import { toInstance } from '../../../integrations/aws/discover-instances.ts'
import { platformSystem, sold, systemOf } from '../../../integrations/aws/editions.ts'

describe('the system of an instance', () => {
  it('is in the words of the price list', () => {
    const { facts } = toInstance({ InstanceId: 'i-1', PlatformDetails: 'Windows with SQL Server Standard' }, 'r')
    expect(facts).toMatchObject({
      os: 'Windows',
      preinstalled: 'SQL Std',
      platform: 'Windows with SQL Server Standard',
    })
    expect(toInstance({ InstanceId: 'i-1' }, 'r').facts).not.toHaveProperty('os')
  })

  it('costs what Linux does when the licence is brought', () => {
    expect(platformSystem('Windows BYOL')).toEqual({ os: 'Linux', software: 'NA' })
    expect(platformSystem('Red Hat BYOL Linux')).toEqual({ os: 'Linux', software: 'NA' })
  })

  it('keeps its name when nobody sells it here, so that it matches no price', () => {
    expect(platformSystem('Linux with SQL Server Web')).toEqual({ os: 'Linux with SQL Server Web', software: 'NA' })
    expect(systemOf('Linux/UNIX (Amazon VPC)')).toBeUndefined()
    expect(systemOf(undefined)).toBeUndefined()
  })

  it('has one description each', () => {
    expect(sold.map(({ description }) => systemOf(description))).toEqual(
      sold.map(({ os, software }) => ({ os, software })),
    )
  })
})
