/** What is taken for a secret: rather too much than too little, for an example loses nothing by it. */
import { shown } from '../evidence.ts';

const secretName =
  /(secret|token|pass(phrase|code)?(_|$)|passw(or)?d|pwd|api_?key|(^|_)key$|_key_|private|credential|auth|salt|signature|signing|cookie|session_?id|dsn|webhook|cert|licen[sc]e)/i;

const secretValue: readonly RegExp[] = [
  // User information in a URL.
  /\/\/[^/\s@]*:[^/\s@]+@/,
  /-----BEGIN/,
  // Prefixes by which services mark theirs.
  /\b(gh[pousr]_|github_pat_|glpat-|sk[-_]|pk[-_]|rk_|xox[abprs]-|AKIA|ASIA|AIza|ya29\.|eyJ|SG\.|npm_|dop_v1_|hf_|base64:)/,
  // Long random text: hexadecimal, or letters and digits mixed.
  /\b[0-9a-f]{20,}\b/i,
  /(?=[A-Za-z0-9+/_=-]{24,})(?=[A-Za-z+/_=-]*\d)(?=[\d+/_=-]*[A-Za-z])[A-Za-z0-9+/_=-]{24,}/,
];

/** Longer values are no settings that a reader would look for. */
const maxLength = 200;

/** Words that stand where a value will be: they give nothing away. */
const placeholder = /^(true|false|null|none|undefined|<[^<>]*>|\$\{?[A-Z_][A-Z0-9_]*\}?)$/i;

/** Whether a variable's value must not be shown, judged by its name and by its look. */
export function isSecret(name: string, value: string): boolean {
  if (value.length > maxLength) return true;
  if (placeholder.test(value)) return false;
  return secretName.test(name) || secretValue.some((pattern) => pattern.test(value));
}

const assignment = /^(?:--?)?(?<name>[A-Za-z_][\w-]*)=(?<value>.+)$/;

/** A variable that is set to another one: `TOKEN=$TOKEN`. */
const handedOn = /(?<!\S)[A-Za-z_]\w{0,100}=["']?\$(?:\w+|\{\w+\})["']?(?!\S)/g;

/** Whether a command line gives a secret away: in a variable or an option that it sets, or as a word of its own. */
export function holdsSecret(command: string): boolean {
  const said = command.replace(handedOn, '');
  if (shown(said.slice(0, 400)).includes('not shown)')) return true;
  return said.split(/\s+/).some((word) => {
    const plain = word.replace(/["'`]/g, '');
    const { name, value } = assignment.exec(plain)?.groups ?? {};
    if (name !== undefined && value !== undefined) return isSecret(name, value);
    // A path may be as long and as mixed as random text is.
    return secretValue.slice(0, -1).some((pattern) => pattern.test(plain));
  });
}
