import { camera } from '@hayate/vision';
import type { DetectedFace } from '@hayate/vision/tasks/face-detection';
import type { DetectedObject } from '@hayate/vision/tasks/object-detection';
import { expectTypeOf, test } from 'vitest';
import { useLive } from './use-live';
import type { useDetector, useFaceDetector } from './vision';

test('each composable has the output type of its task', () => {
  expectTypeOf<ReturnType<typeof useDetector>['output']['value']>().toEqualTypeOf<
    readonly DetectedObject[] | undefined
  >();
  expectTypeOf<ReturnType<typeof useFaceDetector>['output']['value']>().toEqualTypeOf<
    readonly DetectedFace[] | undefined
  >();
});

test('a live task has the output type of the composable whose task it runs', () => {
  const live = useLive(null as unknown as ReturnType<typeof useDetector>, () => camera());
  expectTypeOf(live.output.value).toEqualTypeOf<readonly DetectedObject[] | undefined>();
});
