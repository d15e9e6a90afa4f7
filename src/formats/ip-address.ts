const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$/;
const IPV6_CHARACTERS = /^[0-9a-fA-F:.]{2,45}$/;

export function isIpv4(text: string): boolean {
  return IPV4.test(text);
}

/** An IPv6 address without brackets and zone. */
export function isIpv6(text: string): boolean {
  return IPV6_CHARACTERS.test(text) && text.includes(':') && URL.canParse(`http://[${text}]/`);
}
