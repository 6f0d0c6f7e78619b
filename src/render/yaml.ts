import { Document, isMap, isScalar, isSeq, Scalar } from 'yaml';
import type { PinnedAction } from './ci/actions.ts';
import { printable } from './text.ts';

export type Yaml =
  | string
  | number
  | boolean
  | null
  | Scalar
  | readonly Yaml[]
  | { readonly [key: string]: Yaml };

/** A scalar with a comment behind it. */
export function commented(value: string, comment: string): Scalar {
  const scalar = new Scalar(value);
  scalar.comment = ` ${comment}`;
  return scalar;
}

/** The value of `uses:`: a commit, and for people the version that it is. */
export function pinned({ name, commit, version }: PinnedAction, from = ''): Scalar {
  return commented(`${from}${name}@${commit}`, version);
}

/**
 * A document with comment lines at its top. Long lines stay whole: folding is where readers of YAML differ.
 *
 * @param apart keys whose entries (of a list) have an empty line between them
 * @throws NidifyError `unprintable-value`
 */
export function yamlDocument(header: readonly string[], value: Yaml, apart: readonly string[] = []): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  document.commentBefore = header.map((line) => (line === '' ? '' : ` ${line}`)).join('\n');
  space(document.contents, apart, true);
  return printable(document.toString({ lineWidth: 0, indentSeq: true, singleQuote: true }));
}

function space(node: unknown, apart: readonly string[], isTop: boolean): void {
  if (isSeq(node)) for (const item of node.items) space(item, apart, false);
  if (!isMap(node)) return;
  for (const [at, { key, value }] of node.items.entries()) {
    if (!isScalar(key)) continue;
    if (isTop && at > 0) key.spaceBefore = true;
    if (apart.includes(`${key.value}`) && isSeq(value)) {
      for (const item of value.items.slice(1)) if (isMap(item)) item.spaceBefore = true;
    }
    space(value, apart, false);
  }
}
