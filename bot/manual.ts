/** What can be asked: the words of every command, for help, the palette, Slack's hints and the closest match on a miss. */
export type CommandDoc = {
  verb: string
  /** Which slash command it belongs to besides `/finops`. */
  door: 'finops' | 'env' | 'cost'
  summary: string
  usage: string
  examples: string[]
  aliases: string[]
  effect: 'none' | 'reversible' | 'irreversible'
}

export type Manual = readonly CommandDoc[]

/** The document of a verb or alias, or null. */
export const findDoc = (manual: Manual, verb: string): CommandDoc | null =>
  manual.find((doc) => doc.verb === verb || doc.aliases.includes(verb)) ?? null
