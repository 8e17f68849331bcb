import { runCall, type StoreCall } from './run-call';

addEventListener('message', ({ data, ports }: MessageEvent<StoreCall>) => {
  void runCall(data).then((answer) => ports[0]?.postMessage(answer));
});
