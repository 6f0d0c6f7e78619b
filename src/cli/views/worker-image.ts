import type { InputChanges } from '../../plan/changes.ts';
import type { Currency } from '../../worker-image/currency.ts';
import { type LayerKind, layerKinds } from '../../worker-image/documents.ts';
import type { BuildResult } from '../../worker-image/types.ts';
import { table } from '../terminal/table.ts';
import { dim, green, type Line, yellow } from '../terminal/text.ts';
import { bytesText, durationText } from '../terminal/units.ts';

const mostFiles = 20;

/** Whether an image is current, and what makes it stale. */
export function currencyView(imageName: string, currency: Currency): Line[] {
  const { environment, repository, changes, comparedWith } = currency;
  const line = (name: string, isCurrent: boolean, tag: string): Line => [
    isCurrent ? green('current') : yellow('stale  '),
    `  ${name}  `,
    dim(isCurrent ? `${imageName}:${tag}` : `no image ${imageName}:${tag}`),
  ];
  return [
    line('environment', environment.isCurrent, environment.tag),
    line('repository ', repository.isCurrent, repository.tag),
    ...(changes === null ? [] : changesView(changes, comparedWith)),
  ];
}

function changesView({ added, changed, removed }: InputChanges, comparedWith: string | null): Line[] {
  const named = (state: string, paths: readonly string[]) => paths.map((path) => `${state} ${path}`);
  const all = [...named('changed', changed), ...named('added  ', added), ...named('removed', removed)];
  const since = dim(`since ${comparedWith ?? 'the image'}`);
  if (all.length === 0) {
    return [['  no file: settings, the catalogue or the form of images are others  ', since]];
  }
  const shown = all.slice(0, mostFiles).map((text): Line => [`  ${text}`]);
  const rest = all.length - shown.length;
  return [['  ', since], ...shown, ...(rest > 0 ? [[`  and ${rest} more`] as Line] : [])];
}

/** What is in the registry now, and what of it was there before. */
export function workerImageView(result: BuildResult, columns: number): Line[] {
  const { reference, digest, layers, tags, notices, duration } = result;
  return [
    [green('The image is there: '), reference],
    ...table(
      [
        [['digest'], [digest]],
        [['size'], [`${bytesText(result.size)} in ${layers.length} layers, as stored`]],
        ...layerKinds.flatMap((kind) => rowsOf(kind, result)),
        [['tags'], [tags.join(', ')]],
        [['took'], [durationText(duration)]],
      ],
      { columns },
    ),
    ...notices.map((notice): Line => [yellow('note:'), `  ${notice}`]),
  ];
}

function rowsOf(kind: LayerKind, { layers }: BuildResult) {
  const own = layers.filter((layer) => layer.kind === kind);
  if (own.length === 0) return [];
  const size = own.reduce((sum, each) => sum + each.size, 0);
  const isReused = own.every((each) => each.isReused);
  return [[[kind], [`${bytesText(size)}, ${isReused ? 'reused' : 'new'}`]]];
}
