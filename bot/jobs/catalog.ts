// Made by test/generate.ts. Do not edit.
import answerQuestion from './answer-question.ts'
import deliverMessage from './deliver-message.ts'
import deliverNotification from './deliver-notification.ts'
import publishHome from './publish-home.ts'
import redrawCopies from './redraw-copies.ts'
import type { AnyHandler } from '../../engine/worker.ts'

/** Every default export of this folder, by file name. */
export const handlers: AnyHandler[] = [answerQuestion, deliverMessage, deliverNotification, publishHome, redrawCopies]
