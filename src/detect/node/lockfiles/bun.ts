/** bun.lock, by its lines: Bun writes one package per line. https://bun.com/docs/pm/lockfile */
import { collector, eachLine, type Locked } from './locked.ts';

const entry = /^\s+"(?:[^"\\]|\\.)+": \["(?<name>(@[^/@"]+\/)?[^/@"]+)@(?<version>[^"]+)"/;

/** The wanted packages of the section `packages`. */
export function bunLocked(text: string, wanted: ReadonlySet<string>): Locked[] {
  const found = collector();
  let isInside = false;
  eachLine(text, (line, number) => {
    if (!isInside) {
      isInside = /^\s*"packages":\s*\{/.test(line);
      return;
    }
    const { name, version } = entry.exec(line.slice(0, 512))?.groups ?? {};
    if (name === undefined || version === undefined || !wanted.has(name)) return;
    found.add({ name, version: /^\d/.test(version) ? version : null, line: number });
  });
  return found.all;
}
