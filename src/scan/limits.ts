import type { Limits } from './types.ts';

const mebibyte = 1024 * 1024;

/** What `limits` may ask for at most: the repository writes them, too. */
export const highestLimits: Limits = {
  entries: 1_500_000,
  depth: 512,
  fileBytes: 4 * mebibyte,
  lockFileBytes: 128 * mebibyte,
  totalBytes: 1024 * mebibyte,
};

/**
 * Which part of all bytes the files may have that people write: most lock files are looked through line by
 * line, but a manifest is parsed, which takes a hundred times its size.
 */
export const manifestShare = 1 / 16;

/** Far above what real repositories hold, far below what would hurt; `limits` in nidify.jsonc changes them. */
export const defaultLimits: Limits = {
  entries: 300_000,
  depth: 64,
  fileBytes: mebibyte,
  lockFileBytes: 32 * mebibyte,
  totalBytes: 256 * mebibyte,
};
