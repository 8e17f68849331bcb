/** A failure that may pass: no answer, an answer that ended too soon, or a status that asks to try again. */
export class Interruption extends Error {
  override readonly name = 'Interruption';

  constructor(
    reason: string,
    readonly status?: number,
    options?: ErrorOptions,
    /** The wait that the server asked for. */
    readonly retryAfterMs?: number,
  ) {
    super(reason, options);
  }
}
