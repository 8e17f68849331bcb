/** Hands on the file that was chosen in an input. Afterwards the same file can be chosen again. */
export function takeFile(input: HTMLInputElement, take: (file: File) => void): void {
  const [file] = input.files ?? [];
  if (file !== undefined) take(file);
  input.value = '';
}
