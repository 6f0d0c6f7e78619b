import type { StorePath } from '../../image/closure.ts';
import type { PlannedLayer } from '../../image/layers.ts';
import type { Image } from '../../image/layout.ts';
import { table } from '../terminal/table.ts';
import { bold, dim, green, type Line } from '../terminal/text.ts';
import { bytesText } from '../terminal/units.ts';

/** What was made and where it is. */
export function imageView(image: Image, place: string, columns: number): Line[] {
  const packed = image.layers.reduce((sum, { size }) => sum + size, 0);
  return [
    [green('The image is made: '), place],
    ...table(
      [
        [['digest'], [image.manifest.digest]],
        [
          ['size'],
          [
            `${bytesText(packed)} in ${image.layers.length} layers, ${bytesText(image.unpackedSize)} unpacked`,
          ],
        ],
      ],
      { columns },
    ),
  ];
}

/** Layers from the largest down: what fills each, and who needs that. */
export function sizeView(
  closure: readonly StorePath[],
  layers: readonly PlannedLayer[],
  columns: number,
): Line[] {
  const total = sizeOf(closure);
  const users = directUsers(closure);
  const rows = layers
    .map((layer) => ({ layer, size: sizeOf(layer) }))
    .sort((a, b) => b.size - a.size)
    .map(({ layer, size }): Line[] => {
      const [largest] = [...layer].sort((a, b) => b.narSize - a.narSize);
      const others = layer.length > 1 ? `, and ${layer.length - 1} smaller` : '';
      return [
        [bytesText(size)],
        [`${((100 * size) / Math.max(1, total)).toFixed(1)} %`],
        [`${nameOf(largest?.path ?? '')}${others}`, dim(neededBy(users.get(largest?.path ?? '') ?? []))],
      ];
    });
  return [
    [bold(`${bytesText(total)} in ${closure.length} store paths, unpacked:`)],
    ...table(rows, { columns }),
    [dim('Store paths of a layer of their own are what other images can share.')],
  ];
}

function neededBy(users: readonly string[]): string {
  if (users.length === 0) return '  the environment itself';
  const shown = users.slice(0, 3).map(nameOf).join(', ');
  return `  needed by ${shown}${users.length > 3 ? ` and ${users.length - 3} more` : ''}`;
}

function directUsers(closure: readonly StorePath[]): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const { path, references } of closure) {
    for (const each of references) users.set(each, [...(users.get(each) ?? []), path]);
  }
  return users;
}

function sizeOf(paths: readonly StorePath[]): number {
  return paths.reduce((sum, { narSize }) => sum + narSize, 0);
}

/** Without the hash, which says nothing to a reader. */
function nameOf(storePath: string): string {
  return storePath.replace(/^\/nix\/store\/[0-9a-z]{32}-/, '');
}
