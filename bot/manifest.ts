/**
 * The app manifest Slack makes the app from: commands, shortcuts and events as they are declared, and the permissions they
 * need (spec chat 3.4). `npm run fix` writes it to `manifest.json`; whoever installs puts their own address in.
 */
import type { AppsManifestCreateArguments } from '@slack/web-api'
import { events } from './events/catalog.ts'
import { manual } from './doors.ts'
import { shortcuts } from './shortcuts/catalog.ts'

/** Slack's own type of a manifest. */
export type Manifest = AppsManifestCreateArguments['manifest']

/** Stands for the address of the installation. */
export const placeholderUrl = 'https://finops.example.com'

type Settings = NonNullable<Manifest['settings']>
type Scopes = NonNullable<NonNullable<NonNullable<Manifest['oauth_config']>['scopes']>['bot']>
type BotEvents = NonNullable<NonNullable<Settings['event_subscriptions']>['bot_events']>

/** Needed whatever is listened to: commands, answers, direct messages, names, files, and who reads a channel before costs go there. */
const always: Scopes = [
  'channels:read',
  'chat:write',
  'commands',
  'files:write',
  'groups:read',
  'im:write',
  'users:read',
]
/** Better with them, working without: linking by e-mail, posting where the bot is no member. */
const optional: Scopes = ['chat:write.public', 'users:read.email']

/** The manifest for an installation at `url` (no slash at the end). */
export function manifest(url = placeholderUrl): Manifest {
  const requests = `${url}/slack/events`
  // Guarantee: each event file names scopes and a subscription in Slack's own words; the tests compare them with Slack's list.
  const scopes = [...new Set([...always, ...events.flatMap((one) => one.scopes)])].toSorted() as Scopes
  const subscriptions = events.map((one) => one.subscription ?? one.name).toSorted() as BotEvents
  return {
    display_information: {
      name: 'FinOps',
      description: 'Cloud costs, savings and shared environments, where you already talk.',
      background_color: '#1f2a37',
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: 'FinOps', always_online: true },
      shortcuts: shortcuts.map(({ name, title, description, kind }) => ({
        ...{ name: title, type: kind, callback_id: name, description },
      })),
      slash_commands: slashCommands().map((one) => ({ ...one, url: requests, should_escape: true })),
      unfurl_domains: [new URL(url).hostname],
    },
    oauth_config: { scopes: { bot: scopes, bot_optional: optional } },
    settings: {
      event_subscriptions: { request_url: requests, bot_events: subscriptions },
      interactivity: { is_enabled: true, request_url: requests, message_menu_options_url: requests },
      org_deploy_enabled: false,
      socket_mode_enabled: false,
      token_rotation_enabled: false,
    },
  }
}

/** The file as it is written. */
export const manifestText = (): string => `${JSON.stringify(manifest(), null, 2)}\n`

/** Verbs worth naming in the hint of `/finops`; `help` has the rest. */
const named = ['cost', 'recs', 'env', 'resource', 'mine', 'help']

/** `/finops` knows every verb, `/env` and `/cost` are the same without the first word. */
export function slashCommands(): { command: string; description: string; usage_hint: string }[] {
  const doors = ['env', 'cost'] as const
  const verbs = named.filter((verb) => manual.some((doc) => doc.verb === verb))
  return [
    {
      command: '/finops',
      description: 'Costs, savings, resources and environments; nothing behind it opens a menu',
      usage_hint: verbs.join(' · '),
    },
    ...doors.flatMap((door) => {
      const docs = manual.filter((doc) => doc.door === door)
      const own = docs.find(({ verb }) => verb === door)
      if (!own) return []
      const others = docs.filter((doc) => doc !== own).map(({ verb }) => verb)
      return [{ command: `/${door}`, description: own.summary, usage_hint: [own.usage, ...others].join(' · ') }]
    }),
  ]
}
