/** What helps on every home: how it works, what I did, and the web. */
import { actions, divider, type Block } from '../blocks.ts'
import { button, linkButton } from '../controls.ts'

/** The way to help, to the own changes and to the web. */
export const drawFooter = ({ publicUrl }: { publicUrl: string }): Block[] => [
  divider(),
  actions(
    button({ label: 'What Can I Do', verb: 'run-command', arg: 'help' }),
    button({ label: 'What I Did', verb: 'run-command', arg: 'audit me', aria: 'Show what I changed' }),
    linkButton('Open in Web', publicUrl),
  ),
]
