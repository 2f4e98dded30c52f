// Made by test/generate.ts. Do not edit.
import appMention from './app-mention.ts'
import appUninstalled from './app-uninstalled.ts'
import message from './message.ts'
import tokensRevoked from './tokens-revoked.ts'
import type { AnyEvent } from './event.ts'

/** Every default export of this folder, by file name. */
export const events: AnyEvent[] = [appMention, appUninstalled, message, tokensRevoked]
