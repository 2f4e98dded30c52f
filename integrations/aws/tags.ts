/** A tag as every AWS service writes it. */
type Tag = { Key?: string | undefined; Value?: string | undefined }

/** Tags without `Name`, which is the name of the resource. */
export function tagsOf(tags: Tag[] | undefined): Record<string, string> {
  return Object.fromEntries(
    (tags ?? []).flatMap(({ Key, Value }) => (Key && Key !== 'Name' ? [[Key, Value ?? '']] : [])),
  )
}

/** The `Name` tag, or the id when there is none. */
export const nameOf = (tags: Tag[] | undefined, id: string): string =>
  tags?.find((tag) => tag.Key === 'Name')?.Value || id
