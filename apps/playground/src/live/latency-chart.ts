/** How long one result took, in milliseconds. */
export interface LatencyPoint {
  /** From the arrival of the frame to its result. */
  readonly latencyMs: number;
  /** The part of it in which the model ran. */
  readonly runMs: number;
}

/** A chart with a line for the latency and an area for the model's run; the newest point is at the right. */
export interface LatencyChart {
  add(point: LatencyPoint): void;
}

/** Older points are dropped. */
const MOST = 120;

/** Makes a chart on a canvas, in the colours of the CSS properties `color` and `--accent`. */
export function createLatencyChart(canvas: HTMLCanvasElement): LatencyChart {
  const context = canvas.getContext('2d');
  let points: LatencyPoint[] = [];

  function draw(): void {
    if (context === null) return;
    const { clientWidth, clientHeight } = canvas;
    const ratio = devicePixelRatio;
    canvas.width = Math.round(clientWidth * ratio);
    canvas.height = Math.round(clientHeight * ratio);
    context.scale(ratio, ratio);
    const most = Math.max(20, ...points.map(({ latencyMs }) => latencyMs)) * 1.15;
    const step = clientWidth / (MOST - 1);
    const x = (at: number) => clientWidth - (points.length - 1 - at) * step;
    const y = (ms: number) => clientHeight - (ms / most) * clientHeight;
    const style = getComputedStyle(canvas);
    const accent = style.getPropertyValue('--accent') || style.color;
    const trace = (read: (point: LatencyPoint) => number) => {
      context.beginPath();
      points.forEach((point, at) => context.lineTo(x(at), y(read(point))));
    };
    trace(({ runMs }) => runMs);
    context.lineTo(clientWidth, clientHeight);
    context.lineTo(x(0), clientHeight);
    context.globalAlpha = 0.25;
    context.fillStyle = accent;
    context.fill();
    context.globalAlpha = 1;
    trace(({ latencyMs }) => latencyMs);
    context.lineWidth = 2;
    context.lineJoin = 'round';
    context.strokeStyle = accent;
    context.stroke();
    context.font = '11px system-ui, sans-serif';
    context.fillStyle = style.color;
    context.fillText(`${Math.round(most)} ms`, 2, 11);
  }

  return {
    add(point) {
      points = [...points.slice(1 - MOST), point];
      draw();
    },
  };
}
