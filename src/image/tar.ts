/**
 * A writer of tar archives whose bytes depend on nothing but their entries: POSIX ustar, with a pax header
 * where a name, a link or a size does not fit.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html
 */

export interface TarEntry {
  /** Without a leading or trailing slash. Bytes: names of files are not always text. */
  path: Buffer;
  type: 'file' | 'directory' | 'symlink';
  mode: number;
  /** Of user and group; 0 is root. */
  owner: number;
  /** Bytes of a file. */
  size: number;
  /** Of a symbolic link. */
  target?: Buffer;
  /** The bytes of a file, exactly `size` of them. */
  content?: () => AsyncIterable<Buffer>;
}

const block = 512;
const nameBytes = 100;
const largestSize = 8 ** 11 - 1;
/** One second after the epoch, as in the Nix store: some programs take 0 for "unknown". */
const modified = 1;
const typeFlags = { file: '0', symlink: '2', directory: '5', pax: 'x' } as const;

/** The archive of these entries, piece by piece. */
export async function* tar(entries: AsyncIterable<TarEntry> | Iterable<TarEntry>): AsyncGenerator<Buffer> {
  for await (const entry of entries) {
    yield header(entry);
    if (entry.type !== 'file' || entry.size === 0) continue;
    let written = 0;
    for await (const chunk of entry.content?.() ?? []) {
      written += chunk.length;
      yield chunk;
    }
    if (written !== entry.size) {
      throw new Error(`${entry.path.toString()} has ${written} bytes instead of ${entry.size}`);
    }
    yield padding(written);
  }
  yield Buffer.alloc(2 * block);
}

function header(entry: TarEntry): Buffer {
  const path = entry.type === 'directory' ? Buffer.concat([entry.path, Buffer.from('/')]) : entry.path;
  const target = entry.target ?? Buffer.alloc(0);
  const size = entry.type === 'file' ? entry.size : 0;
  const records: Buffer[] = [];
  if (path.length > nameBytes) records.push(record('path', path));
  if (target.length > nameBytes) records.push(record('linkpath', target));
  if (size > largestSize) records.push(record('size', Buffer.from(String(size))));
  const own = headerBlock({
    path,
    target,
    size: size > largestSize ? 0 : size,
    mode: entry.mode,
    owner: entry.owner,
    flag: typeFlags[entry.type],
  });
  if (records.length === 0) return own;
  const extended = Buffer.concat(records);
  const before = headerBlock({
    path: Buffer.from('PaxHeader'),
    target: Buffer.alloc(0),
    size: extended.length,
    mode: 0o644,
    owner: 0,
    flag: typeFlags.pax,
  });
  return Buffer.concat([before, extended, padding(extended.length), own]);
}

interface Fields {
  path: Buffer;
  target: Buffer;
  size: number;
  mode: number;
  owner: number;
  flag: string;
}

function headerBlock({ path, target, size, mode, owner, flag }: Fields): Buffer {
  const bytes = Buffer.alloc(block);
  path.copy(bytes, 0, 0, nameBytes);
  bytes.write(octal(mode, 7), 100, 'ascii');
  bytes.write(octal(owner, 7), 108, 'ascii');
  bytes.write(octal(owner, 7), 116, 'ascii');
  bytes.write(octal(size, 11), 124, 'ascii');
  bytes.write(octal(modified, 11), 136, 'ascii');
  // The sum is made with spaces in its own place.
  bytes.fill(' ', 148, 156);
  bytes.write(flag, 156, 'ascii');
  target.copy(bytes, 157, 0, nameBytes);
  bytes.write('ustar\u000000', 257, 'ascii');
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${octal(sum, 6)}\u0000 `, 148, 'ascii');
  return bytes;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

/** `<length> <keyword>=<value>\n`, where the length counts its own digits. */
function record(keyword: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${keyword}=`), value, Buffer.from('\n')]);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length++;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function padding(size: number): Buffer {
  return Buffer.alloc((block - (size % block)) % block);
}
