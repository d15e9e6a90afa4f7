/** The most that a header may have, and a message, in bytes. */
const MOST_HEAD = 4096;
const MOST_BODY = 64 * 1024 * 1024;

/**
 * A connection of JSON-RPC over the streams of a process, as the Language Server Protocol has it. `tell` is told notifications and requests
 * of the server; what it gives is the answer to a request.
 */
exports.connect = (child, tell) => {
  const waiting = new Map();
  let next = 1;
  let held = Buffer.alloc(0);
  const send = (message) => {
    if (!child.stdin.writable) return;
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    child.stdin.write(body);
  };
  const take = async (message) => {
    const { id, method, params, result, error } = message;
    if (method !== undefined) {
      const answer = await tell(method, params);
      if (id !== undefined) send({ id, result: answer ?? null });
      return;
    }
    const one = waiting.get(id);
    waiting.delete(id);
    if (error) one?.reject(new Error(error.message));
    else one?.resolve(result);
  };
  child.stdout.on('data', (chunk) => {
    held = Buffer.concat([held, chunk]);
    for (let cut = cutMessage(held); cut; cut = cutMessage(held)) {
      held = cut.rest;
      void take(JSON.parse(cut.body));
    }
  });
  child.on('exit', () => {
    for (const one of waiting.values()) one.reject(new Error('The huntwire server has ended.'));
    waiting.clear();
  });
  return {
    notify: (method, params) => send({ method, params }),
    /** `token` is one of VS Code: the server is told when nobody waits any more. */
    request: (method, params, token) =>
      new Promise((resolve, reject) => {
        const id = next;
        next += 1;
        waiting.set(id, { resolve, reject });
        send({ id, method, params });
        token?.onCancellationRequested(() => send({ method: '$/cancelRequest', params: { id } }));
      }),
  };
};

/** The first whole message; null: it has not all come. */
function cutMessage(held) {
  const head = held.indexOf('\r\n\r\n');
  if (head < 0) {
    if (held.length > MOST_HEAD) throw new Error('The huntwire server wrote something that is no message.');
    return null;
  }
  const length = Number(/Content-Length: (\d+)/i.exec(held.toString('latin1', 0, head))?.[1]);
  if (!(length <= MOST_BODY)) throw new Error('The huntwire server wrote a message without a length.');
  const end = head + 4 + length;
  return held.length < end ? null : { body: held.toString('utf8', head + 4, end), rest: held.subarray(end) };
}
