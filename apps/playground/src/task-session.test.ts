import { expect, test, vi } from 'vitest';
import { createTaskSession } from './task-session';
import { detect } from './tasks/detect';

const photo = { number: 1, file: new File([], 'a.png') };
const run = vi.fn(() => Promise.resolve());

test('the results of a photo stay while it is run again, and go once the source was another', () => {
  const session = createTaskSession(detect);
  const keepsResults = () => session.getSnapshot().keepsResults;
  session.run(photo, 'loading', run);
  expect(keepsResults()).toBe(false);
  session.run(photo, 'ready', run);
  expect(keepsResults()).toBe(true);
  session.pin(2);
  session.clear();
  expect(session.getSnapshot().highlighted).toBeUndefined();
  session.run(photo, 'ready', run);
  expect(keepsResults()).toBe(false);
});
