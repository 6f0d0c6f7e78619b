/** Which kernel a notebook asks for: https://nbformat.readthedocs.io/en/latest/format_description.html#top-level-structure */

export interface Kernel {
  /** Lower case: `python`, `r`, `julia`. */
  language: string;
  /** Of the language, when it was last run; null where nothing says so. */
  version: string | null;
}

/** The metadata stands before or after the cells: that much of either end is looked at. */
const reach = 16_384;

/** Read from the text: outputs may be megabytes, and are not parsed. Null where no kernel is named. */
export function kernelOf(text: string): Kernel | null {
  const ends = text.length <= 2 * reach ? [text] : [text.slice(-reach), text.slice(0, reach)];
  for (const part of ends) {
    const info = block(part, 'language_info');
    const spec = block(part, 'kernelspec');
    const language = field(info, 'name') ?? field(spec, 'language') ?? languageOfKernel(field(spec, 'name'));
    if (language !== null) return { language: language.toLowerCase(), version: field(info, 'version') };
  }
  return null;
}

/** `python3`, `ir`, `julia-1.10` */
function languageOfKernel(name: string | null): string | null {
  if (name === 'ir') return 'r';
  return (
    /^(?<language>python|julia|r)\b|^(?<numbered>python)\d/i.exec(name ?? '')?.[0]?.replace(/\d+$/, '') ??
    null
  );
}

/** The plain fields of an object, without those of objects within it. */
function block(text: string, key: string): string {
  const at = text.lastIndexOf(`"${key}"`);
  if (at === -1) return '';
  const { inner = '' } =
    /^"\w+"\s*:\s*\{(?<inner>[^}]{0,2000})/.exec(text.slice(at, at + 2100))?.groups ?? {};
  const codemirror = /"codemirror_mode"\s*:\s*\{/.test(inner);
  if (!codemirror) return inner;
  // The object within ends the match: what follows it belongs to this one too.
  const rest = text
    .slice(at + 2, at + 3000)
    .split('}')
    .slice(1, 2)
    .join('');
  return inner.replace(/"codemirror_mode"\s*:\s*\{[\s\S]*/, '') + rest;
}

function field(block: string, name: string): string | null {
  return new RegExp(`"${name}"\\s*:\\s*"(?<value>[\\w.+ -]{1,60})"`).exec(block)?.groups?.value ?? null;
}
