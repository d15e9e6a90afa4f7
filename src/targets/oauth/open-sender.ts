import { createSender, type Material, type Sender, type SenderOptions } from '../webhook/sender.ts';
import type { SenderOutcome, SenderRequest } from '../webhook/webhook-exchange.ts';
import { createTokens, type Tokens } from './tokens.ts';

/** The sender that settings ask for: one that gets tokens where they have `auth.oauth2`. Throws CONFIG_INVALID for settings that cannot work. */
export function openSender<Made extends Material>(options: SenderOptions<Made>): Sender<Made> {
  const { settings, deps } = options;
  const oauth = settings.auth?.oauth2;
  const sender = createSender(options);
  return oauth ? withTokens(sender, createTokens(oauth, settings, deps)) : sender;
}

/** Each request carries a token. One that is refused with 401 is sent once more, with a token that was got after it. */
function withTokens<Made extends Material>(sender: Sender<Made>, tokens: Tokens): Sender<Made> {
  const ask = async (request: SenderRequest, signal: AbortSignal): Promise<SenderOutcome> => {
    const first = await tokens.current(signal);
    if (first.kind === 'none') return { kind: 'unanswered', result: first.result };
    const outcome = await sender.ask(bearing(request, first.token), signal);
    if (outcome.kind === 'unanswered' || outcome.answer.status !== 401) return outcome;
    tokens.forget(first.token);
    const second = await tokens.current(signal);
    if (second.kind === 'none') return { kind: 'unanswered', result: second.result };
    return second.token === first.token ? outcome : sender.ask(bearing(request, second.token), signal);
  };
  return {
    material: sender.material,
    ask,
    shown: (text) => sender.shown(tokens.masked(text)),
    check: async (signal) => [...(await sender.check(signal)), ...(await tokens.check(signal))],
    close: async () => {
      await Promise.all([sender.close(), tokens.close()]);
    },
  };
}

function bearing(request: SenderRequest, token: string): SenderRequest {
  return { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
}
