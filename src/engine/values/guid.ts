const GUID_DIGITS = /^[0-9a-f]{32}$/;

/** A guid in lower case with dashes; 32 hex digits with or without dashes or brackets around; null for other text. */
export function parseGuid(text: string): string | null {
  const digits = text
    .trim()
    .toLowerCase()
    .replace(/^[{(]|[})]$|-/g, '');
  if (!GUID_DIGITS.test(digits)) return null;
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
}

/** The 16 bytes of a guid: its first three groups are stored with the low byte first. */
export function bytesOfGuid(guid: string): Uint8Array {
  const bytes = Buffer.from(guid.replaceAll('-', ''), 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

export function guidOfBytes(bytes: Uint8Array): string | null {
  if (bytes.length !== 16) return null;
  const copy = Buffer.from(bytes);
  return parseGuid(Buffer.from(bytesOfGuid(copy.toString('hex'))).toString('hex'));
}
