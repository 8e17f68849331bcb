import { library } from '../../tooling/library';

export default library({
  entry: ['src/index.ts', 'src/vision.ts', 'src/embeddings.ts', 'src/files.ts', 'src/sha256.ts'],
});
