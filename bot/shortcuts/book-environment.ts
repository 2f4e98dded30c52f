import bookEnvironment from '../modals/book-environment.ts'
import { shortcut } from './shortcut.ts'

/** Opens the booking dialog from anywhere in Slack. */
export default shortcut({
  name: 'book-environment',
  title: 'Book environment',
  description: 'Hold a shared environment for some hours',
  kind: 'global',
  opens: { modal: bookEnvironment, facts: () => ({}) },
})
