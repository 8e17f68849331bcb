import type { ReactNode } from 'react';
import { takeFile } from '../src/take-file';

/** A button that asks for a file. */
export function FileButton({
  id,
  accept,
  look = 'button',
  onFile,
  children,
}: {
  readonly id: string;
  readonly accept: string;
  readonly look?: string;
  readonly onFile: (file: File) => void;
  readonly children: ReactNode;
}) {
  // On the element itself and never taken off: React does not hear an input that has left the page, and a file dialog
  // may be answered after that.
  function listen(input: HTMLInputElement | null): void {
    if (input === null) return;
    input.onchange = () => {
      takeFile(input, onFile);
    };
  }

  return (
    <>
      <input id={id} className="file-input" type="file" accept={accept} data-testid={id} ref={listen} />
      <label className={look} htmlFor={id}>
        {children}
      </label>
    </>
  );
}
