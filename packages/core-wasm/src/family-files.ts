import { hasSimd } from './has-simd';

/** The two files that are shipped of a family. Each is called where its address is needed. */
export interface FamilyFiles {
  readonly simd: () => URL;
  readonly scalar: () => URL;
}

/** What a shipped file must be; src/shipped.ts has it of every file. */
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
