/**
 * Counts this realm's video frames from now on: those made here, by whoever, and those told to `add`. One that has
 * been closed or given away is not open any more.
 */
export function countFrames() {
  const frames = [];
  const add = (frame) => frames.push(frame);
  const { VideoFrame } = globalThis;
  const { clone } = VideoFrame.prototype;
  globalThis.VideoFrame = new Proxy(VideoFrame, {
    construct(target, args, newTarget) {
      const frame = Reflect.construct(target, args, newTarget);
      add(frame);
      return frame;
    },
  });
  VideoFrame.prototype.clone = function () {
    const frame = clone.call(this);
    add(frame);
    return frame;
  };
  return {
    add,
    // A frame that was closed has no format; those made here have one.
    counts: () => ({ seen: frames.length, open: frames.filter(({ format }) => format !== null).length }),
  };
}
