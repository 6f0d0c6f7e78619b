/** `node 22.22`; the name alone where no version is known, or no more than a leading zero (`uv 0`). */
export function named({ id, version }: { id: string; version: string | null }): string {
  return version === null || version === '0' ? id : `${id} ${version}`;
}
