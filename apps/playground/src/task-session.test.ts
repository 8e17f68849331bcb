import { expect, test, vi } from 'vitest';
import { createTaskSession } from './task-session';
import { detect } from './tasks/detect';

const photo = { number: 1, file: new File([], 'a.png') };
const run = vi.fn(() => Promise.resolve());

test('the results of a photo stay while it is looked at again, and go when something else was looked at', () => {
  const session = createTaskSession(detect);
  const keepsResults = () => session.getSnapshot().keepsResults;
  session.look(photo, 'loading', run);
  expect(keepsResults()).toBe(false);
  session.look(photo, 'ready', run);
  expect(keepsResults()).toBe(true);
  session.pin(2);
  session.lookAway();
  expect(session.getSnapshot().highlighted).toBeUndefined();
  session.look(photo, 'ready', run);
  expect(keepsResults()).toBe(false);
});
