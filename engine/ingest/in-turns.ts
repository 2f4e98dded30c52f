/**
 * Runs `work` for every item, at most `atOnce` side by side; answers lie in the order of the items. After a throw nothing
 * more begins; what is under way is waited for, then the first error is thrown.
 */
export async function inTurns<T, R>(items: T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = []
  const errors: unknown[] = []
  const waiting = items.entries()
  const lane = async () => {
    for (const [n, item] of waiting) {
      try {
        answers[n] = await work(item)
      } catch (error) {
        errors.push(error)
      }
      if (errors.length) return
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane))
  if (errors.length) throw errors[0]
  return answers
}
