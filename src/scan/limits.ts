import type { Limits } from './types.ts';

const mebibyte = 1024 * 1024;

/** Far above what real repositories hold, far below what would hurt; `limits` in nidify.jsonc changes them. */
export const defaultLimits: Limits = {
  entries: 300_000,
  depth: 64,
  fileBytes: 32 * mebibyte,
  totalBytes: 256 * mebibyte,
};
