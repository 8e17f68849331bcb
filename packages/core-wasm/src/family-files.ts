import { hasSimd } from '@hayate/core';

/** The addresses of the two files of a family that are shipped, computed when they are needed. */
export interface FamilyFiles {
  readonly simd: () => URL;
  readonly scalar: () => URL;
}

/** Size and digest of a shipped file; src/shipped.ts has those of all files. */
interface FileDigest {
  readonly bytes: number;
  readonly sha256: string;
}

/** A shipped file of the kernels, for those who fetch, verify and keep it themselves. */
export interface KernelsFile extends FileDigest {
  readonly url: string;
}

/** The file of a family that its loader would fetch here. */
export function chooseFile(
  files: FamilyFiles,
  shipped: Readonly<Record<keyof FamilyFiles, FileDigest>>,
): KernelsFile {
  const build = hasSimd() ? 'simd' : 'scalar';
  return { url: files[build]().href, ...shipped[build] };
}
