import { type HttpReceiver, type Received, startHttpReceiver } from '../http-receiver.ts';

/** What a stand-in answers; a body that is no text is written as JSON. */
export interface VendorReply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What one request meets: another answer, that what it asks for is done and the answer lost, or nothing special. */
export type Fault = VendorReply | 'lost' | 'none';

export interface VendorStandIn extends HttpReceiver {
  /** The address that a target's `url` takes. */
  readonly base: string;
}

/** A receiver on loopback that keeps to a vendor's rules; `faults` are met first, each by one request. */
export async function startVendor(
  reply: (request: Received) => VendorReply,
  faults: Fault[] = [],
): Promise<VendorStandIn> {
  const receiver = await startHttpReceiver((request, response, socket) => {
    const fault = faults.shift() ?? 'none';
    const { status, body = '', headers = {} } = typeof fault === 'string' ? reply(request) : fault;
    if (fault === 'lost') {
      socket.resetAndDestroy();
      return;
    }
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
  });
  return { ...receiver, base: `http://127.0.0.1:${receiver.port}` };
}

/** The JSON object of a request, or null where it is none. */
export function objectIn({ body }: Received): Readonly<Record<string, unknown>> | null {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : null;
  } catch {
    return null;
  }
}
