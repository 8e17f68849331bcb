import type { DetectedFace } from '@hayate/core/tasks/face-detection';
import type { DetectedObject } from '@hayate/core/tasks/object-detection';
import { expectTypeOf, test } from 'vitest';
import type { useDetector } from './use-detector';
import type { useFaceDetector } from './use-face-detector';

test('each hook gives the output of its task', () => {
  expectTypeOf<ReturnType<typeof useDetector>['output']['value']>().toEqualTypeOf<
    readonly DetectedObject[] | undefined
  >();
  expectTypeOf<ReturnType<typeof useFaceDetector>['output']['value']>().toEqualTypeOf<
    readonly DetectedFace[] | undefined
  >();
});
