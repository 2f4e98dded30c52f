/** The same system has three names at AWS: one on the price list and on bills, one for reservations and spot, none alike. */

/** As the price list and bills say it: `operatingSystem` and `preInstalledSw`. */
export type System = { os: string; software: string }

/** What we advise about, with the product description of reservations, savings plans and the spot market. */
export const sold: (System & { description: string })[] = [
  { os: 'Linux', software: 'NA', description: 'Linux/UNIX' },
  { os: 'RHEL', software: 'NA', description: 'Red Hat Enterprise Linux' },
  { os: 'SUSE', software: 'NA', description: 'SUSE Linux' },
  { os: 'Windows', software: 'NA', description: 'Windows' },
  { os: 'Windows', software: 'SQL Std', description: 'Windows with SQL Server Standard' },
  { os: 'Windows', software: 'SQL Web', description: 'Windows with SQL Server Web' },
  { os: 'Windows', software: 'SQL Ent', description: 'Windows with SQL Server Enterprise' },
]

/** Brought licences cost what Linux does. */
const free = new Set(['Red Hat BYOL Linux', 'Windows BYOL'])

/** The system an instance runs, by its `PlatformDetails`; a system without a price here keeps its name, so nothing is advised. */
export const platformSystem = (platform: string): System =>
  systemOf(free.has(platform) ? 'Linux/UNIX' : platform) ?? { os: platform, software: 'NA' }

/** The system a product description means; undefined for what we do not advise about. */
export const systemOf = (description: string | undefined): System | undefined => {
  const found = sold.find((each) => each.description === description)
  return found && { os: found.os, software: found.software }
}
