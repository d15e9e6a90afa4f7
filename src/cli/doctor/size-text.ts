export const MEGABYTE = 1_000_000;

/** For people: `8.2 MB`, `1.5 GB`. */
export function sizeText(bytes: number): string {
  const megabytes = bytes / MEGABYTE;
  return megabytes < 1000
    ? `${Math.max(0, Math.round(megabytes * 10) / 10)} MB`
    : `${Math.round(megabytes / 100) / 10} GB`;
}
