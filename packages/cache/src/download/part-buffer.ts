/** Collects received bytes into the parts of a file, and, if that is wanted, the whole file in memory. */
export interface PartBuffer {
  /** The file's bytes so far, in this part and before it. */
  readonly receivedBytes: number;
  /** The bytes of the part that is being filled. */
  readonly part: Uint8Array<ArrayBuffer>;
  readonly isFull: boolean;
  /** Allocates the whole file, of which the parts become views. Has no effect if there is not enough memory. */
  gather(totalBytes: number): void;
  /** Copies bytes into the part, as many as fit, and returns those as a view into `bytes`. */
  fill(bytes: Uint8Array): Uint8Array;
  /** Returns the part and begins the next. The returned bytes are not written to again. */
  next(): Uint8Array<ArrayBuffer>;
  /** The whole file, if it was gathered from its first byte to its last. */
  gathered(): Uint8Array<ArrayBuffer> | undefined;
  /** Drops everything and begins a part at byte `start` of the file. */
  reset(start?: number): void;
}

/** Makes an empty buffer for parts of `partLength` bytes. */
export function createPartBuffer(partLength: number): PartBuffer {
  /** The first byte of the part in the file. */
  let start = 0;
  let length = 0;
  /** The memory of the part, a view into `whole` or its own; allocated when it is needed. */
  let memory: Uint8Array<ArrayBuffer> | undefined;
  let whole: Uint8Array<ArrayBuffer> | undefined;

  /** The memory of the part, which has room for `bytes` more. */
  function reserve(bytes: number): Uint8Array<ArrayBuffer> {
    if (whole && start + length + bytes > whole.length) {
      // The server announced too few bytes. That alone is no error: the digest decides.
      const own = new Uint8Array(partLength);
      own.set(whole.subarray(start, start + length));
      whole = undefined;
      memory = own;
    }
    return (memory ??= whole?.subarray(start, start + partLength) ?? new Uint8Array(partLength));
  }

  const part = () => (memory ?? new Uint8Array()).subarray(0, length);

  return {
    get receivedBytes() {
      return start + length;
    },
    get part() {
      return part();
    },
    get isFull() {
      return length === partLength;
    },
    gather(totalBytes) {
      try {
        whole = new Uint8Array(totalBytes);
      } catch {
        // The caller reads the file from the storage at the end instead.
      }
    },
    fill(bytes) {
      const piece = bytes.subarray(0, partLength - length);
      reserve(piece.length).set(piece, length);
      length += piece.length;
      return piece;
    },
    next() {
      const data = part();
      start += length;
      length = 0;
      memory = undefined;
      return data;
    },
    gathered: () => (whole?.length === start + length ? whole : undefined),
    reset(at = 0) {
      start = at;
      length = 0;
      memory = whole = undefined;
    },
  };
}
