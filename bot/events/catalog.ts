// Made by test/generate.ts. Do not edit.
import appHomeOpened from './app-home-opened.ts'
import appMention from './app-mention.ts'
import appUninstalled from './app-uninstalled.ts'
import linkShared from './link-shared.ts'
import message from './message.ts'
import tokensRevoked from './tokens-revoked.ts'
import type { AnyEvent } from './event.ts'

/** Every default export of this folder, by file name. */
export const events: AnyEvent[] = [appHomeOpened, appMention, appUninstalled, linkShared, message, tokensRevoked]
