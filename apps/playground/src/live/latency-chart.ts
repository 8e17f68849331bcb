/** What one result took, in milliseconds. */
export interface LatencyPoint {
  /** From the frame's arrival to its result. */
  readonly latencyMs: number;
  /** Of that, the model's own run. */
  readonly runMs: number;
}

/** A line for the latency over an area for the model's own run, newest at the right. */
export interface LatencyChart {
  add(point: LatencyPoint): void;
}

const MOST = 120;

/** Makes a canvas the chart; its colours are those of the CSS properties `color` and `--accent`. */
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
