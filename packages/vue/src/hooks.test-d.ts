import { camera } from '@hayate/vision';
import type { DetectedFace } from '@hayate/vision/tasks/face-detection';
import type { DetectedObject } from '@hayate/vision/tasks/object-detection';
import { expectTypeOf, test } from 'vitest';
import { useLive } from './use-live';
import type { useDetector, useFaceDetector } from './vision';

test('each hook gives the output of its task', () => {
  expectTypeOf<ReturnType<typeof useDetector>['output']['value']>().toEqualTypeOf<
    readonly DetectedObject[] | undefined
  >();
  expectTypeOf<ReturnType<typeof useFaceDetector>['output']['value']>().toEqualTypeOf<
    readonly DetectedFace[] | undefined
  >();
});

test('a stream gives the output of the composable it is driven by', () => {
  const live = useLive(null as unknown as ReturnType<typeof useDetector>, () => camera());
  expectTypeOf(live.output.value).toEqualTypeOf<readonly DetectedObject[] | undefined>();
});
