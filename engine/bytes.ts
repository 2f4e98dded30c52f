/** "512 B", "4.2 MB", "120 GB": steps of 1000, as bills count. */
export function sayBytes(bytes: number): string {
  const step = bytes < 1000 ? 0 : Math.min(5, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** step
  return `${value.toFixed(step && value < 100 ? 1 : 0)} ${['B', 'kB', 'MB', 'GB', 'TB', 'PB'][step]}`
}
