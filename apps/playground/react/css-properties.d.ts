import 'react';

declare module 'react' {
  interface CSSProperties {
    /** The length of a bar, from 0 to 1. */
    '--share'?: number;
  }
}
