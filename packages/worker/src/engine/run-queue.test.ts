import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createRunQueue, type Ticket } from './run-queue';

describe('createRunQueue', () => {
  /** The jobs that were executed, batch by batch. */
  let ran: string[][];
  let dropped: string[];
  let finish: (() => void)[];
  let order: number;

  beforeEach(() => {
    [ran, dropped, finish, order] = [[], [], [], 0];
  });

  const make = (limit = 10, maxBatch = 1) =>
    createRunQueue<string, string>(
      async (jobs) => {
        ran.push([...jobs]);
        await new Promise<void>((resolve) => finish.push(resolve));
        return jobs.map((job) =>
          job.startsWith('bad')
            ? { status: 'rejected', reason: new Error(job) }
            : { status: 'fulfilled', value: job.toUpperCase() },
        );
      },
      (job) => dropped.push(job),
      { limit, maxBatch: () => maxBatch },
    );
  const ticket = (changes: Partial<Ticket> = {}): Ticket => ({
    policy: 'queue',
    priority: 0,
    order: ++order,
    signal: undefined,
    batchKey: undefined,
    ...changes,
  });
  const running = (count: number) =>
    vi.waitFor(() => {
      expect(ran).toHaveLength(count);
    });

  test('runs one after the other, in order, and goes on after a failure', async () => {
    const queue = make();
    const results = Promise.allSettled(['a', 'bad', 'c'].map((job) => queue.push(job, ticket())));
    for (let count = 1; count <= 3; count += 1) {
      await running(count);
      finish[count - 1]?.();
    }
    expect(await results).toMatchObject([{ value: 'A' }, { reason: { message: 'bad' } }, { value: 'C' }]);
    expect(ran).toEqual([['a'], ['bad'], ['c']]);
    await queue.idle;
    expect(queue.stats).toEqual({ waiting: 0, running: 0, dropped: 0, refused: 0 });
  });

  test('higher priorities go first, equal ones in the order of their calls', async () => {
    const queue = make();
    void queue.push('first', ticket());
    await running(1);
    const late = ticket();
    void queue.push('c', ticket());
    void queue.push('urgent', ticket({ priority: 1 }));
    void queue.push('b', late);
    for (let count = 1; count <= 4; count += 1) {
      await running(count);
      finish[count - 1]?.();
    }
    expect(ran.flat()).toEqual(['first', 'urgent', 'b', 'c']);
  });

  test('"queue" is refused beyond the limit, "reject" as soon as anything runs', async () => {
    const queue = make(1);
    void queue.push('a', ticket({ policy: 'reject' }));
    await running(1);
    void queue.push('b', ticket());
    await expect(queue.push('c', ticket())).rejects.toMatchObject({
      code: 'queue-full',
      details: { limit: 1 },
    });
    await expect(queue.push('d', ticket({ policy: 'reject' }))).rejects.toMatchObject({
      code: 'queue-full',
      details: { limit: 0 },
    });
    expect(dropped).toEqual(['c', 'd']);
    expect(queue.stats).toEqual({ waiting: 1, running: 1, dropped: 0, refused: 2 });
  });

  test('"latest" takes the place of the one that waits, and of no other', async () => {
    const queue = make();
    void queue.push('a', ticket({ policy: 'latest' }));
    await running(1);
    void queue.push('patient', ticket());
    const old = queue.push('old', ticket({ policy: 'latest' }));
    const outOfOrder = ticket({ policy: 'latest' });
    const fresh = queue.push('new', ticket({ policy: 'latest' }));
    await expect(old).rejects.toMatchObject({ name: 'AbortError' });
    // The input of this run is ready after that of a newer one.
    await expect(queue.push('late', outOfOrder)).rejects.toMatchObject({ name: 'AbortError' });
    expect(dropped).toEqual(['old', 'late']);
    expect(queue.stats).toMatchObject({ waiting: 2, dropped: 2 });
    for (let count = 1; count <= 3; count += 1) {
      await running(count);
      finish[count - 1]?.();
    }
    expect(await fresh).toBe('NEW');
  });

  test('an abort removes a waiting job; it rejects a running one, which still holds up the next', async () => {
    const queue = make();
    const [one, two] = [new AbortController(), new AbortController()];
    const runs = queue.push('a', ticket({ signal: one.signal }));
    await running(1);
    const waits = queue.push('b', ticket({ signal: two.signal }));
    const next = queue.push('c', ticket());
    two.abort();
    await expect(waits).rejects.toMatchObject({ name: 'AbortError' });
    one.abort();
    await expect(runs).rejects.toMatchObject({ name: 'AbortError' });
    expect(dropped).toEqual(['b']);
    await Promise.resolve();
    expect(ran).toEqual([['a']]);
    finish[0]?.();
    await running(2);
    finish[1]?.();
    expect(await next).toBe('C');
    await expect(queue.push('d', ticket({ signal: AbortSignal.abort() }))).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(dropped).toEqual(['b', 'd']);
  });

  test('waiting jobs with the same key form a batch, each with its own outcome', async () => {
    const queue = make(10, 3);
    const key = { batchKey: 'same' };
    const results = Promise.allSettled(['a', 'bad', 'c', 'd'].map((job) => queue.push(job, ticket(key))));
    const other = queue.push('x', ticket({ batchKey: 'other' }));
    const alone = queue.push('y', ticket());
    for (let count = 1; count <= 4; count += 1) {
      await running(count);
      finish[count - 1]?.();
    }
    expect(ran).toEqual([['a', 'bad', 'c'], ['d'], ['x'], ['y']]);
    expect(await results).toMatchObject([
      { value: 'A' },
      { reason: { message: 'bad' } },
      { value: 'C' },
      { value: 'D' },
    ]);
    expect([await other, await alone]).toEqual(['X', 'Y']);
  });

  test('a batch takes the jobs of the highest priority', async () => {
    const queue = make(10, 2);
    void queue.push('first', ticket());
    await running(1);
    for (const [job, priority] of [
      ['a', 0],
      ['b', 2],
      ['c', 1],
    ] as const) {
      void queue.push(job, ticket({ priority, batchKey: 'same' }));
    }
    finish[0]?.();
    await running(2);
    expect(ran[1]).toEqual(['b', 'c']);
  });

  test('with a limit of 0, one job can still run', async () => {
    const queue = make(0);
    void queue.push('a', ticket());
    await expect(queue.push('b', ticket())).rejects.toMatchObject({ code: 'queue-full' });
    await running(1);
    await expect(queue.push('c', ticket())).rejects.toMatchObject({ code: 'queue-full' });
  });

  test('close rejects the waiting jobs and all later ones', async () => {
    const queue = make();
    const runs = queue.push('a', ticket());
    await running(1);
    const waits = queue.push('b', ticket());
    queue.close(new Error('closed'));
    await expect(waits).rejects.toThrow('closed');
    await expect(queue.push('c', ticket())).rejects.toThrow('closed');
    finish[0]?.();
    expect(await runs).toBe('A');
    await queue.idle;
    expect(dropped).toEqual(['b', 'c']);
  });
});
