/** A small catalogue for tests: facts in the notation of the sources. */
import { compile } from '../../scripts/catalogue/compile.mjs';
import type { LineSource, ToolSource } from '../../scripts/catalogue/sources.d.mts';
import { catalogueFrom } from '../../src/catalogue/from.ts';
import type { Catalogue } from '../../src/catalogue/types.ts';

const channel = {
  release: '',
  evidence: [],
  rev: '0'.repeat(40),
  narHash: `sha256-${'A'.repeat(43)}=`,
  endOfLife: null,
  minimumNix: '2.18',
  systems: ['x86_64-linux' as const],
  glibc: '2.40',
};

/** Channels 24.05, 25.05, 26.05 (the default) and unstable, on 2026-11-21. */
export function standIn(tools: readonly ToolSource[]): Catalogue {
  const { base, ecosystems } = compile({
    channels: {
      date: '2026-11-21',
      defaultChannel: 'nixos-26.05',
      channels: ['unstable', '26.05', '25.05', '24.05'].map((name, age) => ({
        ...channel,
        name: `nixos-${name}`,
        input: name === '26.05' ? 'nixpkgs' : `nixpkgs-${name.replace('.', '_')}`,
        lastModified: 1_000_000 - age,
      })),
    },
    attributes: { tools: {}, attributes: {} },
    evidence: { test: 'made for a test' },
    ecosystems: [{ id: 'test', uses: [], tools: [...tools], native: {} }],
  });
  return catalogueFrom({ base, ecosystems: ecosystems.map(({ data }) => data) });
}

/** A line of the attribute `tool_line`; a text is `channels [insecure] [version …]`. */
export function line(name: string, spans: readonly string[], more: Partial<LineSource> = {}): LineSource {
  const texts = spans.map((span) => {
    const [channels, ...rest] = span.split(' ');
    return [channels, 'confirmed', ...rest, '(test)'].join(' ');
  });
  return {
    line: name,
    attributes: { [`tool_${name.replace('.', '_')}`]: texts },
    insecure: ['tool'],
    ...more,
  };
}
