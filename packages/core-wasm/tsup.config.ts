import { library } from '../../tooling/library';

export default library({ entry: ['src/index.ts', 'src/files.ts', 'src/sha256.ts'] });
