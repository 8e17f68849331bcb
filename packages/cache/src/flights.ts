import { notify, unlessAborted } from '@hayate/core';
import type { OnProgress } from './download/progress';

/** Does a job once for all who ask for the same while it is under way. */
export interface Flights<Result> {
  /**
   * Joins the job of this key, or starts it. The job's signal aborts when nobody waits any more.
   *
   * Resolves with its result and with whether others had asked for it before.
   */
  join(
    key: string,
    start: (signal: AbortSignal, onProgress: OnProgress) => Promise<Result>,
    options: { readonly signal?: AbortSignal | undefined; readonly onProgress?: OnProgress | undefined },
  ): Promise<{ readonly result: Result; readonly joined: boolean }>;
}

interface Flight<Result> {
  readonly promise: Promise<Result>;
  readonly controller: AbortController;
  readonly listeners: Set<OnProgress>;
  waiting: number;
}

/** Makes an empty set of flights. */
export function createFlights<Result>(): Flights<Result> {
  const flights = new Map<string, Flight<Result>>();

  return {
    async join(key, start, { signal, onProgress }) {
      signal?.throwIfAborted();
      const under = flights.get(key);
      const flight = under ?? launch(key, start);
      flight.waiting += 1;
      if (onProgress) flight.listeners.add(onProgress);
      try {
        return { result: await unlessAborted(flight.promise, signal), joined: under !== undefined };
      } finally {
        if (onProgress) flight.listeners.delete(onProgress);
        flight.waiting -= 1;
        if (flight.waiting === 0) {
          // Forget it at once, so that the next call does not join what is ending.
          flight.controller.abort();
          if (flights.get(key) === flight) flights.delete(key);
        }
      }
    },
  };

  function launch(
    key: string,
    start: (signal: AbortSignal, onProgress: OnProgress) => Promise<Result>,
  ): Flight<Result> {
    const controller = new AbortController();
    const listeners = new Set<OnProgress>();
    const tellAll: OnProgress = (progress) => {
      for (const listener of listeners) notify(listener, progress);
    };
    const promise = start(controller.signal, tellAll);
    const flight: Flight<Result> = { promise, controller, listeners, waiting: 0 };
    flights.set(key, flight);
    const land = () => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    promise.then(land, land);
    return flight;
  }
}
