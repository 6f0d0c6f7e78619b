/**
 * The words of a Ruby program, as far as Gemfiles and specifications need them: comments, strings, symbols and marks
 * told apart, nothing evaluated. One pass over the text; what it does not know it reads as marks.
 */
export interface Token {
  /** `label` is `name:`; `end` the end of a statement, by a line or a semicolon. */
  kind: 'word' | 'string' | 'symbol' | 'label' | 'mark' | 'end';
  text: string;
  line: number;
  /** A string that the program puts together when it runs. */
  isComputed?: true;
}

/** More than any file of this kind has. */
const maxTokens = 100_000;

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };

export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const heredocs: string[] = [];
  let at = 0;
  let line = 1;
  const add = (kind: Token['kind'], value: string, isComputed = false) => {
    tokens.push({ kind, text: value, line, ...(isComputed ? { isComputed: true as const } : {}) });
  };
  /** Text up to a delimiter; where it opens again inside, as deep as that. */
  const delimited = (open: string, isInterpolated: boolean) => {
    const close = closing[open] ?? open;
    let value = '';
    let depth = 1;
    let isComputed = false;
    let braces = 0;
    for (; at < text.length; at++) {
      const each = text[at] ?? '';
      if (each === '\n') line++;
      if (braces > 0) {
        if (each === '{') braces++;
        else if (each === '}') braces--;
        continue;
      }
      if (each === '\\') {
        value += text[at + 1] ?? '';
        if (text[at + 1] === '\n') line++;
        at++;
      } else if (isInterpolated && each === '#' && text[at + 1] === '{') {
        isComputed = true;
        braces = 1;
        at++;
      } else if (each === close && (close === open || --depth === 0)) {
        at++;
        break;
      } else {
        if (each === open && close !== open) depth++;
        value += each;
      }
    }
    return { value, isComputed };
  };
  const lineEnd = (from: number) => {
    const end = text.indexOf('\n', from);
    return end === -1 ? text.length : end;
  };
  /** Skips the bodies of heredocs, which begin below the line that names them. */
  const skipHeredocs = () => {
    for (const name of heredocs.splice(0)) {
      while (at < text.length) {
        const end = lineEnd(at);
        const content = text.slice(at, Math.min(end, at + 500)).trim();
        at = Math.min(end + 1, text.length);
        line++;
        if (content === name) break;
      }
    }
  };

  while (at < text.length && tokens.length < maxTokens) {
    const each = text[at] ?? '';
    const isLineStart = at === 0 || text[at - 1] === '\n';
    if (isLineStart && text.startsWith('=begin', at)) {
      const end = text.indexOf('\n=end', at);
      const stop = end === -1 ? text.length : lineEnd(end + 1);
      for (let from = text.indexOf('\n', at); from !== -1 && from < stop; from = text.indexOf('\n', from + 1))
        line++;
      at = stop;
    } else if (isLineStart && /^__END__\r?$/.test(text.slice(at, Math.min(lineEnd(at), at + 20)))) {
      break;
    } else if (each === '\n' || each === ';') {
      if (!continues(tokens.at(-1))) add('end', each);
      at++;
      if (each === '\n') {
        line++;
        skipHeredocs();
      }
    } else if (each === '#') {
      at = lineEnd(at);
    } else if (each === '\\' && /^\\\r?\n/.test(text.slice(at, at + 3))) {
      at = lineEnd(at) + 1;
      line++;
    } else if (/\s/.test(each)) {
      at++;
    } else if (each === '"' || each === "'" || each === '`') {
      const started = line;
      at++;
      const { value, isComputed } = delimited(each, each !== "'");
      const isLabel = text[at] === ':' && text[at + 1] !== ':' && each !== '`';
      if (isLabel) at++;
      tokens.push({
        kind: isLabel ? 'label' : 'string',
        text: value,
        line: started,
        ...(isComputed || each === '`' ? { isComputed: true as const } : {}),
      });
    } else if (
      each === '%' &&
      /^%[wWiIqQ]?[([{<|!/]/.test(text.slice(at, at + 3)) &&
      opensValue(tokens.at(-1))
    ) {
      const type = /[a-z]/i.test(text[at + 1] ?? '') ? (text[at + 1] ?? '') : 'Q';
      at += /[a-z]/i.test(text[at + 1] ?? '') ? 2 : 1;
      const open = text[at] ?? '';
      at++;
      const { value, isComputed } = delimited(open, /[WQI]/.test(type));
      if (/[wi]/i.test(type)) {
        add('mark', '[');
        for (const word of value.split(/\s+/)) {
          if (word !== '') add(/i/i.test(type) ? 'symbol' : 'string', word, isComputed);
          if (word !== '') add('mark', ',');
        }
        add('mark', ']');
      } else add('string', value, isComputed);
    } else if (each === '<' && text[at + 1] === '<' && opensValue(tokens.at(-1))) {
      const found = /^<<[~-]?(?<quote>["']?)(?<name>[A-Z_]\w{0,60})\k<quote>/.exec(text.slice(at, at + 80));
      if (found?.groups?.name === undefined) {
        add('mark', '<<');
        at += 2;
      } else {
        heredocs.push(found.groups.name);
        add('string', '', true);
        at += found[0].length;
      }
    } else if (each === ':' && /[A-Za-z_"]/.test(text[at + 1] ?? '') && text[at - 1] !== ':') {
      at++;
      if (text[at] === '"') {
        at++;
        const { value, isComputed } = delimited('"', true);
        add('symbol', value, isComputed);
      } else {
        const word = /^\w{1,200}[?!]?/.exec(text.slice(at, at + 202))?.[0] ?? '';
        add('symbol', word);
        at += word.length;
      }
    } else if (/[A-Za-z_0-9@$]/.test(each)) {
      const word = /^(?:[@$]*[A-Za-z_]\w*|\d\w*(?:\.\d\w*)*)/.exec(text.slice(at, at + 300))?.[0] ?? each;
      at += word.length;
      const isLabel = text[at] === ':' && text[at + 1] !== ':' && /^[A-Za-z_]/.test(word);
      if (/[?!]/.test(text[at] ?? '') && text[at + 1] !== '=') at++;
      if (isLabel) at++;
      add(isLabel ? 'label' : 'word', word);
    } else if (each === '/' && opensValue(tokens.at(-1)) && tokens.at(-1)?.kind !== 'word') {
      at++;
      while (at < text.length && text[at] !== '/' && text[at] !== '\n') at += text[at] === '\\' ? 2 : 1;
      if (text[at] === '/') at++;
      add('string', '', true);
    } else {
      const two = text.slice(at, at + 2);
      const mark = ['=>', '==', '||', '&&', '::', '>=', '<=', '!=', '=~'].includes(two) ? two : each;
      add('mark', mark);
      at += mark.length;
    }
  }
  return tokens;
}

/** Whether a line goes on below, by its last token. */
function continues(last: Token | undefined): boolean {
  if (last === undefined || last.kind === 'end') return true;
  if (last.kind === 'label') return true;
  return last.kind === 'mark' && !/^[)\]}|]$/.test(last.text);
}

/** Whether a value may begin behind this token, so that `%`, `<<` and `/` are no operators. */
function opensValue(last: Token | undefined): boolean {
  if (last === undefined || last.kind === 'end' || last.kind === 'label' || last.kind === 'word') return true;
  return last.kind === 'mark' && !/^[)\]}]$/.test(last.text);
}
