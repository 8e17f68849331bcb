import { loadSha256 } from './sha256';

/** Answers the digest of the bytes it is sent, by the module that comes with them. */
addEventListener('message', (event: MessageEvent<{ wasm: WebAssembly.Module; bytes: Uint8Array }>) => {
  const { wasm, bytes } = event.data;
  void loadSha256({ wasm }).then((sha256) => {
    const hasher = sha256.create();
    hasher.update(bytes);
    postMessage(hasher.digestHex());
  });
});
