/** What meson.build files assign, as far as texts and lists of texts go: https://mesonbuild.com/Syntax.html */

/** Longer values are tables of sources, not names of dependencies. */
const maxValue = 20_000;
const maxValues = 500;

const assignment = /^[ \t]*(?<name>[A-Za-z_]\w{0,100})[ \t]*(?<operator>\+?=)[ \t]*(?=['[])/gm;
const loop =
  /^[ \t]*foreach[ \t]+(?<name>[A-Za-z_]\w{0,100})[ \t]*:[ \t]*(?:(?<list>[A-Za-z_]\w{0,100})[ \t]*$|(?=\[))/gm;

/** Texts by the name of the variable that holds one of them, or all: a loop's variable holds each in turn. */
export class MesonVariables {
  readonly #values = new Map<string, string[]>();

  get(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  set(name: string, values: readonly string[]): void {
    this.#values.set(name, values.slice(0, maxValues));
  }

  /** Takes in what a file assigns. */
  read(source: string): void {
    for (const match of source.matchAll(assignment)) {
      const { name = '', operator } = match.groups ?? {};
      const values = valuesAt(source, match.index + match[0].length);
      this.set(name, operator === '+=' ? [...this.get(name), ...values] : values);
    }
    for (const match of source.matchAll(loop)) {
      const { name = '', list } = match.groups ?? {};
      this.set(
        name,
        list === undefined ? valuesAt(source, match.index + match[0].length) : [...this.get(list)],
      );
    }
  }
}

const piece = /(?<comment>#[^\n]*)|'(?<text>(?:[^'\\\n]|\\.)*)'|(?<mark>[[\]])|(?<other>[^\s,#'[\]]+)/y;

/** The text, or the texts of the list, that begins here; of a list within the list, its first. */
function valuesAt(source: string, start: number): string[] {
  const values: string[] = [];
  const end = Math.min(source.length, start + maxValue);
  let depth = 0;
  let isTaken = false;
  for (let at = start; at < end; ) {
    piece.lastIndex = at;
    const match = piece.exec(source);
    if (match === null) {
      if (depth === 0 && source[at] === '\n') break;
      at++;
      continue;
    }
    at += match[0].length;
    const { text, mark, other } = match.groups ?? {};
    if (mark === '[') {
      depth++;
      isTaken = false;
    } else if (mark === ']') {
      depth--;
      if (depth <= 0) break;
    } else if (text !== undefined) {
      if (depth < 2 || !isTaken) values.push(text);
      isTaken = true;
    } else if (other !== undefined && depth === 0) return [];
  }
  return values;
}
