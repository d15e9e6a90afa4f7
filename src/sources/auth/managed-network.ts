import type { INetworkModule } from '@azure/msal-node';
import type { LoginNetwork } from './network-module.ts';

/** Whose turn it is, and the end of the latest turn. */
const turns: { network: LoginNetwork | null; latest: Promise<unknown> } = { network: null, latest: Promise.resolve() };

function current(): LoginNetwork {
  if (!turns.network) throw new Error('no managed identity is being asked for');
  return turns.network;
}

/** What msal-node is given as the network of every managed identity: it goes on with the first one for as long as it is loaded. */
export const managedNetwork: INetworkModule = {
  sendGetRequestAsync: (url, asked) => current().sendGetRequestAsync(url, asked),
  sendPostRequestAsync: (url, asked) => current().sendPostRequestAsync(url, asked),
};

/** Does `work` with `network` as that of managed identities, when those before have ended: there are few, and each has its deadline. */
export function inTurn<T>(network: LoginNetwork, work: () => Promise<T>): Promise<T> {
  const turn = turns.latest.then(async () => {
    turns.network = network;
    return work();
  });
  turns.latest = turn.catch(() => undefined);
  return turn;
}
