import { describe, expect, test } from 'vitest';
import type { Catalogue, Channel, Line } from '../../src/catalogue/types.ts';
import { against } from '../../src/cli/explain/against.ts';
import { planOf, toolchainOf } from '../support/plan.ts';

const channelOf = (name: string): Channel => ({
  name,
  input: name,
  rev: '',
  narHash: '',
  lastModified: 0,
  endOfLife: null,
  minimumNix: '2.18',
  systems: [],
  glibc: '',
});
const lineOf = (
  line: string,
  endOfLife: string | null,
  facts: Record<string, 'fine' | 'insecure'>,
): Line => ({
  line,
  endOfLife,
  facts: Object.entries(facts).map(([channel, state]) => ({
    channel,
    attribute: `nodejs_${line}`,
    version: line,
    precision: 'line',
    grade: 'confirmed',
    systems: null,
    unfree: [],
    insecure: state === 'insecure' ? ['nodejs'] : [],
  })),
});

const lines = [
  lineOf('26', null, { unstable: 'fine' }),
  lineOf('24', null, { 'nixos-26.05': 'fine', 'nixos-25.11': 'fine' }),
  lineOf('20', '2026-04-30', { 'nixos-26.05': 'insecure', 'nixos-25.11': 'insecure', 'nixos-25.05': 'fine' }),
  lineOf('17', '2022-06-01', {}),
];
const catalogue: Catalogue = {
  version: '1',
  date: '2026-08-22',
  defaultChannel: 'nixos-26.05',
  channels: ['unstable', 'nixos-26.05', 'nixos-25.11', 'nixos-25.05'].map(channelOf),
  channel: () => null,
  tool: (id) =>
    id === 'node' ? { id, lines, defaults: {}, runsOn: null, bundledWith: null, aliases: {} } : null,
  attribute: () => null,
  native: () => null,
  nativeNames: {
    npm: new Set(),
    pypi: new Set(),
    crates: new Set(),
    go: new Set(),
    cran: new Set(),
    cpan: new Set(),
    luarocks: new Set(),
    conda: new Set(),
  },
};

function decidedAgainst(key: string, attribute: string, channel: string, requested: string | null) {
  const plan = planOf();
  const inputs = new Map(plan.nixpkgs.map((input) => [input.input, { ...input, channel }]));
  const tool = toolchainOf({
    key,
    id: 'node',
    attribute,
    requested,
    match: requested === null ? 'default' : 'compatible',
  });
  return against(tool, inputs, catalogue);
}

describe('what was decided against', () => {
  test('an old line: the channels that were passed over, alike ones together, and the other lines', () => {
    expect(decidedAgainst('node-20', 'nodejs_20', 'nixos-25.05', '^20')).toEqual([
      'nixos-26.05 to nixos-25.11: marked insecure there, so in no binary cache',
      '26: not chosen for ^20 (unstable)',
      '24: not chosen for ^20 (nixos-26.05)',
      '17: in no channel that nidify knows',
    ]);
  });

  test('the default line: the others, and which of them are over', () => {
    expect(decidedAgainst('node-24', 'nodejs_24', 'nixos-26.05', null)).toEqual([
      '26: not the default (unstable)',
      '20: end-of-life since 2026-04-30 (nixos-26.05)',
      '17: in no channel that nidify knows',
    ]);
  });

  test('without a catalogue, or for a tool that it does not have, nothing', () => {
    const tool = toolchainOf({ key: 'odd', id: 'odd' });
    expect(against(tool, new Map(), catalogue)).toEqual([]);
    expect(against(tool, new Map(), null)).toEqual([]);
  });
});
