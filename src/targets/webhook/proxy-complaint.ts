/** What servers and proxies in front of a receiver answer 400 with when they do not let us in, whatever the alert is. */
const COMPLAINTS: readonly (readonly [RegExp, string])[] = [
  // nginx, with ssl_verify_client.
  [/No required SSL certificate was sent/i, 'wants a client certificate (tls.certFile, tls.keyFile)'],
  [/The SSL certificate error/i, 'does not take the client certificate (tls.certFile, tls.keyFile)'],
  // nginx, Apache, Go.
  [
    /plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled|HTTP request to an HTTPS server/i,
    'speaks TLS at this port (write https in the address)',
  ],
];

/** Why a 400 is about the connection and not about what was sent; null: it is not, as far as its text tells. */
export function proxyComplaint(status: number, text: string): string | null {
  if (status !== 400) return null;
  return COMPLAINTS.find(([said]) => said.test(text))?.[1] ?? null;
}
