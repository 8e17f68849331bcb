import { camera } from '@hayate/vision';
import type { DetectedFace } from '@hayate/vision/tasks/face-detection';
import type { DetectedObject } from '@hayate/vision/tasks/object-detection';
import { expectTypeOf, test } from 'vitest';
import type { useDetector } from './use-detector';
import type { useFaceDetector } from './use-face-detector';
import { useLive } from './use-live';

test('each hook gives the output of its task', () => {
  expectTypeOf<ReturnType<typeof useDetector>['output']>().toEqualTypeOf<
    readonly DetectedObject[] | undefined
  >();
  expectTypeOf<ReturnType<typeof useFaceDetector>['output']>().toEqualTypeOf<
    readonly DetectedFace[] | undefined
  >();
});

test('a stream gives the output of the hook it is driven by', () => {
  const stream = useLive(null as unknown as ReturnType<typeof useDetector>, () => camera());
  expectTypeOf(stream.output).toEqualTypeOf<readonly DetectedObject[] | undefined>();
});
