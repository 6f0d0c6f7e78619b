/**
 * `info.rkt`: a program of a small language. What it defines without computing is known, nothing else:
 * https://docs.racket-lang.org/raco/info_rkt.html, https://docs.racket-lang.org/pkg/metadata.html
 */
import { type Datum, readSource } from './reader.ts';

export interface RacketDependency {
  name: string;
  /** The least that is accepted. */
  version: string | null;
  /** From 1. */
  line: number;
}

export interface RacketInfo {
  /** Else nothing of it is known. */
  isReadable: boolean;
  /** Name of the collection that the package is; null where that is the package's own, or not known. */
  collection: string | null;
  /** Its folders are the collections. */
  isMulti: boolean;
  /** For running and for building, on all systems. */
  dependencies: RacketDependency[];
}

/** As `#lang`; older manifests are `(module info setup/infotab …)`, and name its module by a path, too. */
const languages = /^(info|setup\/infotab|(info\/main|setup\/infotab|main|infotab)\.(rkt|ss))$/;

/** @returns null for a module in another language: that only has the name of a manifest */
export function readInfo(text: string): RacketInfo | null {
  const { language, data } = readSource(text);
  const [first] = data ?? [];
  const [keyword, , path] = first?.items ?? [];
  const isModule = language === null && keyword?.text === 'module';
  const name = isModule ? path?.text || path?.items[1]?.text : language;
  if (name == null || !languages.test(name)) return null;
  const defined = definitionsOf((isModule ? first?.items.slice(3) : data) ?? []);
  const collection = defined.get('collection');
  return {
    isReadable: data !== null,
    collection: collection?.kind === 'string' ? collection.text : null,
    isMulti: collection?.kind === 'symbol' && collection.text === 'multi',
    dependencies: ['deps', 'build-deps'].flatMap((each) =>
      (defined.get(each)?.items ?? []).flatMap((datum) => dependencyOf(datum) ?? []),
    ),
  };
}

function definitionsOf(body: readonly Datum[]): ReadonlyMap<string, Datum> {
  const defined = new Map<string, Datum>();
  for (const { items } of body) {
    const [define, name, value] = items;
    if (define?.text !== 'define' || name?.kind !== 'symbol' || value === undefined) continue;
    if (!defined.has(name.text)) defined.set(name.text, literalOf(value, defined));
  }
  return defined;
}

const unknown = (line: number): Datum => ({ kind: 'other', text: '', items: [], line });

/** What an expression is without being computed. */
function literalOf(expression: Datum, defined: ReadonlyMap<string, Datum>): Datum {
  const { kind, items, line, text } = expression;
  if (kind === 'string') return expression;
  if (kind === 'symbol') return defined.get(text) ?? unknown(line);
  if (kind !== 'list') return unknown(line);
  const [head, ...rest] = items;
  const [only] = rest;
  if (head?.kind !== 'symbol' || only === undefined) return unknown(line);
  if (head.text === 'quote') return only;
  if (head.text === 'quasiquote') return unquoted(only, defined);
  if (head.text !== 'list') return unknown(line);
  return { kind, text: '', items: rest.map((each) => literalOf(each, defined)), line };
}

/** A quoted datum with what its commas stand for. */
function unquoted(datum: Datum, defined: ReadonlyMap<string, Datum>): Datum {
  const [head, only] = datum.items;
  if (head?.kind === 'symbol' && /^(unquote|quasiquote)/.test(head.text)) {
    return head.text === 'unquote' && only !== undefined ? literalOf(only, defined) : unknown(datum.line);
  }
  return { ...datum, items: datum.items.map((each) => unquoted(each, defined)) };
}

/** `"base"`, `("base" #:version "8.0")`, or as before there were keywords: `("base" "6.0")`. */
function dependencyOf({ kind, text, items, line }: Datum): RacketDependency | null {
  if (kind === 'string') return { name: text, version: null, line };
  const [source, ...rest] = items;
  if (kind !== 'list' || source?.kind !== 'string') return null;
  const placeOf = (name: string) => rest.findIndex((each) => each.kind === 'keyword' && each.text === name);
  // What one system needs is no need of all.
  if (placeOf('platform') !== -1) return null;
  const at = placeOf('version');
  const version = at === -1 ? rest[0] : rest[at + 1];
  return { name: source.text, version: version?.kind === 'string' ? version.text : null, line };
}
