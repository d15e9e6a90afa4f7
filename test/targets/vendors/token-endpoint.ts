import type { Received } from '../http-receiver.ts';
import { startVendor, type VendorReply, type VendorStandIn } from './stand-in.ts';

export interface TokenEndpoint extends VendorStandIn {
  /** In the order in which they were given; the last one is what a resource takes. */
  readonly tokens: string[];
}

/** Client credentials as RFC 6749 section 4.4 has them: a form, one client, a new token for each request. */
export async function startTokens(
  client: { readonly id: string; readonly secret: string; readonly scope?: string; readonly lifeSeconds?: number },
  faults: VendorReply[] = [],
): Promise<TokenEndpoint> {
  const tokens: string[] = [];
  const reply = (request: Received): VendorReply => {
    const form = new URLSearchParams(request.body);
    const isForm = request.headers['content-type'] === 'application/x-www-form-urlencoded';
    if (!isForm || form.get('grant_type') !== 'client_credentials') return no(400, 'unsupported_grant_type');
    if (form.get('client_id') !== client.id || form.get('client_secret') !== client.secret)
      return no(401, 'invalid_client');
    if (form.get('scope') !== (client.scope ?? null)) return no(400, 'invalid_scope');
    const token = `token-${tokens.length + 1}-5f1c`;
    tokens.push(token);
    return {
      status: 200,
      body: { token_type: 'Bearer', access_token: token, expires_in: client.lifeSeconds ?? 3600 },
    };
  };
  return { ...(await startVendor(reply, faults)), tokens };
}

function no(status: number, error: string): VendorReply {
  return { status, body: { error, error_description: `because of ${error}` } };
}
