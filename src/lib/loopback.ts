/** Whether a host is this machine: localhost, 127.0.0.0/8, ::1, with the brackets of a URL or without. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\]|::1)$/i.test(host);
}
