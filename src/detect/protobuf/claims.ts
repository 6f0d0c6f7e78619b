import type { Claims } from '../../scan/types.ts';

export const protobufClaims: Claims = {
  names: ['buf.gen.yaml', 'buf.gen.yml'],
  presence: ['buf.yaml', 'buf.yml', 'buf.work.yaml'],
};

/** Definitions are part of most repositories that have them: a project of their own only where there is no other. */
export const protobufLast: Claims = {
  presence: ['buf.yaml', 'buf.yml', 'buf.work.yaml'],
  hints: { endings: ['.proto'] },
};
