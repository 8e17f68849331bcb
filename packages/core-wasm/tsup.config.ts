import { library } from '../../tooling/library';

export default library({
  entry: ['src/vision.ts', 'src/embeddings.ts', 'src/sha256.ts'],
});
