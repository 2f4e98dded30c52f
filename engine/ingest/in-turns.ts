/**
 * Runs `work` for every item, at most `atOnce` side by side; answers lie in the order of the items. After a throw nothing
 * more is begun, and what was begun is over when it is thrown: nothing goes on behind the caller's back.
 */
export async function inTurns<T, R>(items: T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = []
  const failures: unknown[] = []
  const waiting = items.entries()
  const lane = async () => {
    for (const [n, item] of waiting) {
      if (failures.length) return
      try {
        answers[n] = await work(item)
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane))
  if (failures.length) throw failures[0]
  return answers
}
