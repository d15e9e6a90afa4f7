/** A header field of RFC 5424: 33 to 126 only, everything else becomes `_`; `-` where nothing is left. */
export function printUsAscii(text: string, maxLength: number): string {
  return text.replace(/[^\x21-\x7e]/g, '_').slice(0, maxLength) || '-';
}

/** RFC 3164 section 5.3: at most 32 characters; colon, bracket or space would end it early. */
export function tag(appName: string): string {
  return appName.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 32) || '-';
}
