import { camera } from '@hayate/vision';
import type { DetectedFace } from '@hayate/vision/tasks/face-detection';
import type { DetectedObject } from '@hayate/vision/tasks/object-detection';
import { expectTypeOf, test } from 'vitest';
import { useLive } from './use-live';
import type { useDetector, useFaceDetector } from './vision';

test('each hook has the output type of its task', () => {
  expectTypeOf<ReturnType<typeof useDetector>['output']>().toEqualTypeOf<
    readonly DetectedObject[] | undefined
  >();
  expectTypeOf<ReturnType<typeof useFaceDetector>['output']>().toEqualTypeOf<
    readonly DetectedFace[] | undefined
  >();
});

test('a live task has the output type of the hook whose task it runs', () => {
  const live = useLive(null as unknown as ReturnType<typeof useDetector>, () => camera());
  expectTypeOf(live.output).toEqualTypeOf<readonly DetectedObject[] | undefined>();
});
