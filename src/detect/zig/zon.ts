/** Zig's object notation, as build.zig.zon has it: https://github.com/ziglang/zig/blob/master/doc/build.zig.zon.md */

export interface ZonField {
  value: string;
  /** From 1. */
  line: number;
}

/** Fields of the outermost struct whose value is a string or an enum literal, and names of its dependencies. */
export interface Zon {
  fields: Map<string, ZonField>;
  dependencies: string[];
}

const piece =
  /\/\/[^\n]*|\\\\[^\n]*|"(?<text>(?:[^"\\\n]|\\.)*)"?|\.(?:@"(?<quoted>[^"\n]*)"|(?<name>[A-Za-z_]\w*))|(?<open>\{)|(?<close>\})|(?<is>=)|(?<comma>,)|\n/g;

export function parseZon(text: string): Zon {
  const zon: Zon = { fields: new Map(), dependencies: [] };
  const path: (string | null)[] = [];
  let name: string | null = null;
  let isValue = false;
  let line = 1;
  for (const { 0: whole, groups } of text.matchAll(piece)) {
    const { text: value, quoted, name: plain, open, close, is, comma } = groups ?? {};
    if (whole === '\n') line++;
    else if (open !== undefined) {
      path.push(name);
      name = null;
      isValue = false;
    } else if (close !== undefined) {
      path.pop();
      name = null;
      isValue = false;
    } else if (is !== undefined) isValue = true;
    else if (comma !== undefined) {
      name = null;
      isValue = false;
    } else if (value !== undefined || quoted !== undefined || plain !== undefined) {
      const word = value ?? quoted ?? plain ?? '';
      if (isValue) {
        if (path.length === 1 && name !== null && !zon.fields.has(name))
          zon.fields.set(name, { value: word, line });
      } else {
        name = word;
        if (path.length === 2 && path[1] === 'dependencies') zon.dependencies.push(word);
      }
    }
  }
  return zon;
}
