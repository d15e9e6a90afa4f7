import { createAnswerer } from '../../editor/answers.ts';
import { answerMessages } from '../../editor/worker/answer-messages.ts';
import { createWorld } from '../terminal/real-world.ts';
import { lookoutDeps } from './lookout-deps.ts';

/** The process that looks at rules for `huntwire lsp`. It ends with who asks; Ctrl-C of a terminal reaches it, too, and is not for it. */
const config = process.argv[2] ?? '';
answerMessages(process, createAnswerer(lookoutDeps(createWorld(process), config === '' ? null : config)));
