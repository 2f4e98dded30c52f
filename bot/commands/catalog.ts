// Made by test/generate.ts. Do not edit.
import assign from './assign.ts'
import help from './help.ts'
import limit from './limit.ts'
import mine from './mine.ts'
import resource from './resource.ts'
import ttl from './ttl.ts'
import type { AnyCommand } from './command.ts'

/** Every default export of this folder, by file name. */
export const commands: AnyCommand[] = [assign, help, limit, mine, resource, ttl]
