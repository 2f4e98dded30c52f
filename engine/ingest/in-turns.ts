/** Runs `work` for every item, at most `atOnce` side by side; answers lie in the order of the items. The first throw ends it. */
export async function inTurns<T, R>(items: T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = []
  const waiting = items.entries()
  const lane = async () => {
    for (const [n, item] of waiting) answers[n] = await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane))
  return answers
}
